using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Milestones;
using Xunit;
using static SupportCluster.Domain.Tests.GivenCase;

namespace SupportCluster.Domain.Tests.Cases;

/// <summary>HB-6.6: closing, reopening, and a proposed solution without an answer.</summary>
public sealed class ClosingTests
{
    private static readonly CaseCommand Propose = new CaseCommand.ProposeSolution(SolutionKind.Fix, "Install this.", null);

    [Fact]
    public void Acceptance_closes_by_agreement_and_open_milestones_end()
    {
        var given = InWork(1);
        given.When("2026-03-02T09:10Z", Aoife, Propose);
        given.When("2026-03-02T09:20Z", Contact, new CaseCommand.AcceptSolution(null));

        Assert.Equal(CloseHow.Agreement, given.History.OfType<CaseEvent.Closed>().Single().How);
        Assert.Equal(
            [MilestoneState.Met, MilestoneState.NotApplicable, MilestoneState.Met, MilestoneState.Met],
            given.State.Milestones.Select(m => m.State));
        Assert.Equal((CaseStatus.Closed, null, null), (given.State.Status, given.State.Owner, given.State.NextDue));
    }

    [Fact]
    public void A_contact_withdraws_a_manager_closes_and_an_engineer_needs_agreement()
    {
        var withdrawn = InWork(2);
        withdrawn.When("2026-03-02T10:00Z", Contact, new CaseCommand.Close("Our mistake."));
        Assert.Equal(CloseHow.Withdrawn, withdrawn.History.OfType<CaseEvent.Closed>().Single().How);

        var managed = InWork(2);
        managed.When("2026-03-02T10:00Z", Manager, new CaseCommand.Close("Duplicate."));
        Assert.Equal(CloseHow.ByManager, managed.History.OfType<CaseEvent.Closed>().Single().How);

        Assert.Equal(("agreement-required", "HB-6.6"), (InWork(2).Refused("2026-03-02T10:00Z", Aoife, new CaseCommand.Close("Done.")).Code, InWork(2).Refused("2026-03-02T10:00Z", Aoife, new CaseCommand.Close("Done.")).Rule));
    }

    [Fact]
    public void A_closed_case_refuses_work()
    {
        var given = InWork(2);
        given.When("2026-03-02T10:00Z", Contact, new CaseCommand.Close("Our mistake."));

        foreach (var command in new CaseCommand[]
        {
            new CaseCommand.Close("Again."), new CaseCommand.AskCustomer("What?"), new CaseCommand.Answer("That."), new CaseCommand.ChangeSeverity(1, "Worse."),
            new CaseCommand.Release("Tired."), new CaseCommand.ContactUnavailable("Away."), new CaseCommand.RestoreService("Up."),
        })
        {
            Assert.Equal("case-closed", given.Refused("2026-03-02T11:00Z", Manager, command).Code);
        }
    }

    /// <summary>Closed on 2 March at 09:20; 14 days later the window is over.</summary>
    [Fact]
    public void A_case_can_be_reopened_for_14_days_under_its_number()
    {
        var given = InWork(1);
        given.When("2026-03-02T09:20Z", Contact, new CaseCommand.Close("It went away."));
        var reopen = new CaseCommand.Reopen("It is back.");

        var refusal = given.Refused("2026-03-16T09:20Z", Contact, reopen);
        Assert.Equal(("reopen-window-passed", "HB-6.6", "2026-03-16T09:20:00Z"), (refusal.Code, refusal.Rule, refusal.Facts!["until"]));

        given.When("2026-03-16T09:19Z", Contact, reopen);
        Assert.Equal((CaseStatus.Queued, Number), (given.State.Status, given.State.Number));
        Assert.Equal(("2026-03-16T17:19Z", "2026-03-24T09:19Z"), (Due(given.Restoration), Due(given.Solution)));
        Assert.Equal("2026-03-16T09:49Z", Due(given.Response));
        Assert.Equal("not-closed", given.Refused("2026-03-16T10:00Z", Contact, reopen).Code);
    }

    [Fact]
    public void Reopened_after_a_met_response_only_restoration_and_solution_are_promised_again()
    {
        var given = InWork(1);
        given.When("2026-03-02T09:10Z", Aoife, new CaseCommand.Respond(Channel.CallBack, "Hello."));
        given.When("2026-03-02T10:00Z", Aoife, Propose);
        given.When("2026-03-02T11:00Z", Contact, new CaseCommand.AcceptSolution(null));
        given.When("2026-03-03T09:00Z", Contact, new CaseCommand.Reopen("It is back."));

        Assert.Equal((MilestoneState.Met, MilestoneState.Running, MilestoneState.Running), (given.Response.State, given.Restoration.State, given.Solution.State));
        Assert.Equal("2026-03-02T10:00Z", Text(given.Solution.Earlier.Single().MetAt));
        Assert.Null(given.State.Solution);
    }

    /// <summary>The response was outstanding at the close, so it runs from the reopening; so does its lowered target.</summary>
    [Fact]
    public void A_severity_lowered_after_a_reopening_counts_from_the_reopening()
    {
        var given = InWork(1);
        given.When("2026-03-02T09:20Z", Contact, new CaseCommand.Close("It went away."));
        given.When("2026-03-05T09:00Z", Contact, new CaseCommand.Reopen("It is back."));
        given.When("2026-03-05T09:10Z", Contact, new CaseCommand.ChangeSeverity(2, "Not so bad."));

        Assert.Equal(("2026-03-05T11:00Z", "2026-03-15T09:00Z"), (Due(given.Response), Due(given.Solution)));
    }

    [Fact]
    public void A_case_closed_before_acknowledgement_waits_for_it_again_when_reopened()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z", channel: Channel.Phone);
        given.When("2026-03-02T09:05Z", Contact, new CaseCommand.Close("It went away."));
        given.When("2026-03-02T12:00Z", Contact, new CaseCommand.Reopen("It is back."));

        Assert.Equal((CaseStatus.Reported, "2026-03-02T12:15Z"), (given.State.Status, Due(given.Acknowledgement)));
        Assert.Equal([MilestoneState.Pending, MilestoneState.Pending, MilestoneState.Pending], given.State.Milestones.Skip(1).Select(m => m.State));

        given.When("2026-03-02T12:10Z", Rep, new CaseCommand.Acknowledge(null, null));
        Assert.Equal(MilestoneState.Met, given.Acknowledgement.State);
        Assert.Equal(("2026-03-02T12:40Z", 2), (Due(given.Response), given.Response.Generation));
    }

    /// <summary>Proposed on Monday 2 March at 10:00: asked after on Thursday and on Wednesday week, closed on Monday 16 March.</summary>
    [Fact]
    public void A_solution_without_an_answer_is_asked_after_at_3_and_7_business_days_and_closed_at_10()
    {
        var given = InWork(2);
        given.When("2026-03-02T10:00Z", Aoife, new CaseCommand.Respond(Channel.CallBack, "Hello."));
        given.When("2026-03-02T10:00Z", Aoife, Propose);
        given.Tick("2026-04-01T10:00Z");

        Assert.Equal(
            ["SolutionAskedAfter 2026-03-05T10:00Z", "SolutionAskedAfter 2026-03-11T10:00Z", "Closed 2026-03-16T10:00Z"],
            given.History.TakeLast(3).Select(e => $"{e.GetType().Name} {Text(e.At)}"));
        Assert.Equal(CloseHow.NoAnswer, given.History.OfType<CaseEvent.Closed>().Single().How);
        Assert.Equal("system", given.History[^1].By);
    }

    [Fact]
    public void A_rejected_solution_is_asked_after_no_more_and_another_can_be_proposed()
    {
        var given = InWork(2);
        given.When("2026-03-02T10:00Z", Aoife, Propose);
        Assert.Equal("solution-already-proposed", given.Refused("2026-03-02T11:00Z", Aoife, Propose).Code);
        given.When("2026-03-03T10:00Z", Contact, new CaseCommand.RejectSolution("It still stops."));

        Assert.Equal((CaseStatus.InProgress, MilestoneState.Met), (given.State.Status, given.Solution.State));
        given.Tick("2026-03-20T10:00Z");
        Assert.DoesNotContain(given.History, e => e is CaseEvent.SolutionAskedAfter or CaseEvent.Closed);
        given.When("2026-03-20T11:00Z", Aoife, Propose);
    }

    [Fact]
    public void Closing_ends_a_hold()
    {
        var given = InWork(1);
        given.When("2026-03-02T09:10Z", Aoife, new CaseCommand.AskCustomer("Which release?"));
        given.When("2026-03-02T10:00Z", Contact, new CaseCommand.Close("Never mind."));
        given.When("2026-03-02T12:00Z", Contact, new CaseCommand.Reopen("It is back."));

        Assert.Equal((MilestoneState.Running, "2026-03-02T20:00Z"), (given.Restoration.State, Due(given.Restoration)));
        Assert.Empty(given.State.Waiting);
    }

    private static GivenCase InWork(int severity) => Opened("essential", severity, "2026-03-02T09:00Z").TakenByAoife("2026-03-02T09:01Z");
}
