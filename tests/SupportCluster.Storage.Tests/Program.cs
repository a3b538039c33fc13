using SupportCluster.Storage.Tests;

// The tests, or one of the processes that they kill.
return args is [Child.Switch, var what, var folder]
    ? await Child.Run(what, folder)
    : await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
