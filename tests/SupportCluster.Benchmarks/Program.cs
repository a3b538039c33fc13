using SupportCluster.Benchmarks;

// One file per scenario. Options are `--name value`; each scenario names its own.
var options = new Options(args);
switch (args.FirstOrDefault())
{
    case "store":
        await StoreScenario.Run(options);
        return 0;
    case "directory":
        await DirectoryScenario.Run(options);
        return 0;
    default:
        Console.Error.WriteLine("Name a scenario: store, directory.");
        return 2;
}
