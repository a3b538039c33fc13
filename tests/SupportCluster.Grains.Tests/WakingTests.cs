using NodaTime;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Milestones;
using SupportCluster.Grains.Waking;

namespace SupportCluster.Grains.Tests;

/// <summary>Each net of waking alone, the other two off: what falls due is recorded at its own instant, once.</summary>
public sealed class WakingTests
{
    private static readonly Duration Minute = Duration.FromMinutes(1);

    [Theory, InlineData(Nets.Timer), InlineData(Nets.Reminder), InlineData(Nets.Sweep), InlineData(Nets.All)]
    public async Task A_warning_and_a_miss_are_recorded_at_their_instants_once(Nets nets)
    {
        await using var node = await TestNode.Start(nets);
        await node.Contract();
        var number = await node.Open(severity: 1);
        await node.PassUntil(() => Missed(node, number), 35 * Minute);
        await node.Pass(3 * Minute);

        // 30 minutes for the first response: warned at a quarter and at a tenth of it left.
        await AssertResponseMissed(node, number, TestNode.Monday);
        if (nets.HasFlag(Nets.Timer))
        {
            Assert.Empty(node.Store.Written.Where(w => w.Key.Type == "case" && w.Events.Count > 0 && w.Key.Id == number.Value).Skip(4));
        }
    }

    [Theory, InlineData(Nets.Timer), InlineData(Nets.Reminder), InlineData(Nets.Sweep)]
    public async Task A_leap_over_a_weekend_records_what_fell_due_in_order_at_its_own_instants(Nets nets)
    {
        await using var node = await TestNode.Start(nets, start: Instant.FromUtc(2026, 3, 6, 17, 30));
        await node.Contract("basic");
        var number = await node.Open(severity: 1);
        node.Time.SetUtcNow(new DateTimeOffset(2026, 3, 9, 9, 0, 0, TimeSpan.Zero));
        await node.PassUntil(() => Missed(node, number), 2 * Minute);
        var clocks = (await node.Events(number)).Where(e => e is CaseEvent.MilestoneWarned or CaseEvent.MilestoneMissed).Select(e => (e.GetType().Name, e.At)).ToList();

        // One hour of business from Friday 17:30: Monday 08:30.
        Assert.Equal(
            [
                (nameof(CaseEvent.MilestoneWarned), Instant.FromUtc(2026, 3, 9, 8, 15)),
                (nameof(CaseEvent.MilestoneWarned), Instant.FromUtc(2026, 3, 9, 8, 24)),
                (nameof(CaseEvent.MilestoneMissed), Instant.FromUtc(2026, 3, 9, 8, 30)),
            ],
            clocks);
        Assert.Equal(Instant.FromUtc(2026, 3, 9, 8, 30), (await node.State(number)).Milestone(MilestoneKind.InitialResponse).MissedAt);
    }

    [Theory]
    [InlineData(Nets.Timer, (int)Fault.Refuse), InlineData(Nets.Reminder, (int)Fault.Refuse), InlineData(Nets.Sweep, (int)Fault.Refuse)]
    [InlineData(Nets.Timer, (int)Fault.LoseAnswer), InlineData(Nets.Reminder, (int)Fault.LoseAnswer), InlineData(Nets.Sweep, (int)Fault.LoseAnswer)]
    public async Task A_store_that_fails_once_is_tried_again_with_one_outcome(Nets nets, int fault)
    {
        await using var node = await TestNode.Start(nets);
        await node.Contract();
        var number = await node.Open(severity: 1);
        node.Store.FailOnce((Fault)fault, w => w.Key.Id == number.Value && w.Events.Count > 0);
        await node.PassUntil(() => Missed(node, number), 35 * Minute);
        await node.Pass(2 * Minute);
        await AssertResponseMissed(node, number, TestNode.Monday);
    }

    [Theory, InlineData(Nets.Timer), InlineData(Nets.Reminder), InlineData(Nets.Sweep)]
    public async Task A_node_that_was_stopped_meanwhile_catches_up(Nets nets)
    {
        await using var node = await TestNode.Start(nets);
        await node.Contract();
        var number = await node.Open(severity: 1);
        await node.Stop();
        node.Time.Advance(TimeSpan.FromHours(1));
        await node.Start();
        if (nets == Nets.Timer)
        {
            // A timer belongs to a case in memory: one look at the case brings it there.
            await node.State(number);
        }

        await node.PassUntil(() => Missed(node, number), 3 * Minute);
        await node.Pass(2 * Minute);
        await AssertResponseMissed(node, number, TestNode.Monday);
    }

    [Theory, InlineData(Nets.Reminder), InlineData(Nets.Sweep)]
    public async Task A_case_that_left_memory_is_woken(Nets nets)
    {
        await using var node = await TestNode.Start(nets);
        await node.Contract();
        var number = await node.Open(severity: 1);
        await node.Deactivate(node.Case(number));
        await node.PassUntil(() => Missed(node, number), 35 * Minute);
        await AssertResponseMissed(node, number, TestNode.Monday);
    }

    [Theory, InlineData(Nets.Timer), InlineData(Nets.Reminder), InlineData(Nets.Sweep)]
    public async Task The_old_deadline_of_a_severity_that_was_changed_does_nothing(Nets nets)
    {
        await using var node = await TestNode.Start(nets);
        await node.Contract();
        var number = await node.Open(severity: 1);
        await node.Pass(10 * Minute);
        await node.Ask(number, new CaseCommand.ChangeSeverity(2, "Less urgent.")).Done();
        await node.Pass(25 * Minute);
        Assert.DoesNotContain(await node.Events(number), e => e is CaseEvent.MilestoneWarned or CaseEvent.MilestoneMissed);

        // Lowered: two hours from the acknowledgement.
        await node.PassUntil(() => Missed(node, number), Duration.FromHours(2));
        var missed = Assert.Single(await Misses(node, number));
        Assert.Equal((2, TestNode.Monday + Duration.FromHours(2)), (missed.Generation, missed.Deadline));
    }

    [Fact]
    public async Task Without_any_net_nothing_is_recorded_so_each_of_them_is_what_the_tests_above_see()
    {
        await using var node = await TestNode.Start(Nets.None);
        await node.Contract();
        var number = await node.Open(severity: 1);
        await node.Pass(35 * Minute);
        Assert.False(await Missed(node, number));
    }

    [Fact]
    public async Task Early_repeated_and_stale_ticks_do_nothing()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        var number = await node.Open(severity: 1);
        var wakes = node.Case(number).AsReference<IWakes>();
        await node.Settle();
        var before = node.Store.Written.Count;
        await wakes.Wake();
        Assert.Equal(before, node.Store.Written.Count);

        node.Time.Advance(TimeSpan.FromMinutes(31));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => wakes.Wake()));
        await AssertResponseMissed(node, number, TestNode.Monday);
        Assert.Equal(before + 1, node.Store.Written.Count);

        await node.Deactivate(node.Case(number));
        await wakes.Wake();
        await AssertResponseMissed(node, number, TestNode.Monday);
    }

    [Theory, InlineData(Nets.Timer, true), InlineData(Nets.Reminder, true), InlineData(Nets.Sweep, true), InlineData(Nets.Timer, false), InlineData(Nets.Reminder, false), InlineData(Nets.Sweep, false)]
    public async Task An_effect_that_could_not_be_delivered_is_delivered_later_and_once(Nets nets, bool crash)
    {
        await using var node = await TestNode.Start(nets);
        await node.Contract();
        await node.Hire("erin");
        var number = await node.Open(severity: 3);
        await node.Take("erin", number).Done();
        node.Store.Faults = w => w.Key.Type == "engineer" ? Fault.Refuse : null;
        await node.Ask(number, new CaseCommand.Release("Ill.")).Done();
        await node.Settle();
        Assert.Single((await node.Read("erin")).Cases);
        if (crash)
        {
            await node.Stop(crash: true);
            await node.Start();
            Assert.Single((await node.Read("erin")).Cases);
            if (nets == Nets.Timer)
            {
                await node.State(number);
            }
        }
        else
        {
            node.Store.Faults = _ => null;
        }

        await node.PassUntil(async () => (await node.Read("erin")).Cases.IsEmpty, 2 * Minute);
        await node.Pass(Minute);
        Assert.Single(await node.Events<Domain.Engineers.EngineerEvent>("engineer", "erin"), e => e is Domain.Engineers.EngineerEvent.Dropped);
        Assert.Equal([number], await node.Waiting());
    }

    private static async Task<IReadOnlyList<CaseEvent.MilestoneMissed>> Misses(TestNode node, CaseNumber number) => [.. (await node.Events(number)).OfType<CaseEvent.MilestoneMissed>()];

    private static async Task<bool> Missed(TestNode node, CaseNumber number) => (await Misses(node, number)).Count > 0;

    /// <summary>Severity 1 of Essential: 30 minutes, warned 7.5 and 3 minutes before.</summary>
    private static async Task AssertResponseMissed(TestNode node, CaseNumber number, Instant opened)
    {
        var due = opened + 30 * Minute;
        var events = (await node.Events(number)).Where(e => e is CaseEvent.MilestoneWarned or CaseEvent.MilestoneMissed).ToList();
        Assert.Equal(
            [
                (nameof(CaseEvent.MilestoneWarned), due - Duration.FromSeconds(450)),
                (nameof(CaseEvent.MilestoneWarned), due - 3 * Minute),
                (nameof(CaseEvent.MilestoneMissed), due),
            ],
            events.Select(e => (e.GetType().Name, e.At)));
        Assert.Equal(due, (await node.State(number)).Milestone(MilestoneKind.InitialResponse).MissedAt);
    }
}
