using NodaTime;

namespace SupportCluster.Protocol.Queues;

/// <summary>A queue of a region and product line, in the order in which cases are to be taken (HB-5.4).</summary>
public sealed record QueueView(string Queue, IReadOnlyList<QueueEntry> Cases);

/// <summary>A waiting case.</summary>
/// <param name="From">For a case that is handed off: its owner, until the next engineer accepts (HB-6.5).</param>
public sealed record QueueEntry(
    string Number,
    string SupportId,
    string Title,
    string Product,
    int Severity,
    bool PriorityCall,
    string Language,
    Instant ReportedAt,
    Instant? NextDeadline = null,
    string? From = null);

/// <summary>One change of a queue: a case that came or changed, or one that left.</summary>
public sealed record QueueChange(QueueEntry? Entry = null, string? Left = null);

/// <summary>A queue in a list.</summary>
public sealed record QueueSummary(string Queue, int Waiting, int Severity1, Instant? NextDeadline = null);
