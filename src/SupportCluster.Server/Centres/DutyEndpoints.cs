using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Centres;
using SupportCluster.Grains.Centres;
using SupportCluster.Protocol.Centres;
using SupportCluster.Server.Api;
using SupportCluster.Server.SignIn;

namespace SupportCluster.Server.Centres;

/// <summary>Who stands in for duty managers, over REST (HB-3.5).</summary>
public static class DutyEndpoints
{
    public static void MapDuty(this IEndpointRouteBuilder api)
    {
        var duty = api.MapGroup("/duty/{region}").WithTags("centres");
        duty.MapPost("/stand-in", StandIn).For(RoleNames.Manager, RoleNames.Admin).WithSummary("Names somebody as duty manager for a stretch").Produces<DutyView>();
        duty.MapPost("/swap", Swap).For(RoleNames.Manager, RoleNames.Admin).WithSummary("Swaps two turns of duty").Produces<DutyView>();
    }

    private static async Task<IResult> StandIn(string region, NameStandIn body, HttpContext http, IGrainFactory grains, IClock clock)
    {
        var (key, malformed) = RequestKeys.Read(http, body);
        return malformed is not null
            ? Problems.Result(malformed)
            : Answer(region, await grains.GetGrain<IDutyGrain>(region).StandIn(body.From, body.Until, body.Manager, http.User.Actor(), key), clock);
    }

    private static async Task<IResult> Swap(string region, SwapDuty body, HttpContext http, IGrainFactory grains, IClock clock)
    {
        var (key, malformed) = RequestKeys.Read(http, body);
        return malformed is not null
            ? Problems.Result(malformed)
            : Answer(region, await grains.GetGrain<IDutyGrain>(region).Swap(body.First, body.Second, http.User.Actor(), key), clock);
    }

    private static IResult Answer(string region, (DutyBook? State, Refusal? Refusal) reply, IClock clock) => reply.Refusal is { } refusal
        ? Problems.Result(refusal)
        : Results.Ok(View(region, reply.State?.Overrides ?? [], clock.GetCurrentInstant()));

    /// <summary>Who stands in at an instant or later.</summary>
    internal static DutyView View(string region, IEnumerable<DutyOverride> overrides, Instant at) => new(region, [.. overrides.Where(o => o.Until > at).Select(o => new StandInView(o.From, o.Until, o.Manager))]);
}
