using NodaTime;
using Orleans.Concurrency;
using SupportCluster.Domain;
using SupportCluster.Domain.Centres;
using SupportCluster.Domain.Policy;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Rosters;

namespace SupportCluster.Grains.Centres;

/// <summary>Who stands in for the duty managers of a region (HB-3.5). Its key is the region's code.</summary>
public interface IDutyGrain : IGrainWithStringKey
{
    /// <summary>Under which type they are stored.</summary>
    const string Type = "duty";

    /// <summary>Null when nobody ever stood in.</summary>
    [AlwaysInterleave]
    Task<DutyBook?> Read();

    /// <summary>Names somebody for a stretch.</summary>
    Task<(DutyBook? State, Refusal? Refusal)> StandIn(Instant from, Instant until, string manager, Actor actor, RequestKey? request);

    /// <summary>Swaps the turns that run at two instants.</summary>
    Task<(DutyBook? State, Refusal? Refusal)> Swap(Instant first, Instant second, Actor actor, RequestKey? request);
}

/// <inheritdoc cref="IDutyGrain"/>
[GrainType(IDutyGrain.Type)]
public sealed class DutyGrain(DurableServices services) : DurableGrain<DutyBook, DutyEvent, NoEffect>(services), IDutyGrain
{
    private string Region => this.GetPrimaryKeyString();

    public Task<DutyBook?> Read() => Task.FromResult(State);

    public async Task<(DutyBook? State, Refusal? Refusal)> StandIn(Instant from, Instant until, string manager, Actor actor, RequestKey? request) => await Policy() is not null
        ? await Carry(request, (state, now) => DutyBook.StandIn(state, Region, from, until, manager, actor, now))
        : (null, NotFound());

    public async Task<(DutyBook? State, Refusal? Refusal)> Swap(Instant first, Instant second, Actor actor, RequestKey? request) => await Policy() is { } policy
        ? await Carry(request, (state, now) => DutyBook.Swap(state, policy, Region, first, second, actor, now))
        : (null, NotFound());

    private async Task<(DutyBook? State, Refusal? Refusal)> Carry(RequestKey? request, Func<DutyBook?, Instant, Decision<DutyEvent>> decide)
    {
        var outcome = await Execute(request, decide);
        return (State, outcome.Refusal);
    }

    protected override DutyBook Evolve(DutyBook? state, DutyEvent happened) => DutyBook.Evolve(state, happened);

    protected override Instant? DueOf(DutyBook state) => null;

    protected override Task<Decision<DutyEvent>> DecideDue(DutyBook state, Instant now) => Task.FromResult<Decision<DutyEvent>>(new List<DutyEvent>());

    protected override Instant AtOf(DutyEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return happened.At;
    }

    /// <summary>Cases of this node hear of it at once, those of others within half a second.</summary>
    protected override void Committed(IReadOnlyList<DutyEvent> events, DutyBook? before, DutyBook after)
    {
        Services.Duty.Learn(Version, after);
        GrainFactory.GetGrain<IRosterGrain>(IRosterGrain.World).DutyChanged(Version, after).Ignore();
    }

    private async Task<SupportPolicy?> Policy() =>
        await Services.Policies.Current(GrainFactory) is var policy && policy.Document.Regions.ContainsKey(Region) ? policy : null;

    private Refusal NotFound() => Refusal.NotFound("region-not-found", $"There is no region '{Region}' in the policy.");
}
