using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Queues;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Cases;

/// <summary>How a case stands in the directory and in its queue.</summary>
public static class CaseDirectory
{
    public static CaseDirectoryEntry Entry(CaseState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new CaseDirectoryEntry(
            state.Number.Value,
            state.Terms.SupportId.Value,
            state.Terms.Region,
            state.Queue.Value,
            state.Terms.Product,
            state.Terms.Offer,
            state.Severity,
            Status(state.Status),
            state.ClosedAt is null,
            state.Owner?.Value,
            state.Terms.PriorityCall,
            state.Report.Title,
            state.Terms.Language,
            state.ReportedAt,
            state.NextDeadline,
            state.SourceKey) is var entry && state.ClosedAt is null
            ? entry with
            {
                BreachedSince = state.Breached?.MissedAt,
                ClockStart = state.Pressing?.Setting.Start,
                ClockMilestone = (int?)state.Pressing?.Kind,
                Flags = (state.Handoff is null ? CaseFlags.None : CaseFlags.Handoff) | (state.Handoff?.DutyManager is null ? CaseFlags.None : CaseFlags.DutyManager) | (state.Ring is null ? CaseFlags.None : CaseFlags.Rings),
                Escalations = state.Escalations?.Length ?? 0,
                Untaken = state.Escalations?.Count(e => e.TakenUpBy is null) ?? 0,
            }
            : entry;
    }

    /// <summary>What a customer may know: nothing of what only wallboards count.</summary>
    public static CaseDirectoryEntry ForCustomer(CaseDirectoryEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry with { BreachedSince = null, ClockStart = null, ClockMilestone = null, Flags = CaseFlags.None, Escalations = 0, Untaken = 0 };
    }

    /// <summary>How a case stands in a queue; null when it is not there.</summary>
    public static WaitingCase? WaitingIn(QueueKey queue, CaseState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return (state.WaitsForEngineer || state.SeeksEngineer) && state.Queue == queue ? Waiting(state) : null;
    }

    public static WaitingCase Waiting(CaseState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new(state.Number, state.Terms.SupportId, state.Report.Title, state.Terms.Product, state.Severity, state.Terms.PriorityCall, state.Terms.Language, state.ReportedAt, state.NextDeadline, state.Owner);
    }

    public static WaitingCase Waiting(CaseDirectoryEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new(CaseNumber.Create(entry.Number), new(entry.SupportId), entry.Title, entry.Product, entry.Severity, entry.PriorityCall, entry.Language, entry.OpenedAt, entry.NextDeadline);
    }

    /// <summary>The status as it is written in the directory.</summary>
    public static string Status(CaseStatus status) => status switch
    {
        CaseStatus.Reported => "reported",
        CaseStatus.Queued => "queued",
        CaseStatus.InProgress => "inProgress",
        CaseStatus.WaitingForCustomer => "waitingForCustomer",
        CaseStatus.SolutionProposed => "solutionProposed",
        CaseStatus.Closed => "closed",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}
