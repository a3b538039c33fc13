using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Milestones;
using Xunit;
using static SupportCluster.Domain.Tests.GivenCase;

namespace SupportCluster.Domain.Tests.Handbook;

/// <summary>HB-3.3, HB-6.3, HB-6.4: who is worked on day and night, and who keeps local business hours. 2026-03-06 is a Friday.</summary>
public sealed class OwnHoursTests
{
    private static readonly CaseCommand Decline = new CaseCommand.DeclineContinuousService("We sleep at night.");
    private static readonly CaseCommand TakeBack = new CaseCommand.TakeBackContinuousService("We are awake.");

    [Theory]
    [InlineData("basic", 1, false, true)]
    [InlineData("essential", 1, false, false)]
    [InlineData("rps", 1, true, false)]
    [InlineData("rps", 2, false, false)]
    [InlineData("global", 1, true, false)]
    public void Continuous_by_offer_and_severity_and_Basic_keeps_local_hours(string offer, int severity, bool continuous, bool local)
    {
        var given = Opened(offer, severity, "2026-03-06T09:00Z");

        Assert.Equal((continuous, local), (given.State.IsContinuous, given.State.Hours is not null));
    }

    [Fact]
    public void Basic_stops_on_Friday_at_18_00_and_goes_on_on_Monday_at_08_00_without_a_hold()
    {
        var given = Opened("basic", 1, "2026-03-06T16:00Z");
        var due = Due(given.Restoration);
        var stopped = given.Tick("2026-03-06T18:00Z").OfType<CaseEvent.WorkStopped>().Single();

        Assert.Equal((WorkLimit.Offer, "2026-03-09T08:00Z"), (stopped.Limit, Text(stopped.ResumesAt)));
        Assert.True(given.State.IsStopped);
        Assert.Equal(MilestoneState.Running, given.Restoration.State);
        Assert.True(given.State.NextDue <= stopped.ResumesAt);
        given.Tick("2026-03-09T08:00Z");
        Assert.False(given.State.IsStopped);
        Assert.Equal("2026-03-09T18:00Z", Text(given.State.Hours!.StopsAt));
        Assert.Equal(due, Due(given.Restoration));
    }

    [Fact]
    public void A_case_reported_at_night_is_stopped_from_the_start()
    {
        var given = Opened("basic", 2, "2026-03-06T22:00Z");

        Assert.Equal("2026-03-09T08:00Z", Text(given.State.Hours!.ResumesAt));
    }

    [Fact]
    public void Over_a_public_holiday_work_rests_too()
    {
        var given = Opened("basic", 1, "2026-12-24T16:00Z", policy: TheDefaultPolicy.WithHolidays);
        given.Tick("2026-12-24T18:00Z");

        Assert.Equal("2026-12-29T08:00Z", Text(given.State.Hours!.ResumesAt));
    }

    /// <summary>Friday 16:00 + 2 h until closing, 62 h on hold, and the remaining 6 h on Monday.</summary>
    [Fact]
    public void Declined_the_clocks_of_restoration_and_solution_are_on_hold_while_work_is_stopped()
    {
        var given = Opened("rps", 1, "2026-03-06T16:00Z");
        given.When("2026-03-06T16:00Z", Contact, Decline);
        Assert.False(given.State.IsContinuous);
        given.Tick("2026-03-06T18:00Z");
        Assert.Equal((MilestoneState.OnHold, MilestoneState.OnHold), (given.Restoration.State, given.Solution.State));
        Assert.Equal(CaseStatus.Queued, given.State.Status);

        given.Tick("2026-03-09T08:00Z");
        Assert.Equal("2026-03-09T14:00Z", Due(given.Restoration));
        Assert.Equal(new Hold(HoldReason.ClosedHours, TheDefaultPolicy.Utc("2026-03-06T18:00Z"), TheDefaultPolicy.Utc("2026-03-09T08:00Z")), Assert.Single(given.State.Holds));
    }

    [Fact]
    public void Taken_back_at_night_work_goes_on_at_once()
    {
        var given = Opened("rps", 1, "2026-03-06T16:00Z");
        given.When("2026-03-06T17:00Z", Contact, Decline);
        given.Tick("2026-03-06T18:00Z");
        given.When("2026-03-06T20:00Z", Contact, TakeBack);

        Assert.True(given.State.IsContinuous);
        Assert.Null(given.State.Hours);
        Assert.Equal("2026-03-07T02:00Z", Due(given.Restoration));
    }

    [Fact]
    public void Declined_at_night_work_stops_at_once()
    {
        var given = Opened("rps", 1, "2026-03-06T16:00Z");
        given.When("2026-03-06T20:00Z", Contact, Decline);

        Assert.Equal("2026-03-09T08:00Z", Text(given.State.Hours!.ResumesAt));
        Assert.Equal(MilestoneState.OnHold, given.Restoration.State);
    }

    [Fact]
    public void A_contact_lost_puts_the_clocks_on_hold_at_once_and_stops_the_work_at_closing()
    {
        var given = Opened("rps", 1, "2026-03-06T16:00Z");
        given.When("2026-03-06T17:00Z", Rep, new CaseCommand.ContactUnavailable("On a flight."));
        Assert.Equal(MilestoneState.OnHold, given.Restoration.State);
        Assert.False(given.State.IsStopped);
        given.Tick("2026-03-06T18:00Z");
        Assert.Equal(WorkLimit.Contact, given.History.OfType<CaseEvent.WorkStopped>().Single().Limit);

        given.When("2026-03-06T21:00Z", Contact, new CaseCommand.ContactAvailable("Landed."));
        Assert.True(given.State.IsContinuous);
        Assert.Equal("2026-03-07T04:00Z", Due(given.Restoration));
    }

    [Fact]
    public void An_answer_at_night_does_not_end_the_hold_of_closed_hours()
    {
        var given = Opened("rps", 1, "2026-03-06T16:00Z");
        given.When("2026-03-06T16:00Z", Contact, Decline);
        given.When("2026-03-06T17:00Z", Rep, new CaseCommand.AskCustomer("Which release?"));
        given.Tick("2026-03-06T18:00Z");
        given.When("2026-03-06T20:00Z", Contact, new CaseCommand.Answer("2.1."));
        Assert.Equal(MilestoneState.OnHold, given.Restoration.State);

        given.Tick("2026-03-09T08:00Z");
        Assert.Equal("2026-03-09T15:00Z", Due(given.Restoration));
    }

    [Fact]
    public void A_contact_with_hours_who_is_not_reached_round_the_clock_makes_no_continuous_case_until_somebody_is()
    {
        var terms = Opened("rps", 1, "2026-03-06T16:00Z").State.Terms with { ContactRoundTheClock = false };
        var given = Opened(TheDefaultPolicy.Policy, terms, Report(1), "2026-03-06T16:00Z", Contact);
        Assert.Equal(WorkLimit.Contact, given.State.Hours!.Limit);

        given.When("2026-03-06T17:00Z", Contact, TakeBack);
        Assert.True(given.State.IsContinuous);
    }

    [Fact]
    public void A_contract_knows_whether_its_contact_is_reached_round_the_clock()
    {
        Assert.False(Terms(GivenContract.Ada with { RoundTheClock = false }).ContactRoundTheClock);
        Assert.Null(Terms(GivenContract.Ada with { RoundTheClock = false, Availability = null }).ContactRoundTheClock);
        Assert.Null(Terms(GivenContract.Ada).ContactRoundTheClock);

        static Entitlements.CaseTerms Terms(Entitlements.DesignatedContact contact)
        {
            var contract = new GivenContract(TheDefaultPolicy.Policy);
            contract.Apply("2016-01-04T09:00Z", "rps", contacts: [contact]);
            return contract.Entitled("2026-03-06T16:00Z").Terms!;
        }
    }

    [Fact]
    public void Once_service_is_restored_or_the_severity_lowered_the_case_has_no_hours()
    {
        var restored = Opened("rps", 1, "2026-03-06T16:00Z");
        restored.When("2026-03-06T17:00Z", Contact, Decline);
        restored.When("2026-03-06T17:30Z", Contact, new CaseCommand.RestoreService("It runs."));
        Assert.Null(restored.State.Hours);
        Assert.DoesNotContain(restored.Tick("2026-03-09T09:00Z"), e => e is CaseEvent.WorkStopped);

        var lowered = Opened("rps", 1, "2026-03-06T16:00Z");
        lowered.When("2026-03-06T20:00Z", Contact, Decline);
        lowered.When("2026-03-06T21:00Z", Contact, new CaseCommand.ChangeSeverity(2, "It limps."));
        Assert.Equal((null, false), (lowered.State.Hours, lowered.State.IsContinuous));
        Assert.Equal(MilestoneState.Running, lowered.Solution.State);
    }

    [Fact]
    public void An_upgrade_of_Basic_at_night_makes_it_go_on()
    {
        var given = Opened("basic", 1, "2026-03-06T16:00Z");
        given.Tick("2026-03-06T18:00Z");
        given.When("2026-03-06T20:00Z", Actor.System, new CaseCommand.ChangeOffer("rps", true, true, 1));

        Assert.True(given.State.IsContinuous);
        Assert.Equal(("case-work-resumed", null), (Kind(given.History[^1]), given.State.Hours));
    }

    [Fact]
    public void A_closed_case_keeps_no_hours_and_a_reopened_one_does_again()
    {
        var given = Opened("basic", 1, "2026-03-06T16:00Z");
        given.When("2026-03-06T17:00Z", Contact, new CaseCommand.Close("It went away."));
        Assert.Equal((null, null), (given.State.Hours, given.State.NextDue));

        given.When("2026-03-07T17:00Z", Contact, new CaseCommand.Reopen("It is back."));
        Assert.Equal("2026-03-09T08:00Z", Text(given.State.Hours!.ResumesAt));
    }

    [Fact]
    public void A_stopped_case_does_not_ring_and_its_ring_ends()
    {
        var given = Opened("basic", 3, "2026-03-06T17:50Z");
        given.When("2026-03-06T17:50Z", Actor.System, new CaseCommand.Ring(new("eng-aoife"), Guid.NewGuid(), 3, false));
        given.Tick("2026-03-06T18:00Z");
        Assert.Null(given.State.Ring);
        Assert.Equal(("outside-its-hours", "HB-6.4"), (Ring().Code, Ring().Rule));

        Refusal Ring() => given.Refused("2026-03-06T18:01Z", Actor.System, new CaseCommand.Ring(new("eng-bela"), Guid.NewGuid(), 3, false));
    }

    [Fact]
    public void Declining_what_is_not_offered_or_twice_is_refused()
    {
        Assert.Equal(("continuous-service-not-included", "HB-6.3"), (Opened("essential", 1, "2026-03-06T16:00Z").Refused("2026-03-06T17:00Z", Contact, Decline).Code, Opened("essential", 1, "2026-03-06T16:00Z").Refused("2026-03-06T17:00Z", Contact, Decline).Rule));
        var given = Opened("rps", 1, "2026-03-06T16:00Z");
        Assert.Equal("continuous-service-on", given.Refused("2026-03-06T17:00Z", Contact, TakeBack).Code);
        given.When("2026-03-06T17:00Z", Contact, Decline);
        Assert.Equal("continuous-service-declined", given.Refused("2026-03-06T17:00Z", Contact, Decline).Code);
    }

    /// <summary>Six working days in Dublin over the change of the clocks on 29 March: always 08:00 and 18:00 on the wall.</summary>
    [Fact]
    public void When_the_clocks_change_the_hours_stay_at_08_00_and_18_00_on_the_wall()
    {
        var given = Opened("basic", 4, "2026-03-26T10:00Z");
        given.Tick("2026-04-01T00:00Z");

        Assert.Equal(
            ["2026-03-26T18:00Z", "2026-03-27T08:00Z", "2026-03-27T18:00Z", "2026-03-30T07:00Z", "2026-03-30T17:00Z", "2026-03-31T07:00Z", "2026-03-31T17:00Z"],
            given.History.Where(e => e is CaseEvent.WorkStopped or CaseEvent.WorkResumed).Select(e => Text(e.At)));
    }

    private static string Kind(CaseEvent happened) => Example.KindsOf(typeof(CaseEvent)).Single(k => k.Type == happened.GetType()).Discriminator[..^3];
}
