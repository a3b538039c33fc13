using SupportCluster.Domain.Wallboards;
using SupportCluster.Grains.Wallboards;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Wallboards;
using SupportCluster.Server.Api;
using SupportCluster.Server.SignIn;

namespace SupportCluster.Server.Wallboards;

/// <summary>The links by which wall displays sign in, over REST.</summary>
public static class WallDisplayEndpoints
{
    public static void MapWallDisplays(this IEndpointRouteBuilder api)
    {
        var displays = api.MapGroup("/wall-displays").WithTags("wallboards").For(RoleNames.Manager, RoleNames.Admin);
        displays.MapGet("", List).WithSummary("The wall displays, those whose links were revoked among them").Produces<Page<WallDisplayView>>();
        displays.MapPost("", Make).WithSummary("Makes a wall display; tells its link, once").Produces<WallDisplayMade>(StatusCodes.Status201Created);
        displays.MapPost("/{id}/revoke", Revoke).WithSummary("Revokes the link of a wall display for ever, and ends its connections within a second").Produces<WallDisplayView>();
    }

    private static async Task<IResult> List(IGrainFactory grains) =>
        Results.Ok(new Page<WallDisplayView>([.. ((await Only(grains).Read())?.Displays ?? []).Select(View)]));

    private static async Task<IResult> Make(MakeWallDisplay body, HttpContext http, IGrainFactory grains, WallDisplaysPoll poll)
    {
        var (token, sha256) = WallToken.Make(body.Id);
        var (display, refusal) = await Only(grains).Make(body.Id, body.Shows, sha256, http.User.Actor());
        if (refusal is not null)
        {
            return Problems.Result(refusal);
        }

        await poll.Poll();
        return Results.Created((string?)null, new WallDisplayMade(View(display!), $"{http.Request.Scheme}://{http.Request.Host}/wall/{body.Shows}#token={token}"));
    }

    private static async Task<IResult> Revoke(string id, HttpContext http, IGrainFactory grains, WallDisplaysPoll poll)
    {
        var (display, refusal) = await Only(grains).Revoke(id, http.User.Actor());
        if (refusal is not null)
        {
            return Problems.Result(refusal);
        }

        // Here at once, elsewhere within half a second.
        await poll.Poll();
        return Results.Ok(View(display!));
    }

    private static IWallDisplaysGrain Only(IGrainFactory grains) => grains.GetGrain<IWallDisplaysGrain>(IWallDisplaysGrain.Only);

    private static WallDisplayView View(WallDisplay d) => new(d.Id, d.Shows, d.MadeAt, d.MadeBy, d.RevokedAt, d.RevokedBy);
}
