using SupportCluster.Domain;
using SupportCluster.Domain.Policy;
using SupportCluster.Grains.Live;
using SupportCluster.Grains.Policies;
using SupportCluster.Grains.Wallboards;
using SupportCluster.Protocol.Queues;
using SupportCluster.Protocol.Wallboards;
using SupportCluster.Server.Cases;
using SupportCluster.Server.Live;

namespace SupportCluster.Server.Wallboards;

/// <summary>The topic <c>wallboard:&lt;code&gt;</c> of a centre, a region or <c>world</c>, for staff and wallboards. It tells no changes: each snapshot replaces the one before.</summary>
public sealed class WallboardTopic(IGrainFactory grains, PolicyBook policies) : WholeTopic<WallboardState, object>("wallboard")
{
    public override ITopicGrain Grain(string key) => grains.GetGrain<IWallboardGrain>(key);

    protected override async ValueTask<Refusal?> Refuse(Actor actor, string key)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (actor.Role == Role.Contact)
        {
            return NotFor("Wallboards are for staff");
        }

        var policy = await IntakeEndpoints.Current(grains, policies);
        return key == SupportPolicy.World || policy.Document.Regions.ContainsKey(key) || policy.Centres.ContainsKey(key)
            ? null
            : Refusal.NotFound("wallboard-not-found", "A wallboard is that of a centre or region of the policy, or of the world.");
    }

    protected override object View(WallboardState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var counts = state.Board.Counts;
        return new WallboardView(
            state.Code,
            counts.Sum(c => c.Open),
            new(Open(1), Open(2), Open(3), Open(4)),
            [
                .. counts.GroupBy(c => c.Queue)
                    .Select(q => new QueueSummary(q.Key, q.Sum(c => c.Waiting), q.Where(c => c.Severity == 1).Sum(c => c.Waiting), q.Min(c => c.NextDeadline)))
                    .Where(q => q.Waiting > 0),
            ],
            [.. state.Board.Urgent.Select(c => new UrgentCase(c.Number, c.Severity, c.Queue, c.NextDeadline, c.Owner))]);

        int Open(int severity) => counts.Where(c => c.Severity == severity).Sum(c => c.Open);
    }

    protected override object Change(object change, long version) => throw new InvalidOperationException("A wallboard tells no changes.");
}
