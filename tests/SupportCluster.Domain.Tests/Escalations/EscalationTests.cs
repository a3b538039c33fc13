using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Escalations;
using SupportCluster.Domain.Milestones;
using Xunit;
using static SupportCluster.Domain.Tests.GivenCase;

namespace SupportCluster.Domain.Tests.Escalations;

/// <summary>HB-7: the escalation procedure. On 2026-03-02 the duty manager of EMEA is <c>manager-emea</c> from 08:00 on, <c>deputy-emea</c> from the 9th.</summary>
public sealed class EscalationTests
{
    private static readonly CaseCommand Escalate = new CaseCommand.Escalate("Nothing happens.");

    [Theory]
    [InlineData(1, "2026-03-02T10:15Z", "2026-03-02T10:45Z", "2026-03-02T11:45Z")]
    [InlineData(3, "2026-03-02T11:00Z", "2026-03-02T11:30Z", "2026-03-02T12:30Z")]
    public void Duty_manager_regional_manager_and_global_manager_are_told_one_after_the_other(int severity, string regional, string global, string again)
    {
        var given = Responded("essential", severity);
        var raised = given.When("2026-03-02T10:00Z", Contact, Escalate).OfType<CaseEvent.Escalated>().Single();
        Assert.Equal((EscalationCause.Customer, EscalationLevel.DutyManager, "manager-emea", regional), (raised.Cause, raised.Level, raised.Told, Text(raised.NextAt)));

        given.Tick("2026-03-02T20:00Z");
        Assert.Equal(
            [(EscalationLevel.RegionalManager, "manager-emea", regional), (EscalationLevel.GlobalManager, "manager-global", global), (EscalationLevel.GlobalManager, "manager-global", again)],
            given.History.OfType<CaseEvent.EscalationPassedOn>().Where(e => e.Cause == EscalationCause.Customer).Select(e => (e.Level, e.Told, Text(e.At)!)));
        Assert.Null(given.State.Escalation(EscalationCause.Customer)!.NextAt);
    }

    [Fact]
    public void Taken_up_in_time_nobody_else_is_told()
    {
        var given = Responded("essential", 3);
        given.When("2026-03-02T10:00Z", Contact, Escalate);
        given.When("2026-03-02T10:59Z", Manager, new CaseCommand.TakeUpEscalation(EscalationCause.Customer));
        given.Tick("2026-03-02T20:00Z");

        Assert.DoesNotContain(given.History, e => e is CaseEvent.EscalationPassedOn);
        Assert.Equal("manager-emea", given.State.Escalation(EscalationCause.Customer)!.TakenUpBy);
        Assert.Empty(given.When("2026-03-02T20:00Z", Manager, new CaseCommand.TakeUpEscalation(EscalationCause.Customer)));
        Assert.Equal("already-taken-up", given.Refused("2026-03-02T20:00Z", new("eve", Role.Manager), new CaseCommand.TakeUpEscalation(EscalationCause.Customer)).Code);
    }

    [Fact]
    public void De_escalation_is_recorded_with_its_reason_and_the_case_can_be_escalated_again()
    {
        var given = Responded("essential", 3);
        given.When("2026-03-02T10:00Z", Contact, Escalate);
        Assert.Equal("text-missing", given.Refused("2026-03-02T10:05Z", Manager, new CaseCommand.Deescalate(EscalationCause.Customer, "")).Code);
        given.When("2026-03-02T10:05Z", Manager, new CaseCommand.Deescalate(EscalationCause.Customer, "A plan is agreed."));

        Assert.Null(given.State.Escalations);
        Assert.Equal("not-escalated", given.Refused("2026-03-02T10:06Z", Manager, new CaseCommand.Deescalate(EscalationCause.Customer, "Again.")).Code);
        Assert.Equal("not-escalated", given.Refused("2026-03-02T10:06Z", Manager, new CaseCommand.TakeUpEscalation(EscalationCause.Customer)).Code);
        given.When("2026-03-02T10:10Z", Contact, Escalate);
    }

    [Fact]
    public void At_most_one_is_open_for_each_cause()
    {
        var given = Responded("essential", 3);
        given.When("2026-03-02T10:00Z", Contact, Escalate);

        Assert.Equal(("already-escalated", "HB-7.2"), (given.Refused("2026-03-02T10:01Z", Rep, Escalate).Code, given.Refused("2026-03-02T10:01Z", Rep, Escalate).Rule));
        given.When("2026-03-02T10:01Z", Aoife, Escalate);
        Assert.Equal([EscalationCause.Customer, EscalationCause.Engineer], given.State.Escalations!.Value.Select(e => e.Cause));
    }

    [Fact]
    public void The_customer_sees_the_own_escalation_and_no_other()
    {
        var given = Responded("essential", 3);
        given.When("2026-03-02T10:00Z", Contact, Escalate);
        given.When("2026-03-02T10:01Z", Aoife, Escalate);

        Assert.Equal([false, true], given.History.OfType<CaseEvent.Escalated>().Select(e => e.IsInternal));
    }

    [Fact]
    public void Under_partial_support_nobody_escalates_and_the_case_does_not_either()
    {
        var terms = Opened("essential", 1, "2026-03-02T09:00Z").State.Terms with { PartialSupport = true };
        var given = Opened(TheDefaultPolicy.Policy, terms, Report(1), "2026-03-02T09:00Z", Contact);

        Assert.Equal(("partial-support", "HB-10.2"), (given.Refused("2026-03-02T09:01Z", Contact, Escalate).Code, given.Refused("2026-03-02T09:01Z", Contact, Escalate).Rule));
        given.Tick("2026-03-05T09:00Z");
        Assert.Contains(given.History, e => e is CaseEvent.MilestoneMissed);
        Assert.DoesNotContain(given.History, e => e is CaseEvent.Escalated);
    }

    /// <summary>Severity 1: at the last warning and at the miss; 2: at the miss alone; 3: not at all.</summary>
    [Theory]
    [InlineData(1, "2026-03-02T09:27Z Warning|2026-03-02T09:30Z Miss")]
    [InlineData(2, "2026-03-02T11:00Z Miss")]
    [InlineData(3, "")]
    public void The_case_escalates_itself_at_a_warning_and_a_miss(int severity, string escalated)
    {
        var given = Opened("essential", severity, "2026-03-02T09:00Z");
        given.Tick("2026-03-03T18:00Z");

        Assert.Equal(escalated, string.Join('|', given.History.OfType<CaseEvent.Escalated>().Take(2).Select(e => $"{Text(e.At)} {e.Cause}")));
    }

    [Fact]
    public void A_warning_is_over_when_the_milestone_is_met_or_missed()
    {
        var met = Opened("essential", 1, "2026-03-02T09:00Z").TakenByAoife("2026-03-02T09:28Z");
        met.When("2026-03-02T09:29Z", Aoife, new CaseCommand.Respond(Channel.CallBack, "Hello."));
        Assert.Equal(("Deescalated", null), (met.History[^1].GetType().Name, met.State.Escalations));

        var missed = Opened("essential", 1, "2026-03-02T09:00Z");
        missed.Tick("2026-03-02T09:30Z");
        Assert.Equal([EscalationCause.Miss], missed.State.Escalations!.Value.Select(e => e.Cause));
    }

    [Fact]
    public void A_miss_that_is_excused_from_the_start_is_not_escalated()
    {
        var given = Responded("essential", 2);
        given.When("2026-03-02T10:00Z", Manager, new CaseCommand.RecordNoKnownFix("New to us."));
        given.Tick("2026-03-20T10:00Z");

        Assert.Equal(MilestoneState.Missed, given.Solution.State);
        Assert.Null(given.State.Escalations);
    }

    [Fact]
    public void A_severity_1_that_nobody_takes_is_escalated_until_somebody_does()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z");
        given.When("2026-03-02T09:05Z", Actor.System, new CaseCommand.NobodyFound());
        given.When("2026-03-02T09:06Z", Actor.System, new CaseCommand.NobodyFound());
        Assert.Equal(EscalationCause.RingUnanswered, Assert.Single(given.State.Escalations!.Value).Cause);
        given.TakenByAoife("2026-03-02T09:07Z");
        Assert.Null(given.State.Escalations);

        var other = Opened("essential", 2, "2026-03-02T09:00Z");
        Assert.Empty(other.When("2026-03-02T09:05Z", Actor.System, new CaseCommand.NobodyFound()));
    }

    [Fact]
    public void A_handoff_that_nobody_accepts_is_escalated_until_somebody_does()
    {
        var given = Responded("rps", 1);
        given.When("2026-03-02T16:30Z", Actor.System, new CaseCommand.EndShift(new("eng-aoife"), TheDefaultPolicy.Utc("2026-03-02T17:00Z"), null, false));
        given.Tick("2026-03-02T17:00Z");
        Assert.Equal("manager-emea", given.State.Escalation(EscalationCause.HandoffUnaccepted)!.Told);

        given.When("2026-03-02T17:01Z", Bela, new CaseCommand.Assign(new("eng-bela"), Guid.NewGuid(), 1));
        Assert.Null(given.State.Escalation(EscalationCause.HandoffUnaccepted));
        Assert.Equal("system", Assert.IsType<CaseEvent.Deescalated>(given.History[^1]).By);
    }

    [Fact]
    public void Escalations_end_with_the_case_and_a_closed_one_is_not_escalated()
    {
        var given = Responded("essential", 3);
        given.When("2026-03-02T10:00Z", Contact, Escalate);
        given.When("2026-03-02T10:01Z", Contact, new CaseCommand.Close("It went away."));

        Assert.Equal((null, null), (given.State.Escalations, given.State.NextDue));
        Assert.Equal("case-closed", given.Refused("2026-03-02T10:02Z", Contact, Escalate).Code);
    }

    [Fact]
    public void A_region_may_have_a_ladder_of_its_own_and_levels_without_a_name_are_told_at_their_address()
    {
        var policy = TheDefaultPolicy.With(p =>
        {
            p["regions"]!["emea"]!.AsObject().Remove("manager");
            p["regions"]!["emea"]!["ladder"] = System.Text.Json.Nodes.JsonNode.Parse("""[{ "level": "regionalManager", "severity1": "PT5M", "otherwise": "PT5M" }]""");
        });
        var given = Opened("essential", 3, "2026-03-02T09:00Z", policy: policy);
        given.When("2026-03-02T09:30Z", Contact, Escalate);

        Assert.Equal(("regional-manager.emea", "2026-03-02T09:35Z"), (given.State.Escalation(EscalationCause.Customer)!.Told, Text(given.State.Escalation(EscalationCause.Customer)!.NextAt)));
    }

    [Fact]
    public void Under_a_policy_of_before_there_were_escalations_people_escalate_and_the_case_itself_does_not()
    {
        var policy = TheDefaultPolicy.With(p => p.AsObject().Remove("escalations"));
        var given = Opened("essential", 1, "2026-03-02T09:00Z", policy: policy);
        given.Tick("2026-03-02T12:00Z");
        Assert.Null(given.State.Escalations);
        given.When("2026-03-02T12:00Z", Contact, Escalate);

        Assert.Equal("2026-03-02T12:15Z", Text(given.State.Escalation(EscalationCause.Customer)!.NextAt));
    }

    private static GivenCase Responded(string offer, int severity)
    {
        var given = Opened(offer, severity, "2026-03-02T09:00Z").TakenByAoife("2026-03-02T09:01Z");
        given.When("2026-03-02T09:02Z", Aoife, new CaseCommand.Respond(Channel.CallBack, "Hello."));
        return given;
    }
}
