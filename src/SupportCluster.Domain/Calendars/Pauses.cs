using NodaTime;

namespace SupportCluster.Domain.Calendars;

/// <summary>Pauses put in order and joined where they touch or overlap, so that spans can be cut by walking along them once.</summary>
internal static class Pauses
{
    private static readonly Comparison<Interval> ByStart = static (one, other) => StartOf(one).CompareTo(StartOf(other));

    /// <summary>In order, disjoint, none of them empty. Missing ends stand as the least and greatest instant: from ever, for ever.</summary>
    internal static (Instant Start, Instant End)[] Ordered(IReadOnlyList<Interval>? pauses)
    {
        if (pauses is null || pauses.Count == 0)
        {
            return [];
        }

        if (pauses.Count == 1)
        {
            var (start, end) = (StartOf(pauses[0]), EndOf(pauses[0]));
            return start < end ? [(start, end)] : [];
        }

        var sorted = pauses.ToArray();
        Array.Sort(sorted, ByStart);
        var joined = new List<(Instant Start, Instant End)>(sorted.Length);
        foreach (var pause in sorted)
        {
            var (start, end) = (StartOf(pause), EndOf(pause));
            if (start >= end)
            {
                continue;
            }

            if (joined.Count > 0 && start <= joined[^1].End)
            {
                joined[^1] = (joined[^1].Start, Instant.Max(joined[^1].End, end));
            }
            else
            {
                joined.Add((start, end));
            }
        }

        return [.. joined];
    }

    private static Instant StartOf(Interval pause) => pause.HasStart ? pause.Start : Instant.MinValue;

    private static Instant EndOf(Interval pause) => pause.HasEnd ? pause.End : Instant.MaxValue;
}
