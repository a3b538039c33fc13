using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Milestones;
using Xunit;
using static SupportCluster.Domain.Tests.GivenCase;

namespace SupportCluster.Domain.Tests.Handbook;

/// <summary>HB-4.10 and HB-1.5: new targets after a change of severity or offer.</summary>
public sealed class RetargetTests
{
    [Fact]
    public void After_a_raise_new_targets_run_from_the_change()
    {
        var given = Opened("essential", 2, "2026-03-02T09:00Z");
        given.When("2026-03-02T10:00Z", Contact, To(1));

        Assert.Equal("2026-03-02T10:30Z", Due(given.Response));
        Assert.Equal("2026-03-02T18:00Z", Due(given.Restoration));
        Assert.Equal("2026-03-10T10:00Z", Due(given.Solution));
        Assert.Equal((1, 2, 2, 2), (given.Acknowledgement.Generation, given.Response.Generation, given.Restoration.Generation, given.Solution.Generation));
    }

    [Fact]
    public void After_a_raise_nothing_is_due_later_than_it_was()
    {
        var given = Opened("essential", 2, "2026-03-02T09:00Z");
        given.When("2026-03-02T10:50Z", Contact, To(1));
        Assert.Equal("2026-03-02T11:00Z", Due(given.Response));

        var later = Opened("essential", 2, "2026-03-02T09:00Z");
        later.When("2026-03-04T12:00Z", Contact, To(1));
        Assert.Equal("2026-03-12T09:00Z", Due(later.Solution));
    }

    [Fact]
    public void A_cap_moves_with_later_holds()
    {
        var given = Opened("essential", 2, "2026-03-02T09:00Z");
        given.When("2026-03-04T12:00Z", Contact, To(1));
        given.When("2026-03-04T13:00Z", Rep, new CaseCommand.AskCustomer("Which release?"));
        given.When("2026-03-04T16:00Z", Contact, new CaseCommand.Answer("2.1."));

        Assert.Equal("2026-03-12T12:00Z", Due(given.Solution));
    }

    [Fact]
    public void A_raise_on_hold_counts_from_the_change_and_goes_on_when_the_hold_ends()
    {
        var given = Opened("essential", 2, "2026-03-02T09:00Z");
        given.When("2026-03-02T12:00Z", Rep, new CaseCommand.AskCustomer("Which release?"));
        given.When("2026-03-05T12:00Z", Contact, To(1));
        Assert.Equal((MilestoneState.OnHold, MilestoneState.OnHold), (given.Restoration.State, given.Solution.State));

        given.When("2026-03-06T12:00Z", Contact, new CaseCommand.Answer("2.1."));

        Assert.Equal("2026-03-06T20:00Z", Due(given.Restoration));
        Assert.Equal("2026-03-14T12:00Z", Due(given.Solution));
    }

    [Fact]
    public void A_raise_on_hold_is_capped_by_the_deadline_that_the_old_target_would_have_had()
    {
        var given = Opened("essential", 2, "2026-03-02T09:00Z");
        given.When("2026-03-11T12:00Z", Rep, new CaseCommand.AskCustomer("Which release?"));
        given.When("2026-03-11T18:00Z", Contact, To(1));
        given.When("2026-03-11T20:00Z", Contact, new CaseCommand.Answer("2.1."));

        Assert.Equal("2026-03-12T17:00Z", Due(given.Solution));
    }

    [Fact]
    public void After_a_lowered_severity_targets_run_from_the_start_with_holds_excluded()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z");
        given.When("2026-03-02T10:00Z", Rep, new CaseCommand.AskCustomer("Which release?"));
        given.When("2026-03-02T12:00Z", Contact, new CaseCommand.Answer("2.1."));
        given.When("2026-03-02T13:00Z", Contact, To(2));

        Assert.Equal("2026-03-12T11:00Z", Due(given.Solution));
        Assert.Equal(MilestoneState.NotApplicable, given.Restoration.State);
    }

    [Fact]
    public void The_old_figures_stay_in_the_record()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z");
        given.When("2026-03-02T09:10Z", Contact, To(2));
        given.When("2026-03-02T09:20Z", Contact, To(3));

        var earlier = given.Restoration.Earlier;
        Assert.Equal(("8 h", "2026-03-02T17:00Z"), (earlier[0].Target!.ToString(), Text(earlier[0].Deadline)));
        Assert.Equal(["2026-03-10T09:00Z", "2026-03-12T09:00Z"], given.Solution.Earlier.Select(e => Text(e.Deadline)));
        Assert.Equal(["2026-03-02T09:10Z", "2026-03-02T09:20Z"], given.Solution.Earlier.Select(e => Text(e.EndedAt)));
        Assert.Equal((3, "2026-03-22T09:00Z"), (given.Solution.Generation, Due(given.Solution)));
        Assert.Equal("2026-03-03T09:00Z", Due(given.Response));
    }

    [Fact]
    public void What_was_met_or_missed_is_not_promised_again()
    {
        var given = Opened("essential", 2, "2026-03-02T09:00Z").TakenByAoife("2026-03-02T09:01Z");
        given.When("2026-03-02T09:02Z", Aoife, new CaseCommand.Respond(Channel.CallBack, "Hello."));
        given.Tick("2026-03-12T09:00Z");
        given.When("2026-03-12T10:00Z", Contact, To(1));

        Assert.Equal((MilestoneState.Met, 1), (given.Response.State, given.Response.Generation));
        Assert.Equal((MilestoneState.Missed, 1), (given.Solution.State, given.Solution.Generation));
        Assert.Equal((MilestoneState.Running, 2), (given.Restoration.State, given.Restoration.Generation));
    }

    [Fact]
    public void Before_acknowledgement_a_change_only_sets_what_will_be_promised()
    {
        var given = Opened("essential", 2, "2026-03-02T09:00Z", channel: Channel.Phone);
        given.When("2026-03-02T09:05Z", Contact, To(1));
        given.When("2026-03-02T09:10Z", Rep, new CaseCommand.Acknowledge(null, null));

        Assert.Equal("2026-03-02T17:10Z", Due(given.Restoration));
        Assert.Equal(1, given.Restoration.Generation);
    }

    [Fact]
    public void The_same_severity_again_an_impossible_one_and_a_change_without_reason_are_refused()
    {
        var given = Opened("essential", 2, "2026-03-02T09:00Z");

        Assert.Equal("severity-unchanged", given.Refused("2026-03-02T09:05Z", Contact, To(2)).Code);
        Assert.Equal("severity-malformed", given.Refused("2026-03-02T09:05Z", Contact, To(5)).Code);
        Assert.Equal(("text-missing", "/reason"), (given.Refused("2026-03-02T09:05Z", Contact, new CaseCommand.ChangeSeverity(1, " ")).Code, given.Refused("2026-03-02T09:05Z", Contact, new CaseCommand.ChangeSeverity(1, " ")).Pointer));
    }

    /// <summary>Basic restoration from Friday 16:00 is due on Tuesday 14:00, solution on Monday week 16:00.</summary>
    [Fact]
    public void A_better_offer_promises_anew_from_its_date()
    {
        var given = Opened("basic", 1, "2026-03-06T16:00Z");
        given.When("2026-03-07T10:00Z", Actor.System, new CaseCommand.ChangeOffer("national", true, true, 1));

        Assert.Equal(("2026-03-07T18:00Z", "2026-03-15T10:00Z"), (Due(given.Restoration), Due(given.Solution)));
        Assert.Equal(("national", true, true), (given.State.Terms.Offer, given.State.Terms.PriorityCall, given.State.Terms.ContinuousService));
        Assert.Equal(MilestoneClockKind.RoundTheClock, given.Restoration.Setting.Clock);
    }

    [Fact]
    public void A_weaker_offer_and_the_same_one_touch_no_open_case()
    {
        var given = Opened("national", 1, "2026-03-06T16:00Z");

        Assert.Empty(given.When("2026-03-06T16:01Z", Actor.System, new CaseCommand.ChangeOffer("basic", false, false, 1)));
        Assert.Empty(given.When("2026-03-06T16:01Z", Actor.System, new CaseCommand.ChangeOffer("national", true, true, 1)));
        Assert.Equal("national", given.State.Terms.Offer);
    }

    /// <summary>Reported on Saturday by phone: Basic acknowledges on Monday 08:15, Essential within 15 minutes of the upgrade.</summary>
    [Fact]
    public void A_better_offer_hastens_an_acknowledgement_that_is_still_due()
    {
        var given = Opened("basic", 2, "2026-03-07T10:00Z", channel: Channel.Phone);
        given.When("2026-03-07T12:00Z", Actor.System, new CaseCommand.ChangeOffer("essential", false, false, 1));

        Assert.Equal(("2026-03-07T12:15Z", 2), (Due(given.Acknowledgement), given.Acknowledgement.Generation));
    }

    /// <summary>
    /// Basic restoration is due on Monday 09:00. Upgraded on Friday 17:30, on hold from closing to opening: no business hour was lost, so it still is.
    /// </summary>
    [Fact]
    public void A_cap_in_business_hours_does_not_move_with_a_hold_outside_them()
    {
        var given = Opened("basic", 1, "2026-03-05T11:00Z");
        Assert.Equal("2026-03-09T09:00Z", Due(given.Restoration));
        given.When("2026-03-06T17:30Z", Actor.System, new CaseCommand.ChangeOffer("essential", false, false, 1));
        given.When("2026-03-06T18:00Z", Rep, new CaseCommand.AskCustomer("Which release?"));
        given.When("2026-03-09T08:00Z", Contact, new CaseCommand.Answer("2.1."));

        Assert.Equal("2026-03-09T09:00Z", Due(given.Restoration));
    }

    [Fact]
    public void An_outcome_of_an_earlier_generation_changes_nothing()
    {
        var given = Opened("essential", 2, "2026-03-02T09:00Z");
        given.When("2026-03-02T10:00Z", Contact, To(1));
        var late = new CaseEvent.MilestoneMissed(TheDefaultPolicy.Utc("2026-03-12T09:00Z"), "system", MilestoneKind.SolutionProposal, 1, TheDefaultPolicy.Utc("2026-03-12T09:00Z"), null);

        Assert.Equal(given.Solution, CaseState.Evolve(given.State, late).Milestone(MilestoneKind.SolutionProposal));
    }

    private static CaseCommand.ChangeSeverity To(int severity) => new(severity, "The site is down.");
}
