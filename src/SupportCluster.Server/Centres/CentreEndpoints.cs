using SupportCluster.Grains.Policies;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Centres;
using SupportCluster.Server.Cases;
using SupportCluster.Server.SignIn;

namespace SupportCluster.Server.Centres;

/// <summary>Support centres over REST (HB-3.5).</summary>
public static class CentreEndpoints
{
    public static void MapCentres(this IEndpointRouteBuilder api) => api.MapGet("/centres", async (IGrainFactory grains, PolicyBook policies) =>
            Results.Ok(new Page<CentreSummary>([.. (await IntakeEndpoints.Current(grains, policies)).Centres.Select(c => new CentreSummary(c.Key, c.Value.Name, c.Value.Region, c.Value.Zone))])))
        .For([.. RoleNames.Staff, RoleNames.Wallboard]).WithTags("centres").WithSummary("The support centres of the policy").Produces<Page<CentreSummary>>();
}
