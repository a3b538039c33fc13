using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Queues;
using SupportCluster.Grains.Policies;
using SupportCluster.Grains.Queues;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;
using SupportCluster.Protocol.Queues;
using SupportCluster.Server.Api;
using SupportCluster.Server.Cases;
using SupportCluster.Server.SignIn;
using SupportCluster.Storage;

namespace SupportCluster.Server.Queues;

/// <summary>Queues over REST.</summary>
public static class QueueEndpoints
{
    public static void MapQueues(this IEndpointRouteBuilder api)
    {
        var queues = api.MapGroup("/queues").WithTags("queues");
        queues.MapGet("/", async (IStore store) => Results.Ok(new Page<QueueSummary>([.. (await store.Queues()).Select(q => new QueueSummary(q.Queue, q.Waiting, q.Severity1, q.NextDeadline))])))
            .For([.. RoleNames.Staff, RoleNames.Wallboard]).WithSummary("Queues in which cases wait").Produces<Page<QueueSummary>>();
        queues.MapGet("/{region}/{line}", async (string region, string line, IGrainFactory grains, PolicyBook policies) => Key(await policies.Current(grains), region, line) is { } key
            ? Results.Ok(View(await grains.GetGrain<IQueueGrain>(key.Value).Read()))
            : Problems.Result(NotFound)).For([.. RoleNames.Staff, RoleNames.Wallboard]).WithSummary("A queue in the order in which cases are to be taken").Produces<QueueView>();
        queues.MapPost("/{region}/{line}/take", async (string region, string line, HttpContext http, IGrainFactory grains, PolicyBook policies, IClock clock) =>
        {
            if (Key(await policies.Current(grains), region, line) is not { } key)
            {
                return Problems.Result(NotFound);
            }

            var actor = http.User.Actor();
            var (request, malformed) = RequestKeys.Read(http, new { takeFrom = key });
            return malformed is not null
                ? Problems.Result(malformed)
                : await CaseEndpoints.Answered(await grains.GetGrain<IQueueGrain>(key.Value).TakeNext(new EngineerId(actor.Id), actor, request), actor, policies, clock);
        }).For(RoleNames.Engineer).WithSummary("Takes the first case that matches the engineer").Produces<CaseView>();
    }

    /// <summary>The queue of a region of the policy; null for anything else.</summary>
    internal static QueueKey? Key(Domain.Policy.SupportPolicy policy, string region, string line) =>
        policy.Document.Regions.ContainsKey(region) && Slug.IsValid(line) ? QueueKey.Of(region, line) : null;

    internal static QueueView View(QueueState state) => new(state.Queue.Value, [.. state.Cases.Select(Entry)]);

    internal static QueueEntry Entry(WaitingCase c) => new(c.Number.Value, c.SupportId.Value, c.Title, c.Product, c.Severity, c.PriorityCall, c.Language, c.ReportedAt, c.NextDeadline, c.From?.Value);

    internal static readonly Refusal NotFound = Refusal.NotFound("queue-not-found", "A queue is a region of the policy, a slash and a product line.");
}
