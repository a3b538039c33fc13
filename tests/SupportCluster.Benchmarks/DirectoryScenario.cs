using System.Diagnostics;
using System.Globalization;
using NodaTime;
using SupportCluster.Storage;
using SupportCluster.Storage.Sqlite;

namespace SupportCluster.Benchmarks;

/// <summary>
/// Lists of 50 from a directory of a million cases with 2-3 KB of state each. Options: <c>--cases</c> 1000000, <c>--folder</c> to keep
/// the store for the next run, <c>--rounds</c> 200 of each filter.
/// </summary>
internal static class DirectoryScenario
{
    internal static async Task Run(Options options)
    {
        var cases = options.Number("cases", 1_000_000);
        var rounds = options.Number("rounds", 200);
        var root = options.Text("folder") ?? Path.Combine(Path.GetTempPath(), $"supportcluster-benchmark-{Environment.ProcessId}");
        try
        {
            using var folder = DataFolder.Take(root);
            await using var store = Samples.Open(folder);
            await Fill(store, cases);
            var figures = await store.Figures();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{figures}, {new FileInfo(Path.Combine(root, "supportcluster.db")).Length / 1_000_000:N0} MB"));
            Console.WriteLine(Measured.Heading);
            var all = new List<long>();
            foreach (var (what, filter) in Filters())
            {
                await Measure(what, rounds, random => store.ListCases(filter(random), 50), all);
            }

            Measured.Of(all, TimeSpan.FromSeconds(1)).Print("all lists", 1);
            await Measure("the worst: filters that contradict each other", rounds, random => store.ListCases(new(Queue: "emea/line-3", Region: "apj"), 50));
            await Measure("second page", rounds, async random => await store.ListCases(new(Open: false), 50, (await store.ListCases(new(Open: false), 50)).Next));
            await Measure("waiting in a queue", rounds, random => store.WaitingIn($"emea/line-{random.Next(13)}"));
            await Measure("due, a quarter of the ring", rounds, random => store.Due(Samples.Start + Duration.FromMinutes(15), 2_000, (1u << 30, 2u << 30)));
            await Measure("overdue, 100", rounds, random => store.Overdue(Samples.Start + Duration.FromDays(1), 100));
            await Measure("figures", rounds, random => store.Figures());
            await Measure("one aggregate", rounds, random => store.Read(Samples.Case(random.Next(cases))));
        }
        finally
        {
            if (options.Text("folder") is null)
            {
                Directory.Delete(root, recursive: true);
            }
        }
    }

    private static IEnumerable<(string What, Func<Random, CaseFilter> Filter)> Filters() =>
    [
        ("no filter", r => new()),
        ("open", r => new(Open: true)),
        ("a customer, large", r => new(SupportId: $"S-{r.Next(3)}")),
        ("a customer, any", r => new(SupportId: $"S-{r.Next(2_000)}")),
        ("a customer's open cases", r => new(SupportId: $"S-{r.Next(2_000)}", Open: true)),
        ("a queue's open cases", r => new(Queue: $"emea/line-{r.Next(13)}", Open: true)),
        ("an engineer's cases", r => new(Owner: $"eng-{r.Next(400)}")),
        ("an engineer's open cases of severity 1", r => new(Owner: $"eng-{r.Next(400)}", Open: true, Severity: 1)),
        ("closed, severity 1, a region", r => new(Open: false, Severity: 1, Region: "apj")),
        ("a product and an offer", r => new(Product: $"product-{r.Next(120)}", Offer: "offer-2")),
        ("a product, an engineer, closed", r => new(Product: $"product-{r.Next(120)}", Owner: $"eng-{r.Next(400)}", Open: false)),
        ("a status and a severity", r => new(Status: "solutionProposed", Severity: 1)),
        ("text, a rare word", r => new(Text: $"ticket{r.Next(200_000)}")),
        ("text, two frequent words", r => new(Text: "backup printer")),
        ("text, a beginning, open", r => new(Text: "yaz", Open: true)),
        ("text, a rare word and a customer", r => new(Text: $"ticket{r.Next(200_000)}", SupportId: $"S-{r.Next(2_000)}")),
        ("nothing fits: status that none has", r => new(Status: "none", Severity: 2)),
    ];

    private static async Task Measure<T>(string what, int rounds, Func<Random, Task<T>> read, List<long>? all = null)
    {
        var random = new Random(7);
        var ticks = new List<long>();
        var started = Stopwatch.GetTimestamp();
        for (var round = 0; round < rounds; round++)
        {
            var before = Stopwatch.GetTimestamp();
            await read(random);
            ticks.Add(Stopwatch.GetTimestamp() - before);
        }

        all?.AddRange(ticks);
        Measured.Of(ticks, Stopwatch.GetElapsedTime(started)).Print(what, 1);
    }

    private static async Task Fill(SqliteStore store, int cases)
    {
        var there = (int)(await store.Figures()).Cases;
        var random = new Random(there + 1);
        var states = Enumerable.Range(0, 16).Select(seed => Samples.Json(2_000 + seed * 64, seed)).ToArray();
        var happened = Samples.Json(300, 3);
        var started = Stopwatch.GetTimestamp();
        foreach (var part in Enumerable.Range(there, Math.Max(0, cases - there)).Chunk(2_000))
        {
            await Task.WhenAll(part.Select(n =>
            {
                var entry = Samples.Entry(n, random);
                return store.Write(new(Samples.Case(n), 0, states[n % 16], [new StoredEvent(1, entry.OpenedAt, happened)], entry.NextDeadline, entry.Severity, entry, Samples.Text(entry, random)));
            }));
            if (part[^1] % 100_000 >= 98_000)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{part[^1] + 1:N0} cases after {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s"));
            }
        }
    }
}
