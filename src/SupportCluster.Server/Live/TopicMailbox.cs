using System.Security.Claims;
using NodaTime;
using SupportCluster.Grains.Live;
using SupportCluster.Protocol.Live;

namespace SupportCluster.Server.Live;

/// <summary>
/// One topic in one server process: one subscription at its grain, from which all connections that watch it are served. Everything
/// happens under one lock and without waiting; frames are put into the connections' outboxes under that lock, which keeps their order.
/// </summary>
internal sealed partial class TopicMailbox : ITopicObserver, IDisposable
{
    private readonly Lock gate = new();
    private readonly List<TopicWatch> watches = [];
    private readonly List<Notice> buffer = [];
    private readonly LiveTopics topics;
    private readonly ITopicKind kind;
    private readonly string key;
    private readonly ILogger logger;
    private readonly ITopicObserver reference;
    private readonly ITimer renew;
    private readonly ITimer stale;
    private readonly ITimer linger;
    private TopicMemory? memory;
    private SiloAddress? home;
    private long generation;
    private bool syncing;
    private bool staleArmed;
    private Instant confirmed;
    private Instant? staleSince;
    private bool closed;
    private int notices;

    public TopicMailbox(LiveTopics topics, ITopicKind kind, string key, ILogger logger)
    {
        this.topics = topics;
        this.kind = kind;
        this.key = key;
        this.logger = logger;
        Topic = $"{kind.Prefix}:{key}";
        reference = topics.Reference(this);
        confirmed = Now();
        renew = topics.Time.CreateTimer(_ => Renew(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        stale = topics.Time.CreateTimer(_ => TellStale(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        linger = topics.Time.CreateTimer(_ => CloseWhenUnwatched(), null, options.Linger, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The topic in its one spelling.</summary>
    public string Topic { get; }

    /// <summary>The kind of its topic.</summary>
    public string Prefix => kind.Prefix;

    /// <summary>What comes after the colon.</summary>
    public string Key => key;

    /// <summary>Who watches, one for each connection.</summary>
    public IReadOnlyList<ClaimsPrincipal> Watchers
    {
        get
        {
            lock (gate)
            {
                return [.. watches.Select(w => w.User)];
            }
        }
    }

    private LiveOptions options => topics.Options;

    private bool Guarded(LiveGuards guard) => options.Guards.HasFlag(guard);

    /// <summary>Begins serving a watch: at once when what is known reaches its cursor, otherwise after asking the grain. False when this mailbox has been closed.</summary>
    public bool Join(TopicWatch watch)
    {
        lock (gate)
        {
            if (closed)
            {
                return false;
            }

            watches.Add(watch);
            linger.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (memory is null || !TryServe(watch, definitive: false))
            {
                if (!syncing)
                {
                    StartSync();
                }
            }

            if (staleSince is { } since)
            {
                watch.Send([new Frame.Stale(Topic, since)]);
            }

            return true;
        }
    }

    /// <summary>Ends serving a watch; completes when nothing of it is on its way any more.</summary>
    public Task Leave(TopicWatch watch)
    {
        lock (gate)
        {
            if (watches.Remove(watch) && watches.Count == 0 && !closed)
            {
                linger.Change(options.Linger, Timeout.InfiniteTimeSpan);
            }

            return watch.Outbox.End(watch);
        }
    }

    /// <summary>Gives a watch whose frames were thrown away the present state, in one reset.</summary>
    public void Recover(TopicWatch watch)
    {
        lock (gate)
        {
            List<Frame> frames = [];
            if (watches.Contains(watch))
            {
                // A watch that has not been served yet has lost no more than being told that the topic is stale.
                try
                {
                    if (memory is not null && !watch.Pending)
                    {
                        frames.AddRange(memory.Snapshot(watch.Audience, reset: true));
                    }
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    LogUnreadable(e, Topic);
                    watch.Pending = true;
                    watch.From = default(ReaderCursor);
                    frames.Add(new Frame.Stale(Topic, confirmed));
                }

                if (staleSince is { } since)
                {
                    frames.Add(new Frame.Stale(Topic, since));
                }
            }

            watch.Outbox.Restart(watch, new Broadcast(frames).For(watch.Topic));
        }
    }

    /// <inheritdoc/>
    public Task<NotifyResult> Notify(long generation, long epoch, long from, long to, IReadOnlyList<TopicChange>? changes, TopicState? state)
    {
        lock (gate)
        {
            if (closed || (generation != this.generation && Guarded(LiveGuards.Generation)))
            {
                return Task.FromResult(NotifyResult.Stale);
            }

            if (options.LosesEvery > 0 && ++notices % options.LosesEvery == 0)
            {
                return Task.FromResult(NotifyResult.Ok);
            }

            var notice = new Notice(epoch, from, to, changes, state);
            if (!syncing)
            {
                Apply(notice);
            }
            else if (buffer.Count < options.Buffer)
            {
                buffer.Add(notice);
            }
            else
            {
                LogOverflow(Topic);
                StartSync();
            }

            return Task.FromResult(NotifyResult.Ok);
        }
    }

    /// <inheritdoc/>
    public Task Moved(long generation)
    {
        lock (gate)
        {
            if (!closed && generation == this.generation)
            {
                StartSync();
            }

            return Task.CompletedTask;
        }
    }

    /// <summary>Subscribes anew when the silo that the topic lived on is dead.</summary>
    public void LookAfterHome()
    {
        lock (gate)
        {
            // Also while it subscribes: that call may be waiting for the dead silo, or be resting after it failed there.
            if (!closed && home is not null && topics.IsDead(home))
            {
                LogHomeDead(Topic, home);
                StartSync();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            renew.Dispose();
            stale.Dispose();
            linger.Dispose();
        }
    }

    private Instant Now() => Instant.FromDateTimeOffset(topics.Time.GetUtcNow());

    private void StartSync()
    {
        generation = topics.NextGeneration();
        syncing = true;
        buffer.Clear();
        renew.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (!staleArmed && staleSince is null)
        {
            staleArmed = true;
            stale.Change(options.StaleAfter, Timeout.InfiniteTimeSpan);
        }

        var g = generation;
        _ = Task.Run(() => Sync(g));
    }

    private async Task Sync(long g)
    {
        var pause = options.FirstPause;
        while (true)
        {
            Cursor? since;
            lock (gate)
            {
                if (closed || g != generation)
                {
                    return;
                }

                since = Reach();
            }

            try
            {
                var call = kind.Grain(key).Subscribe(topics.Server, g, reference, since);
                call.Ignore();
                var subscription = await call.WaitAsync(options.SubscribeTimeout, topics.Time);
                lock (gate)
                {
                    if (closed || g != generation)
                    {
                        return;
                    }

                    if (subscription is not null && !topics.IsDead(subscription.Silo) && Accept(subscription))
                    {
                        return;
                    }
                }

                LogNotAccepted(Topic);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                LogSubscribeFailed(e, Topic);
            }

            await Task.Delay(pause * (0.5 + (0.5 * Random.Shared.NextDouble())), topics.Time);
            pause = pause * 2 < options.LongestPause ? pause * 2 : options.LongestPause;
        }
    }

    /// <summary>The earliest version that is wanted: our own, or that of somebody who waits to be served from before it.</summary>
    private Cursor? Reach()
    {
        var since = memory?.Cursor;
        foreach (var watch in watches)
        {
            if (watch.Pending)
            {
                watch.Asked = true;
                var wanted = watch.From?.NoLaterThan();
                if (wanted is not null && (memory is null ? since is null || wanted.Version < since.Version
                    : wanted.Epoch == memory.Cursor.Epoch && wanted.Version < since!.Version))
                {
                    since = wanted;
                }
            }
        }

        return since;
    }

    private bool Accept(Subscription subscription)
    {
        // An activation that another one has overtaken does not know it until it writes: it must not take the watchers back in time.
        if (memory is not null && subscription.Cursor.Epoch == memory.Cursor.Epoch && subscription.Cursor.Version < memory.Cursor.Version)
        {
            return false;
        }

        var goesOn = memory is not null && subscription.Cursor.Epoch == memory.Cursor.Epoch && subscription.TailFrom <= memory.Cursor.Version;
        var wasStale = staleSince is not null;
        Become(goesOn ? memory!.With(subscription, options.Tail) : TopicMemory.Of(kind, Topic, subscription), wasStale);
        syncing = false;
        staleSince = null;
        staleArmed = false;
        confirmed = Now();
        home = subscription.Silo;
        stale.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        renew.Change(options.Renew * (1 + (options.RenewJitter * ((2 * Random.Shared.NextDouble()) - 1))), Timeout.InfiniteTimeSpan);
        if (wasStale)
        {
            LogCurrent(Topic);
        }

        var late = false;
        foreach (var watch in watches)
        {
            // One that came while the grain was asked may want more than was asked for.
            late |= watch.Pending && !TryServe(watch, definitive: watch.Asked);
        }

        var waiting = buffer.ToArray();
        buffer.Clear();
        foreach (var notice in waiting)
        {
            if (!syncing)
            {
                Apply(notice);
            }
        }

        if (late && !syncing)
        {
            StartSync();
        }

        return true;
    }

    private void Apply(Notice notice)
    {
        confirmed = Now();
        var known = memory!.Cursor;
        if (notice.Epoch != known.Epoch || (notice.From > known.Version && Guarded(LiveGuards.Gap)))
        {
            LogGap(Topic, known.Version, notice.From);
            StartSync();
            return;
        }

        if (notice.To <= known.Version && Guarded(LiveGuards.Duplicate))
        {
            return;
        }

        try
        {
            if (notice.Changes is null)
            {
                Become(TopicMemory.Of(kind, Topic, notice.Epoch, notice.State!), wasStale: false);
                return;
            }

            var fresh = Guarded(LiveGuards.Duplicate) ? [.. notice.Changes.Where(change => change.Version > known.Version)] : notice.Changes;
            Become(memory.With(fresh, notice.State, options.Tail), wasStale: false);
            if (memory.Tail > 2 * options.Tail)
            {
                // The state is so old that the changes after it pile up: fetch a newer one.
                StartSync();
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogUnreadable(e, Topic);
            StartSync();
        }
    }

    /// <summary>Takes what is known now, and tells those who follow. Renders everything first, so that a failure leaves everything as it was.</summary>
    private void Become(TopicMemory next, bool wasStale)
    {
        var frames = new Dictionary<Audience, Broadcast>();
        foreach (var watch in watches)
        {
            if (!watch.Pending && !frames.ContainsKey(watch.Audience))
            {
                var told = next.After(memory!, watch.Audience);
                frames[watch.Audience] = new(told.Count > 0 || !wasStale ? told : [new Frame.UpToDate(Topic, next.CursorOf(watch.Audience).ToString())]);
            }
        }

        memory = next;
        foreach (var watch in watches)
        {
            if (!watch.Pending)
            {
                watch.Send(frames[watch.Audience]);
            }
        }
    }

    /// <summary>Gives a watch where it stands, going on from its cursor if what is known reaches it.</summary>
    /// <param name="definitive">True when the grain has been asked: what cannot be reached now is given as a reset.</param>
    private bool TryServe(TopicWatch watch, bool definitive)
    {
        IReadOnlyList<Frame>? frames;
        try
        {
            var now = memory!.CursorOf(watch.Audience);
            frames = watch.From switch
            {
                null => memory.Snapshot(watch.Audience, reset: false),
                { } from when from == now => [new Frame.UpToDate(Topic, now.ToString())],
                { } from when from.Audience == now.Audience && from.Epoch == now.Epoch && from.Version < now.Version
                    && memory.Changes(watch.Audience, from.Version) is { } change => [change],
                _ => definitive ? memory.Snapshot(watch.Audience, reset: true) : null,
            };
        }
        catch (Exception e) when (definitive && e is not OutOfMemoryException)
        {
            // Only for this audience, perhaps: nobody else is harmed, and the next renewal tries again.
            LogUnreadable(e, Topic);
            watch.Send([new Frame.Stale(Topic, confirmed)]);
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogUnreadable(e, Topic);
            return false;
        }

        if (frames is null)
        {
            return false;
        }

        watch.Pending = false;
        watch.Send(frames);
        return true;
    }

    private void Renew()
    {
        lock (gate)
        {
            if (!closed && !syncing)
            {
                StartSync();
            }
        }
    }

    private void TellStale()
    {
        lock (gate)
        {
            if (!closed && syncing && staleSince is null)
            {
                staleSince = confirmed;
                LogStale(Topic);
                var told = new Broadcast([new Frame.Stale(Topic, confirmed)]);
                foreach (var watch in watches)
                {
                    watch.Send(told);
                }
            }
        }
    }

    private void CloseWhenUnwatched()
    {
        lock (gate)
        {
            if (closed || watches.Count > 0)
            {
                return;
            }

            closed = true;
        }

        Dispose();
        topics.Remove(this);
        _ = Unsubscribe();
    }

    private async Task Unsubscribe()
    {
        try
        {
            await kind.Grain(key).Unsubscribe(topics.Server, generation).WaitAsync(options.SubscribeTimeout, topics.Time);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It expires by itself, and the grain's next notification is answered with Stale or fails.
            LogUnsubscribeFailed(e, Topic);
        }

        topics.Release(reference);
    }

    [LoggerMessage(2020, LogLevel.Warning, "{Topic}: a notification begins after {From}, {Known} is known: subscribing again")]
    private partial void LogGap(string topic, long known, long from);

    [LoggerMessage(2021, LogLevel.Warning, "{Topic}: too many notifications before the answer to the subscription: subscribing again")]
    private partial void LogOverflow(string topic);

    [LoggerMessage(2022, LogLevel.Information, "{Topic} lived on {Silo}, which is dead: subscribing again")]
    private partial void LogHomeDead(string topic, SiloAddress silo);

    [LoggerMessage(2023, LogLevel.Debug, "{Topic}: subscribing failed, which is tried again")]
    private partial void LogSubscribeFailed(Exception e, string topic);

    [LoggerMessage(2024, LogLevel.Debug, "{Topic}: the subscription was answered by an activation that is not the present one, which is tried again")]
    private partial void LogNotAccepted(string topic);

    [LoggerMessage(2025, LogLevel.Warning, "{Topic} is stale: it cannot be subscribed to")]
    private partial void LogStale(string topic);

    [LoggerMessage(2026, LogLevel.Information, "{Topic} is current again")]
    private partial void LogCurrent(string topic);

    [LoggerMessage(2027, LogLevel.Error, "{Topic} cannot be rendered")]
    private partial void LogUnreadable(Exception e, string topic);

    [LoggerMessage(2028, LogLevel.Debug, "{Topic}: ending the subscription failed; it expires")]
    private partial void LogUnsubscribeFailed(Exception e, string topic);

    private sealed record Notice(long Epoch, long From, long To, IReadOnlyList<TopicChange>? Changes, TopicState? State);
}
