using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Centres;
using SupportCluster.Grains.Centres;
using SupportCluster.Grains.Policies;
using SupportCluster.Grains.Rosters;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Centres;
using SupportCluster.Server.Api;
using SupportCluster.Server.SignIn;

namespace SupportCluster.Server.Centres;

/// <summary>Support centres over REST (HB-3.5).</summary>
public static class CentreEndpoints
{
    public static void MapCentres(this IEndpointRouteBuilder api)
    {
        api.MapGet("/centres", List)
            .For([.. RoleNames.Staff, RoleNames.Wallboard]).WithTags("centres").WithSummary("The support centres of the policy, and whether they are open").Produces<Page<CentreSummary>>();
        api.MapPost("/centres/{code}/close", Close).For(RoleNames.Manager, RoleNames.Admin).WithTags("centres")
            .WithSummary("Closes a centre beside its hours: when it begins everything held there is handed over").Produces<CentreClosuresView>();
        api.MapPost("/centres/{code}/reopen", Reopen).For(RoleNames.Manager, RoleNames.Admin).WithTags("centres")
            .WithSummary("Ends the closures of a centre that run or are to come").Produces<CentreClosuresView>();
    }

    /// <summary>Null for a centre that the policy does not have.</summary>
    public static OpeningView? View(CentreOpening? opening) => opening is null ? null : new(opening.IsOpen, opening.Until, opening.Opens);

    private static async Task<IResult> List(HttpContext http, IGrainFactory grains, PolicyBook policies, IClock clock)
    {
        var (now, ofStaff) = (clock.GetCurrentInstant(), !http.User.IsInRole(RoleNames.Wallboard));
        var policy = await policies.Current(grains);
        var all = (await grains.GetGrain<IRosterGrain>(IRosterGrain.World).Read()).Closures;
        var closures = CentreClosures.ByCentre(all);
        return Results.Ok(new Page<CentreSummary>(
        [
            .. policy.Centres.Select(c => new CentreSummary(
                c.Key, c.Value.Name, c.Value.Region, c.Value.Zone, View(policy.Centre(c.Key)?.Opening(now, closures.GetValueOrDefault(c.Key))),
                ofStaff ? Views(all.FirstOrDefault(closed => closed.Centre == c.Key), now) : null)),
        ]));
    }

    private static async Task<IResult> Close(string code, CloseCentre body, HttpContext http, IGrainFactory grains, IClock clock)
    {
        var (key, malformed) = RequestKeys.Read(http, body);
        return malformed is not null
            ? Problems.Result(malformed)
            : Answer(code, await grains.GetGrain<ICentreClosuresGrain>(code).Close(body.From, body.Until, body.Reason, http.User.Actor(), key), clock);
    }

    private static async Task<IResult> Reopen(string code, HttpContext http, IGrainFactory grains, IClock clock)
    {
        var (key, malformed) = RequestKeys.Read(http, "reopen");
        return malformed is not null ? Problems.Result(malformed) : Answer(code, await grains.GetGrain<ICentreClosuresGrain>(code).Reopen(http.User.Actor(), key), clock);
    }

    private static IResult Answer(string code, (CentreClosures? State, Refusal? Refusal) reply, IClock clock) => reply.Refusal is { } refusal
        ? Problems.Result(refusal)
        : Results.Ok(new CentreClosuresView(code, Views(reply.State, clock.GetCurrentInstant())));

    private static ClosureView[] Views(CentreClosures? closures, Instant now) =>
        [.. (closures?.All ?? []).Where(c => c.From < c.Until && c.Until > now).Select(c => new ClosureView(c.From, c.Until, c.Reason, c.By))];
}
