using SupportCluster.Benchmarks;
using SupportCluster.Benchmarks.Live;

// One file per scenario. Options are `--name value`; each scenario names its own. The exit code is 1 when a wanted figure was missed.
if (args is ["bare-hub", var url, var key])
{
    await BareHub.Serve(url, key);
    return 0;
}

var options = new Options(args);
(string Name, Func<Options, Task> Run)[] scenarios =
[
    ("store", StoreScenario.Run),
    ("directory", DirectoryScenario.Run),
    ("board", BoardScenario.Run),
    ("commands", CommandsScenario.Run),
    ("long-case", LongCaseScenario.Run),
    ("million", MillionScenario.Run),
    ("start", StartScenario.Run),
    ("closed-memory", ClosedMemoryScenario.Run),
    ("armed", ArmedScenario.Run),
    ("import", ImportScenario.Run),
    ("fan-out", FanOutScenario.Run),
    ("idle-connections", IdleConnectionsScenario.Run),
    ("slow-readers", SlowReadersScenario.Run),
    ("commit-to-client", CommitToClientScenario.Run),
    ("postgres", PostgresScenario.Run),
    ("node-death", NodeDeathScenario.Run),
];
var chosen = scenarios.Where(s => args is ["all", ..] || s.Name == args.FirstOrDefault()).ToList();
foreach (var (name, run) in chosen)
{
    Console.WriteLine($"--- {name}");
    await run(options);
}

if (chosen.Count == 0)
{
    Console.Error.WriteLine($"Name a scenario: {string.Join(", ", scenarios.Select(s => s.Name))}, or all.");
    return 2;
}

return Wanted.Missed > 0 ? 1 : 0;
