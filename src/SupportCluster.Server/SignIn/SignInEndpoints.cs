using SupportCluster.Grains.SignIn;
using SupportCluster.Protocol;
using SupportCluster.Server.Api;

namespace SupportCluster.Server.SignIn;

/// <summary>Who is signed in, and the end of sign-ins, over REST.</summary>
public static class SignInEndpoints
{
    public static void MapSignIns(this IEndpointRouteBuilder api)
    {
        api.MapGet("/me", (HttpContext http) => Who.Of(http.User)).RequireAuthorization().WithTags("sign-in").WithSummary("Who is signed in").Produces<SignedIn>();
        api.MapPost("/sign-ins/{subject}/revoke", Revoke).For(RoleNames.Admin).WithTags("sign-in").WithSummary("Ends all sign-ins of a person: its tokens up to now, and its connections within a second").Produces<SignInsRevoked>();
    }

    private static async Task<IResult> Revoke(string subject, RevokeSignIns body, HttpContext http, IGrainFactory grains, RevokedSignInsPoll poll)
    {
        var (key, malformed) = RequestKeys.Read(http, body);
        if (malformed is not null)
        {
            return Problems.Result(malformed);
        }

        var (until, refusal) = await grains.GetGrain<ISignInsGrain>(ISignInsGrain.Only).Revoke(subject, body.Reason, http.User.Actor(), key);
        if (refusal is not null)
        {
            return Problems.Result(refusal);
        }

        // Here at once, elsewhere within half a second.
        await poll.Poll();
        return Results.Ok(new SignInsRevoked(subject, until));
    }
}
