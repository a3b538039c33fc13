using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Grains.Customers;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Engineers;
using SupportCluster.Grains.Escalations;
using SupportCluster.Grains.Live;
using SupportCluster.Grains.Queues;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Cases;

/// <summary>A case: asks the domain, writes once, tells watchers, customer, queue and engineer.</summary>
[GrainType("case")]
public sealed class CaseGrain(DurableServices services) : DurableTopicGrain<CaseState, CaseEvent, CaseEffect>(services), ICaseGrain
{
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
        var duty = State is { } known ? await Services.Duty.Of(known.Terms.Region) : [];
        var outcome = await Execute(request.Request, (state, now) => Overtaken(state, request) is { } overtaken ? overtaken : Case.Decide(state, request.Command, request.Actor, policy, now, duty));
        if (request.Command is CaseCommand.Import && State?.ClosedAt is not null)
        {
            // History that has ended is not kept in memory.
            DeactivateOnIdle();
        }

        return new(State, outcome.Refusal, outcome.Repeated);
    }

    public Task<CaseState?> Read() => Task.FromResult(State);

    private static Refusal? Overtaken(CaseState? state, CaseRequest request) =>
        request.Seen is { } seen && state?.ChangedSince(seen, request.Actor.Id, request.Actor.Role == Role.Contact) is { } other
            ? Refusal.State("case-changed", $"{other} has done something since you read the case: read it again.") with { Facts = new Dictionary<string, string> { ["by"] = other } }
            : null;

    protected override CaseState Evolve(CaseState? state, CaseEvent happened) => CaseState.Evolve(state, happened);

    /// <summary>How long after its last event a case that is handed off and rings nowhere reminds its queue: the queue lives in memory, and the directory does not list the case as waiting.</summary>
    private static readonly Duration RemindQueue = Duration.FromSeconds(10);

    protected override Instant? DueOf(CaseState state) => new[] { state.NextDue, IsForgotten(state) ? state.LastAt + RemindQueue : null }.Min();

    protected override async Task<Decision<CaseEvent>> DecideDue(CaseState state, Instant now)
    {
        if (IsForgotten(state) && state.LastAt + RemindQueue <= now)
        {
            GrainFactory.GetGrain<IQueueGrain>(state.Queue.Value).Changed(state.Number, state.Version, CaseDirectory.WaitingIn(state.Queue, state)).Ignore();
        }

        return Case.Decide(state, new CaseCommand.Tick(), Actor.System, await Services.Policies.Get(state.Terms.PolicyVersion), now, await Services.Duty.Of(state.Terms.Region));
    }

    private static bool IsForgotten(CaseState state) => state is { SeeksEngineer: true, Handoff: not null, Ring: null };

    protected override Instant AtOf(CaseEvent happened) => happened.At;

    protected override int SeverityOf(CaseState state) => state.Severity;

    protected override IEnumerable<CaseEffect> EffectsOf(CaseState? before, CaseState after, IReadOnlyList<CaseEvent> events) => CaseEffect.Between(before, after);

    private bool listed;

    /// <summary>The first write of an activation tells the columns in any case: an earlier version may have written fewer of them.</summary>
    protected override (CaseDirectoryEntry? Entry, string? Text) DirectoryOf(CaseState? before, CaseState after)
    {
        var entry = CaseDirectory.Entry(after);
        var unchanged = listed && before is not null && CaseDirectory.Entry(before) == entry;
        listed = true;
        return (unchanged ? null : entry, before is null ? $"{after.Report.Title}\n{after.Report.Description}" : null);
    }

    protected override IReadOnlyList<CaseTally>? TalliesOf(CaseState after, IReadOnlyList<CaseEvent> events, Instant now) => CaseTallies.Of(after.Terms.Region, events, now);

    protected override Task Deliver(CaseEffect effect, CaseState state) => effect switch
    {
        CaseEffect.ToQueue e => GrainFactory.GetGrain<IQueueGrain>(e.Queue.Value).Changed(state.Number, state.Version, CaseDirectory.WaitingIn(e.Queue, state)),
        CaseEffect.ReleaseEngineer e => GrainFactory.GetGrain<IEngineerGrain>(e.Engineer.Value).Released(state.Number, e.Reservation),
        CaseEffect.SeverityToEngineer e => state.Owner == e.Engineer
            ? GrainFactory.GetGrain<IEngineerGrain>(e.Engineer.Value).SeverityChanged(state.Number, state.Reservation ?? Guid.Empty, state.Severity, state.Version)
            : Task.CompletedTask,
        CaseEffect.Notify e => GrainFactory.GetGrain<INotifierGrain>(e.Recipient).Ask(e.Notification),
        _ => throw new InvalidOperationException($"Unknown effect {effect.GetType().Name}."),
    };

    protected override void Committed(IReadOnlyList<CaseEvent> events, CaseState? before, CaseState after)
    {
        base.Committed(events, before, after);
        TellCustomer(events, before, after);
    }

    protected override object ViewOf(CaseState state) => state;

    /// <summary>The public versions are counted back from the state reached.</summary>
    protected override IEnumerable<object> ChangesOf(IReadOnlyList<CaseEvent> events, long after, CaseState reached)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(reached);
        var publicVersion = reached.PublicVersion - events.Count(e => !e.IsInternal);
        foreach (var happened in events)
        {
            after++;
            publicVersion += happened.IsInternal ? 0 : 1;
            yield return new CaseChange(happened, after, publicVersion);
        }
    }

    /// <summary>Those who watch the customer's cases hear of what the directory shows, when it has changed. Nobody waits; imported history tells nobody.</summary>
    private void TellCustomer(IReadOnlyList<CaseEvent> events, CaseState? before, CaseState after)
    {
        var customer = after.Terms.SupportId.Value;
        if (Services.Watched?.Contains(new(ICustomerGrain.Type, customer)) != true || events.Any(e => e is CaseEvent.SourceRecorded))
        {
            return;
        }

        var entry = CaseDirectory.ForCustomer(CaseDirectory.Entry(after));
        if (before is null || CaseDirectory.ForCustomer(CaseDirectory.Entry(before)) != entry)
        {
            GrainFactory.GetGrain<ICustomerGrain>(customer).Changed(after.Number, after.Version, entry.Open ? entry : null).Ignore();
        }
    }
}
