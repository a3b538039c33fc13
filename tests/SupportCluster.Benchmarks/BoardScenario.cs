using System.Diagnostics;
using NodaTime;
using SupportCluster.Storage;
using SupportCluster.Storage.Postgres;

namespace SupportCluster.Benchmarks;

/// <summary>
/// What a wallboard asks of the store once a second, in both engines. Options: <c>--cases</c> 100000, <c>--open</c> 5000 of them, <c>--rounds</c> 200,
/// <c>--engine</c> sqlite or postgres for one of them.
/// </summary>
internal static class BoardScenario
{
    internal static async Task Run(Options options)
    {
        var engine = options.Text("engine");
        if (engine is null or "sqlite")
        {
            var root = Directory.CreateTempSubdirectory("supportcluster-benchmark-").FullName;
            try
            {
                using var folder = DataFolder.Take(root);
                await using var store = Samples.Open(folder);
                await Measure("SQLite", store, options);
            }
            finally
            {
                Directory.Delete(root, recursive: true);
            }
        }

        if (engine is null or "postgres")
        {
            using var postgres = PostgresServer.Start();
            await using var store = await PostgresStore.Open(postgres.CreateDatabase("board"), migrate: true);
            await Measure("PostgreSQL", store, options);
        }
    }

    private static async Task Measure(string engine, IStore store, Options options)
    {
        var (cases, open, rounds) = (options.Number("cases", 100_000), options.Number("open", 5_000), options.Number("rounds", 200));
        var random = new Random(1);
        foreach (var part in Enumerable.Range(0, cases).Chunk(2_000))
        {
            await Task.WhenAll(part.Select(n => store.Write(Opened(n, n % Math.Max(1, cases / open) == 0, random))));
        }

        var figures = await store.Figures();
        Console.WriteLine($"{engine}: {figures}");
        Console.WriteLine(Measured.Heading);
        foreach (var region in new[] { null, "emea" })
        {
            var ticks = new List<long>();
            var started = Stopwatch.GetTimestamp();
            for (var round = 0; round < rounds; round++)
            {
                var before = Stopwatch.GetTimestamp();
                await store.Board(region, 20, Samples.Start - Duration.FromHours(25));
                ticks.Add(Stopwatch.GetTimestamp() - before);
            }

            Measured.Of(ticks, Stopwatch.GetElapsedTime(started)).Print($"{engine}, the board of {region ?? "the world"}", 1);
        }
    }

    private static StoreWrite Opened(int number, bool open, Random random)
    {
        var entry = Samples.Entry(number, random) with { Open = open, Status = open ? "inProgress" : "closed", NextDeadline = open ? Samples.Start + Duration.FromMinutes(random.Next(10_000)) : null };
        entry = !open ? entry : entry with
        {
            Owner = random.Next(3) == 0 ? null : entry.Owner ?? "eng-1",
            BreachedSince = random.Next(50) == 0 ? Samples.Start - Duration.FromMinutes(random.Next(10_000)) : null,
            ClockStart = entry.OpenedAt,
            ClockMilestone = 3,
            Flags = (CaseFlags)random.Next(8),
            Escalations = random.Next(20) == 0 ? 1 : 0,
        };
        var tally = new CaseTally(entry.Region, CaseTally.QuarterOf(Samples.Start - Duration.FromMinutes(random.Next(8 * 24 * 60))), Opened: 1, Met: 1);
        return new(Samples.Case(number), 0, Samples.Json(2_500, number % 16), [new StoredEvent(1, entry.OpenedAt, Samples.Json(300, 3))], entry.NextDeadline, entry.Severity, entry, Tallies: [tally]);
    }
}
