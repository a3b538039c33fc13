using System.Text.Json;
using SupportCluster.Domain;
using SupportCluster.Domain.Policy;
using SupportCluster.Grains.Policies;
using SupportCluster.Protocol.Policies;
using SupportCluster.Server.Api;
using SupportCluster.Server.SignIn;
using SupportCluster.Storage;

namespace SupportCluster.Server.Policies;

/// <summary>The policy over REST.</summary>
public static class PolicyEndpoints
{
    public static void MapPolicy(this IEndpointRouteBuilder api)
    {
        var policy = api.MapGroup("/policy").WithTags("policy");
        policy.MapGet("/", async (IGrainFactory grains, IStore store) => await View(await grains.GetGrain<IPolicyGrain>(IPolicyGrain.Current).CurrentVersion(), store))
            .For(RoleNames.Staff).WithSummary("The policy in force").Produces<PolicyView>();
        policy.MapGet("/versions/{version:int}", async (int version, IStore store) => await View(version, store)).For(RoleNames.Staff).WithSummary("A former policy").Produces<PolicyView>();
        policy.MapPut("/", Apply).For(RoleNames.Admin).WithSummary("Replaces the policy, for contracts concluded from now on").Accepts<PolicyDocument>("application/json").Produces<PolicyView>();
    }

    private static async Task<IResult> Apply(HttpContext http, IGrainFactory grains, IStore store)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var policy = SupportPolicy.Read(0, body.ToArray(), out var mistakes);
        if (policy is null)
        {
            var errors = mistakes.GroupBy(m => m.Path).ToDictionary(g => g.Key, g => g.Select(m => m.Expected).ToArray());
            await Problems.Write(http, StatusCodes.Status400BadRequest, "policy-malformed", $"The policy has {mistakes.Count} mistakes; the first is at {mistakes[0]}", errors);
            return Results.Empty;
        }

        var (version, refusal) = await grains.GetGrain<IPolicyGrain>(IPolicyGrain.Current).Apply(policy.Document, http.User.Actor());
        return refusal is not null ? Problems.Result(refusal) : await View(version, store);
    }

    private static async Task<IResult> View(int version, IStore store)
    {
        var events = version < 1 ? [] : await store.ReadEvents(new("policy", IPolicyGrain.Current), version - 1, 1);
        if (events.Count == 0)
        {
            return Problems.Result(Refusal.NotFound("policy-not-found", $"There is no policy {version}."));
        }

        var applied = (PolicyEvent.Applied)JsonSerializer.Deserialize<PolicyEvent>(events[0].Json.Span, DomainJson.Stored)!;
        return Results.Ok(new PolicyView(version, applied.At, applied.By, JsonSerializer.SerializeToElement(applied.Document, DomainJson.Stored)));
    }
}
