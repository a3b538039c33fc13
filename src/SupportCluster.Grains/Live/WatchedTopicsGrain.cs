using NodaTime;
using Orleans.Concurrency;

namespace SupportCluster.Grains.Live;

/// <summary>What is watched in the cluster, with a stamp that changes when it does.</summary>
public sealed record WatchedReading(long Stamp, IReadOnlyList<WatchedTopic> Topics);

/// <summary>
/// Knows in memory which topics of memory are watched anywhere; there is one, which calls nobody. When it is lost, the topics
/// renew themselves with the next one.
/// </summary>
public interface IWatchedTopicsGrain : IGrainWithStringKey
{
    /// <summary>The key of the only one.</summary>
    const string Only = "all";

    /// <summary>What is watched; null when the stamp is still the same.</summary>
    [AlwaysInterleave]
    Task<WatchedReading?> Read(long stamp);

    /// <summary>A topic is watched for the next 15 seconds.</summary>
    [AlwaysInterleave]
    Task Renew(WatchedTopic topic);

    /// <summary>A topic is watched no longer.</summary>
    [AlwaysInterleave]
    Task End(WatchedTopic topic);
}

/// <inheritdoc cref="IWatchedTopicsGrain"/>
[GrainType("watched-topics")]
public sealed class WatchedTopicsGrain(IClock clock) : Grain, IWatchedTopicsGrain
{
    private static readonly Duration Lasts = Duration.FromSeconds(15);
    private readonly Dictionary<WatchedTopic, Instant> until = [];
    private long stamp = clock.GetCurrentInstant().ToUnixTimeTicks();

    public Task<WatchedReading?> Read(long stamp)
    {
        var now = clock.GetCurrentInstant();
        foreach (var (topic, _) in until.Where(t => t.Value < now).ToList())
        {
            Forget(topic);
        }

        return Task.FromResult(stamp == this.stamp ? null : new WatchedReading(this.stamp, [.. until.Keys]));
    }

    public Task Renew(WatchedTopic topic)
    {
        stamp += until.ContainsKey(topic) ? 0 : 1;
        until[topic] = clock.GetCurrentInstant() + Lasts;
        return Task.CompletedTask;
    }

    public Task End(WatchedTopic topic)
    {
        Forget(topic);
        return Task.CompletedTask;
    }

    private void Forget(WatchedTopic topic) => stamp += until.Remove(topic) ? 1 : 0;
}
