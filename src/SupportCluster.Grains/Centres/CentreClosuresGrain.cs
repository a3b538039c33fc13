using System.Runtime.ExceptionServices;
using NodaTime;
using Orleans.Concurrency;
using SupportCluster.Domain;
using SupportCluster.Domain.Centres;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Engineers;
using SupportCluster.Grains.Rosters;

namespace SupportCluster.Grains.Centres;

/// <summary>When a centre is closed beside its hours and holidays (HB-3.5). Its key is the centre's code.</summary>
public interface ICentreClosuresGrain : IGrainWithStringKey
{
    /// <summary>Under which type they are stored.</summary>
    const string Type = "centre-closures";

    /// <summary>Null when it was never closed.</summary>
    [AlwaysInterleave]
    Task<CentreClosures?> Read();

    /// <summary>Closes the centre for a while.</summary>
    /// <param name="from">Null for now.</param>
    Task<(CentreClosures? State, Refusal? Refusal)> Close(Instant? from, Instant until, string reason, Actor actor, RequestKey? request);

    /// <summary>Ends the closures that run or are to come.</summary>
    Task<(CentreClosures? State, Refusal? Refusal)> Reopen(Actor actor, RequestKey? request);
}

/// <summary>That the closures of a centre have changed, or that one begins, is still to be told: first to the roster, then to those who hold cases there.</summary>
public sealed record TellCentre;

/// <inheritdoc cref="ICentreClosuresGrain"/>
[GrainType(ICentreClosuresGrain.Type)]
public sealed class CentreClosuresGrain(DurableServices services) : DurableGrain<CentreClosures, CentreEvent, TellCentre>(services), ICentreClosuresGrain
{
    public Task<CentreClosures?> Read() => Task.FromResult(State);

    public async Task<(CentreClosures? State, Refusal? Refusal)> Close(Instant? from, Instant until, string reason, Actor actor, RequestKey? request) => await Centre() is { } centre
        ? await Carry(request, (state, now) => CentreClosures.Close(state, centre, from, until, reason, actor, now))
        : (null, NotFound());

    public async Task<(CentreClosures? State, Refusal? Refusal)> Reopen(Actor actor, RequestKey? request) => await Centre() is { } centre
        ? await Carry(request, (state, now) => CentreClosures.Reopen(state, centre, actor, now))
        : (null, NotFound());

    private async Task<(CentreClosures? State, Refusal? Refusal)> Carry(RequestKey? request, Func<CentreClosures?, Instant, Decision<CentreEvent>> decide)
    {
        var outcome = await Execute(request, decide);
        return (State, outcome.Refusal);
    }

    protected override CentreClosures Evolve(CentreClosures? state, CentreEvent happened) => CentreClosures.Evolve(state, happened);

    protected override Instant? DueOf(CentreClosures state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.NextDue;
    }

    protected override Task<Decision<CentreEvent>> DecideDue(CentreClosures state, Instant now) => Task.FromResult(CentreClosures.FallDue(state, now));

    protected override Instant AtOf(CentreEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return happened.At;
    }

    protected override IEnumerable<TellCentre> EffectsOf(CentreClosures? before, CentreClosures after, IReadOnlyList<CentreEvent> events) => [new()];

    protected override void Committed(IReadOnlyList<CentreEvent> events, CentreClosures? before, CentreClosures after) =>
        GrainFactory.GetGrain<IRosterGrain>(IRosterGrain.World).ClosuresChanged(Version, after).Ignore();

    /// <summary>The roster first: what is handed over must not ring at the centre that closes. One engineer who cannot be told holds up no other.</summary>
    protected override async Task Deliver(TellCentre effect, CentreClosures state)
    {
        await GrainFactory.GetGrain<IRosterGrain>(IRosterGrain.World).ClosuresChanged(Version, state);
        Exception? failed = null;
        foreach (var id in await StoredEngineers.Ids(Services.Store))
        {
            if (await StoredEngineers.Read(Services.Store, id, after: 0) is not { Engineer: { Cases.IsEmpty: false } engineer } || engineer.Profile.Centre != state.Centre)
            {
                continue;
            }

            try
            {
                await GrainFactory.GetGrain<IEngineerGrain>(id).ClosuresChanged(state);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failed = e;
            }
        }

        if (failed is not null)
        {
            ExceptionDispatchInfo.Throw(failed);
        }
    }

    private async Task<SupportCentre?> Centre() =>
        (await Services.Policies.Current(GrainFactory)).Centre(this.GetPrimaryKeyString());

    private Refusal NotFound() => Refusal.NotFound("centre-not-found", $"There is no centre '{this.GetPrimaryKeyString()}' in the policy.");
}
