using SupportCluster.Domain;
using SupportCluster.Grains.Live;
using SupportCluster.Grains.Policies;
using SupportCluster.Grains.Queues;
using SupportCluster.Protocol.Queues;
using SupportCluster.Server.Live;

namespace SupportCluster.Server.Queues;

/// <summary>The topic <c>queue:&lt;region&gt;/&lt;product line&gt;</c>, for staff and wallboards.</summary>
public sealed class QueueTopic(IGrainFactory grains, PolicyBook policies) : WholeTopic<QueueState, QueueChanged>("queue")
{
    public override string? Normalise(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var parts = key.Split('/');
        return parts.Length == 2 && Slug.IsValid(parts[0]) && Slug.IsValid(parts[1]) ? key : null;
    }

    public override ITopicGrain Grain(string key) => grains.GetGrain<IQueueGrain>(key);

    protected override async ValueTask<Refusal?> Refuse(Actor actor, string key)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(key);
        if (actor.Role == Role.Contact)
        {
            return NotFor("Queues are for staff");
        }

        var parts = key.Split('/');
        return QueueEndpoints.Key(await policies.Current(grains), parts[0], parts[1]) is null ? QueueEndpoints.NotFound : null;
    }

    protected override object View(QueueState state) => QueueEndpoints.View(state);

    protected override object Change(QueueChanged change, long version)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new QueueChange(change.Entry is { } entry ? QueueEndpoints.Entry(entry) : null, change.Left?.Value);
    }
}
