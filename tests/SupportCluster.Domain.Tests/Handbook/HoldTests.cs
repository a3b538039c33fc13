using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Milestones;
using Xunit;
using static SupportCluster.Domain.Tests.GivenCase;

namespace SupportCluster.Domain.Tests.Handbook;

/// <summary>HB-4.9 and HB-2.6: while the case waits for the customer, restoration and solution wait too; initial response never does.</summary>
public sealed class HoldTests
{
    private static readonly CaseCommand Ask = new CaseCommand.AskCustomer("Which release?");
    private static readonly CaseCommand Answer = new CaseCommand.Answer("2.1.");
    private static readonly CaseCommand Away = new CaseCommand.ContactUnavailable("On a flight.");
    private static readonly CaseCommand Back = new CaseCommand.ContactAvailable(null);

    [Fact]
    public void Two_hours_on_hold_move_restoration_and_solution_by_two_hours_and_not_the_response()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z");
        given.When("2026-03-02T09:10Z", Rep, Ask);

        Assert.Equal((MilestoneState.Running, "2026-03-02T09:30Z"), (given.Response.State, Due(given.Response)));
        Assert.Equal((MilestoneState.OnHold, MilestoneState.OnHold), (given.Restoration.State, given.Solution.State));
        Assert.Equal(CaseStatus.WaitingForCustomer, given.State.Status);

        given.When("2026-03-02T11:10Z", Contact, Answer);

        Assert.Equal("2026-03-02T19:00Z", Due(given.Restoration));
        Assert.Equal("2026-03-10T11:00Z", Due(given.Solution));
        Assert.Equal(MilestoneState.Missed, given.Response.State);
    }

    [Fact]
    public void A_hold_over_the_weekend_gives_Basic_back_only_the_hours_that_it_lost()
    {
        var given = Opened("basic", 1, "2026-03-06T16:00Z");
        Assert.Equal("2026-03-10T14:00Z", Due(given.Restoration));

        given.When("2026-03-06T17:00Z", Rep, Ask);
        given.When("2026-03-09T09:00Z", Contact, Answer);

        Assert.Equal("2026-03-10T16:00Z", Due(given.Restoration));
        Assert.Equal("2026-03-19T08:00Z", Due(given.Solution));
    }

    [Fact]
    public void Asked_and_answered_twice_both_holds_are_excluded()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z");
        given.When("2026-03-02T10:00Z", Rep, Ask);
        given.When("2026-03-02T11:00Z", Contact, Answer);
        given.When("2026-03-02T12:00Z", Rep, Ask);
        given.When("2026-03-02T14:30Z", Contact, Answer);

        Assert.Equal("2026-03-02T20:30Z", Due(given.Restoration));
        Assert.Equal(2, given.State.Holds.Length);
    }

    [Fact]
    public void Asking_again_while_waiting_is_one_hold_from_the_first_question_on()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z");
        given.When("2026-03-02T10:00Z", Rep, Ask);
        given.When("2026-03-02T11:00Z", Rep, Ask);
        given.When("2026-03-02T12:00Z", Contact, Answer);

        Assert.Equal("2026-03-02T19:00Z", Due(given.Restoration));
    }

    [Fact]
    public void With_both_reasons_the_clocks_go_on_when_the_last_is_gone()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z");
        given.When("2026-03-02T10:00Z", Rep, Ask);
        given.When("2026-03-02T11:00Z", Rep, Away);
        given.When("2026-03-02T12:00Z", Contact, Answer);
        Assert.Equal(MilestoneState.OnHold, given.Restoration.State);
        Assert.Equal(["On a flight."], given.State.Waiting.Select(w => w.Text));

        given.When("2026-03-02T13:00Z", Contact, Back);

        Assert.Equal("2026-03-02T20:00Z", Due(given.Restoration));
        Assert.Empty(given.State.Waiting);
    }

    [Fact]
    public void Nothing_on_hold_is_warned_of_or_missed_however_long_it_lasts()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z").TakenByAoife("2026-03-02T09:01Z");
        given.When("2026-03-02T09:02Z", Aoife, new CaseCommand.Respond(Channel.CallBack, "Hello."));
        given.When("2026-03-02T10:00Z", Rep, Ask);

        Assert.Empty(given.Tick("2027-03-02T10:00Z"));
        Assert.Null(given.State.NextDue);
    }

    [Fact]
    public void A_question_before_acknowledgement_holds_the_clocks_from_their_start()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z", channel: Channel.Phone);
        given.When("2026-03-02T09:05Z", Rep, Ask);
        given.When("2026-03-02T09:10Z", Rep, new CaseCommand.Acknowledge(null, null));
        Assert.Equal((MilestoneState.Running, MilestoneState.OnHold), (given.Response.State, given.Restoration.State));

        given.When("2026-03-02T10:10Z", Contact, Answer);

        Assert.Equal("2026-03-02T18:10Z", Due(given.Restoration));
    }

    [Fact]
    public void An_answer_to_nothing_asked_and_a_return_that_nobody_waited_for_are_refused()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z");

        Assert.Equal(("not-asked", RefusalKind.State), (given.Refused("2026-03-02T10:00Z", Contact, Answer).Code, given.Refused("2026-03-02T10:00Z", Contact, Answer).Kind));
        Assert.Equal("contact-not-awaited", given.Refused("2026-03-02T10:00Z", Contact, Back).Code);
    }

    /// <summary>Restoration of 8 h warns at 15:00 and 16:12. Both move with a hold; what was given is not given again.</summary>
    [Fact]
    public void A_warning_given_before_the_hold_is_not_repeated_after_it()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z").TakenByAoife("2026-03-02T09:01Z");
        given.When("2026-03-02T09:02Z", Aoife, new CaseCommand.Respond(Channel.CallBack, "Hello."));
        given.When("2026-03-02T15:00Z", Rep, Ask);
        given.When("2026-03-02T17:00Z", Contact, Answer);
        given.Tick("2026-03-02T19:00Z");

        Assert.Equal(
            ["2026-03-02T15:00Z", "2026-03-02T18:12Z", "2026-03-02T19:00Z"],
            given.History.Where(e => e is CaseEvent.MilestoneWarned or CaseEvent.MilestoneMissed { Milestone: MilestoneKind.ServiceRestoration }).Select(e => Text(e.At)));
    }
}
