using System.Globalization;
using NodaTime;
using SupportCluster.Storage;
using SupportCluster.Storage.Sqlite;

namespace SupportCluster.Benchmarks;

/// <summary>
/// Writes a second, raw: 2 KB of state, with an event, with a change in the directory, at 1, 16 and 64 callers; then the stock
/// ADO.NET provider on the same engine and disk with 900 bytes of state alone. Options: <c>--seconds</c> 5 each, <c>--cases</c>
/// 10000 there before, <c>--folder</c>, <c>--stock no</c>, <c>--checkpoint</c> and <c>--restart</c> pages.
/// </summary>
internal static class StoreScenario
{
    internal static async Task Run(Options options)
    {
        var length = TimeSpan.FromSeconds(options.Number("seconds", 5));
        var root = Directory.CreateDirectory(options.Text("folder") ?? Path.Combine(Path.GetTempPath(), $"supportcluster-benchmark-{Environment.ProcessId}")).FullName;
        try
        {
            Console.WriteLine(Measured.Heading);
            var ours = 0.0;
            foreach (var what in options.Text("only") is { } only ? [only] : (string[])["state", "state+event", "state+event+directory"])
            {
                foreach (var callers in options.Text("callers") is null ? (int[])[1, 16, 64] : [options.Number("callers", 1)])
                {
                    var measured = await Ours(Path.Combine(root, $"{what}-{callers}"), what, callers, length, options);
                    measured.Print($"store: {what}, 2 KB", callers);
                    ours = what == "state+event" && callers == 64 ? measured.PerSecond : ours;
                }
            }

            if (options.Text("stock") != "no")
            {
                var stock = await StockStorage.Measure(Path.Combine(root, "stock"), 64, length, Console.WriteLine);
                stock.Print("stock ADO.NET provider: state alone, 900 bytes", 64);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"state and event of ours to state alone of the stock provider, at 64 callers: {ours / stock.PerSecond:F1} to 1"));
            }
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<Measured> Ours(string path, string what, int callers, TimeSpan length, Options options)
    {
        var cases = options.Number("cases", 10_000) / 64 * 64;
        using var folder = DataFolder.Take(path);
        var standard = new SqliteStoreOptions();
        await using var store = Samples.Open(folder, standard with
        {
            CheckpointAfterPages = options.Number("checkpoint", standard.CheckpointAfterPages),
            RestartLogAfterPages = options.Number("restart", standard.RestartLogAfterPages),
        });
        var random = new Random(1);
        var entries = Enumerable.Range(0, cases).Select(n => Samples.Entry(n, random)).ToArray();
        var versions = new long[cases];
        var rounds = new int[cases];
        foreach (var part in Enumerable.Range(0, cases).Chunk(500))
        {
            await Task.WhenAll(part.Select(n => store.Write(Write(n, withEvent: true, entries[n]))));
            foreach (var n in part)
            {
                versions[n] = 1;
            }
        }

        // Each caller has its own cases and goes through them in an order that jumps about.
        var mine = cases / callers;
        var turns = new int[callers];
        return await Measured.Loop(callers, length, async caller =>
        {
            var n = caller * mine + (int)((long)turns[caller]++ * 7919 % mine);
            var entry = entries[n];
            if (what == "state+event+directory")
            {
                entries[n] = entry = entry with { Status = versions[n] % 2 == 0 ? "inProgress" : "waitingForCustomer", Owner = $"eng-{versions[n] % 7}", NextDeadline = Samples.Start + Duration.FromMinutes(versions[n]) };
            }

            var write = Write(n, what != "state", what == "state+event+directory" ? entry : null);
            if (await store.Write(write) != StoreWriteResult.Written)
            {
                throw new InvalidOperationException("Nobody else writes these cases.");
            }

            versions[n] = write.NewVersion;
        });

        StoreWrite Write(int n, bool withEvent, CaseDirectoryEntry? entry)
        {
            var version = versions[n];
            return new(
                Samples.Case(n),
                version,
                // Never the one that is there: SQLite does not write what is the same.
                States[(n + rounds[n]++) % States.Length],
                withEvent ? [new StoredEvent(version + 1, Samples.Start, Event, Guid.CreateVersion7(Samples.Start.ToDateTimeOffset()), version)] : [],
                withEvent ? Samples.Start + Duration.FromSeconds((n * 31 + version * 977) % 100_000) : Samples.Start,
                2,
                entry);
        }
    }

    private static readonly byte[] Event = Samples.Json(300, 3);
    private static readonly byte[][] States = [.. Enumerable.Range(0, 8).Select(seed => Samples.Json(2_048, seed))];
}
