using SupportCluster.Domain;
using SupportCluster.Grains.Live;
using SupportCluster.Grains.Policies;
using SupportCluster.Grains.Wallboards;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Queues;
using SupportCluster.Protocol.Wallboards;
using SupportCluster.Server.Live;
using SupportCluster.Storage;

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

        return (await policies.Current(grains)).HasScope(key)
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
            BySeverity(c => c.Open),
            [
                .. counts.GroupBy(c => c.Queue)
                    .Select(q => new QueueSummary(q.Key, q.Sum(c => c.Waiting), q.Where(c => c.Severity == 1).Sum(c => c.Waiting), q.Min(c => c.NextDeadline)))
                    .Where(q => q.Waiting > 0),
            ],
            [.. state.Board.Urgent.Select(c => new UrgentCase(c.Number, c.Severity, c.Queue, c.Deadline, c.Owner, (Milestone?)c.ClockMilestone, c.ClockStart, c.Breached, c.Escalated, c.Handoff))],
            BySeverity(c => c.Waiting),
            counts.Min(c => c.WaitingSince),
            counts.Sum(c => c.Breached),
            counts.Sum(c => c.Handoffs),
            counts.Sum(c => c.DutyManager),
            counts.Sum(c => c.Escalations),
            counts.Sum(c => c.Untaken),
            counts.Sum(c => c.Ringing),
            state.Day is { } day ? new(day.Began, day.Met, day.Missed, day.Closed) : null,
            state.Day is { } hours ? new(hours.HoursFrom, hours.Opened) : null,
            state.Wanted is { } wanted ? new(wanted.Target, wanted.Amber, wanted.Red) : null);

        OpenBySeverity BySeverity(Func<BoardCount, int> count) => new(Of(1, count), Of(2, count), Of(3, count), Of(4, count));

        int Of(int severity, Func<BoardCount, int> count) => counts.Where(c => c.Severity == severity).Sum(count);
    }

    protected override object Change(object change, long version) => throw new InvalidOperationException("A wallboard tells no changes.");
}
