using System.Text.Json;
using Microsoft.Extensions.Logging;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Engineers;
using SupportCluster.Grains.Live;
using SupportCluster.Grains.Queues;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Cases;

/// <summary>A case: asks the domain, writes once, tells watchers, queue and engineer.</summary>
[GrainType("case")]
public sealed class CaseGrain(DurableServices services) : DurableGrain<CaseState, CaseEvent, CaseEffect>(services), ICaseGrain
{
    private TopicFeed? feed;

    public async Task<CaseReply> Execute(CaseRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var policyVersion = request.Command switch
        {
            CaseCommand.Open open when State is null => open.Terms.PolicyVersion,
            CaseCommand.Import import when State is null => import.Terms.PolicyVersion,
            CaseCommand.ChangeOffer change when State is not null => change.PolicyVersion,
            _ => State?.Terms.PolicyVersion,
        };
        if (policyVersion is null)
        {
            return new(null, Refusal.NotFound("case-not-found", "There is no such case."));
        }

        var policy = await Services.Policies.Get(policyVersion.Value);
        var outcome = await Execute(request.Request, (state, now) => Case.Decide(state, request.Command, request.Actor, policy, now));
        if (request.Command is CaseCommand.Import && State?.ClosedAt is not null)
        {
            // History that has ended is not kept in memory.
            DeactivateOnIdle();
        }

        return new(State, outcome.Refusal, outcome.Repeated);
    }

    public Task<CaseState?> Read() => Task.FromResult(State);

    public Task<Subscription?> Subscribe(string server, long generation, ITopicObserver observer, Cursor? since) =>
        State is null ? throw new InvalidOperationException("There is no such case.") : Feed().Subscribe(server, generation, observer, since);

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

    protected override CaseState Evolve(CaseState? state, CaseEvent happened) => CaseState.Evolve(state, happened);

    protected override Instant? DueOf(CaseState state) => state.NextDue;

    protected override async Task<Decision<CaseEvent>> DecideDue(CaseState state, Instant now) =>
        Case.Decide(state, new CaseCommand.Tick(), Actor.System, await Services.Policies.Get(state.Terms.PolicyVersion), now);

    protected override Instant AtOf(CaseEvent happened) => happened.At;

    protected override int SeverityOf(CaseState state) => state.Severity;

    protected override IEnumerable<CaseEffect> EffectsOf(CaseState? before, CaseState after, IReadOnlyList<CaseEvent> events) => CaseEffect.Between(before, after);

    protected override (CaseDirectoryEntry? Entry, string? Text) DirectoryOf(CaseState? before, CaseState after)
    {
        var entry = CaseDirectory.Entry(after);
        return (before is not null && CaseDirectory.Entry(before) == entry ? null : entry, before is null ? $"{after.Report.Title}\n{after.Report.Description}" : null);
    }

    protected override Task Deliver(CaseEffect effect, CaseState state) => effect switch
    {
        CaseEffect.ToQueue e => GrainFactory.GetGrain<IQueueGrain>(e.Queue.Value).Changed(state.Number, state.Version, state.WaitsForEngineer && state.Queue == e.Queue ? CaseDirectory.Waiting(state) : null),
        CaseEffect.ReleaseEngineer e => GrainFactory.GetGrain<IEngineerGrain>(e.Engineer.Value).Released(state.Number, e.Reservation),
        CaseEffect.SeverityToEngineer e => state.Owner == e.Engineer
            ? GrainFactory.GetGrain<IEngineerGrain>(e.Engineer.Value).SeverityChanged(state.Number, state.Reservation ?? Guid.Empty, state.Severity, state.Version)
            : Task.CompletedTask,
        _ => throw new InvalidOperationException($"Unknown effect {effect.GetType().Name}."),
    };

    protected override void Committed(IReadOnlyList<CaseEvent> events, CaseState? before, CaseState after)
    {
        if (feed is { Watchers: > 0 })
        {
            feed.Publish(Changes(events, before));
        }
        else
        {
            feed = null;
        }
    }

    private static List<CaseChange> Fold(IReadOnlyList<CaseEvent> events, long version, long publicVersion)
    {
        var changes = new List<CaseChange>(events.Count);
        foreach (var happened in events)
        {
            version++;
            publicVersion += happened.IsInternal ? 0 : 1;
            changes.Add(new(happened, version, publicVersion));
        }

        return changes;
    }

    private static List<TopicChange> Changes(IReadOnlyList<CaseEvent> events, CaseState? before) =>
        [.. Fold(events, before?.Version ?? 0, before?.PublicVersion ?? 0).Select(c => new TopicChange(c.Version, c))];

    private TopicFeed Feed() => feed ??= new TopicFeed(
        GrainContext, Cursor.Durable, () => new TopicState(Version, State!), Services.Time, Services.Loggers.CreateLogger<TopicFeed>(), new TopicFeedOptions { StateWithChanges = true }, Older);

    /// <summary>Reads the tail that is no longer in memory. The public versions are counted back from the present.</summary>
    private async Task<IReadOnlyList<TopicChange>?> Older(long after)
    {
        var state = State!;
        var stored = await Services.Store.ReadEvents(new("case", state.Number.Value), after, (int)(state.Version - after));
        var events = stored.Take((int)(state.Version - after)).Select(e => JsonSerializer.Deserialize<CaseEvent>(e.Json.Span, DomainJson.Stored)!).ToList();
        return [.. Fold(events, after, state.PublicVersion - events.Count(e => !e.IsInternal)).Select(c => new TopicChange(c.Version, c))];
    }
}
