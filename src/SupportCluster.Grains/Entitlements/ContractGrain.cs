using NodaTime;
using Orleans.Concurrency;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Entitlements;
using SupportCluster.Grains.Cases;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.SignIn;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Entitlements;

/// <summary>A contract with the version at which it was read.</summary>
public sealed record ContractReading(SupportContract Contract, long Version);

/// <summary>A support contract. Its key is the support ID. It does not hold the list of its cases: the directory does.</summary>
public interface IContractGrain : IGrainWithStringKey
{
    [AlwaysInterleave]
    Task<ContractReading?> Read();

    Task<(ContractReading? Contract, Refusal? Refusal)> Execute(ContractCommand command, Actor actor, RequestKey? request);
}

/// <summary>What others must hear of: that somebody is a contact no longer (HB-2.4), or, without one, open cases of the offer that is in effect (HB-1.5).</summary>
public sealed record ContractEffect(long Version, ContactId? Left = null);

[GrainType("contract")]
public sealed class ContractGrain(DurableServices services) : DurableGrain<SupportContract, ContractEvent, ContractEffect>(services), IContractGrain
{
    public Task<ContractReading?> Read() => Task.FromResult(State is null ? null : new ContractReading(State, Version));

    public async Task<(ContractReading? Contract, Refusal? Refusal)> Execute(ContractCommand command, Actor actor, RequestKey? request)
    {
        var policy = SupportContract.IsConclusion(State, command) || State is null
            ? await Services.Policies.Current(GrainFactory)
            : await Services.Policies.Get(State.PolicyVersion);
        var outcome = await Execute(request, (state, now) => SupportContract.Decide(state, command, actor, policy, now));
        return (State is null ? null : new(State, Version), outcome.Refusal);
    }

    protected override SupportContract Evolve(SupportContract? state, ContractEvent happened) => SupportContract.Evolve(state, happened);

    /// <summary>Reads the contract's policy, so that it is known when the due instant is computed.</summary>
    protected override async Task Loaded()
    {
        if (State is not null)
        {
            await Services.Policies.Get(State.PolicyVersion);
        }
    }

    protected override Instant? DueOf(SupportContract state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.NextDue(Services.Policies.Known(state.PolicyVersion));
    }

    protected override async Task<Decision<ContractEvent>> DecideDue(SupportContract state, Instant now) =>
        SupportContract.Decide(state, new ContractCommand.Tick(), Actor.System, await Services.Policies.Get(state.PolicyVersion), now);

    protected override Instant AtOf(ContractEvent happened) => happened.At;

    protected override IEnumerable<ContractEffect> EffectsOf(SupportContract? before, SupportContract after, IReadOnlyList<ContractEvent> events)
    {
        var version = Version + events.Count;
        return
        [
            .. before is not null && events.Any(e => e is ContractEvent.OfferTookEffect) ? new[] { new ContractEffect(version) } : [],
            .. events.OfType<ContractEvent.ContactRemoved>().Select(e => new ContractEffect(version, e.Contact)),
        ];
    }

    protected override Task Deliver(ContractEffect effect, SupportContract state)
    {
        ArgumentNullException.ThrowIfNull(effect);
        ArgumentNullException.ThrowIfNull(state);
        return effect.Left is not { } contact ? TellCases(state)
            : state.Contacts.Any(c => c.Id == contact) ? Task.CompletedTask
            : GrainFactory.GetGrain<ISignInsGrain>(ISignInsGrain.Only).ContactLeft(state.SupportId, contact);
    }

    /// <summary>Tells every open case of the directory; each decides by itself whether that is an improvement.</summary>
    private async Task TellCases(SupportContract state)
    {
        var policy = await Services.Policies.Get(state.PolicyVersion);
        if (policy.Offer(state.Effective) is not { } offer)
        {
            return;
        }

        var change = new CaseCommand.ChangeOffer(offer.Id, state.Includes(offer, EntitlementNames.PriorityCallQueueing), state.Includes(offer, EntitlementNames.ContinuousService), policy.Version);
        string? after = null;
        Exception? failed = null;
        do
        {
            var page = await Services.Store.ListCases(new CaseFilter(SupportId: state.SupportId.Value, Open: true), 100, after);
            foreach (var entry in page.Items)
            {
                try
                {
                    var reply = await GrainFactory.GetGrain<ICaseGrain>(entry.Number).Execute(new(change, Actor.System));
                    failed = reply.Refusal?.Kind == RefusalKind.Unknown ? new StoreException($"Case {entry.Number} could not be told of its offer.") : failed;
                }
                catch (RecordUnreadableException)
                {
                    // Its alarm was given; the other cases must not wait until it is mended.
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    failed = e;
                }
            }

            after = page.Next;
        }
        while (after is not null);
        if (failed is not null)
        {
            // Told again to all, which changes nothing for those who know.
            throw new StoreException("Not every open case could be told of its offer.", failed);
        }
    }
}
