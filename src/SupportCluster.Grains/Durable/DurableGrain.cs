using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Grains.Centres;
using SupportCluster.Grains.Escalations;
using SupportCluster.Grains.Live;
using SupportCluster.Grains.Policies;
using SupportCluster.Grains.Waking;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Durable;

/// <summary>What every durable grain works with.</summary>
/// <param name="Duty">Who stands in for duty managers.</param>
/// <param name="Watched">Which topics in memory are to be told of changes; null where there is no live feed.</param>
/// <param name="Mail">Null where no mail server is configured.</param>
public sealed record DurableServices(IStore Store, IClock Clock, TimeProvider Time, PolicyBook Policies, DutyBooks Duty, GuardSwitches Guards, ILoggerFactory Loggers, WatchedTopics? Watched = null, IMail? Mail = null);

/// <summary>What is stored as an aggregate's state: the fold of its events, and what other aggregates must still hear of.</summary>
public sealed record Stored<TState, TEffect>(TState State, ImmutableArray<TEffect> Effects);

/// <summary>What became of a command.</summary>
/// <param name="Refusal">Null when it was carried out, now or before.</param>
public readonly record struct Outcome(Refusal? Refusal, bool Repeated = false);

/// <summary>
/// The write path of every aggregate that must not forget: decide, write once, tell. One transaction, fenced by the version, holds the
/// new state, the events, the next instant to wake at, the directory entry and the effects still to deliver; only then is the state swapped,
/// so that interleaved reads see only what is committed. When the outcome of a write is unknown, or another activation has won, this
/// activation goes away and the next one reads what is true.
/// </summary>
public abstract partial class DurableGrain<TState, TEvent, TEffect>(DurableServices services) : Grain, IRemindable, IWakes
    where TState : class
    where TEvent : class
    where TEffect : class
{
    /// <summary>How far ahead the row is due while effects are pending: a crash delays them by this, and loses none. Doubles while they fail, up to 64 times.</summary>
    private static readonly Duration EffectsDue = Duration.FromSeconds(5);

    /// <summary>The rest before what was done in vain is tried again.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LongestTimer = TimeSpan.FromHours(1);

    private readonly RequestMemory requests = new();
    private readonly ILogger logger = services.Loggers.CreateLogger("SupportCluster.Durable");
    private ImmutableArray<TEffect> pending = [];
    private Instant? due;
    private ITimer? wakeTimer;
    private IWakes? waking;
    private IGrainTimer? pump;
    private bool pumping;
    private int failedPumps;

    /// <summary>The committed state; null before the first event.</summary>
    protected TState? State { get; private set; }

    /// <summary>The number of committed events.</summary>
    protected long Version { get; private set; }

    protected DurableServices Services => services;

    protected Instant Now => services.Clock.GetCurrentInstant();

    private AggregateKey Key => new(this.GetGrainId().Type.ToString()!, this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (await services.Store.Read(Key) is { } stored)
        {
            Unless(() =>
            {
                var (state, effects) = JsonSerializer.Deserialize<Stored<TState, TEffect>>(stored.State.Span, DomainJson.Stored) ?? throw new JsonException("Nothing is stored.");
                (State, Version, pending, due) = (state ?? throw new JsonException("No state is stored."), stored.Version, effects.IsDefault ? [] : effects, stored.Due);
            });
            requests.Load(stored.RecentRequests, stored.Version <= RequestMemory.Capacity ? null : await KnownSince(stored));
        }

        await Loaded();
        if (State is not null)
        {
            // Reads all of the state that waking rests on.
            Unless(() => _ = DueOf(State));
        }

        Arm(TimeSpan.Zero);
        Pump();
    }

    /// <summary>Quarantine: a record that cannot be read answers nobody, wakes nobody and harms nobody else. It is never written over.</summary>
    private void Unless(Action reading)
    {
        try
        {
            reading();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogQuarantined(e, Key);
            throw new RecordUnreadableException(Key.ToString());
        }
    }

    /// <summary>Requests made up to this instant may have been carried out by events that are no longer looked through.</summary>
    private async Task<Instant> KnownSince(StoredAggregate stored) => stored.RecentRequests.Count > 0
        ? stored.RecentRequests[0].At
        : (await services.Store.ReadEvents(Key, stored.Version - 1, 1))[0].At;

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (wakeTimer is not null)
        {
            await wakeTimer.DisposeAsync();
        }

        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    /// <summary>A reminder's tick is a nudge: what is due is computed from stored instants.</summary>
    public Task ReceiveReminder(string reminderName, TickStatus status) => Wake();

    /// <inheritdoc/>
    public async Task Wake()
    {
        if (State is null)
        {
            return;
        }

        var now = Now;
        if (due is not { } at || at > now)
        {
            Arm(Rest);
            return;
        }

        try
        {
            var outcome = await Write(null, await DecideDue(State, now), now, evenWithoutEvents: true);
            if (outcome.Refusal is { Kind: not RefusalKind.Unknown } refusal)
            {
                LogWakeRefused(Key, refusal.Code);
                Arm(Rest);
            }
        }
        catch (Exception e) when (e is not (OutOfMemoryException or StoreException or TimeoutException or OrleansException or OperationCanceledException))
        {
            // Not the infrastructure's fault: the record cannot be folded.
            LogUnwakeable(e, Key);
            throw;
        }

        Pump();
    }

    protected abstract TState Evolve(TState? state, TEvent happened);

    /// <summary>When the state must next be woken.</summary>
    protected abstract Instant? DueOf(TState state);

    /// <summary>What fell due by now.</summary>
    protected abstract Task<Decision<TEvent>> DecideDue(TState state, Instant now);

    protected abstract Instant AtOf(TEvent happened);

    /// <summary>Effects of a change.</summary>
    protected virtual IEnumerable<TEffect> EffectsOf(TState? before, TState after, IReadOnlyList<TEvent> events) => [];

    /// <summary>Delivers an effect; may be called again for the same one.</summary>
    protected virtual Task Deliver(TEffect effect, TState state) => Task.CompletedTask;

    /// <summary>Order of urgency for what is overdue; 0 for everything but cases.</summary>
    protected virtual int SeverityOf(TState state) => 0;

    /// <summary>The columns of the directory; null when they are unchanged.</summary>
    protected virtual (CaseDirectoryEntry? Entry, string? Text) DirectoryOf(TState? before, TState after) => default;

    /// <summary>What is counted of a change; null when nothing is.</summary>
    protected virtual IReadOnlyList<CaseTally>? TalliesOf(TState after, IReadOnlyList<TEvent> events, Instant now) => null;

    /// <summary>Called after the state was read.</summary>
    protected virtual Task Loaded() => Task.CompletedTask;

    /// <summary>Called right after the swap, before anything else can interleave.</summary>
    protected virtual void Committed(IReadOnlyList<TEvent> events, TState? before, TState after)
    {
    }

    /// <summary>Carries out a command: recognises a repeat, decides, writes.</summary>
    protected async Task<Outcome> Execute(RequestKey? request, Func<TState?, Instant, Decision<TEvent>> decide)
    {
        ArgumentNullException.ThrowIfNull(decide);
        var now = Now;
        var (repeated, refused) = Check(request);
        if (repeated || refused is not null)
        {
            return new(refused, repeated);
        }

        return await Write(request, decide(State, now), now);
    }

    private async Task<Outcome> Write(RequestKey? request, Decision<TEvent> decision, Instant now, bool evenWithoutEvents = false)
    {
        if (decision.Refusal is { } refusal)
        {
            return refusal.Kind == RefusalKind.Malformed || await IsNewest() ? new(refusal) : GoAway(OutcomeUnknown);
        }

        if (decision.Events.Count == 0 && !evenWithoutEvents)
        {
            return await IsNewest() ? default : GoAway(OutcomeUnknown);
        }

        var before = State;
        var after = before;
        var stored = new StoredEvent[decision.Events.Count];
        for (var i = 0; i < stored.Length; i++)
        {
            var happened = decision.Events[i];
            after = Evolve(after, happened);
            stored[i] = new(Version + 1 + i, AtOf(happened), JsonSerializer.SerializeToUtf8Bytes(happened, DomainJson.Stored), i == 0 ? request?.Id : null, i == 0 ? request?.Fingerprint ?? 0 : 0);
        }

        var caused = stored.Length == 0 ? [] : EffectsOf(before, after!, decision.Events).ToImmutableArray();
        var effects = pending.AddRange(caused);
        var next = DueOf(after!);
        var retry = now + (EffectsDue * (1 << Math.Min(failedPumps, 6)));
        if (!effects.IsEmpty && services.Guards.EffectCursor && (next is null || next > retry))
        {
            next = retry;
        }

        if (stored.Length == 0 && effects.IsEmpty && next == due)
        {
            // Woken in vain: what is due still is.
            Arm(Rest);
            return default;
        }

        var (entry, text) = DirectoryOf(before, after!);
        var state = JsonSerializer.SerializeToUtf8Bytes(new Stored<TState, TEffect>(after!, services.Guards.EffectCursor ? effects : []), DomainJson.Stored);
        var write = new StoreWrite(Key, Version, state, stored, next, SeverityOf(after!), entry, text, TalliesOf(after!, decision.Events, now));
        if (!services.Guards.WriteFirst && stored.Length > 0)
        {
            (State, Version) = (after, Version + stored.Length);
            Committed(decision.Events, before, after!);
        }

        StoreWriteResult result;
        try
        {
            result = await services.Store.Write(write);
        }
        catch (StoreException e)
        {
            LogWriteFailed(e, Key);
            return GoAway(OutcomeUnknown);
        }

        if (result != StoreWriteResult.Written)
        {
            LogLost(Key, Version, result);
            return GoAway(result == StoreWriteResult.DuplicateSourceKey ? AlreadyOpened : OutcomeUnknown);
        }

        // What the pump delivered during the write is off the list already; the stored list loses it with the next write.
        pending = pending.AddRange(caused);
        (State, Version, due) = (after, write.NewVersion, next);
        if (request is not null && stored.Length > 0)
        {
            requests.Add(new(request.Id, stored[0].Version, request.Fingerprint, stored[0].At));
        }

        if (services.Guards.WriteFirst && stored.Length > 0)
        {
            Committed(decision.Events, before, after!);
        }

        Arm(Rest);
        Pump();
        return default;
    }

    /// <summary>
    /// The fence of an answer that writes nothing: "it is so already" and "no" hold only while no other activation has written since, perhaps this very
    /// request. Two of them can be alive for a moment when a node hangs or is cut off.
    /// </summary>
    private async Task<bool> IsNewest()
    {
        try
        {
            return await services.Store.ReadVersion(Key) <= Version;
        }
        catch (StoreException e)
        {
            LogWriteFailed(e, Key);
            return false;
        }
    }

    /// <summary>What the request has done before, as it was recorded; null when it is not known.</summary>
    protected async Task<TEvent?> Recall(RequestKey? request) =>
        request is not null && requests.Find(request.Id) is { } before && await services.Store.ReadEvents(Key, before.Version - 1, 1) is [var first]
            ? JsonSerializer.Deserialize<TEvent>(first.Json.Span, DomainJson.Stored)
            : null;

    /// <summary>Whether the request was carried out already, or is refused without looking at what it asks.</summary>
    protected (bool Repeated, Refusal? Refusal) Check(RequestKey? request) => services.Guards.RequestMemory ? requests.Check(request, Now) : default;

    /// <summary>This activation may not know the truth any more. The one that comes next reads it, and is woken for what this one leaves undone.</summary>
    private Outcome GoAway(Refusal refusal)
    {
        DeactivateOnIdle();
        if (services.Guards.TimerNet)
        {
            var self = this.AsReference<IWakes>();
            _ = Task.Run(() => WakeNext(self, services.Time));
        }

        return new(refusal);
    }

    private static async Task WakeNext(IWakes self, TimeProvider time)
    {
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await Task.Delay(Rest * (1 << attempt), time);
            try
            {
                await self.Wake();
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // After the last attempt it is left to the other nets, which log.
            }
        }
    }

    /// <summary>Whether the write was done is unknown; repeat under the same request id.</summary>
    protected static Refusal OutcomeUnknown { get; } = new("outcome-unknown", RefusalKind.Unknown, "Whether this was carried out is unknown: repeat it with the same Idempotency-Key.");

    /// <summary>The request has opened another case already.</summary>
    protected static Refusal AlreadyOpened { get; } = new("already-opened", RefusalKind.State, "This request has opened a case already.");

    /// <summary>Net 1: a grain in memory has a timer for its next instant.</summary>
    /// <param name="overdue">The wait when that instant has passed.</param>
    private void Arm(TimeSpan overdue)
    {
        if (!services.Guards.TimerNet)
        {
            return;
        }

        wakeTimer?.Dispose();
        wakeTimer = null;
        if (due is { } at)
        {
            var ahead = (at - Now).ToTimeSpan();
            ahead = ahead <= TimeSpan.Zero ? overdue : ahead > LongestTimer ? LongestTimer : ahead + TimeSpan.FromMilliseconds(1);
            waking ??= this.AsReference<IWakes>();
            wakeTimer = services.Time.CreateTimer(static wakes => ((IWakes)wakes!).Wake().Ignore(), waking, ahead, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>
    /// Delivers what is pending: interleaved, so that a queue which just calls this grain is no deadlock; one run at a time, over an
    /// immutable copy. The list without what was delivered rides on the next write.
    /// </summary>
    private void Pump()
    {
        if (pumping || pending.IsEmpty)
        {
            return;
        }

        pumping = true;
        if (pump is null)
        {
            pump = this.RegisterGrainTimer(DeliverPending, new GrainTimerCreationOptions { DueTime = TimeSpan.Zero, Period = Timeout.InfiniteTimeSpan, Interleave = true, KeepAlive = true });
        }
        else
        {
            pump.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task DeliverPending(CancellationToken cancellation)
    {
        var failed = 0;
        try
        {
            // What fails stays at the head, and holds up nothing else: new effects are added at the end.
            while (pending.Length > failed)
            {
                var effect = pending[failed];
                try
                {
                    await Deliver(effect, State!);
                    pending = pending.Remove(effect);
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    // The row is due: waking tries again.
                    LogEffectFailed(e, Key);
                    failed++;
                }
            }
        }
        finally
        {
            failedPumps = failed > 0 ? failedPumps + 1 : 0;
            pumping = false;
        }
    }

    [LoggerMessage(1001, LogLevel.Critical, "Record {Key} cannot be read and is quarantined: it answers nobody until it is mended.")]
    private partial void LogQuarantined(Exception exception, AggregateKey key);

    [LoggerMessage(1002, LogLevel.Error, "Write of {Key} failed, its outcome is unknown; the activation goes away.")]
    private partial void LogWriteFailed(Exception exception, AggregateKey key);

    [LoggerMessage(1003, LogLevel.Warning, "Write of {Key} at version {Version} was not done ({Result}); the activation goes away.")]
    private partial void LogLost(AggregateKey key, long version, StoreWriteResult result);

    [LoggerMessage(1004, LogLevel.Warning, "An effect of {Key} could not be delivered; it will be tried again.")]
    private partial void LogEffectFailed(Exception exception, AggregateKey key);

    [LoggerMessage(1005, LogLevel.Error, "What fell due for {Key} was refused: {Code}.")]
    private partial void LogWakeRefused(AggregateKey key, string code);

    [LoggerMessage(1006, LogLevel.Critical, "What is due for {Key} cannot be worked out: it stays due until the record or the program is mended.")]
    private partial void LogUnwakeable(Exception exception, AggregateKey key);
}

/// <summary>A stored record cannot be read; it is left as it is.</summary>
[GenerateSerializer, Alias("record-unreadable")]
public sealed class RecordUnreadableException : Exception
{
    public RecordUnreadableException()
    {
    }

    public RecordUnreadableException(string message)
        : base(message)
    {
    }

    public RecordUnreadableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
