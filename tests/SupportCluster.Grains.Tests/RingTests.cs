using System.Text;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Centres;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Escalations;
using SupportCluster.Domain.Handoffs;
using SupportCluster.Domain.Rosters;
using SupportCluster.Grains.Centres;
using SupportCluster.Grains.Engineers;
using SupportCluster.Grains.Rosters;

namespace SupportCluster.Grains.Tests;

/// <summary>Cases ring at engineers, are accepted, and are handed on at the end of a shift (HB-5.4, HB-6.5).</summary>
public sealed class RingTests
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_case_rings_at_who_is_on_shift_and_reached_and_is_theirs_once_accepted()
    {
        await using var node = await Started();
        await Hire(node, "erin", "dublin");
        await Hire(node, "off", "dublin", "Mon-Fri 20:00-22:00");
        await Hire(node, "away", "dublin");
        await Reached(node, "erin", "off");
        var number = await node.Open(severity: 2);
        await Until(node, number, c => c.Ring is not null, "erin", "off");
        var rings = (await node.State(number)).Ring!;
        Assert.Equal(("erin", Duration.FromMinutes(2)), (rings.Engineer.Value, rings.Until - rings.Since));
        Assert.False(Assert.Single((await node.Read("erin")).Cases).Assigned);

        Assert.Equal("erin", (await node.Take("erin", number).Done()).State!.Owner?.Value);
        Assert.True(Assert.Single((await node.Read("erin")).Cases).Assigned);
        Assert.Empty(await node.Waiting());
    }

    [Fact]
    public async Task What_is_declined_rings_at_the_next_and_a_round_without_an_answer_is_escalated()
    {
        await using var node = await Started();
        await Hire(node, "ann", "dublin");
        await Hire(node, "bob", "dublin");
        await Reached(node, "ann", "bob");
        var number = await node.Open(severity: 1);
        await Until(node, number, c => c.Ring?.Engineer.Value == "ann", "ann", "bob");
        await node.Grains.GetGrain<IEngineerGrain>("ann").Decline(number, "At lunch.", Desk.Engineer("ann"), node.Request()).Done();
        Assert.Equal("not-ringing", (await node.Grains.GetGrain<IEngineerGrain>("ann").Decline(number, "Still at lunch.", Desk.Engineer("ann"), node.Request())).Refusal?.Code);
        await Until(node, number, c => c.Ring?.Engineer.Value == "bob", "ann", "bob");
        Assert.Empty((await node.Read("ann")).Cases);

        // Bob lets it ring.
        await Pass(node, Duration.FromMinutes(1), "ann", "bob");
        await Until(node, number, c => c.Escalation(EscalationCause.RingUnanswered) is not null, "ann", "bob");
        Assert.Contains(await node.Events(number), e => e is CaseEvent.RingExpired { Engineer.Value: "bob" });
    }

    [Fact]
    public async Task Who_is_not_reached_any_more_is_not_rung_any_longer()
    {
        await using var node = await Started();
        await Hire(node, "erin", "dublin");
        await Reached(node, "erin");
        var number = await node.Open(severity: 2);
        await Until(node, number, c => c.Ring is not null, "erin");
        await Reached(node);
        await Until(node, number, c => c.Ring is null);
        Assert.Contains(await node.Events(number), e => e is CaseEvent.RingEnded { Why: RingEnd.PresenceLost });
        await node.Until(async () => (await node.Read("erin")).Cases.IsEmpty);
    }

    [Fact]
    public async Task A_continuous_case_is_handed_to_the_next_shift_with_a_note_and_moves_on_acceptance_alone()
    {
        await using var node = await Started(offer: "global");
        await Hire(node, "erin", "dublin", "Mon-Fri 08:00-10:00");
        await Hire(node, "pam", "reading", "Mon-Fri 09:45-18:00");
        await Reached(node, "erin");
        var number = await node.Open(severity: 1);
        await node.Take("erin", number).Done();
        await Pass(node, Duration.FromMinutes(30), "erin", "pam");
        await Until(node, number, c => c.Handoff is not null, "erin", "pam");
        var asked = (await node.State(number)).Handoff!;
        Assert.InRange(asked.AskedAt, Instant.FromUtc(2026, 3, 2, 9, 30), Instant.FromUtc(2026, 3, 2, 9, 31));
        Assert.Equal(Instant.FromUtc(2026, 3, 2, 10, 0), asked.EndsAt);
        await Pass(node, Duration.FromMinutes(16), "erin", "pam");
        await node.Ask(number, new CaseCommand.GiveHandoffNote(new("Half restored.", "Restore the rest.", "A restart.", "Check the log.", "Ada, all night.")), Desk.Engineer("erin")).Done();
        await Until(node, number, c => c.Ring?.Engineer.Value == "pam", "erin", "pam");
        Assert.Equal("erin", (await node.State(number)).Owner?.Value);
        Assert.Equal([number], await node.Waiting());

        Assert.Equal("pam", (await node.Take("pam", number).Done()).State!.Owner?.Value);
        await node.Until(async () => (await node.Read("erin")).Cases.IsEmpty);
        Assert.Empty(await node.Waiting());
        Assert.Null((await node.State(number)).Handoff);
    }

    [Fact]
    public async Task A_handoff_that_nobody_accepts_leaves_the_duty_manager_answerable()
    {
        await using var node = await Started(offer: "global");
        await Hire(node, "erin", "dublin", "Mon-Fri 08:00-10:00");
        await Reached(node, "erin");
        var number = await node.Open(severity: 1);
        await node.Take("erin", number).Done();
        await Pass(node, Duration.FromMinutes(61), "erin");
        await Until(node, number, c => c.Handoff?.DutyManager is not null, "erin");
        var state = await node.State(number);
        Assert.Equal("erin", state.Owner?.Value);
        Assert.Equal(state.Handoff!.DutyManager, state.Escalation(EscalationCause.HandoffUnaccepted)?.Told);
    }

    /// <summary>The case has said yes, and the engineer's own record of it is lost, or that of the shift's end: then nobody would hear of the case when its owner goes home.</summary>
    [Theory]
    [InlineData("engineer-assigned", (int)Fault.Refuse), InlineData("engineer-assigned", (int)Fault.LoseAnswer), InlineData("engineer-shift-planned", (int)Fault.Refuse)]
    public async Task A_case_whose_taking_was_written_down_late_is_handed_on_at_the_end_of_the_shift_all_the_same(string written, int fault)
    {
        await using var node = await Started(offer: "global");
        await Hire(node, "erin", "dublin", "Mon-Fri 08:00-10:00");
        await Hire(node, "pam", "reading", "Mon-Fri 09:45-18:00");
        var number = await node.Open(severity: 1);
        node.Store.FailOnce((Fault)fault, w => w.Key.Type == "engineer" && w.Events.Any(e => Encoding.UTF8.GetString(e.Json.Span).Contains(written, StringComparison.Ordinal)));
        await node.Take("erin", number);
        Assert.Equal("erin", (await node.State(number)).Owner?.Value);
        await Pass(node, Duration.FromMinutes(31), "pam");
        await Until(node, number, c => c.Handoff is not null, "pam");
        Assert.Equal(Instant.FromUtc(2026, 3, 2, 10, 0), (await node.State(number)).Handoff!.EndsAt);
    }

    /// <summary>A ring may be accepted in the last moment of a shift, and the acceptance arrive in the first one after it.</summary>
    [Fact]
    public async Task A_continuous_case_that_is_taken_after_the_end_of_the_shift_is_handed_on_at_once()
    {
        await using var node = await Started(offer: "global");
        await Hire(node, "erin", "dublin", "Mon-Fri 08:00-09:00");
        await Hire(node, "pam", "reading", "Mon-Fri 08:00-18:00");
        var number = await node.Open(severity: 1);
        await node.Take("erin", number).Done();
        await Until(node, number, c => c.Ring?.Engineer.Value == "pam", "pam");
        var state = await node.State(number);
        Assert.Equal(("erin", Instant.FromUtc(2026, 3, 3, 8, 0)), (state.Owner?.Value, state.OwnerAbsence?.Until));
        Assert.Equal(state.Handoff!.DutyManager, state.Escalation(EscalationCause.HandoffUnaccepted)?.Told);
        Assert.Equal("pam", (await node.Take("pam", number).Done()).State!.Owner?.Value);
        await node.Until(async () => (await node.Read("erin")).Cases.IsEmpty);
    }

    [Fact]
    public async Task A_centre_that_closes_early_hands_everything_over_at_once_and_is_rung_no_more()
    {
        await using var node = await Started(offer: "global");
        await Hire(node, "erin", "dublin");
        await Hire(node, "evan", "dublin");
        await Hire(node, "pam", "reading");
        var number = await node.Open(severity: 1);
        await node.Take("erin", number).Done();
        await Reached(node, "evan");
        var rings = await node.Open(severity: 2);
        await Until(node, rings, c => c.Ring?.Engineer.Value == "evan", "evan");

        var (closed, refusal) = await node.Grains.GetGrain<ICentreClosuresGrain>("dublin").Close(null, node.Now + Duration.FromHours(30), "Storm.", Desk.Manager, node.Request());
        Assert.Null(refusal);
        var closedAt = Assert.Single(closed!.All).From;
        await Until(node, number, c => c.Ring?.Engineer.Value == "pam", "evan", "pam");
        var handoff = (await node.State(number)).Handoff!;
        Assert.Equal((HandoffReason.CentreClosesEarly, closedAt), (handoff.Reason, handoff.EndsAt));
        await Until(node, rings, c => c.Ring?.Engineer.Value == "pam", "evan", "pam");
        Assert.DoesNotContain((await node.Events(rings)).SkipWhile(e => e is not CaseEvent.RingEnded), e => e is CaseEvent.RingStarted { Engineer.Value: "evan" });

        Assert.Equal("pam", (await node.Take("pam", number).Done()).State!.Owner?.Value);
        Assert.Equal("centre-not-found", (await node.Grains.GetGrain<ICentreClosuresGrain>("atlantis").Reopen(Desk.Manager, null)).Refusal?.Code);
    }

    [Fact]
    public async Task A_centre_that_opens_again_leaves_the_case_to_its_owner()
    {
        await using var node = await Started(offer: "global");
        await Hire(node, "erin", "dublin");
        await Reached(node, "erin");
        var number = await node.Open(severity: 1);
        await node.Take("erin", number).Done();
        Assert.Null((await node.Grains.GetGrain<ICentreClosuresGrain>("dublin").Close(null, node.Now + Duration.FromHours(30), "Storm.", Desk.Manager, node.Request())).Refusal);
        await Until(node, number, c => c.Handoff?.DutyManager is not null, "erin");

        Assert.Null((await node.Grains.GetGrain<ICentreClosuresGrain>("dublin").Reopen(Desk.Manager, node.Request())).Refusal);
        await Until(node, number, c => c.Handoff is null, "erin");
        var state = await node.State(number);
        Assert.Equal(("erin", null, null), (state.Answerable, state.OwnerAbsence, state.Escalation(EscalationCause.HandoffUnaccepted)));
    }

    [Fact]
    public async Task A_leave_entered_while_its_owner_is_off_shift_hands_over_what_falls_due_meanwhile()
    {
        await using var node = await Started();
        await Hire(node, "erin", "dublin", "Mon-Fri 08:00-10:00");
        await Hire(node, "pam", "reading", "Mon-Fri 09:00-18:00");
        await Reached(node, "erin", "pam");
        var number = await node.Open(severity: 2);
        await node.Take("erin", number).Done();
        await node.Ask(number, new CaseCommand.Respond(Channel.CallBack, "Hello."), Desk.Engineer("erin")).Done();
        await Pass(node, Duration.FromMinutes(65), "pam");
        Assert.Equal((null, Instant.FromUtc(2026, 3, 3, 8, 0)), ((await node.State(number)).Handoff, (await node.State(number)).OwnerAbsence?.Until));

        var engineer = node.Grains.GetGrain<IEngineerGrain>("erin");
        Assert.Null((await engineer.SetSchedule(new("Mon-Fri 08:00-10:00", [new(new(2026, 3, 3), new(2026, 3, 27))]), Desk.Manager, node.Request())).Refusal);
        await Until(node, number, c => c.Ring?.Engineer.Value == "pam", "pam");
        Assert.Equal(HandoffReason.MilestoneDue, (await node.State(number)).Handoff!.Reason);

        // The leave is taken back: it waits for its owner again.
        Assert.Null((await engineer.SetSchedule(new("Mon-Fri 08:00-10:00"), Desk.Manager, node.Request())).Refusal);
        await Until(node, number, c => c.Handoff is null && c.Ring is null, "pam");
        Assert.Equal(Instant.FromUtc(2026, 3, 3, 8, 0), (await node.State(number)).OwnerAbsence?.Until);
    }

    [Fact]
    public async Task A_closure_told_ahead_begins_although_its_grain_was_away_and_a_crash_comes_between()
    {
        await using var node = await Started(offer: "global");
        await Hire(node, "erin", "dublin");
        await Hire(node, "pam", "reading");
        var number = await node.Open(severity: 1);
        await node.Take("erin", number).Done();
        var start = node.Now + Duration.FromMinutes(40);
        Assert.Null((await node.Grains.GetGrain<ICentreClosuresGrain>("dublin").Close(start, start + Duration.FromHours(8), "Storm.", Desk.Manager, node.Request())).Refusal);
        await node.Stop(crash: true);
        await node.Start();

        // Like the end of a shift it is known ahead; and when it has come the centre's own record says so.
        await Pass(node, start - node.Now - Duration.FromMinutes(20), "pam");
        await Until(node, number, c => c.Handoff is not null, "pam");
        Assert.Equal((HandoffReason.ShiftEnds, start), ((await node.State(number)).Handoff!.Reason, (await node.State(number)).Handoff!.EndsAt));
        await Pass(node, start - node.Now + Duration.FromSeconds(1), "pam");
        await node.Until(async () => (await node.Events<CentreEvent>(ICentreClosuresGrain.Type, "dublin")).Any(e => e is CentreEvent.ClosureBegan));
        Assert.Equal(start + Duration.FromHours(8), (await node.State(number)).OwnerAbsence!.Until);
    }

    [Fact]
    public async Task Who_stands_in_for_the_duty_manager_is_told_of_an_escalation()
    {
        await using var node = await Started();
        var number = await node.Open(severity: 2);
        var other = await node.Open(severity: 2);
        await node.Ask(other, new CaseCommand.Escalate("Nothing happens."), Desk.Ada).Done();
        var duty = node.Grains.GetGrain<IDutyGrain>("emea");
        var request = node.Request();
        Assert.Null((await duty.StandIn(node.Now, node.Now + Duration.FromDays(1), "zoe", Desk.Manager, request)).Refusal);
        Assert.Null((await duty.StandIn(node.Now, node.Now + Duration.FromDays(1), "zoe", Desk.Manager, request)).Refusal);
        Assert.Single((await duty.Read())!.Overrides);

        await node.Ask(number, new CaseCommand.Escalate("Nothing happens."), Desk.Ada).Done();
        Assert.Equal("zoe", (await node.State(number)).Escalation(EscalationCause.Customer)?.Told);
        Assert.NotEqual("zoe", (await node.State(other)).Escalation(EscalationCause.Customer)?.Told);
        Assert.Equal("role-not-allowed", (await duty.StandIn(node.Now, node.Now + Duration.FromDays(1), "me", Desk.Engineer("erin"), null)).Refusal?.Code);
        Assert.Equal("region-not-found", (await node.Grains.GetGrain<IDutyGrain>("moon").Swap(node.Now, node.Now, Desk.Manager, null)).Refusal?.Code);
    }

    private static async Task<TestNode> Started(string offer = "essential")
    {
        var node = await TestNode.Start(Nets.Timer | Nets.Sweep | Nets.Rings);
        await node.Contract(offer);
        return node;
    }

    private static async Task Hire(TestNode node, string id, string centre, string? pattern = null)
    {
        var profile = new EngineerProfile(id, "emea", ["servers"], ["en"], null, centre, pattern is null ? null : new EngineerSchedule(pattern));
        Assert.Null((await node.Grains.GetGrain<IEngineerGrain>(id).SetProfile(profile, Desk.Manager, null)).Refusal);
    }

    private static Task Reached(TestNode node, params string[] engineers) => node.Grains.GetGrain<IRosterGrain>(IRosterGrain.World).Connected("node", [.. engineers]);

    /// <summary>Lets time pass while these engineers stay connected.</summary>
    private static async Task Pass(TestNode node, Duration span, params string[] reached)
    {
        for (var end = node.Now + span; node.Now < end;)
        {
            await Reached(node, reached);
            await node.Pass(Duration.FromSeconds(10));
        }
    }

    /// <summary>Waits until a case is as expected. Queues look once a second of the silo's own clock; now and then the test's moves too, for those who rest.</summary>
    private static async Task Until(TestNode node, CaseNumber number, Func<CaseState, bool> condition, params string[] reached)
    {
        for (var looks = 1; !condition(await node.State(number)); looks++)
        {
            Assert.True(looks < 6000, $"It did not happen by {node.Now}: {string.Join(", ", (await node.Events(number)).Select(e => e.GetType().Name))}");
            await Reached(node, reached);
            await node.Settle();
            if (looks % 100 == 0)
            {
                node.Time.Advance(Glance);
            }
        }
    }
}
