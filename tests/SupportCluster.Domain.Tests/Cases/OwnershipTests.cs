using SupportCluster.Domain.Cases;
using Xunit;
using static SupportCluster.Domain.Tests.GivenCase;

namespace SupportCluster.Domain.Tests.Cases;

/// <summary>HB-5.5: no case is lost between queue and engineer, and none has two owners.</summary>
public sealed class OwnershipTests
{
    private static readonly Guid First = Guid.Parse("01890000-0000-7000-8000-000000000001");
    private static readonly Guid Second = Guid.Parse("01890000-0000-7000-8000-000000000002");

    [Fact]
    public void A_case_has_one_owner()
    {
        var given = Opened("essential", 2, "2026-03-02T09:00Z").TakenByAoife("2026-03-02T09:01Z");

        Assert.Equal("already-owned", given.Refused("2026-03-02T09:02Z", Bela, new CaseCommand.Assign(new("eng-bela"), Second, 2)).Code);
        Assert.Empty(given.When("2026-03-02T09:02Z", Aoife, new CaseCommand.Assign(new("eng-aoife"), First, 2)));
    }

    [Fact]
    public void A_voided_reservation_is_refused_for_ever_and_a_used_one_cannot_be_voided()
    {
        var given = Opened("essential", 2, "2026-03-02T09:00Z");
        given.When("2026-03-02T09:01Z", Aoife, new CaseCommand.VoidReservation(new("eng-aoife"), First));
        Assert.Empty(given.When("2026-03-02T09:01Z", Aoife, new CaseCommand.VoidReservation(new("eng-aoife"), First)));
        Assert.Equal("reservation-void", given.Refused("2026-03-03T09:01Z", Aoife, new CaseCommand.Assign(new("eng-aoife"), First, 2)).Code);

        given.When("2026-03-02T09:05Z", Bela, new CaseCommand.Assign(new("eng-bela"), Second, 2));
        Assert.Equal("already-assigned", given.Refused("2026-03-02T09:06Z", Bela, new CaseCommand.VoidReservation(new("eng-bela"), Second)).Code);
    }

    [Fact]
    public void Room_reserved_for_another_severity_is_refused()
    {
        var given = Opened("essential", 2, "2026-03-02T09:00Z");
        given.When("2026-03-02T09:01Z", Contact, new CaseCommand.ChangeSeverity(1, "The site is down."));

        Assert.Equal("severity-changed", given.Refused("2026-03-02T09:02Z", Aoife, new CaseCommand.Assign(new("eng-aoife"), First, 2)).Code);
    }

    [Fact]
    public void A_released_case_is_back_in_its_queue()
    {
        var given = Opened("essential", 2, "2026-03-02T09:00Z").TakenByAoife("2026-03-02T09:01Z");
        var before = given.State;
        given.When("2026-03-02T10:00Z", Aoife, new CaseCommand.Release("Another skill."));

        Assert.True(given.State.WaitsForEngineer);
        Assert.Equal(
            [new CaseEffect.ToQueue(5, new("emea/backup")), new CaseEffect.ReleaseEngineer(5, new("eng-aoife"), First)],
            CaseEffect.Between(before, given.State).Select(e => e switch
            {
                CaseEffect.ToQueue q => q with { Version = 5 },
                CaseEffect.ReleaseEngineer r => r with { Version = 5 },
                _ => e,
            }));
    }

    [Fact]
    public void Opening_again_changes_nothing_and_another_case_never_gets_the_number()
    {
        var given = Opened("essential", 2, "2026-03-02T09:00Z");
        var again = new CaseCommand.Open(Number, given.State.Terms, given.State.Report, [], [], true, "request-1");

        Assert.Empty(given.When("2026-03-02T09:01Z", Contact, again));
        Assert.Equal("case-number-used", given.Refused("2026-03-02T09:01Z", Contact, again with { SourceKey = "request-2" }).Code);
    }

    [Fact]
    public void A_representative_puts_a_case_in_another_queue_of_its_region_only()
    {
        var given = Opened("essential", 2, "2026-03-02T09:00Z", channel: Channel.Phone);

        Assert.Equal("queue-unknown", given.Refused("2026-03-02T09:05Z", Rep, new CaseCommand.Acknowledge(null, new("apj/backup"))).Code);
        Assert.Equal("queue-unknown", given.Refused("2026-03-02T09:05Z", Rep, new CaseCommand.Acknowledge(null, new("backup"))).Code);
        Assert.Equal("not-acknowledged", given.Refused("2026-03-02T09:05Z", Aoife, new CaseCommand.Assign(new("eng-aoife"), First, 2)).Code);
        given.When("2026-03-02T09:05Z", Rep, new CaseCommand.Acknowledge(null, new("emea/storage")));
        Assert.Equal("emea/storage", given.State.Queue.Value);
        Assert.Equal("already-acknowledged", given.Refused("2026-03-02T09:05Z", Rep, new CaseCommand.Acknowledge(null, null)).Code);
    }
}
