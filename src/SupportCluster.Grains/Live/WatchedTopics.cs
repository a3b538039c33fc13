using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace SupportCluster.Grains.Live;

/// <summary>
/// Which topics that live in memory are watched, as this node knows it: whoever commits looks here before telling such a topic, so that one
/// that nobody watches is neither told nor activated. What is watched on this node is known at once; what is watched elsewhere within half a second,
/// and the topic catches up with the store anyway. Safe for concurrent use.
/// </summary>
public sealed class WatchedTopics
{
    private readonly ConcurrentDictionary<WatchedTopic, bool> here = new();
    private volatile FrozenSet<WatchedTopic> everywhere = [];

    public bool Contains(WatchedTopic topic) => here.ContainsKey(topic) || everywhere.Contains(topic);

    /// <summary>A topic that lives on this node is watched.</summary>
    public void Add(WatchedTopic topic) => here[topic] = true;

    /// <summary>It is watched no longer, or lives elsewhere.</summary>
    public void Remove(WatchedTopic topic) => here.TryRemove(topic, out _);

    /// <summary>What is watched in the cluster.</summary>
    internal void Learn(IEnumerable<WatchedTopic> topics) => everywhere = topics.ToFrozenSet();
}

/// <summary>A topic that lives in memory: the type of its grain, and its key.</summary>
public sealed record WatchedTopic(string Type, string Key);
