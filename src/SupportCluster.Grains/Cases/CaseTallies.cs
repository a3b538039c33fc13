using NodaTime;
using SupportCluster.Domain.Cases;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Cases;

/// <summary>What wallboards count of the events of a case, each in the quarter of an hour in which it happened.</summary>
public static class CaseTallies
{
    /// <summary>What is counted of some events; null when nothing is. History older than the tallies reach is not.</summary>
    public static IReadOnlyList<CaseTally>? Of(string region, IReadOnlyList<CaseEvent> events, Instant now)
    {
        ArgumentNullException.ThrowIfNull(events);
        Dictionary<Instant, CaseTally>? tallies = null;
        foreach (var happened in events)
        {
            if (happened.At > now - CaseTally.Kept && Counted(new(region, CaseTally.QuarterOf(happened.At)), happened) is { } one)
            {
                tallies ??= [];
                tallies[one.Quarter] = tallies.TryGetValue(one.Quarter, out var sum)
                    ? sum with { Opened = sum.Opened + one.Opened, Closed = sum.Closed + one.Closed, Met = sum.Met + one.Met, Missed = sum.Missed + one.Missed }
                    : one;
            }
        }

        return tallies?.Values.ToList();
    }

    private static CaseTally? Counted(CaseTally nothing, CaseEvent happened) => happened switch
    {
        CaseEvent.Reported => nothing with { Opened = 1 },
        CaseEvent.Closed => nothing with { Closed = 1 },
        CaseEvent.MilestoneMet { Late: false } => nothing with { Met = 1 },
        CaseEvent.MilestoneMissed => nothing with { Missed = 1 },
        _ => null,
    };
}
