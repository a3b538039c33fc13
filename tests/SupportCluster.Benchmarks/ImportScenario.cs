using System.Diagnostics;
using System.Globalization;

namespace SupportCluster.Benchmarks;

/// <summary>
/// <c>supportctl import</c> of a real incident log, server and terminal in processes of their own. Option: <c>--log</c>; skipped where it is absent.
/// </summary>
internal static class ImportScenario
{
    internal static async Task Run(Options options)
    {
        var log = options.Text("log") ?? Path.Combine(Repository.Root, "..", "shared", "data", "bpi2013_incidents.csv.gz");
        if (!File.Exists(log))
        {
            Console.WriteLine($"Skipped: {log} is not there.");
            return;
        }

        var root = options.Root();
        try
        {
            using var server = await ServerProcess.Start(Path.Combine(root, "server"));
            var info = new ProcessStartInfo("dotnet",
            [
                ServerProcess.Program("SupportCluster.Cli", "supportctl"), "--server", server.Url, "--as", "admin", "import", log,
                "--mapping", Path.Combine(Repository.Root, "deploy", "import", "incident-log.mapping.json"),
            ])
            { RedirectStandardOutput = true, RedirectStandardError = true };
            var started = Stopwatch.GetTimestamp();
            using var process = Process.Start(info)!;
            var errors = process.StandardError.ReadToEndAsync();
            var told = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            var took = Stopwatch.GetElapsedTime(started);
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"The import ended with {process.ExitCode}: {await errors}");
            }

            Console.WriteLine(told.Split('\n').First(line => line.StartsWith("Cases ", StringComparison.Ordinal)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"server's memory after it: {server.ResidentMegabytes():F0} MB"));
            Wanted.AtMost("s for the import", took.TotalSeconds, 20);
        }
        finally
        {
            options.Clear(root);
        }
    }
}
