using SupportCluster.Domain;
using SupportCluster.Grains.Centres;
using SupportCluster.Grains.Live;
using SupportCluster.Grains.Policies;
using SupportCluster.Protocol.Centres;
using SupportCluster.Server.Engineers;
using SupportCluster.Server.Live;

namespace SupportCluster.Server.Centres;

/// <summary>The topic <c>centre:&lt;code&gt;</c>: the centre's engineers with what they have, for staff and wallboards.</summary>
public sealed class CentreTopic(IGrainFactory grains, PolicyBook policies) : WholeTopic<CentreState, CentreChanged>(ICentreGrain.Type)
{
    public override ITopicGrain Grain(string key) => grains.GetGrain<ICentreGrain>(key);

    protected override async ValueTask<Refusal?> Refuse(Actor actor, string key)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return actor.Role == Role.Contact ? NotFor("Centres are watched by staff")
            : (await policies.Current(grains)).Centres.ContainsKey(key) ? null
            : Refusal.NotFound("centre-not-found", "There is no such centre in the policy.");
    }

    protected override object View(CentreState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new CentreView(state.Centre, [.. state.Engineers.Values.Select(EngineerEndpoints.View)], CentreEndpoints.View(state.Opening));
    }

    protected override object Change(CentreChanged change, long version)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new CentreChange(change.Engineer is { } engineer ? EngineerEndpoints.View(engineer) : null, change.Left?.Value, CentreEndpoints.View(change.Opening));
    }
}
