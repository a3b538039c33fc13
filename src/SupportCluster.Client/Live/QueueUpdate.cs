using NodaTime;
using SupportCluster.Protocol.Queues;

namespace SupportCluster.Client.Live;

/// <summary>One update of a watched queue.</summary>
/// <param name="Cursor">Where this stands. Null until the first state is known.</param>
/// <param name="Queue">The queue after this update, in the order of HB-5.4; null until the first state is known.</param>
/// <param name="Changes">What happened, oldest first; only with <see cref="UpdateKind.Change"/>.</param>
/// <param name="Reset">True when changes were skipped.</param>
/// <param name="StaleSince">Since when <paramref name="Queue"/> may be old; only with <see cref="UpdateKind.Stale"/>.</param>
public sealed record QueueUpdate(
    UpdateKind Kind,
    string? Cursor,
    QueueView? Queue,
    IReadOnlyList<QueueChange> Changes,
    bool Reset = false,
    Instant? StaleSince = null);
