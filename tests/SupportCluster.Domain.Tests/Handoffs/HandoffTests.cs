using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Handoffs;
using Xunit;
using static SupportCluster.Domain.Tests.GivenCase;

namespace SupportCluster.Domain.Tests.Handoffs;

/// <summary>HB-6.4, HB-6.5: a case goes from engineer to engineer. Aoife's shift ends at 17:00 on Friday, 2026-03-06, and the next starts on Monday at 09:00.</summary>
public sealed class HandoffTests
{
    private static readonly Guid Second = Guid.Parse("01890000-0000-7000-8000-000000000002");
    private static readonly Guid Third = Guid.Parse("01890000-0000-7000-8000-000000000003");
    private static readonly HandoffNote Note = new("The index is rebuilt.", "Restart, then verify.", "A repair.", "Look at the log.", "Ada, by phone.");
    private static readonly CaseCommand ShiftEnds = Ends("2026-03-06T17:00Z", "2026-03-09T09:00Z");

    [Fact]
    public void Half_an_hour_before_the_shift_ends_the_owner_is_asked_for_a_note()
    {
        var given = Continuous();
        var asked = given.When("2026-03-06T16:30Z", Actor.System, ShiftEnds).OfType<CaseEvent.HandoffNoteAsked>().Single();

        Assert.Equal((HandoffReason.ShiftEnds, "2026-03-06T16:50Z", "2026-03-06T17:00Z"), (asked.Reason, Text(asked.SeekFrom), Text(asked.EndsAt)));
        Assert.False(given.State.SeeksEngineer);
        Assert.Equal("eng-aoife", given.State.Answerable);
        Assert.Empty(given.When("2026-03-06T16:31Z", Actor.System, ShiftEnds));
    }

    [Fact]
    public void The_next_engineer_is_looked_for_once_the_note_is_there()
    {
        var given = Asked();
        given.When("2026-03-06T16:40Z", Aoife, new CaseCommand.GiveHandoffNote(Note));

        Assert.True(given.State.SeeksEngineer);
        Assert.Equal(new WrittenHandoffNote(Note, TheDefaultPolicy.Utc("2026-03-06T16:40Z"), "eng-aoife"), given.State.HandoffNote);
    }

    [Fact]
    public void Without_a_note_the_search_begins_two_rings_before_the_owner_leaves()
    {
        var given = Asked();
        given.Tick("2026-03-06T16:49Z");
        Assert.False(given.State.SeeksEngineer);
        given.Tick("2026-03-06T16:50Z");

        Assert.False(Assert.IsType<CaseEvent.HandoffSought>(given.History[^1]).WithNote);
    }

    [Fact]
    public void Only_on_acceptance_the_case_moves_and_the_note_goes_along()
    {
        var given = Seeking();
        Ring(given, "2026-03-06T16:41Z", "eng-bela", Second);
        Assert.Equal(new("eng-aoife"), given.State.Owner);
        Assert.Equal("2026-03-06T16:46Z", Text(given.State.Ring!.Until));
        var before = given.State;
        given.When("2026-03-06T16:42Z", Bela, new CaseCommand.Assign(new("eng-bela"), Second, 1));

        Assert.Equal(new CaseEvent.HandoffAccepted(TheDefaultPolicy.Utc("2026-03-06T16:42Z"), "eng-bela", new("eng-aoife"), new("eng-bela"), Second), given.History[^1]);
        Assert.Equal((new("eng-bela"), null, null), (given.State.Owner, given.State.Handoff, given.State.Ring));
        Assert.Equal(Note, given.State.HandoffNote!.Note);
        Assert.Contains(new CaseEffect.ReleaseEngineer(given.State.Version, new("eng-aoife"), before.Reservation!.Value), CaseEffect.Between(before, given.State));
        Assert.DoesNotContain(CaseEffect.Between(before, given.State), e => e is CaseEffect.ReleaseEngineer { Engineer.Value: "eng-bela" });
    }

    [Fact]
    public void Declined_or_unanswered_one_after_the_other_is_asked_and_the_duty_manager_is_answerable_when_the_owner_leaves()
    {
        var given = Seeking();
        Ring(given, "2026-03-06T16:41Z", "eng-bela", Second);
        given.When("2026-03-06T16:42Z", Bela, new CaseCommand.DeclineRing(new("eng-bela"), Second, "Full."));
        Ring(given, "2026-03-06T16:42Z", "eng-cara", Third);
        given.Tick("2026-03-06T16:47Z");
        Assert.Equal([new("eng-bela"), new("eng-cara")], given.State.Passed!.Value);
        given.Tick("2026-03-06T16:59Z");
        Assert.Equal("eng-aoife", given.State.Answerable);

        given.Tick("2026-03-06T17:00Z");
        Assert.Equal("manager-emea", given.History.OfType<CaseEvent.HandoffUnaccepted>().Single().DutyManager);
        Assert.Equal(("manager-emea", "eng-aoife", true), (given.State.Answerable, given.State.Owner?.Value, given.State.SeeksEngineer));
    }

    [Fact]
    public void When_nobody_is_left_to_ask_the_duty_manager_is_told_at_once_and_all_are_asked_again()
    {
        var given = Seeking();
        Ring(given, "2026-03-06T16:41Z", "eng-bela", Second);
        Assert.Equal("not-sought", given.Refused("2026-03-06T16:42Z", Actor.System, new CaseCommand.NobodyFound()).Code);
        given.When("2026-03-06T16:42Z", Bela, new CaseCommand.DeclineRing(new("eng-bela"), Second, "Full."));

        Assert.Equal(["RingRoundEnded", "HandoffUnaccepted", "Escalated"], given.When("2026-03-06T16:43Z", Actor.System, new CaseCommand.NobodyFound()).Select(e => e.GetType().Name));
        Assert.Null(given.State.Passed);
        Assert.Empty(given.When("2026-03-06T16:44Z", Actor.System, new CaseCommand.NobodyFound()));
        Ring(given, "2026-03-06T16:45Z", "eng-bela", Third);
        given.When("2026-03-06T16:46Z", Bela, new CaseCommand.Assign(new("eng-bela"), Third, 1));
        Assert.Equal("eng-bela", given.State.Answerable);
    }

    [Fact]
    public void A_stand_in_of_the_duty_manager_is_named()
    {
        var given = Seeking();
        var decision = Case.Decide(given.State, new CaseCommand.NobodyFound(), Actor.System, given.Policy, TheDefaultPolicy.Utc("2026-03-06T16:43Z"),
            [new(TheDefaultPolicy.Utc("2026-03-06T00:00Z"), TheDefaultPolicy.Utc("2026-03-07T00:00Z"), "eve")]);

        Assert.Equal("eve", decision.Events.OfType<CaseEvent.HandoffUnaccepted>().Single().DutyManager);
    }

    [Fact]
    public void When_the_owner_is_back_without_anybody_having_accepted_it_is_the_owners_again()
    {
        var given = Seeking();
        given.Tick("2026-03-09T09:00Z");

        Assert.Equal(["HandoffWithdrawn", "Deescalated"], given.History.TakeLast(2).Select(e => e.GetType().Name));
        Assert.Equal("eng-aoife", given.State.Answerable);
    }

    [Fact]
    public void The_owner_does_not_accept_the_own_handoff_and_others_take_it_by_hand_only_while_it_is_sought()
    {
        Assert.Equal("already-owned", Seeking().Refused("2026-03-06T16:41Z", Aoife, new CaseCommand.Assign(new("eng-aoife"), Second, 1)).Code);
        Assert.Equal("already-owned", Asked().Refused("2026-03-06T16:31Z", Bela, new CaseCommand.Assign(new("eng-bela"), Second, 1)).Code);
        Assert.Equal("already-owned", Seeking().Refused("2026-03-06T16:41Z", Actor.System, new CaseCommand.Ring(new("eng-aoife"), Second, 1, false)).Code);

        var taken = Seeking();
        Ring(taken, "2026-03-06T16:41Z", "eng-cara", Third);
        taken.When("2026-03-06T16:42Z", Bela, new CaseCommand.Assign(new("eng-bela"), Second, 1));
        Assert.Equal(["HandoffAccepted", "RingEnded"], taken.History.TakeLast(2).Select(e => e.GetType().Name));
    }

    [Fact]
    public void A_centre_that_closes_early_hands_everything_over_at_once()
    {
        var given = Opened("essential", 3, "2026-03-06T09:00Z").TakenByAoife("2026-03-06T09:01Z");
        given.When("2026-03-06T12:00Z", Actor.System, new CaseCommand.EndShift(new("eng-aoife"), TheDefaultPolicy.Utc("2026-03-06T12:00Z"), TheDefaultPolicy.Utc("2026-03-09T09:00Z"), CentreClosesEarly: true));

        Assert.True(given.State.SeeksEngineer);
        Assert.Equal("manager-emea", given.State.Answerable);
        Assert.Equal(["OwnerAway", "HandoffNoteAsked", "HandoffSought", "HandoffUnaccepted", "Escalated"], given.History.TakeLast(5).Select(e => e.GetType().Name));
    }

    [Fact]
    public void A_centre_that_closes_early_during_the_notice_does_not_wait_for_the_note()
    {
        var given = Asked();
        given.When("2026-03-06T16:35Z", Actor.System, new CaseCommand.EndShift(new("eng-aoife"), TheDefaultPolicy.Utc("2026-03-06T16:35Z"), null, CentreClosesEarly: true));

        Assert.True(given.State.SeeksEngineer);
    }

    [Fact]
    public void Outside_continuous_service_the_case_waits_for_the_next_shift()
    {
        var given = Opened("essential", 2, "2026-03-06T09:00Z").TakenByAoife("2026-03-06T09:01Z");
        given.When("2026-03-06T09:30Z", Aoife, new CaseCommand.Respond(Channel.CallBack, "Hello."));
        given.When("2026-03-06T16:30Z", Actor.System, ShiftEnds);

        Assert.Null(given.State.Handoff);
        Assert.Equal(new OwnerAbsence(TheDefaultPolicy.Utc("2026-03-06T17:00Z"), TheDefaultPolicy.Utc("2026-03-09T09:00Z")), given.State.OwnerAbsence);
    }

    [Fact]
    public void Unless_a_running_milestone_falls_due_before_it()
    {
        var given = Opened("essential", 1, "2026-03-06T16:00Z").TakenByAoife("2026-03-06T16:01Z");
        Assert.Equal("2026-03-07T00:00Z", Due(given.Restoration));
        given.When("2026-03-06T16:30Z", Actor.System, ShiftEnds);

        Assert.Equal(HandoffReason.MilestoneDue, given.State.Handoff!.Reason);
    }

    [Fact]
    public void An_answer_at_night_that_makes_a_clock_run_out_before_the_owner_is_back_starts_the_handoff_at_once()
    {
        var given = Opened("essential", 1, "2026-03-06T16:00Z").TakenByAoife("2026-03-06T16:01Z");
        given.When("2026-03-06T16:10Z", Aoife, new CaseCommand.AskCustomer("Which release?"));
        given.When("2026-03-06T16:30Z", Actor.System, ShiftEnds);
        Assert.Null(given.State.Handoff);

        given.When("2026-03-06T23:00Z", Contact, new CaseCommand.Answer("2.1."));
        Assert.Equal((HandoffReason.MilestoneDue, true, "manager-emea"), (given.State.Handoff!.Reason, given.State.SeeksEngineer, given.State.Answerable));
    }

    [Fact]
    public void A_case_raised_to_severity_1_while_its_owner_sleeps_is_handed_off_at_once()
    {
        var given = Opened("rps", 3, "2026-03-06T09:00Z").TakenByAoife("2026-03-06T09:01Z");
        given.When("2026-03-06T16:30Z", Actor.System, ShiftEnds);
        given.When("2026-03-06T22:00Z", Contact, new CaseCommand.ChangeSeverity(1, "The site is down."));

        Assert.Equal((HandoffReason.ShiftEnds, true), (given.State.Handoff!.Reason, given.State.SeeksEngineer));
    }

    [Fact]
    public void A_met_milestone_and_restored_service_make_the_handoff_needless()
    {
        var due = Opened("essential", 1, "2026-03-06T16:00Z").TakenByAoife("2026-03-06T16:01Z");
        due.When("2026-03-06T16:10Z", Aoife, new CaseCommand.Respond(Channel.CallBack, "Hello."));
        due.When("2026-03-06T16:30Z", Actor.System, ShiftEnds);
        due.When("2026-03-06T16:45Z", Contact, new CaseCommand.RestoreService("It runs."));
        Assert.Equal((null, "HandoffWithdrawn"), (due.State.Handoff, due.History[^1].GetType().Name));

        var continuous = Seeking();
        Ring(continuous, "2026-03-06T16:41Z", "eng-bela", Second);
        continuous.When("2026-03-06T16:42Z", Contact, new CaseCommand.RestoreService("It runs."));
        Assert.Equal(["HandoffWithdrawn", "RingEnded"], continuous.History.TakeLast(2).Select(e => e.GetType().Name));
    }

    [Fact]
    public void An_owner_who_is_back_later_than_was_said_hands_over_what_falls_due_until_then()
    {
        var given = Opened("essential", 2, "2026-03-06T09:00Z").TakenByAoife("2026-03-06T09:01Z");
        given.When("2026-03-06T09:30Z", Aoife, new CaseCommand.Respond(Channel.CallBack, "Hello."));
        given.When("2026-03-06T16:30Z", Actor.System, ShiftEnds);
        Assert.Null(given.State.Handoff);

        // The centre is closed on Monday too, and then Aoife is on leave.
        given.When("2026-03-08T12:00Z", Actor.System, Ends("2026-03-08T12:00Z", "2026-03-30T09:00Z"));
        Assert.Equal(new OwnerAbsence(TheDefaultPolicy.Utc("2026-03-06T17:00Z"), TheDefaultPolicy.Utc("2026-03-30T09:00Z")), given.State.OwnerAbsence);
        Assert.Equal((HandoffReason.MilestoneDue, true), (given.State.Handoff!.Reason, given.State.SeeksEngineer));

        // Told anew that it is Monday after all, it waits again.
        given.When("2026-03-08T12:30Z", Actor.System, Ends("2026-03-08T12:30Z", "2026-03-09T09:00Z"));
        Assert.Null(given.State.Handoff);
    }

    [Fact]
    public void An_owner_who_stays_after_all_keeps_the_case()
    {
        var given = Seeking();
        Ring(given, "2026-03-06T16:41Z", "eng-bela", Second);
        given.When("2026-03-06T16:42Z", Actor.System, new CaseCommand.StayOnShift(new("eng-aoife")));

        Assert.Equal(["HandoffWithdrawn", "OwnerStays", "RingEnded"], given.History.TakeLast(3).Select(e => e.GetType().Name));
        Assert.Equal((null, null, "eng-aoife"), (given.State.Handoff, given.State.OwnerAbsence, given.State.Answerable));
        Assert.Empty(given.When("2026-03-06T16:43Z", Actor.System, new CaseCommand.StayOnShift(new("eng-aoife"))));
    }

    [Fact]
    public void Declined_continuous_service_withdraws_the_handoff_when_work_stops()
    {
        var given = Opened("rps", 1, "2026-03-06T16:00Z").TakenByAoife("2026-03-06T16:01Z");
        given.When("2026-03-06T16:10Z", Aoife, new CaseCommand.Respond(Channel.CallBack, "Hello."));
        given.When("2026-03-06T16:30Z", Actor.System, ShiftEnds);
        given.When("2026-03-06T16:35Z", Contact, new CaseCommand.DeclineContinuousService("We sleep."));
        given.Tick("2026-03-06T18:00Z");

        Assert.True(given.State.IsStopped);
        Assert.Null(given.State.Handoff);
    }

    [Fact]
    public void Given_back_or_closed_there_is_nothing_to_hand_off()
    {
        var released = Seeking();
        released.When("2026-03-06T16:41Z", Aoife, new CaseCommand.Release("Better in the queue."));
        Assert.Equal((null, true), (released.State.Handoff, released.State.SeeksEngineer));

        var closed = Seeking();
        Ring(closed, "2026-03-06T16:41Z", "eng-bela", Second);
        closed.When("2026-03-06T16:42Z", Contact, new CaseCommand.Close("It went away."));
        Assert.Equal((null, null, null), (closed.State.Handoff, closed.State.Ring, closed.State.NextDue));
    }

    [Fact]
    public void The_shift_of_somebody_who_does_not_have_the_case_is_no_matter() =>
        Assert.DoesNotContain(Continuous().When("2026-03-06T16:30Z", Actor.System, new CaseCommand.EndShift(new("eng-bela"), TheDefaultPolicy.Utc("2026-03-06T17:00Z"), null, false)), e => e is CaseEvent.OwnerAway);

    [Fact]
    public void A_note_says_everything() => Assert.Equal(("text-missing", "/tried", "HB-6.5"),
        Asked().Refused("2026-03-06T16:40Z", Aoife, new CaseCommand.GiveHandoffNote(Note with { Tried = "" })) is var r ? (r.Code, r.Pointer, r.Rule) : default);

    private static CaseCommand.EndShift Ends(string at, string next) => new(new("eng-aoife"), TheDefaultPolicy.Utc(at), TheDefaultPolicy.Utc(next), CentreClosesEarly: false);

    private static GivenCase Continuous()
    {
        var given = Opened("rps", 1, "2026-03-06T16:00Z").TakenByAoife("2026-03-06T16:01Z");
        given.When("2026-03-06T16:02Z", Aoife, new CaseCommand.Respond(Channel.CallBack, "Hello."));
        return given;
    }

    private static GivenCase Asked()
    {
        var given = Continuous();
        given.When("2026-03-06T16:30Z", Actor.System, ShiftEnds);
        return given;
    }

    private static GivenCase Seeking()
    {
        var given = Asked();
        given.When("2026-03-06T16:40Z", Aoife, new CaseCommand.GiveHandoffNote(Note));
        return given;
    }

    private static void Ring(GivenCase given, string at, string engineer, Guid reservation) =>
        given.When(at, Actor.System, new CaseCommand.Ring(new(engineer), reservation, given.State.Severity, FallbackLanguage: false, Centre: "reading"));
}
