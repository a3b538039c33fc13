using NodaTime;

namespace SupportCluster.Client.Live;

/// <summary>One update of a watched topic.</summary>
/// <typeparam name="TView">The topic's state.</typeparam>
/// <typeparam name="TChange">What its changes are told as.</typeparam>
/// <param name="Cursor">Where this stands. Null until the first state is known.</param>
/// <param name="View">The state after this update; null until the first is known.</param>
/// <param name="Changes">What happened, oldest first; only with <see cref="UpdateKind.Change"/>.</param>
/// <param name="Reset">True when changes were skipped.</param>
/// <param name="StaleSince">Since when <paramref name="View"/> may be old; only with <see cref="UpdateKind.Stale"/>.</param>
public sealed record TopicUpdate<TView, TChange>(
    UpdateKind Kind,
    string? Cursor,
    TView? View,
    IReadOnlyList<TChange> Changes,
    bool Reset = false,
    Instant? StaleSince = null)
    where TView : class;
