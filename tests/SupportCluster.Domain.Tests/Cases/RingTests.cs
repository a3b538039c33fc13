using SupportCluster.Domain.Cases;
using Xunit;
using static SupportCluster.Domain.Tests.GivenCase;

namespace SupportCluster.Domain.Tests.Cases;

/// <summary>HB-5.4, HB-5.5: a case rings at one engineer after the other until somebody takes it.</summary>
public sealed class RingTests
{
    private static readonly Guid First = Guid.Parse("01890000-0000-7000-8000-000000000001");
    private static readonly Guid Second = Guid.Parse("01890000-0000-7000-8000-000000000002");

    [Theory]
    [InlineData(1, "2026-03-02T09:02Z")]
    [InlineData(2, "2026-03-02T09:03Z")]
    [InlineData(3, "2026-03-02T09:16Z")]
    [InlineData(4, "2026-03-02T09:16Z")]
    public void A_ring_lasts_as_long_as_the_policy_says_and_is_the_next_thing_due(int severity, string until)
    {
        var given = Ringing(severity);

        Assert.Equal(until, Text(given.State.Ring!.Until));
        Assert.True(given.State.NextDue <= given.State.Ring.Until);
        Assert.Equal(new CaseEvent.RingExpired(TheDefaultPolicy.Utc(until), "system", new("eng-aoife"), First), Assert.Single(given.Tick(until), e => e is CaseEvent.RingExpired));
        Assert.Null(given.State.Ring);
        Assert.Equal([new("eng-aoife")], given.State.Passed!.Value);
    }

    [Fact]
    public void Accepting_is_taking_the_case_under_the_rings_reservation()
    {
        var given = Ringing(2);

        Assert.Equal(new CaseEvent.Taken(TheDefaultPolicy.Utc("2026-03-02T09:02Z"), "eng-aoife", new("eng-aoife"), First), Assert.Single(given.When("2026-03-02T09:02Z", Aoife, new CaseCommand.Assign(new("eng-aoife"), First, 2))));
        Assert.Null(given.State.Ring);
        Assert.Null(given.State.Passed);
        Assert.Equal(new("eng-aoife"), given.State.Owner);
    }

    [Fact]
    public void Accepting_at_the_instant_at_which_the_ring_ends_is_too_late() =>
        Assert.Equal("reservation-void", Ringing(2).Refused("2026-03-02T09:03Z", Aoife, new CaseCommand.Assign(new("eng-aoife"), First, 2)).Code);

    [Fact]
    public void A_case_rings_at_one_engineer_at_a_time()
    {
        var given = Ringing(2);

        Assert.Equal(("already-ringing", "HB-5.5"), (Ring(given, "2026-03-02T09:02Z", "eng-bela", Second, 2)!.Code, Ring(given, "2026-03-02T09:02Z", "eng-bela", Second, 2)!.Rule));
        Assert.Empty(given.When("2026-03-02T09:02Z", Actor.System, new CaseCommand.Ring(new("eng-aoife"), First, 2, false)));
        Assert.Equal("ringing", given.Refused("2026-03-02T09:02Z", Aoife, new CaseCommand.VoidReservation(new("eng-aoife"), First)).Code);
    }

    [Fact]
    public void A_declined_ring_passes_on_with_its_reason_and_gives_up_the_room()
    {
        var given = Ringing(2);
        var before = given.State;
        given.When("2026-03-02T09:01:30Z", Aoife, new CaseCommand.DeclineRing(new("eng-aoife"), First, "On the phone."));

        Assert.Equal([new("eng-aoife")], given.State.Passed!.Value);
        Assert.Contains(new CaseEffect.ReleaseEngineer(given.State.Version, new("eng-aoife"), First), CaseEffect.Between(before, given.State));
        Assert.Equal("reservation-void", given.Refused("2026-03-02T09:02Z", Aoife, new CaseCommand.Assign(new("eng-aoife"), First, 2)).Code);
        Assert.Equal("not-ringing", given.Refused("2026-03-02T09:02Z", Aoife, new CaseCommand.DeclineRing(new("eng-aoife"), First, "Again.")).Code);
        Assert.Equal("text-missing", Ringing(2).Refused("2026-03-02T09:02Z", Aoife, new CaseCommand.DeclineRing(new("eng-aoife"), First, " ")).Code);
    }

    [Fact]
    public void Presence_lost_ends_the_ring_there_and_none_elsewhere()
    {
        var given = Ringing(2);
        Assert.Empty(given.When("2026-03-02T09:01:30Z", Actor.System, new CaseCommand.EndRing(new("eng-bela"))));

        given.When("2026-03-02T09:01:30Z", Actor.System, new CaseCommand.EndRing(new("eng-aoife")));
        Assert.Equal(RingEnd.PresenceLost, Assert.IsType<CaseEvent.RingEnded>(given.History[^1]).Why);
        Assert.Equal([new("eng-aoife")], given.State.Passed!.Value);
    }

    [Fact]
    public void A_colleague_who_takes_the_case_by_hand_ends_the_ring()
    {
        var given = Ringing(2);
        var before = given.State;
        given.When("2026-03-02T09:02Z", Bela, new CaseCommand.Assign(new("eng-bela"), Second, 2));

        Assert.Equal(RingEnd.Withdrawn, Assert.IsType<CaseEvent.RingEnded>(given.History[^1]).Why);
        Assert.Equal("already-owned", given.Refused("2026-03-02T09:02Z", Aoife, new CaseCommand.Assign(new("eng-aoife"), Guid.NewGuid(), 2)).Code);
        Assert.Equal("reservation-void", given.Refused("2026-03-02T09:02Z", Aoife, new CaseCommand.Assign(new("eng-aoife"), First, 2)).Code);
        Assert.Contains(new CaseEffect.ReleaseEngineer(given.State.Version, new("eng-aoife"), First), CaseEffect.Between(before, given.State));
    }

    [Fact]
    public void Closing_and_another_severity_end_the_ring()
    {
        var closed = Ringing(2);
        closed.When("2026-03-02T09:02Z", Contact, new CaseCommand.Close("It went away."));
        Assert.Null(closed.State.Ring);

        var raised = Ringing(2);
        raised.When("2026-03-02T09:02Z", Contact, new CaseCommand.ChangeSeverity(1, "The site is down."));
        Assert.Null(raised.State.Ring);
        Assert.Null(raised.State.Passed);
    }

    [Fact]
    public void Only_what_waits_rings()
    {
        Assert.Equal("not-acknowledged", Ring(Opened("essential", 2, "2026-03-02T09:00Z", channel: Channel.Phone), "2026-03-02T09:01Z", "eng-bela", First, 2)!.Code);
        Assert.Equal("already-owned", Ring(Opened("essential", 2, "2026-03-02T09:00Z").TakenByAoife("2026-03-02T09:01Z"), "2026-03-02T09:02Z", "eng-bela", Second, 2)!.Code);
        Assert.Equal("severity-changed", Ring(Opened("essential", 2, "2026-03-02T09:00Z"), "2026-03-02T09:01Z", "eng-bela", First, 1)!.Code);
    }

    [Fact]
    public void The_customer_does_not_see_who_did_not_answer()
    {
        var given = Ringing(2);
        given.Tick("2026-03-02T09:05Z");

        Assert.All(given.History.Where(e => e is CaseEvent.RingStarted or CaseEvent.RingExpired), e => Assert.True(e.IsInternal));
    }

    private static GivenCase Ringing(int severity)
    {
        var given = Opened("essential", severity, "2026-03-02T09:00Z");
        given.When("2026-03-02T09:01Z", Actor.System, new CaseCommand.Ring(new("eng-aoife"), First, severity, FallbackLanguage: false));
        return given;
    }

    private static Refusal? Ring(GivenCase given, string at, string engineer, Guid reservation, int severity) => given.Refused(at, Actor.System, new CaseCommand.Ring(new(engineer), reservation, severity, false));
}
