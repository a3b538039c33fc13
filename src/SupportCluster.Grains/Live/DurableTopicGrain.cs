using System.Text.Json;
using Microsoft.Extensions.Logging;
using SupportCluster.Domain;
using SupportCluster.Grains.Durable;

namespace SupportCluster.Grains.Live;

/// <summary>A durable grain that can be watched: its events are the topic's changes, its version the topic's.</summary>
public abstract class DurableTopicGrain<TState, TEvent, TEffect>(DurableServices services) : DurableGrain<TState, TEvent, TEffect>(services), ITopicGrain
    where TState : class
    where TEvent : class
    where TEffect : class
{
    /// <summary>For how long changes are remembered for watchers that have not come yet: when a node has died they come to its topics' successors within seconds, and what was committed first is not read for them again.</summary>
    private static readonly TimeSpan Expected = TimeSpan.FromSeconds(30);

    private TopicFeed? feed;
    private long activatedAt;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        activatedAt = Services.Time.GetTimestamp();
        if (State is not null)
        {
            Feed();
        }
    }

    public virtual Task<Subscription?> Subscribe(string server, long generation, ITopicObserver observer, Cursor? since) =>
        State is null ? throw new InvalidOperationException("There is nothing to watch.") : Feed().Subscribe(server, generation, observer, since);

    public Task Unsubscribe(string server, long generation)
    {
        feed?.Unsubscribe(server, generation);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (feed is not null)
        {
            await feed.Deactivating();
        }

        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    /// <summary>The state as watchers are given it.</summary>
    protected abstract object ViewOf(TState state);

    /// <summary>Events as watchers are told them.</summary>
    /// <param name="after">The version before them.</param>
    /// <param name="reached">The state after them.</param>
    protected abstract IEnumerable<object> ChangesOf(IReadOnlyList<TEvent> events, long after, TState reached);

    protected override void Committed(IReadOnlyList<TEvent> events, TState? before, TState after)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (feed is not null && (feed.Watchers > 0 || Services.Time.GetElapsedTime(activatedAt) < Expected))
        {
            feed.Publish(Changes(events, Version - events.Count));
        }
        else
        {
            feed = null;
        }
    }

    private IReadOnlyList<TopicChange> Changes(IReadOnlyList<TEvent> events, long after) => [.. ChangesOf(events, after, State!).Select((change, i) => new TopicChange(after + 1 + i, change))];

    private TopicFeed Feed() => feed ??= new TopicFeed(
        GrainContext, Cursor.Durable, () => new TopicState(Version, ViewOf(State!)), Services.Time, Services.Loggers.CreateLogger<TopicFeed>(), new TopicFeedOptions { StateWithChanges = true }, Older, Version);

    /// <summary>Reads the tail that is no longer in memory, up to the present version.</summary>
    private async Task<IReadOnlyList<TopicChange>?> Older(long after)
    {
        var (state, version) = (State!, Version);
        var stored = await Services.Store.ReadEvents(new(this.GetGrainId().Type.ToString()!, this.GetPrimaryKeyString()), after, (int)(version - after));
        var events = stored.Select(e => JsonSerializer.Deserialize<TEvent>(e.Json.Span, DomainJson.Stored)!).ToList();
        return [.. ChangesOf(events, after, state).Select((change, i) => new TopicChange(after + 1 + i, change))];
    }
}
