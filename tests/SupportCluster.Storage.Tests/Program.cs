using SupportCluster.Storage.Tests;

// The tests, or one of the processes that they kill.
return args is [Child.Switch, var what, var engine, var place]
    ? await Child.Run(what, engine, place)
    : await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
