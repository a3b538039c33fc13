using System.Security.Claims;
using System.Text.Json;
using SupportCluster.Domain;
using SupportCluster.Grains.Live;
using SupportCluster.Grains.Policies;
using SupportCluster.Grains.Queues;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Queues;
using SupportCluster.Server.Cases;
using SupportCluster.Server.Live;
using SupportCluster.Server.SignIn;

namespace SupportCluster.Server.Queues;

/// <summary>The topic <c>queue:&lt;region&gt;/&lt;product line&gt;</c>, for staff and wallboards.</summary>
public sealed class QueueTopic(IGrainFactory grains, PolicyBook policies) : ITopicKind
{
    public string Prefix => "queue";

    public bool ViewWithChanges => false;

    public string? Normalise(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var parts = key.Split('/');
        return parts.Length == 2 && Slug.IsValid(parts[0]) && Slug.IsValid(parts[1]) ? key : null;
    }

    public ITopicGrain Grain(string key) => grains.GetGrain<IQueueGrain>(key);

    public async ValueTask<TopicAccess> Authorize(ClaimsPrincipal user, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (user.Actor().Role == Role.Contact)
        {
            return TopicAccess.Refused("role-not-allowed", "Queues are for staff.");
        }

        var parts = key.Split('/');
        return QueueEndpoints.Key(await IntakeEndpoints.Current(grains, policies), parts[0], parts[1]) is null
            ? TopicAccess.Refused("queue-not-found", "A queue is a region of the policy, a slash and a product line.")
            : TopicAccess.Allowed(Audience.Staff);
    }

    public long VersionOf(TopicState state, Audience audience) => state.Version;

    public JsonElement ViewOf(TopicState state, Audience audience) => JsonSerializer.SerializeToElement(QueueEndpoints.View((QueueState)state.View), WireJson.Tolerant);

    public long? VersionOf(TopicChange change, Audience audience) => change.Version;

    public JsonElement? JsonOf(TopicChange change, Audience audience)
    {
        ArgumentNullException.ThrowIfNull(change);
        var content = (QueueChanged)change.Content;
        return JsonSerializer.SerializeToElement(new QueueChange(content.Entry is { } entry ? QueueEndpoints.Entry(entry) : null, content.Left?.Value), WireJson.Tolerant);
    }
}
