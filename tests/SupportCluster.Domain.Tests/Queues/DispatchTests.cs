using NodaTime;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Queues;
using SupportCluster.Domain.Rosters;
using Xunit;
using static SupportCluster.Domain.Tests.TheDefaultPolicy;

namespace SupportCluster.Domain.Tests.Queues;

/// <summary>HB-5.4, HB-5.5: at whom a case rings.</summary>
public sealed class DispatchTests
{
    private static readonly Instant Friday = Utc("2026-01-09T10:00Z");
    private static readonly DispatchCase Wanted = new("emea", "vault", "backup", "en", 2, false, []);

    [Fact]
    public void Not_off_shift_not_away_not_without_skill_not_without_room_not_in_a_closed_centre()
    {
        Assert.Equal("eng-b", Chosen(Wanted, GivenEngineer.At("dublin", "eng-a", "Sat 08:00-12:00"), At("eng-b")));
        Assert.Null(Dispatch.Choose(Wanted, Of(At("eng-b")), _ => false, Friday));
        Assert.Equal("eng-b", Dispatch.Choose(Wanted, Of(At("eng-a"), At("eng-b")), id => id.Value == "eng-b", Friday)?.Engineer.Id.Value);
        Assert.Null(Chosen(Wanted, At("eng-a", skills: ["mail"])));
        Assert.Null(Chosen(Wanted with { Severity = 1 }, GivenEngineer.At("dublin", "eng-a", capacity: new(3, 0))));
        Assert.Null(Dispatch.Choose(Wanted, new Roster(TheDefaultPolicy.Policy, [At("eng-a")], new Dictionary<string, IReadOnlyList<Interval>> { ["dublin"] = [new(Friday, Friday + Duration.FromHours(1))] }), _ => true, Friday));
        Assert.Null(Chosen(Wanted with { Excluded = [new("eng-a")] }, At("eng-a")));
    }

    [Fact]
    public void The_product_goes_before_its_line_and_the_level_before_language_and_fairness()
    {
        Assert.Equal("eng-b", Chosen(Wanted, At("eng-a", levels: 5), At("eng-b", skills: ["vault"])));
        Assert.Equal("eng-b", Chosen(Wanted, At("eng-a"), At("eng-b", levels: 2)));
        Assert.Equal("eng-b", Chosen(Wanted with { Language = "fr" }, At("eng-a"), At("eng-b", levels: 2)));
        Assert.Equal("eng-b", Chosen(Wanted with { Language = "fr" }, At("eng-a"), At("eng-b", languages: ["en", "fr"])));
    }

    [Fact]
    public void English_is_the_fallback_and_marked_and_who_speaks_neither_is_not_rung()
    {
        Assert.True(Dispatch.Choose(Wanted with { Language = "it" }, Of(At("eng-a")), _ => true, Friday)!.FallbackLanguage);
        Assert.False(Dispatch.Choose(Wanted with { Language = "it" }, Of(At("eng-a", languages: ["it"])), _ => true, Friday)!.FallbackLanguage);
        Assert.Null(Chosen(Wanted with { Language = "it" }, At("eng-a", languages: ["de"])));
    }

    [Fact]
    public void Among_equals_who_waits_longest_then_who_has_the_fewest_then_by_id()
    {
        Assert.Equal("eng-b", Chosen(Wanted, At("eng-a") with { LastCaseAt = Utc("2026-01-09T09:00Z") }, At("eng-b") with { LastCaseAt = Utc("2026-01-09T08:00Z") }));
        Assert.Equal("eng-b", Chosen(Wanted, At("eng-a") with { LastCaseAt = Utc("2026-01-09T09:00Z") }, At("eng-b")));
        Assert.Equal("eng-b", Chosen(Wanted, Holding(At("eng-a"), 1), At("eng-b") with { LastCaseAt = Utc("2026-01-09T09:00Z") }));
        Assert.Equal("eng-a", Chosen(Wanted, At("eng-b"), At("eng-a")));
    }

    [Fact]
    public void Other_regions_come_after_ones_own_and_only_for_cases_that_follow_the_sun()
    {
        var pia = GivenEngineer.At("pune", "eng-a", "Mon-Fri 10:00-20:00", ["vault"]);

        Assert.Null(Chosen(Wanted, pia));
        Assert.Equal("eng-a", Chosen(Wanted with { AnyRegion = true }, pia));
        Assert.Equal("eng-b", Chosen(Wanted with { AnyRegion = true }, pia, At("eng-b")));
    }

    [Theory]
    [InlineData("global", 1, true)]
    [InlineData("essential", 1, true)]
    [InlineData("essential", 2, true)]
    [InlineData("essential", 3, false)]
    [InlineData("basic", 1, false)]
    public void A_case_follows_the_sun_when_its_response_is_promised_within_hours_of_day_and_night(string offer, int severity, bool anyRegion) =>
        Assert.Equal(anyRegion, DispatchCase.Of(GivenCase.Opened(offer, severity, "2026-01-09T10:00Z").State).AnyRegion);

    [Fact]
    public void A_centre_that_does_not_serve_the_line_gets_no_case_of_it()
    {
        var policy = With(p => p["centres"]!["dublin"]!["productLines"] = new System.Text.Json.Nodes.JsonArray("mail"));

        Assert.Null(Dispatch.Choose(Wanted, new Roster(policy, [At("eng-a")]), _ => true, Friday));
    }

    /// <summary>What rings counts like what is held, so that two rings at once cannot overload.</summary>
    [Fact]
    public void A_ring_holds_room_until_it_is_over_and_is_then_asked_about()
    {
        var aoife = At("eng-a", capacity: new(1, 1));
        var rings = aoife.Reserve(Domain.Cases.CaseNumber.Of(4, 1), Guid.NewGuid(), 1, "vault", "backup", TheDefaultPolicy.Policy, Friday, Friday + Duration.FromMinutes(1));
        aoife = Engineer.Evolve(aoife, rings.Events.Single());

        Assert.Null(Chosen(Wanted, aoife));
        Assert.Equal("capacity-reached", aoife.Reserve(Domain.Cases.CaseNumber.Of(4, 2), Guid.NewGuid(), 2, "vault", "backup", TheDefaultPolicy.Policy, Friday).Refusal!.Code);
        Assert.Equal(Friday + Duration.FromMinutes(1) + Engineer.ReservationOverdue, aoife.NextDue);
        Assert.Equal(Friday, aoife.LastCaseAt);
        aoife = Engineer.Evolve(aoife, new EngineerEvent.Dropped(Friday, "system", Domain.Cases.CaseNumber.Of(4, 1), aoife.Cases[0].Reservation));
        Assert.Equal("eng-a", Chosen(Wanted, aoife));
    }

    [Fact]
    public void The_same_facts_in_another_order_give_the_same_order()
    {
        Engineer[] team = [At("eng-c"), At("eng-a", levels: 2), Holding(At("eng-b"), 2), At("eng-d", languages: ["en", "fr"]) with { LastCaseAt = Friday }];
        var wanted = Wanted with { Language = "fr" };

        Assert.Equal("eng-a eng-d eng-c eng-b", Ranked(team));
        Assert.Equal(Ranked(team), Ranked([.. team.Reverse()]));

        string Ranked(Engineer[] engineers) => string.Join(' ', Dispatch.Rank(wanted, Of(engineers), _ => true, Friday).Select(c => c.Engineer.Id));
    }

    private static Engineer At(string id, string[]? skills = null, string[]? languages = null, int levels = 1, EngineerCapacity? capacity = null) =>
        GivenEngineer.At("dublin", id, skills: skills, languages: languages, capacity: capacity, levels: (skills ?? ["backup"]).ToDictionary(s => s, _ => levels));

    private static Engineer Holding(Engineer engineer, int cases) => engineer with
    {
        Cases = [.. Enumerable.Range(1, cases).Select(i => new EngineerCase(Domain.Cases.CaseNumber.Of(4, i), new Guid(i, 0, 0, new byte[8]), 3, true, Friday))],
        LastCaseAt = Utc("2026-01-09T09:00Z"),
    };

    private static Roster Of(params Engineer[] engineers) => new(TheDefaultPolicy.Policy, engineers);

    private static string? Chosen(DispatchCase wanted, params Engineer[] engineers) => Dispatch.Choose(wanted, Of(engineers), _ => true, Friday)?.Engineer.Id.Value;
}
