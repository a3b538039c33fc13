namespace SupportCluster.Faults.Checking;

/// <summary>Checks a run against the promises, from what was recorded alone: it knows nothing of servers, kills or guards.</summary>
internal static class Checker
{
    /// <summary>All violations that are found; none is the proof that was sought.</summary>
    internal static IReadOnlyList<Violation> Check(RecordedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var walks = run.Cases.Select(c => new CaseWalk(c, run.AcknowledgeWithin, run.QuietAt)).ToDictionary(w => w.Number);
        return
        [
            .. walks.Values.SelectMany(w => w.Violations),
            .. CommandCheck.Check(run.Commands, walks),
            .. OwnershipCheck.Check(run.Engineers, run.Queues, walks.Values, run.Skew),
            .. run.WatchedCases.SelectMany(w => WatcherCheck.Check(w, walks, run.Skew)),
            .. (run.WatchedEngineers ?? []).SelectMany(OwnershipCheck.Check),
            .. run.WatchedQueues.SelectMany(w => WatcherCheck.Check(w, run.Queues)),
        ];
    }
}
