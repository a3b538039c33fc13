using SupportCluster.Domain.Cases;
using SupportCluster.Storage;
using SupportCluster.Storage.Sqlite;

namespace SupportCluster.Benchmarks;

/// <summary>
/// Commands to open cases all over a store of a million cases, beside those of a store of a thousand, in turns; and lists of 50 from the
/// large one. Options: <c>--cases</c> 1000000 (quick 50000), <c>--seconds</c> 3 a pass, <c>--passes</c> 7, <c>--folder</c> to keep the stores.
/// </summary>
internal static class MillionScenario
{
    private const int Variants = 64;
    private const int Callers = 16;
    private const int Touched = 800;

    internal static async Task Run(Options options)
    {
        var cases = options.Number("cases", options.Quick ? 50_000 : 1_000_000);
        var length = TimeSpan.FromSeconds(options.Number("seconds", options.Quick ? 1 : 3));
        var passes = options.Number("passes", options.Quick ? 5 : 7);
        var root = options.Root();
        try
        {
            // One in 32 is open, as it would be after years; in the small store all are, so that as many take commands.
            await Fill(Path.Combine(root, "few"), 1_000, 1);
            await Fill(Path.Combine(root, "many"), cases, 32);
            await using var few = await Node.Start(Path.Combine(root, "few"));
            await using var many = await Node.Start(Path.Combine(root, "many"));
            var (first, warm) = (new List<double>(), new List<double>());
            var turn = 0;
            Console.WriteLine(Phase.Heading);
            for (var pass = -1; pass < passes; pass++)
            {
                var ofFew = await Pass(few, n => n);
                var ofMany = await Pass(many, n => (int)((long)n * (cases / 32) / Touched * 32));
                if (pass == -1)
                {
                    // The first command to each case reads it; counted apart.
                    ofFew.Print("first commands, 1,000 cases", Callers);
                    ofMany.Print("first commands, many cases", Callers);
                    continue;
                }

                warm.Add(ofMany.Figures.P50 / ofFew.Figures.P50);
                if (pass == passes - 1)
                {
                    ofFew.Print("commands, 1,000 cases", Callers);
                    ofMany.Print("commands, many cases", Callers);
                }
            }

            var lists = new List<long>();
            foreach (var filter in (CaseFilter[])[new(), new(Open: true), new(SupportId: "customer-9"), new(SupportId: "customer-9", Open: true), new(Queue: "emea/backup", Severity: 3), new(Product: "backup-server-3", Open: false), new(Text: "nightly mail", Open: true)])
            {
                lists.AddRange(await Times(options.Quick ? 20 : 50, () => many.Store.ListCases(filter, 50)));
            }

            var listed = Phase.Of(lists, length, TimeSpan.Zero);
            listed.Print("lists of 50 with filters", 1);
            Wanted.AtMost("times the cost of a command among 1,000 cases", Wanted.Median(warm), 1.3);
            Wanted.AtMost("p95 ms of a list of 50", listed.P95.TotalMilliseconds, 50);

            Task<Phase> Pass(Node node, Func<int, int> sequence) => Phase.Run(Callers, length, async _ =>
            {
                var (command, actor) = Lives.Note();
                await node.Command(CaseNumber.Of(4, sequence(Interlocked.Increment(ref turn) % Touched)), command, actor);
                return true;
            });
        }
        finally
        {
            options.Clear(root);
        }
    }

    private static async Task<List<long>> Times<T>(int rounds, Func<Task<T>> read)
    {
        var ticks = new List<long>();
        for (var round = 0; round < rounds; round++)
        {
            var before = System.Diagnostics.Stopwatch.GetTimestamp();
            await read();
            ticks.Add(System.Diagnostics.Stopwatch.GetTimestamp() - before);
        }

        return ticks;
    }

    private static async Task Fill(string path, int cases, int openEvery)
    {
        using var folder = DataFolder.Take(path);
        await using var store = SqliteStore.Open(folder, Node.Clock);
        await Filling.Fill(store, cases, Variants, (variant, number) => Filling.Usual(variant, number, open: variant % openEvery == 0));
    }
}
