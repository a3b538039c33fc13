using System.Text.Json;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Policy;
using SupportCluster.Grains.Policies;
using SupportCluster.Protocol;
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
        policy.MapGet("/versions", List).For(RoleNames.Staff).WithSummary("Lists the policies so far, the oldest first").Produces<Page<PolicyVersion>>();
        policy.MapPost("/check", Check).For(RoleNames.Admin).WithSummary("Says what a policy would change; changes nothing").Accepts<PolicyDocument>("application/json").Produces<PolicyComparison>();
        policy.MapPut("/", Apply).For(RoleNames.Admin).WithSummary("Replaces the policy, for contracts concluded from now on").Accepts<PolicyDocument>("application/json").Produces<PolicyView>();
    }

    private static async Task<IResult> Apply(HttpContext http, IGrainFactory grains, IStore store)
    {
        if (await Read(http) is not { } policy)
        {
            return Results.Empty;
        }

        var (version, refusal) = await grains.GetGrain<IPolicyGrain>(IPolicyGrain.Current).Apply(policy.Document, http.User.Actor());
        return refusal is not null ? Problems.Result(refusal) : await View(version, store);
    }

    private static async Task<IResult> Check(HttpContext http, IGrainFactory grains, PolicyBook policies, IClock clock) =>
        await Read(http) is { } policy ? Results.Ok(PolicyComparisons.Of(await policies.Current(grains), policy, clock.GetCurrentInstant())) : Results.Empty;

    /// <summary>The policy of the request; null when it has mistakes, and is answered with them.</summary>
    private static async Task<SupportPolicy?> Read(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var policy = SupportPolicy.Read(0, body.ToArray(), out var mistakes);
        if (policy is null)
        {
            var errors = mistakes.GroupBy(m => m.Path).ToDictionary(g => g.Key, g => g.Select(m => m.Expected).ToArray());
            await Problems.Write(http, StatusCodes.Status400BadRequest, "policy-malformed", $"The policy has {mistakes.Count} mistakes; the first is at {mistakes[0]}", errors);
        }

        return policy;
    }

    private static async Task<IResult> List(IStore store, long? after, int? limit)
    {
        var (count, wrongLimit) = Paging.Limit(limit);
        var (start, wrongAfter) = Paging.After(after);
        if ((wrongLimit ?? wrongAfter) is { } wrong)
        {
            return Problems.Result(wrong);
        }

        var events = await store.ReadEvents(new("policy", IPolicyGrain.Current), start, count + 1);
        var items = events.Take(count).Select(e => (e.Version, Applied: Applied(e.Json))).Select(e => new PolicyVersion((int)e.Version, e.Applied.At, e.Applied.By, e.Applied.Document.Name)).ToList();
        return Results.Ok(new Page<PolicyVersion>(items, events.Count > count ? $"{items[^1].Version}" : null));
    }

    private static PolicyEvent.Applied Applied(ReadOnlyMemory<byte> json) => (PolicyEvent.Applied)JsonSerializer.Deserialize<PolicyEvent>(json.Span, DomainJson.Stored)!;

    private static async Task<IResult> View(int version, IStore store)
    {
        var events = version < 1 ? [] : await store.ReadEvents(new("policy", IPolicyGrain.Current), version - 1, 1);
        if (events.Count == 0)
        {
            return Problems.Result(Refusal.NotFound("policy-not-found", $"There is no policy {version}."));
        }

        var applied = Applied(events[0].Json);
        return Results.Ok(new PolicyView(version, applied.At, applied.By, JsonSerializer.SerializeToElement(applied.Document, DomainJson.Stored)));
    }
}
