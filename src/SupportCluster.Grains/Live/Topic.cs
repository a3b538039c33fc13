namespace SupportCluster.Grains.Live;

/// <summary>Where a topic stands. Cursors of different epochs cannot be compared: what lies between them is unknown.</summary>
/// <param name="Epoch">Constant 1 for durable topics; for volatile ones the start of the activation in ticks.</param>
/// <param name="Version">The number of changes so far.</param>
[GenerateSerializer, Immutable, Alias("live.cursor")]
public sealed record Cursor(long Epoch, long Version)
{
    /// <summary>The epoch of durable topics: their versions are stored, so there is only one.</summary>
    public const long Durable = 1;
}

/// <summary>One change of a topic.</summary>
/// <param name="Version">The topic's version after it; versions of successive changes are successive numbers.</param>
/// <param name="Content">An immutable record of the domain, for the topic's kind to render.</param>
[GenerateSerializer, Immutable, Alias("live.change")]
public sealed record TopicChange(long Version, object Content);

/// <summary>A topic's committed state.</summary>
/// <param name="Version">The version that it is at.</param>
/// <param name="View">An immutable record of the domain, for the topic's kind to render.</param>
[GenerateSerializer, Immutable, Alias("live.state")]
public sealed record TopicState(long Version, object View);

/// <summary>The answer to a subscription: where the topic stands, and how it came there.</summary>
/// <param name="Silo">Where the topic lives: when this silo dies, the watcher must subscribe again.</param>
/// <param name="Cursor">Where the topic stands; everything later is notified.</param>
/// <param name="State">The state at <paramref name="Cursor"/>.</param>
/// <param name="Tail">All changes after <paramref name="TailFrom"/> (exclusive) up to <paramref name="Cursor"/> (inclusive), oldest first.</param>
/// <param name="TailFrom">The version that the tail begins after: the one asked for when it could be reached, otherwise the oldest remembered.</param>
[GenerateSerializer, Immutable, Alias("live.subscription")]
public sealed record Subscription(SiloAddress Silo, Cursor Cursor, TopicState State, IReadOnlyList<TopicChange> Tail, long TailFrom);
