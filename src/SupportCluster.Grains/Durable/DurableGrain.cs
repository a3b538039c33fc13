using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Grains.Policies;
using SupportCluster.Grains.Waking;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Durable;

/// <summary>What every durable grain works with.</summary>
public sealed record DurableServices(IStore Store, IClock Clock, TimeProvider Time, PolicyBook Policies, GuardSwitches Guards, ILoggerFactory Loggers);

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
    /// <summary>How far ahead the row is due while effects are pending: a crash delays them by this, and loses none.</summary>
    private static readonly Duration EffectsDue = Duration.FromSeconds(5);

    private static readonly TimeSpan LongestTimer = TimeSpan.FromHours(1);

    private readonly RequestMemory requests = new();
    private readonly ILogger logger = services.Loggers.CreateLogger("SupportCluster.Durable");
    private ImmutableArray<TEffect> pending = [];
    private Instant? due;
    private ITimer? wakeTimer;
    private bool pumping;
    private bool unreadable;

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
        var stored = await services.Store.Read(Key);
        if (stored is not null)
        {
            try
            {
                var (state, effects) = JsonSerializer.Deserialize<Stored<TState, TEffect>>(stored.State.Span, DomainJson.Stored)!;
                (State, Version, pending, due) = (state, stored.Version, effects.IsDefault ? [] : effects, stored.Due);
            }
            catch (Exception e) when (e is JsonException or FormatException or NotSupportedException)
            {
                // Quarantine: this record answers nobody, wakes nobody and harms nobody else. It is never written over.
                unreadable = true;
                LogQuarantined(e, Key);
                throw new RecordUnreadableException(Key.ToString());
            }

            requests.Load(stored.RecentRequests, complete: stored.Version <= RequestMemory.Capacity);
        }

        await Loaded();
        Arm();
        Pump();
    }

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
        if (State is null || unreadable)
        {
            return;
        }

        var now = Now;
        if (due is not { } at || at > now)
        {
            Arm();
            return;
        }

        var outcome = await Write(null, await DecideDue(State, now), now, evenWithoutEvents: true);
        if (outcome.Refusal is { } refusal)
        {
            LogWakeRefused(Key, refusal.Code);
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
        if (services.Guards.RequestMemory)
        {
            var (repeated, refused) = requests.Check(request, now);
            if (repeated || refused is not null)
            {
                return new(refused, repeated);
            }
        }

        return await Write(request, decide(State, now), now);
    }

    private async Task<Outcome> Write(RequestKey? request, Decision<TEvent> decision, Instant now, bool evenWithoutEvents = false)
    {
        if (decision.Refusal is not null || (decision.Events.Count == 0 && !evenWithoutEvents))
        {
            return new(decision.Refusal);
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
        if (!effects.IsEmpty && services.Guards.EffectCursor && (next is null || next > now + EffectsDue))
        {
            next = now + EffectsDue;
        }

        var (entry, text) = DirectoryOf(before, after!);
        var state = JsonSerializer.SerializeToUtf8Bytes(new Stored<TState, TEffect>(after!, services.Guards.EffectCursor ? effects : []), DomainJson.Stored);
        StoreWriteResult result;
        try
        {
            result = await services.Store.Write(new(Key, Version, state, stored, next, SeverityOf(after!), entry, text));
        }
        catch (StoreException e)
        {
            LogWriteFailed(e, Key);
            DeactivateOnIdle();
            return new(OutcomeUnknown);
        }

        if (result != StoreWriteResult.Written)
        {
            LogLost(Key, Version, result);
            DeactivateOnIdle();
            return new(result == StoreWriteResult.DuplicateSourceKey ? AlreadyOpened : OutcomeUnknown);
        }

        // What the pump delivered during the write is off the list already; the stored list loses it with the next write.
        pending = pending.AddRange(caused);
        (State, Version, due) = (after, Version + stored.Length, next);
        if (request is not null && stored.Length > 0)
        {
            requests.Add(new(request.Id, stored[0].Version, request.Fingerprint, stored[0].At));
        }

        if (stored.Length > 0)
        {
            Committed(decision.Events, before, after!);
        }

        Arm();
        Pump();
        return default;
    }

    /// <summary>Whether the write was done is unknown; repeat under the same request id.</summary>
    protected static Refusal OutcomeUnknown { get; } = new("outcome-unknown", RefusalKind.Unknown, "Whether this was carried out is unknown: repeat it with the same Idempotency-Key.");

    /// <summary>The request has opened another case already.</summary>
    protected static Refusal AlreadyOpened { get; } = new("already-opened", RefusalKind.State, "This request has opened a case already.");

    /// <summary>Net 1: a grain in memory has a timer for its next instant.</summary>
    private void Arm()
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
            ahead = ahead < TimeSpan.Zero ? TimeSpan.Zero : ahead > LongestTimer ? LongestTimer : ahead + TimeSpan.FromMilliseconds(1);
            var self = this.AsReference<IWakes>();
            wakeTimer = services.Time.CreateTimer(static wakes => ((IWakes)wakes!).Wake().Ignore(), self, ahead, Timeout.InfiniteTimeSpan);
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
        this.RegisterGrainTimer(async _ =>
        {
            try
            {
                while (!pending.IsEmpty)
                {
                    var effect = pending[0];
                    await Deliver(effect, State!);
                    pending = pending.Remove(effect);
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The row is due: waking tries again.
                LogEffectFailed(e, Key);
            }
            finally
            {
                pumping = false;
            }
        }, new GrainTimerCreationOptions { DueTime = TimeSpan.Zero, Period = Timeout.InfiniteTimeSpan, Interleave = true, KeepAlive = true });
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
