using Microsoft.Extensions.Logging;
using SupportCluster.Grains.Durable;

namespace SupportCluster.Grains.Live;

/// <summary>
/// A topic that lives in memory only while it is watched: it reads the store at its activation and from time to time, and what is lost between is
/// corrected so. Each activation is an epoch of its own. Nobody waits for it, and it waits for nobody but the store.
/// </summary>
public abstract partial class MemoryTopicGrain(DurableServices services) : Grain, ITopicGrain
{
    private readonly ILogger logger = services.Loggers.CreateLogger("SupportCluster.Live");
    private TopicFeed feed = null!;
    private long version;

    protected DurableServices Services => services;

    protected string Key => this.GetPrimaryKeyString();

    /// <summary>How often it reads the store while it is watched.</summary>
    protected abstract TimeSpan Period { get; }

    /// <summary>True when others tell it their changes while it is watched: then they are to know that it is.</summary>
    protected virtual bool IsTold => true;

    /// <summary>The present state, an immutable record.</summary>
    protected abstract object View { get; }

    private WatchedTopic Topic => new(this.GetGrainId().Type.ToString()!, Key);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await MakeKnown();
        await Refresh(first: true);
        version = 0;
        feed = new TopicFeed(
            GrainContext, services.Clock.GetCurrentInstant().ToUnixTimeTicks(), () => new TopicState(version, View), services.Time, services.Loggers.CreateLogger<TopicFeed>(), new TopicFeedOptions { StateWithChanges = false });

        // The first look back comes soon: until the other nodes know that it is watched they tell it nothing.
        this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions { DueTime = TimeSpan.FromSeconds(1), Period = Period });
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (IsTold && services.Watched is { } watched)
        {
            watched.Remove(Topic);
            GrainFactory.GetGrain<IWatchedTopicsGrain>(IWatchedTopicsGrain.Only).End(Topic).Ignore();
        }

        if (feed is not null)
        {
            await feed.Deactivating();
        }
    }

    public Task<Subscription?> Subscribe(string server, long generation, ITopicObserver observer, Cursor? since) => feed.Subscribe(server, generation, observer, since);

    public Task Unsubscribe(string server, long generation)
    {
        feed.Unsubscribe(server, generation);
        return Task.CompletedTask;
    }

    /// <summary>Reads the store, and tells what differs from the present state.</summary>
    /// <param name="first">At the activation, when nobody watches yet.</param>
    protected abstract Task Refresh(bool first);

    /// <summary>Tells the watchers of a change that has just been made to <see cref="View"/>.</summary>
    protected void Publish(object content)
    {
        version++;
        feed?.Publish([new TopicChange(version, content)]);
    }

    /// <summary>Tells the watchers that <see cref="View"/> was replaced as a whole.</summary>
    protected void Replaced()
    {
        version++;
        feed?.Replaced();
    }

    private async Task Tick()
    {
        if (feed.Watchers == 0)
        {
            DeactivateOnIdle();
            return;
        }

        try
        {
            await MakeKnown();
            await Refresh(first: false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotRefreshed(e, this.GetGrainId());
        }
    }

    /// <summary>On this node at once; nothing waits until all others know.</summary>
    private async Task MakeKnown()
    {
        if (IsTold && services.Watched is { } watched)
        {
            watched.Add(Topic);
            try
            {
                await GrainFactory.GetGrain<IWatchedTopicsGrain>(IWatchedTopicsGrain.Only).Renew(Topic).WaitAsync(TimeSpan.FromSeconds(1), services.Time);
            }
            catch (Exception e) when (e is TimeoutException or OrleansException)
            {
                // Other nodes' changes are seen at the next look at the store.
                LogNotRefreshed(e, this.GetGrainId());
            }
        }
    }

    [LoggerMessage(2006, LogLevel.Warning, "{Grain} could not look at the store; it shows what it knew and tries again")]
    private partial void LogNotRefreshed(Exception e, GrainId grain);
}
