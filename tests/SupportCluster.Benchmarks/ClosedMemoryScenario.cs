using System.Globalization;
using System.Runtime;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;

namespace SupportCluster.Benchmarks;

/// <summary>What 100,000 closed cases leave in memory after they were imported through the grains. Options: <c>--cases</c> 100000 (quick 10000).</summary>
internal static class ClosedMemoryScenario
{
    private const int Callers = 64;

    internal static async Task Run(Options options)
    {
        var cases = options.Number("cases", options.Quick ? 10_000 : 100_000);
        var root = options.Root();
        try
        {
            await using var node = await Node.Start(Path.Combine(root, "node"));
            var next = 0;
            await Import(node, 500);
            var before = await Settled(node);
            Console.WriteLine(Phase.Heading);
            var imported = await Import(node, cases + 500);
            imported.Print("closed cases imported, 5 rows each", Callers);
            var after = await Settled(node);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"managed heap {before:F1} MB before, {after:F1} MB after {cases:N0} closed cases"));
            Wanted.AtMost("MB more", after - before, 50);

            Task<Phase> Import(Node on, int until) => Phase.Run(Callers, null, async _ =>
            {
                var sequence = Interlocked.Increment(ref next);
                if (sequence > until)
                {
                    return false;
                }

                var number = CaseNumber.Of(4, sequence);
                await on.Command(number, Closed(number), Actor.System, keyed: false);
                return true;
            });
        }
        finally
        {
            options.Clear(root);
        }
    }

    private static CaseCommand.Import Closed(CaseNumber number)
    {
        var at = Instant.FromUtc(2026, 10, 5, 9, 0);
        return new(number, Lives.Terms(offer: "global"), $"import:benchmark/{number.Value}", "The nightly backup ends with an error", 3, new("import"),
        [
            new(1, at, SourceStep.Queued, "Queued", null, null, "backup", null),
            new(2, at + Duration.FromMinutes(9), SourceStep.Working, "Accepted", "Aoife", "IE", "backup", null),
            new(3, at + Duration.FromHours(1), SourceStep.WaitingForCustomer, "Wait", "Aoife", "IE", "backup", null),
            new(4, at + Duration.FromHours(5), SourceStep.Working, "Accepted", "Aoife", "IE", "backup", null),
            new(5, at + Duration.FromHours(6), SourceStep.Ended, "Closed", "Aoife", "IE", "backup", null),
        ]);
    }

    /// <summary>Managed heap, MB, once no more activations go away.</summary>
    private static async Task<double> Settled(Node node)
    {
        var management = node.Grains.GetGrain<IManagementGrain>(0);
        for (int there = int.MaxValue, last; (last = await management.GetTotalActivationCount()) < there; there = last)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), Node.Time);
        }

        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true) / 1024.0 / 1024.0;
    }
}
