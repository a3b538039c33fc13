using NodaTime;
using SupportCluster.Domain.Cases;

namespace SupportCluster.Domain.Queues;

/// <summary>A case that waits in a queue for an engineer.</summary>
/// <param name="From">For a case that is handed off: its owner, until the next engineer accepts (HB-6.5).</param>
public sealed record WaitingCase(
    CaseNumber Number,
    SupportId SupportId,
    string Title,
    string Product,
    int Severity,
    bool PriorityCall,
    string Language,
    Instant ReportedAt,
    Instant? NextDeadline,
    EngineerId? From = null);

/// <summary>The order in which cases are taken (HB-5.4): severity, then priority call, then nearest deadline, then age. The number makes it total.</summary>
public sealed class QueueOrder : IComparer<WaitingCase>
{
    public static QueueOrder Instance { get; } = new();

    public int Compare(WaitingCase? x, WaitingCase? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        var order = x.Severity.CompareTo(y.Severity);
        order = order != 0 ? order : y.PriorityCall.CompareTo(x.PriorityCall);
        order = order != 0 ? order : (x.NextDeadline ?? Instant.MaxValue).CompareTo(y.NextDeadline ?? Instant.MaxValue);
        order = order != 0 ? order : x.ReportedAt.CompareTo(y.ReportedAt);
        return order != 0 ? order : string.CompareOrdinal(x.Number.Value, y.Number.Value);
    }
}
