using NodaTime;
using SupportCluster.Protocol.Queues;

namespace SupportCluster.Protocol.Wallboards;

/// <summary>What a wallboard shows, without a word of a customer's: no title and no name. Sent whole, at most once a second, when something has changed.</summary>
/// <param name="Wallboard">The code of a centre (the cases of its region), a region, or <c>world</c>.</param>
/// <param name="Open">How many cases are open.</param>
/// <param name="Queues">Queues in which cases wait for an engineer, by key.</param>
/// <param name="Urgent">The open cases with the nearest deadlines, at most 20, nearest first.</param>
public sealed record WallboardView(string Wallboard, int Open, OpenBySeverity BySeverity, IReadOnlyList<QueueSummary> Queues, IReadOnlyList<UrgentCase> Urgent);

/// <summary>How many open cases have each severity.</summary>
public sealed record OpenBySeverity(int Severity1, int Severity2, int Severity3, int Severity4);

/// <summary>An open case on a wallboard.</summary>
/// <param name="Owner">The engineer who has it.</param>
/// <param name="NextDeadline">The nearest deadline of a running milestone.</param>
public sealed record UrgentCase(string Number, int Severity, string Queue, Instant NextDeadline, string? Owner = null);
