using NodaTime;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Client.Live;

/// <summary>What an update of a watched topic tells.</summary>
public enum UpdateKind
{
    /// <summary>The whole state.</summary>
    Snapshot,

    /// <summary>What happened since the update before, complete and in order.</summary>
    Change,

    /// <summary>Nothing has happened since: what is known is current.</summary>
    UpToDate,

    /// <summary>What is known may be old: the topic or the cluster cannot be reached. Ends with the next other update.</summary>
    Stale,
}

/// <summary>One update of a watched case.</summary>
/// <param name="Cursor">Where this stands; hand it to <see cref="LiveClient.WatchCase"/> to go on after it. Null until the first state is known.</param>
/// <param name="Case">The case after this update, as far as it is known.</param>
/// <param name="Changes">What happened, oldest first; only with <see cref="UpdateKind.Change"/>.</param>
/// <param name="Reset">True when changes were skipped: the state has come to <paramref name="Case"/> in ways that are not told.</param>
/// <param name="StaleSince">Since when <paramref name="Case"/> may be old; only with <see cref="UpdateKind.Stale"/>.</param>
public sealed record CaseUpdate(
    UpdateKind Kind,
    string? Cursor,
    CaseView? Case,
    IReadOnlyList<HistoryEntry> Changes,
    bool Reset = false,
    Instant? StaleSince = null);
