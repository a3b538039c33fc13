using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Engineers;
using Xunit;

namespace SupportCluster.Domain.Tests.Queues;

/// <summary>HB-5.5: skill and free capacity.</summary>
public sealed class EngineerTests
{
    private static readonly Actor Admin = new("admin", Role.Admin);
    private static readonly EngineerProfile Profile = new("Aoife", "emea", ["backup", "mail-gateway"], ["en"], null);

    [Fact]
    public void An_engineer_takes_by_product_line_or_product()
    {
        var aoife = Aoife();

        Assert.Null(Reserve(aoife, 1, 2, "vault", "backup").Refusal);
        Assert.Null(Reserve(aoife, 1, 2, "mail-gateway", "mail").Refusal);
        Assert.Equal(("skill-missing", "HB-5.5"), (Reserve(aoife, 1, 2, "mail-store", "mail").Refusal!.Code, Reserve(aoife, 1, 2, "mail-store", "mail").Refusal!.Rule));
    }

    /// <summary>The policy's capacity: 8 cases, of them 2 of severity 1.</summary>
    [Fact]
    public void Capacity_is_eight_cases_of_them_two_of_severity_1()
    {
        var aoife = Taking(Aoife(), (1, 1), (2, 1));
        Assert.Equal("2", Reserve(aoife, 3, 1).Refusal!.Facts!["capacity"]);

        aoife = Taking(aoife, (3, 2), (4, 2), (5, 3), (6, 4), (7, 4), (8, 4));
        Assert.Equal(("capacity-reached", "8"), (Reserve(aoife, 9, 4).Refusal!.Code, Reserve(aoife, 9, 4).Refusal!.Facts!["capacity"]));
    }

    [Fact]
    public void An_engineers_own_capacity_replaces_the_policys()
    {
        var aoife = Taking(Aoife(Profile with { Capacity = new(1, 0) }));

        Assert.Equal("capacity-reached", Reserve(aoife, 1, 1).Refusal!.Code);
        Assert.Equal("capacity-reached", Reserve(Taking(aoife, (1, 2)), 2, 2).Refusal!.Code);
    }

    [Fact]
    public void A_dropped_case_makes_room_and_a_raised_one_counts_as_severity_1()
    {
        var aoife = Taking(Aoife(Profile with { Capacity = new(2, 1) }), (1, 2), (2, 2));
        aoife = Engineer.Evolve(aoife, new EngineerEvent.SeverityChanged(aoife.LastAt, "system", CaseNumber.Of(4, 1), 1, 9));
        aoife = Engineer.Evolve(aoife, new EngineerEvent.Dropped(aoife.LastAt, "system", CaseNumber.Of(4, 2), Key(2)));

        Assert.Null(Reserve(aoife, 3, 2).Refusal);
        Assert.Equal("capacity-reached", Reserve(aoife, 3, 1).Refusal!.Code);
    }

    [Fact]
    public void Reserving_twice_is_one_reservation_and_an_unanswered_one_is_asked_about()
    {
        var aoife = Taking(Aoife(), (1, 2));

        Assert.Empty(Reserve(aoife, 1, 2).Events);
        Assert.Equal(aoife.LastAt + Engineer.ReservationOverdue, aoife.NextDue);
        aoife = Engineer.Evolve(aoife, new EngineerEvent.Assigned(aoife.LastAt, "eng-aoife", CaseNumber.Of(4, 1), Key(1)));
        Assert.Null(aoife.NextDue);
        Assert.Single(Engineer.Evolve(aoife, new EngineerEvent.Dropped(aoife.LastAt, "system", CaseNumber.Of(4, 1), Key(9))).Cases);
    }

    [Fact]
    public void A_profile_is_checked_and_the_same_again_changes_nothing()
    {
        Assert.Empty(Set(Aoife(), Profile).Events);
        Assert.Equal("region-unknown", Set(null, Profile with { Region = "moon" }).Refusal!.Code);
        Assert.Equal("skills-missing", Set(null, Profile with { Skills = [] }).Refusal!.Code);
        Assert.Equal("capacity-malformed", Set(null, Profile with { Capacity = new(2, 3) }).Refusal!.Code);
        Assert.Equal("engineer-name-missing", Set(null, Profile with { Name = "" }).Refusal!.Code);
        Assert.Null(Set(null, Profile with { Name = new string('x', 200) }).Refusal);
        Assert.Equal("name-malformed", Set(null, Profile with { Name = new string('x', 201) }).Refusal!.Code);
    }

    /// <summary>HB-3.5.</summary>
    [Fact]
    public void A_centre_is_one_of_the_policy_and_of_the_engineers_region()
    {
        Assert.Null(Set(null, Profile with { Centre = "dublin" }).Refusal);
        Assert.Equal("centre-unknown", Set(null, Profile with { Centre = "atlantis" }).Refusal!.Code);
        Assert.Equal("centre-of-another-region", Set(null, Profile with { Centre = "tokyo" }).Refusal!.Code);
        Assert.Single(Set(Aoife(), Profile with { Centre = "dublin" }).Events);
        Assert.Equal("reading", Aoife(Profile with { Centre = "reading" }).Profile.Centre);
    }

    /// <summary>HB-3.5, HB-5.5.</summary>
    [Fact]
    public void A_schedule_and_levels_are_checked_and_compared()
    {
        var scheduled = Profile with { Centre = "dublin", Schedule = new("Mon-Fri 08:00-16:00", Leave: [new(new(2026, 1, 5), new(2026, 1, 9))]), Levels = new Dictionary<string, int> { ["backup"] = 3 } };
        Assert.Empty(Set(Aoife(scheduled), scheduled with { Schedule = new("Mon-Fri 08:00-16:00", Leave: [new(new(2026, 1, 5), new(2026, 1, 9))]), Levels = new Dictionary<string, int> { ["backup"] = 3, ["mail-gateway"] = 1 } }).Events);
        Assert.Single(Set(Aoife(scheduled), scheduled with { Levels = new Dictionary<string, int> { ["backup"] = 4 } }).Events);
        Assert.Single(Set(Aoife(scheduled), scheduled with { Schedule = new("Mon-Fri 08:00-17:00") }).Events);
        Assert.Equal((3, 1, 0), (scheduled.Level("backup"), scheduled.Level("mail-gateway"), scheduled.Level("vault")));

        Assert.Equal(("level-malformed", "/levels"), Wrong(scheduled with { Levels = new Dictionary<string, int> { ["backup"] = 6 } }));
        Assert.Equal(("level-malformed", "/levels"), Wrong(scheduled with { Levels = new Dictionary<string, int> { ["vault"] = 1 } }));
        Assert.Equal(("shifts-malformed", "/schedule/pattern"), Wrong(scheduled with { Schedule = new("Mon-Fri 16:00-08:00") }));
        Assert.Equal(("leave-malformed", "/schedule/leave/0"), Wrong(scheduled with { Schedule = new(null, Leave: [new(new(2026, 1, 5), new(2026, 1, 4))]) }));
        Assert.Equal(("shifts-malformed", "/schedule/extra/0/hours"), Wrong(scheduled with { Schedule = new(null, Extra: [new(new(2026, 1, 5), "8-9")]) }));
        Assert.Equal(("zone-unknown", "/schedule/extra/0/zone"), Wrong(scheduled with { Schedule = new(null, Extra: [new(new(2026, 1, 5), "08:00-09:00", "Mars/Base")]) }));

        static (string, string?) Wrong(EngineerProfile profile) => Set(null, profile).Refusal is { } r ? (r.Code, r.Pointer) : ("", "");
    }

    private static Decision<EngineerEvent> Set(Engineer? state, EngineerProfile profile) =>
        Engineer.SetProfile(state, new("eng-aoife"), profile, Admin, TheDefaultPolicy.Policy, TheDefaultPolicy.Utc("2026-03-02T09:00Z"));

    private static Engineer Aoife(EngineerProfile? profile = null) => Engineer.Evolve(null, Set(null, profile ?? Profile).Events.Single());

    private static Engineer Taking(Engineer engineer, params (int Number, int Severity)[] cases) =>
        cases.Aggregate(engineer, (e, c) => Engineer.Evolve(e, Reserve(e, c.Number, c.Severity).Events.Single()));

    private static Decision<EngineerEvent> Reserve(Engineer engineer, int number, int severity, string product = "vault", string line = "backup") =>
        engineer.Reserve(CaseNumber.Of(4, number), Key(number), severity, product, line, TheDefaultPolicy.Policy, TheDefaultPolicy.Utc("2026-03-02T10:00Z"));

    private static Guid Key(int number) => new(number, 0, 0, new byte[8]);
}
