using System.Globalization;

namespace SupportCluster.Benchmarks;

/// <summary>
/// From the start of the process to the first answer that the server is ready, by <c>dotnet run --no-build</c> and of the program alone, on a
/// fresh and on an existing folder; and what the idle server holds in memory. Options: <c>--idle</c> 30 seconds, <c>--times</c> 5.
/// </summary>
internal static class StartScenario
{
    internal static async Task Run(Options options)
    {
        var root = options.Root();
        try
        {
            var (fresh, existing, program, cpu) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
            for (var time = 0; time < options.Number("times", options.Quick ? 3 : 5); time++)
            {
                var folder = Path.Combine(root, $"{time}");
                fresh.Add((await Start(folder, byProject: true)).Ready);
                existing.Add((await Start(folder, byProject: true)).Ready);
                var (ready, used) = await Start(folder, byProject: false);
                program.Add(ready);
                cpu.Add(used);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ready after, median s: dotnet run, fresh {Wanted.Median(fresh):F2}; dotnet run, existing {Wanted.Median(existing):F2}; the program alone {Wanted.Median(program):F2}, of which processor time {Wanted.Median(cpu):F2}"));
            Wanted.AtMost("s until ready on a fresh folder", Wanted.Median(fresh), 4);
            Wanted.AtMost("s until ready on an existing folder", Wanted.Median(existing), 4);

            using var server = await ServerProcess.Start(Path.Combine(root, "0"));
            await Task.Delay(TimeSpan.FromSeconds(options.Number("idle", options.Quick ? 10 : 30)), Node.Time);
            Wanted.AtMost("MB resident when idle", server.ResidentMegabytes(), 250);
        }
        finally
        {
            options.Clear(root);
        }
    }

    private static async Task<(double Ready, double Cpu)> Start(string folder, bool byProject)
    {
        using var server = await ServerProcess.Start(folder, byProject);
        return (server.ReadyAfter.TotalSeconds, server.Cpu.TotalSeconds);
    }
}
