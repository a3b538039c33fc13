using Microsoft.Extensions.Logging;

namespace SupportCluster.Grains.Live;

/// <summary>
/// The part of a grain that feeds its watchers, one per server process. Belongs to one activation and is used on its scheduler only.
/// The grain swaps its committed state and calls <see cref="Publish"/> without awaiting anything in between, so that whoever
/// interleaves sees either both or neither.
/// </summary>
public sealed partial class TopicFeed
{
    private readonly Dictionary<string, Watcher> watchers = [];
    private readonly List<TopicChange> tail = [];
    private readonly IGrainContext context;
    private readonly long epoch;
    private readonly Func<TopicState> state;
    private readonly Func<long, Task<IReadOnlyList<TopicChange>?>>? older;
    private readonly TopicFeedOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private long version;
    private long tailFrom;
    private (long Since, Task<IReadOnlyList<TopicChange>?> Changes)? reading;
    private bool stopped;
    private int joining;

    /// <param name="context">The activation: its silo is what watchers look after.</param>
    /// <param name="epoch"><see cref="Cursor.Durable"/>, or the activation's start in ticks for a topic that lives in memory.</param>
    /// <param name="state">Gives the committed state, at once.</param>
    /// <param name="version">The version of the committed state, where it is known without making its view.</param>
    /// <param name="older">Reads all changes after a version (exclusive) from the store; null, or a null result, when that cannot be done.</param>
    public TopicFeed(
        IGrainContext context,
        long epoch,
        Func<TopicState> state,
        TimeProvider time,
        ILogger logger,
        TopicFeedOptions? options = null,
        Func<long, Task<IReadOnlyList<TopicChange>?>>? older = null,
        long? version = null)
    {
        this.context = context;
        this.epoch = epoch;
        this.state = state;
        this.time = time;
        this.logger = logger;
        this.options = options ?? new TopicFeedOptions();
        this.older = older;
        this.version = tailFrom = version ?? state().Version;
    }

    /// <summary>How many servers watch, or are about to: a feed without any may be forgotten.</summary>
    public int Watchers => watchers.Values.Count(watcher => !Expired(watcher)) + joining;

    /// <summary>Tells the watchers what was just committed. Returns at once: the pushes interleave with whatever the grain does next.</summary>
    /// <param name="changes">The changes, oldest first, with the versions that follow the last published one.</param>
    public void Publish(IReadOnlyList<TopicChange> changes)
    {
        if (changes.Count == 0 || changes[^1].Version <= version)
        {
            return;
        }

        if (Successive(changes, version))
        {
            tail.AddRange(changes);
            version = changes[^1].Version;

            // While somebody reads older changes nothing is forgotten that must adjoin them.
            var keep = joining > 0 ? Math.Max(options.Tail, options.Reach) : options.Tail;
            if (tail.Count > keep)
            {
                tail.RemoveRange(0, tail.Count - keep);
                tailFrom = tail[0].Version - 1;
            }
        }
        else
        {
            LogSkipped(context.GrainId, version, changes[0].Version);
            Adopt(changes[^1].Version);
        }

        StartPushes();
    }

    /// <summary>Tells the watchers that the state has become another as a whole: they are given it instead of changes.</summary>
    public void Replaced()
    {
        Adopt(state().Version);
        StartPushes();
    }

    /// <summary>Carries out <see cref="ITopicGrain.Subscribe"/>.</summary>
    public async Task<Subscription?> Subscribe(string server, long generation, ITopicObserver observer, Cursor? since)
    {
        var sinceVersion = since is not null && since.Epoch == epoch && since.Version <= version ? since.Version : (long?)null;
        IReadOnlyList<TopicChange>? fetched = null;
        if (older is not null && sinceVersion < tailFrom && version - sinceVersion <= options.Reach)
        {
            joining++;
            try
            {
                // All servers come at once when the node of the topic has died: one reading serves them.
                if (reading is not { } under || under.Since > sinceVersion || under.Changes.IsCompleted)
                {
                    under = (sinceVersion.Value, older(sinceVersion.Value));
                    reading = under;
                }

                fetched = await under.Changes;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                LogOlderUnreadable(e, context.GrainId, sinceVersion.Value);
            }
            finally
            {
                joining--;
            }
        }

        // From here on nothing is awaited: the answer and the registration are of one version.
        if (stopped)
        {
            throw new InvalidOperationException("The topic is moving; subscribe again.");
        }

        if (watchers.TryGetValue(server, out var former) && former.Generation > generation && !Expired(former))
        {
            return null;
        }

        var committed = Committed();
        var (from, changes) = Tail(sinceVersion, fetched);
        watchers[server] = new Watcher(server, generation, observer, time.GetTimestamp()) { Acknowledged = version };
        return new Subscription(context.Address.SiloAddress!, new Cursor(epoch, version), committed, changes, from);
    }

    /// <summary>Carries out <see cref="ITopicGrain.Unsubscribe"/>.</summary>
    public void Unsubscribe(string server, long generation)
    {
        if (watchers.TryGetValue(server, out var watcher) && watcher.Generation <= generation)
        {
            watchers.Remove(server);
        }
    }

    /// <summary>To be awaited in <c>OnDeactivateAsync</c>: every watcher is told to subscribe again. One that cannot be reached finds out when it renews.</summary>
    public async Task Deactivating()
    {
        stopped = true;
        var all = watchers.Values.ToArray();
        watchers.Clear();
        await Task.WhenAll(all.Select(async watcher =>
        {
            try
            {
                await Within(watcher.Observer.Moved(watcher.Generation), options.Timeout / 2);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                LogMovedLost(e, context.GrainId, watcher.Server);
            }
        }));
    }

    private void StartPushes()
    {
        foreach (var watcher in watchers.Values)
        {
            if (!watcher.Pushing)
            {
                watcher.Pushing = true;
                _ = Push(watcher);
            }
        }
    }

    private static bool Successive(IReadOnlyList<TopicChange> changes, long after)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            if (changes[i].Version != after + 1 + i)
            {
                return false;
            }
        }

        return true;
    }

    private (long From, IReadOnlyList<TopicChange> Changes) Tail(long? since, IReadOnlyList<TopicChange>? fetched)
    {
        if (since >= tailFrom)
        {
            return (since.Value, After(since.Value));
        }

        // What was fetched may reach into what is remembered; it does not adjoin it when the store answered with less.
        var before = fetched?.Where(change => change.Version > since && change.Version <= tailFrom).ToArray();
        if (before is null || before.Length != tailFrom - since || !Successive(before, since!.Value))
        {
            return (tailFrom, After(tailFrom));
        }

        // Remembered for who comes next.
        tail.InsertRange(0, before);
        tailFrom = since.Value;
        return (since.Value, After(since.Value));
    }

    private TopicChange[] After(long from) => [.. tail.Skip((int)(from - tailFrom))];

    private TopicState Committed()
    {
        var committed = state();
        if (committed.Version != version)
        {
            LogUnpublished(context.GrainId, committed.Version, version);
            Adopt(committed.Version);
        }

        return committed;
    }

    /// <summary>The way to this version is not known: whoever is behind it will be given the state.</summary>
    private void Adopt(long known)
    {
        tail.Clear();
        version = tailFrom = known;
    }

    private bool Expired(Watcher watcher) => time.GetElapsedTime(watcher.Since) >= options.Expiry;

    private bool Current(Watcher watcher) => watchers.TryGetValue(watcher.Server, out var now) && ReferenceEquals(now, watcher);

    private async Task Push(Watcher watcher)
    {
        // The command that published is answered first; its request's context is none of the watchers' business.
        await Task.Yield();
        RequestContext.Clear();
        var pause = options.FirstPause;
        while (Current(watcher) && watcher.Acknowledged < version)
        {
            if (Expired(watcher))
            {
                LogExpired(context.GrainId, watcher.Server);
                watchers.Remove(watcher.Server);
                break;
            }

            try
            {
                var committed = Committed();
                var from = watcher.Acknowledged;
                var to = version;
                var changes = from >= tailFrom ? After(from) : null;
                var notify = watcher.Observer.Notify(
                    watcher.Generation, epoch, from, to, changes, changes is null || options.StateWithChanges ? committed : null);
                if (await Within(notify, options.Timeout) == NotifyResult.Ok)
                {
                    watcher.Acknowledged = to;
                    pause = options.FirstPause;
                }
                else if (Current(watcher))
                {
                    watchers.Remove(watcher.Server);
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                LogNotifyFailed(e, context.GrainId, watcher.Server);
                await Task.Delay(pause, time);
                pause = pause * 2 < options.LongestPause ? pause * 2 : options.LongestPause;
            }
        }

        watcher.Pushing = false;
    }

    private async Task<T> Within<T>(Task<T> call, TimeSpan limit)
    {
        call.Ignore();
        return await call.WaitAsync(limit, time);
    }

    private async Task Within(Task call, TimeSpan limit)
    {
        call.Ignore();
        await call.WaitAsync(limit, time);
    }

    [LoggerMessage(2000, LogLevel.Error, "{Grain} published version {First} after {Known}: its watchers get the state instead of the changes")]
    private partial void LogSkipped(GrainId grain, long known, long first);

    [LoggerMessage(2001, LogLevel.Error, "{Grain} is at version {Committed} but has published {Known}: its watchers get the state instead of the changes")]
    private partial void LogUnpublished(GrainId grain, long committed, long known);

    [LoggerMessage(2002, LogLevel.Warning, "{Grain} cannot read its changes after {Since}")]
    private partial void LogOlderUnreadable(Exception e, GrainId grain, long since);

    [LoggerMessage(2003, LogLevel.Debug, "{Grain} could not notify {Server}, which is tried again")]
    private partial void LogNotifyFailed(Exception e, GrainId grain, string server);

    [LoggerMessage(2004, LogLevel.Information, "{Grain} gives up on {Server}, which has not renewed its subscription")]
    private partial void LogExpired(GrainId grain, string server);

    [LoggerMessage(2005, LogLevel.Debug, "{Grain} could not tell {Server} that it moves")]
    private partial void LogMovedLost(Exception e, GrainId grain, string server);

    private sealed class Watcher(string server, long generation, ITopicObserver observer, long since)
    {
        public string Server { get; } = server;

        public long Generation { get; } = generation;

        public ITopicObserver Observer { get; } = observer;

        /// <summary>Timestamp of the subscription.</summary>
        public long Since { get; } = since;

        /// <summary>The version up to which the server knows everything.</summary>
        public long Acknowledged { get; set; }

        /// <summary>One push is in flight at a time.</summary>
        public bool Pushing { get; set; }
    }
}
