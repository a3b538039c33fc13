using NodaTime;
using SupportCluster.Protocol.Engineers;
using SupportCluster.Protocol.Queues;

namespace SupportCluster.Faults.Checking;

/// <summary>Compares what engineers and queues hold with what the cases' histories say.</summary>
internal static class OwnershipCheck
{
    internal static IEnumerable<Violation> Check(IReadOnlyList<EngineerView> engineers, IReadOnlyList<QueueView> queues, IEnumerable<CaseWalk> cases, Duration skew)
    {
        var walks = cases.ToList();
        foreach (var engineer in engineers)
        {
            var owned = walks.Where(w => w.Owner == engineer.Id).Select(w => w.Number).ToHashSet();
            var held = engineer.Cases.Select(c => c.Number).ToHashSet();
            if (!owned.SetEquals(held) || engineer.Cases.Any(c => c.Reserved))
            {
                yield return new(Promises.EngineerKnowsCases, engineer.Id,
                    $"holds {Names(held.Except(owned))} without owning them, owns {Names(owned.Except(held))} without holding them, has reserved {Names(engineer.Cases.Where(c => c.Reserved).Select(c => c.Number))}");
            }

            var most = Most(walks.SelectMany(w => w.Owned), engineer.Id, skew);
            if (most > engineer.Capacity.Cases)
            {
                yield return new(Promises.WithinCapacity, engineer.Id, $"had {most} cases at a time, the capacity is {engineer.Capacity.Cases}");
            }
            else if (Most(walks.SelectMany(w => w.Owned.Concat(w.Rung)), engineer.Id, skew) is var withRings && withRings > engineer.Capacity.Cases)
            {
                yield return new(Promises.RoomForRings, engineer.Id, $"had {withRings} cases at a time with those that rang, the capacity is {engineer.Capacity.Cases}");
            }
            else if (Most(walks.Where(IsSevere).SelectMany(w => w.Owned.Concat(w.Rung)), engineer.Id, skew) is var severe && severe > engineer.Capacity.Severity1)
            {
                yield return new(Promises.RoomForRings, engineer.Id, $"had {severe} cases of severity 1 at a time with those that rang, the capacity is {engineer.Capacity.Severity1}");
            }
        }

        foreach (var key in walks.Select(w => w.Recorded.View.Queue).Concat(queues.Select(q => q.Queue)).Distinct())
        {
            var waiting = walks.Where(w => w.Waits && w.Recorded.View.Queue == key).Select(w => w.Number).ToHashSet();
            var listed = (queues.FirstOrDefault(q => q.Queue == key)?.Cases ?? []).Select(c => c.Number).ToHashSet();
            if (!waiting.SetEquals(listed))
            {
                yield return new(Promises.QueueKnowsCases, $"queue {key}", $"lists {Names(listed.Except(waiting))} that do not wait, lacks {Names(waiting.Except(listed))} that do");
            }
        }
    }

    /// <summary>Of severity 1 from the beginning: one that becomes so later asks nobody for room.</summary>
    private static bool IsSevere(CaseWalk walk) => walk.Recorded.View.Severity == 1 && walk.Recorded.History.All(e => e.Type != "case-severity-changed");

    /// <summary>What engineers were told of themselves, version by version: nothing held or reserved beyond the capacity.</summary>
    internal static IEnumerable<Violation> Check(WatchedEngineer watched)
    {
        long version = 0;
        foreach (var view in watched.Views)
        {
            if (view.Version < version)
            {
                yield return new(Promises.FramesContiguous, watched.Engineer, $"version {view.Version} came after version {version}");
            }

            version = view.Version;
            if (view.Cases.Count > view.Capacity.Cases)
            {
                yield return new(Promises.RoomForRings, watched.Engineer,
                    $"held {view.Cases.Count} cases at version {version}, {view.Cases.Count(c => c.Reserved)} of them reserved, the capacity is {view.Capacity.Cases}");
            }
        }
    }

    /// <summary>
    /// Most cases at a time. At one instant a case that goes makes room before another comes; and so it does when the two bear the clocks of
    /// two nodes and are no further apart than these may be.
    /// </summary>
    private static int Most(IEnumerable<(string Engineer, Instant From, Instant? To)> spans, string engineer, Duration skew)
    {
        var (now, most) = (0, 0);
        foreach (var (_, step) in spans
            .Where(o => o.Engineer == engineer)
            .SelectMany(o => o.To is { } to ? new[] { (At: o.From, Step: 1), (At: Instant.Max(o.From, to - skew), Step: -1) } : [(At: o.From, Step: 1)])
            .OrderBy(s => s.At).ThenBy(s => s.Step))
        {
            now += step;
            most = Math.Max(most, now);
        }

        return most;
    }

    private static string Names(IEnumerable<string> numbers) => numbers.Order().ToList() is { Count: > 0 } some ? string.Join(", ", some) : "none";
}
