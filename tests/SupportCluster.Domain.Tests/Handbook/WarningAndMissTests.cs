using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Milestones;
using Xunit;
using static SupportCluster.Domain.Tests.GivenCase;

namespace SupportCluster.Domain.Tests.Handbook;

/// <summary>HB-4.5 to HB-4.8, HB-4.11, HB-4.12: warnings, misses and what becomes of them.</summary>
public sealed class WarningAndMissTests
{
    private static readonly CaseCommand CallBack = new CaseCommand.Respond(Channel.CallBack, "Hello.");

    [Fact]
    public void Warnings_are_set_when_25_and_10_percent_of_the_target_are_left()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z");

        Assert.Equal(["2026-03-02T09:22:30Z", "2026-03-02T09:27Z"], Warnings(given.Response));
        Assert.Equal(["2026-03-02T15:00Z", "2026-03-02T16:12Z"], Warnings(given.Restoration));
        Assert.Equal(["2026-03-08T09:00Z", "2026-03-09T13:48Z"], Warnings(given.Solution));
    }

    /// <summary>18 business hours from Friday 16:00: 4 h 30 min are left on Tuesday at 09:30, 1 h 48 min at 12:12.</summary>
    [Fact]
    public void Warnings_of_Basic_are_counted_back_through_business_hours() =>
        Assert.Equal(["2026-03-10T09:30Z", "2026-03-10T12:12Z"], Warnings(Opened("basic", 1, "2026-03-06T16:00Z").Restoration));

    /// <summary>From Saturday 06:00 to Monday 06:00 no business hour passes; real time warns all the same.</summary>
    [Fact]
    public void A_stretch_without_a_business_hour_is_warned_of_in_real_time()
    {
        var given = Opened("essential", 3, "2026-03-07T06:00Z");

        Assert.Equal("2026-03-09T06:00Z", Due(given.Response));
        Assert.Equal(["2026-03-08T18:00Z", "2026-03-09T01:12Z"], Warnings(given.Response));
    }

    [Fact]
    public void Each_warning_and_the_miss_fire_once_at_their_instant()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z");

        Assert.Empty(given.Tick("2026-03-02T09:22:29Z"));
        Assert.Equal(["MilestoneWarned"], Kinds(given.Tick("2026-03-02T09:22:30Z")));
        Assert.Empty(given.Tick("2026-03-02T09:22:30Z"));
        Assert.Equal(["MilestoneWarned"], Kinds(given.Tick("2026-03-02T09:29:59Z")));
        Assert.Equal(["MilestoneMissed"], Kinds(given.Tick("2026-03-02T09:30Z")));
        Assert.Empty(given.Tick("2026-03-02T09:31Z"));
        Assert.Equal("2026-03-02T09:30Z", Text(given.Response.MissedAt));
    }

    [Fact]
    public void A_response_at_the_last_instant_is_in_time_and_at_the_deadline_late()
    {
        var intime = Opened("essential", 1, "2026-03-02T09:00Z").TakenByAoife("2026-03-02T09:01Z");
        intime.When(TheDefaultPolicy.Utc("2026-03-02T09:30Z") - NodaTime.Duration.Epsilon, Aoife, CallBack);
        Assert.Equal(MilestoneState.Met, intime.Response.State);

        var late = Opened("essential", 1, "2026-03-02T09:00Z").TakenByAoife("2026-03-02T09:01Z");
        late.When("2026-03-02T09:30Z", Aoife, CallBack);
        Assert.Equal(MilestoneState.Missed, late.Response.State);
    }

    /// <summary>The clock leaps from Friday to Monday week: all in the order and at the instants at which it fell due.</summary>
    [Fact]
    public void After_a_leap_over_the_weekend_everything_is_told_in_order_at_its_own_instant()
    {
        var given = Opened("basic", 1, "2026-03-06T16:00Z");

        Assert.Equal(
            [
                "2026-03-06T16:45Z MilestoneWarned InitialResponse",
                "2026-03-06T16:54Z MilestoneWarned InitialResponse",
                "2026-03-06T17:00Z MilestoneMissed InitialResponse",
                "2026-03-10T09:30Z MilestoneWarned ServiceRestoration",
                "2026-03-10T12:12Z MilestoneWarned ServiceRestoration",
                "2026-03-10T14:00Z MilestoneMissed ServiceRestoration",
                "2026-03-14T04:00Z MilestoneWarned SolutionProposal",
                "2026-03-15T16:00Z MilestoneWarned SolutionProposal",
                "2026-03-16T16:00Z MilestoneMissed SolutionProposal",
            ],
            given.Tick("2026-03-16T17:00Z").Where(IsOfMilestones).Select(e => $"{Text(e.At)} {e.GetType().Name} {e switch { CaseEvent.MilestoneWarned w => w.Milestone, CaseEvent.MilestoneMissed m => m.Milestone, _ => null }}"));
    }

    [Fact]
    public void A_command_after_a_leap_comes_after_what_fell_due_before_it()
    {
        var given = Opened("essential", 2, "2026-03-02T09:00Z");

        Assert.Equal(
            ["MilestoneWarned", "MilestoneWarned", "MilestoneMissed", "Taken"],
            Kinds(given.When("2026-03-02T12:00Z", Aoife, new CaseCommand.Assign(new("eng-aoife"), Guid.Parse("01890000-0000-7000-8000-000000000001"), 2))));
    }

    [Fact]
    public void Meeting_it_late_is_recorded_and_stays_a_miss()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z").TakenByAoife("2026-03-02T09:01Z");
        var events = given.When("2026-03-02T10:00Z", Aoife, CallBack);

        Assert.True(Assert.IsType<CaseEvent.MilestoneMet>(events[^1]).Late);
        Assert.Equal((MilestoneState.Missed, "2026-03-02T10:00Z"), (given.Response.State, Text(given.Response.MetAt)));
    }

    [Fact]
    public void Time_never_runs_backwards_in_a_case()
    {
        var given = Opened("essential", 2, "2026-03-02T09:00Z");
        given.When("2026-03-02T10:00Z", Rep, new CaseCommand.AddNote("Later.", false));
        given.When("2026-03-02T09:30Z", Rep, new CaseCommand.AddNote("On a clock that is behind.", false));

        Assert.Equal("2026-03-02T10:00Z", Text(given.State.LastAt));
    }

    [Fact]
    public void Restored_service_meets_restoration_and_work_on_the_solution_goes_on()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z").TakenByAoife("2026-03-02T09:01Z");
        given.When("2026-03-02T09:02Z", Aoife, CallBack);
        given.When("2026-03-02T12:00Z", Contact, new CaseCommand.RestoreService("It runs, slowly."));

        Assert.Equal((MilestoneState.Met, MilestoneState.Running), (given.Restoration.State, given.Solution.State));
        Assert.Equal(CaseStatus.InProgress, given.State.Status);
        Assert.Equal("already-restored", given.Refused("2026-03-02T12:30Z", Contact, new CaseCommand.RestoreService("Again.")).Code);
    }

    [Fact]
    public void A_workaround_alone_meets_nothing_but_is_remembered()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z").TakenByAoife("2026-03-02T09:01Z");
        given.When("2026-03-02T09:10Z", Aoife, new CaseCommand.GiveWorkaround("Switch the cache off."));

        Assert.Equal(("Switch the cache off.", MilestoneState.Running), (given.State.Workaround, given.Restoration.State));
    }

    /// <summary>HB-4.6.</summary>
    [Theory]
    [InlineData(SolutionKind.Fix)]
    [InlineData(SolutionKind.NewCode)]
    [InlineData(SolutionKind.MaintenancePack)]
    [InlineData(SolutionKind.NewRelease)]
    [InlineData(SolutionKind.WorkaroundAsFinal)]
    [InlineData(SolutionKind.AdviceToMigrate)]
    [InlineData(SolutionKind.PlannedForComingVersion)]
    [InlineData(SolutionKind.OtherSteps)]
    public void Each_kind_of_solution_meets_the_proposal(SolutionKind kind)
    {
        var given = Opened("essential", 2, "2026-03-02T09:00Z").TakenByAoife("2026-03-02T09:01Z");
        given.When("2026-03-03T09:00Z", Aoife, new CaseCommand.ProposeSolution(kind, "This.", "2.1"));

        Assert.Equal((MilestoneState.Met, CaseStatus.SolutionProposed), (given.Solution.State, given.State.Status));
    }

    [Fact]
    public void An_excused_miss_shows_both()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z");
        var excuse = new CaseCommand.ExcuseMiss(MilestoneKind.InitialResponse, ExcuseCause.TelephoneOutage, "The exchange burnt.");
        Assert.Equal("not-missed", given.Refused("2026-03-02T09:29Z", Manager, excuse).Code);

        given.When("2026-03-02T10:00Z", Manager, excuse);

        Assert.Equal(MilestoneState.Missed, given.Response.State);
        Assert.Equal(new Excuse(ExcuseCause.TelephoneOutage, "The exchange burnt.", "manager-emea", TheDefaultPolicy.Utc("2026-03-02T10:00Z")), given.Response.Excuse);
    }

    [Fact]
    public void Without_a_known_fix_misses_of_restoration_and_solution_are_excused_before_and_after()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z");
        given.Tick("2026-03-02T17:00Z");
        Assert.Null(given.Restoration.Excuse);

        given.When("2026-03-02T18:00Z", Manager, new CaseCommand.RecordNoKnownFix("New to us."));
        given.Tick("2026-03-10T09:00Z");

        Assert.Equal((ExcuseCause.NoKnownFix, ExcuseCause.NoKnownFix), (given.Restoration.Excuse!.Cause, given.Solution.Excuse!.Cause));
        Assert.Equal((MilestoneState.Missed, MilestoneState.Missed), (given.Restoration.State, given.Solution.State));
        Assert.Null(given.Response.Excuse);
        Assert.Contains(IntakeFlags.NoKnownFix, given.State.Flags);
    }

    private static IEnumerable<string> Kinds(IEnumerable<CaseEvent> events) => events.Where(IsOfMilestones).Select(e => e.GetType().Name);

    /// <summary>Leaves out what the hours of the case and its escalations add.</summary>
    private static bool IsOfMilestones(CaseEvent happened) =>
        happened is not (CaseEvent.WorkStopped or CaseEvent.WorkResumed or CaseEvent.Escalated or CaseEvent.EscalationPassedOn or CaseEvent.Deescalated);
}
