using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using NodaTime;
using Orleans.Concurrency;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Escalations;
using SupportCluster.Domain.Queues;
using SupportCluster.Grains.Cases;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Engineers;
using SupportCluster.Grains.Live;
using SupportCluster.Grains.Rosters;

namespace SupportCluster.Grains.Queues;

/// <summary>A queue as it stands: the waiting cases in the order in which they are to be taken.</summary>
public sealed record QueueState(QueueKey Queue, [property: JsonConverter(typeof(InQueueOrder))] ImmutableSortedSet<WaitingCase> Cases);

/// <summary>Between two nodes a set would lose the order that it is in, and could not be put together again.</summary>
internal sealed class InQueueOrder : JsonConverter<ImmutableSortedSet<WaitingCase>>
{
    public override ImmutableSortedSet<WaitingCase> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ImmutableSortedSet.CreateRange(QueueOrder.Instance, JsonSerializer.Deserialize<WaitingCase[]>(ref reader, options) ?? []);

    public override void Write(Utf8JsonWriter writer, ImmutableSortedSet<WaitingCase> value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value.AsEnumerable(), options);
}

/// <summary>One change of a queue: a case that came or changed, or one that left.</summary>
public sealed record QueueChanged(WaitingCase? Entry, CaseNumber? Left);

/// <summary>The queue of a region and product line (HB-5.5). Its key is the queue key.</summary>
public interface IQueueGrain : ITopicGrain
{
    [AlwaysInterleave]
    Task<QueueState> Read();

    /// <summary>Does nothing but be there: what waits is put to engineers.</summary>
    [AlwaysInterleave]
    Task StayAwake();

    /// <summary>A case tells how it stands now: waiting here, or not (null). Applied by case and version.</summary>
    [AlwaysInterleave]
    Task Changed(CaseNumber number, long version, WaitingCase? entry);

    /// <summary>Gives the first case in order that the engineer can take (HB-5.4, HB-5.5).</summary>
    Task<CaseReply> TakeNext(EngineerId engineer, Actor actor, RequestKey? request);
}

/// <summary>
/// A queue lives in memory and is rebuilt from the directory: it is never the truth about a case, only the case is. Reentrant, so that
/// cases can tell their changes while the queue asks an engineer.
/// </summary>
[GrainType("queue"), Reentrant]
public sealed partial class QueueGrain(DurableServices services) : Grain, IQueueGrain
{
    private const int Remembered = 4096;

    /// <summary>Cases that are put to engineers in one go.</summary>
    private const int AtOnce = 32;
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);
    private static readonly Duration Rest = Duration.FromSeconds(5);
    private static readonly Duration LongRest = Duration.FromSeconds(30);
    private readonly Dictionary<CaseNumber, long> versions = [];
    private ImmutableSortedSet<WaitingCase> cases = ImmutableSortedSet.Create<WaitingCase>(QueueOrder.Instance);
    private ImmutableDictionary<CaseNumber, WaitingCase> byNumber = ImmutableDictionary<CaseNumber, WaitingCase>.Empty;
    private TopicFeed feed = null!;
    private long version;
    private bool ringing;

    /// <summary>Cases that ring, or for which nobody was found a moment ago: until when they are left alone.</summary>
    private readonly Dictionary<CaseNumber, Instant> resting = [];

    private QueueKey Key => new(this.GetPrimaryKeyString());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var waiting = (await services.Store.WaitingIn(Key.Value)).Select(CaseDirectory.Waiting).ToList();
        cases = ImmutableSortedSet.CreateRange(QueueOrder.Instance, waiting);
        byNumber = waiting.ToImmutableDictionary(w => w.Number);
        feed = new TopicFeed(GrainContext, services.Clock.GetCurrentInstant().ToUnixTimeTicks(), () => new TopicState(version, new QueueState(Key, cases)), services.Time, services.Loggers.CreateLogger<TopicFeed>(), new TopicFeedOptions { StateWithChanges = false });
        if (services.Guards.Rings)
        {
            this.RegisterGrainTimer(Ring, new GrainTimerCreationOptions { DueTime = Glance, Period = Glance, Interleave = true });
        }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => feed.Deactivating();

    public Task<QueueState> Read() => Task.FromResult(new QueueState(Key, cases));

    public Task StayAwake() => Task.CompletedTask;

    public Task Changed(CaseNumber number, long version, WaitingCase? entry)
    {
        if (versions.TryGetValue(number, out var known) && known >= version)
        {
            return Task.CompletedTask;
        }

        if (versions.Count >= Remembered)
        {
            foreach (var gone in versions.Keys.Where(n => !byNumber.ContainsKey(n)).ToList())
            {
                versions.Remove(gone);
            }
        }

        versions[number] = version;
        resting.Remove(number);
        var present = byNumber.GetValueOrDefault(number);
        if (present == entry)
        {
            return Task.CompletedTask;
        }

        cases = present is null ? cases : cases.Remove(present);
        cases = entry is null ? cases : cases.Add(entry);
        byNumber = entry is null ? byNumber.Remove(number) : byNumber.SetItem(number, entry);
        this.version++;
        feed.Publish([new TopicChange(this.version, entry is null ? new QueueChanged(null, number) : new QueueChanged(entry, null))]);
        return Task.CompletedTask;
    }

    public async Task<CaseReply> TakeNext(EngineerId engineer, Actor actor, RequestKey? request)
    {
        var grain = GrainFactory.GetGrain<IEngineerGrain>(engineer.Value);
        if (await grain.FindRequest(request) is { } taken)
        {
            return await grain.Take(taken, actor, request);
        }

        if (await grain.Read() is not { } who)
        {
            return new(null, Refusal.NotFound("engineer-not-found", $"There is no engineer '{engineer}'."));
        }

        var productLine = Key.Value[(Key.Region.Length + 1)..];
        Refusal? last = null;
        var severity1 = true;
        foreach (var waiting in cases.Where(c => c.From is null && who.HasSkillFor(c.Product, productLine)))
        {
            if (waiting.Severity == 1 && !severity1)
            {
                continue;
            }

            CaseReply reply;
            try
            {
                reply = await grain.Take(waiting.Number, actor, request);
            }
            catch (RecordUnreadableException)
            {
                // Its alarm was given, and it must not stand in the way of the cases behind it.
                continue;
            }

            if (reply.State is { } state)
            {
                // Heard here before the case tells it, or instead, should that be lost with this activation's predecessor.
                await Changed(state.Number, state.Version, CaseDirectory.WaitingIn(Key, state));
            }

            if (reply.Repeated && reply.State?.Owner == engineer && reply.State.Reservation != request?.Id)
            {
                // The engineer's already, by another request, and not the next one therefore.
                continue;
            }

            switch (reply.Refusal)
            {
                case { Code: "capacity-reached" } when waiting.Severity == 1:
                    // Too severe for the room left, perhaps: the others may fit.
                    severity1 = false;
                    break;
                case { Code: "already-owned" or "case-closed" or "not-acknowledged" or "severity-changed" or "reservation-void" or "case-not-found" or "skill-missing" }:
                    // Of this case alone: the next one.
                    break;
                default:
                    return reply;
            }

            last = reply.Refusal;
        }

        return new(null, last ?? Refusal.State("nothing-to-take", $"No case in {Key} waits for an engineer with these skills.", "HB-5.5"));
    }

    /// <summary>Puts the cases that wait to engineers, in order, each to one at a time (HB-5.4, HB-5.5).</summary>
    private async Task Ring()
    {
        if (ringing || cases.IsEmpty)
        {
            return;
        }

        ringing = true;
        try
        {
            var now = services.Clock.GetCurrentInstant();
            for (var done = 0; done < AtOnce && cases.FirstOrDefault(c => !(resting.GetValueOrDefault(c.Number) > now)) is { } waiting; done++)
            {
                // The first one anew each time: a severity 1 that comes meanwhile does not wait behind the others.
                resting[waiting.Number] = now + Rest;
                await Ring(waiting.Number, now);
            }

            foreach (var gone in resting.Keys.Where(n => !byNumber.ContainsKey(n)).ToList())
            {
                resting.Remove(gone);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotRung(services.Loggers.CreateLogger<QueueGrain>(), e, Key);
        }
        finally
        {
            ringing = false;
        }
    }

    private async Task Ring(CaseNumber number, Instant now)
    {
        var grain = GrainFactory.GetGrain<ICaseGrain>(number.Value);
        if (await grain.Read() is not { SeeksEngineer: true, Ring: null } state || state.Queue != Key)
        {
            return;
        }

        if (await GrainFactory.GetGrain<IRosterGrain>(IRosterGrain.World).Choose(state) is { } target)
        {
            await GrainFactory.GetGrain<IEngineerGrain>(target.Engineer.Value).Ring(number, target);
            return;
        }

        // A handoff, a round that is over, and a severity 1 that has waited as long as it would ring: the case draws its conclusions.
        var policy = await services.Policies.Get(state.Terms.PolicyVersion);
        if (state.Handoff is { DutyManager: null } || state.Passed is not null
            || (state is { Severity: 1, Owner: null } && state.Escalation(EscalationCause.RingUnanswered) is null && state.AcknowledgedAt + policy.Ring(1) <= now))
        {
            // What follows from it the policy says; it is not asked again and again.
            resting[number] = now + LongRest;
            await grain.Execute(new(new CaseCommand.NobodyFound(), Actor.System));
        }
    }

    [LoggerMessage(1302, LogLevel.Warning, "Queue {Queue} could not put its cases to engineers; it tries again")]
    private static partial void LogNotRung(ILogger logger, Exception exception, QueueKey queue);

    public Task<Subscription?> Subscribe(string server, long generation, ITopicObserver observer, Cursor? since) => feed.Subscribe(server, generation, observer, since);

    public Task Unsubscribe(string server, long generation)
    {
        feed.Unsubscribe(server, generation);
        return Task.CompletedTask;
    }
}
