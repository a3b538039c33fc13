using NodaTime;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Handoffs;
using SupportCluster.Domain.Rosters;
using Xunit;
using static SupportCluster.Domain.Tests.TheDefaultPolicy;

namespace SupportCluster.Domain.Tests.Handoffs;

/// <summary>HB-6.5: who is asked next. Friday 16:00 in Dublin: Reading is open until 18:00, Dublin until 20:00, São Paulo until 21:00, Springfield until 04:00.</summary>
public sealed class NextOwnerTests
{
    private static readonly Instant Friday = Utc("2026-03-06T16:00Z");

    [Fact]
    public void The_centre_that_is_open_longest_comes_first_then_the_next()
    {
        Engineer[] team = [GivenEngineer.At("reading", "eng-r"), GivenEngineer.At("sao-paulo", "eng-s"), GivenEngineer.At("springfield", "eng-o")];

        Assert.Equal("eng-o", Chosen([], team));
        Assert.Equal("eng-s", Chosen(["eng-o"], team));
        Assert.Equal("eng-r", Chosen(["eng-o", "eng-s"], team));
        Assert.Null(Chosen(["eng-o", "eng-s", "eng-r"], team));
    }

    [Fact]
    public void Within_a_centre_skill_and_language_decide_and_one_engineer_after_the_other_is_asked()
    {
        Engineer[] team = [GivenEngineer.At("springfield", "eng-a"), GivenEngineer.At("springfield", "eng-b", skills: ["vault"]), GivenEngineer.At("dublin", "eng-c", skills: ["vault"])];

        Assert.Equal("eng-b", Chosen([], team));
        Assert.Equal("eng-a", Chosen(["eng-b"], team));
        Assert.Equal("eng-c", Chosen(["eng-a", "eng-b"], team));
    }

    [Fact]
    public void Who_leaves_soon_is_asked_last_and_a_closed_centre_never()
    {
        Assert.Equal("eng-r", Chosen([], GivenEngineer.At("springfield", "eng-o", "Mon-Fri 04:00-08:30"), GivenEngineer.At("reading", "eng-r")));
        Assert.Equal("eng-o", Chosen(["eng-r"], GivenEngineer.At("springfield", "eng-o", "Mon-Fri 04:00-08:30"), GivenEngineer.At("reading", "eng-r")));
        Assert.Null(Chosen([], GivenEngineer.At("tokyo", "eng-t", "Mon-Sun 00:00-24:00")));
    }

    [Fact]
    public void The_owner_is_not_asked() => Assert.Null(Chosen([], GivenEngineer.At("springfield", "eng-aoife")));

    [Fact]
    public void English_is_the_fallback_and_marked()
    {
        var state = State([]) with { Terms = State([]).Terms with { Language = "fr" } };

        Assert.True(NextOwner.Choose(state, new Roster(TheDefaultPolicy.Policy, [GivenEngineer.At("springfield", "eng-o")]), _ => true, Friday)!.FallbackLanguage);
    }

    [Fact]
    public void An_engineer_gives_notice_half_an_hour_before_the_shift_ends_or_the_centre_closes()
    {
        var roster = new Roster(TheDefaultPolicy.Policy, [GivenEngineer.At("dublin", "eng-a", "Mon-Fri 09:00-17:00"), GivenEngineer.At("reading", "eng-r", "Mon-Fri 14:00-22:00"), GivenEngineer.At("dublin", "eng-o", "Mon-Sun 00:00-24:00")]);

        Assert.Equal(new HandoffNotice(Utc("2026-03-06T16:30Z"), Utc("2026-03-06T17:00Z"), Utc("2026-03-09T09:00Z")), HandoffNotice.Of(roster, new("eng-a"), Friday));
        Assert.Equal(new HandoffNotice(Utc("2026-03-06T17:30Z"), Utc("2026-03-06T18:00Z"), Utc("2026-03-09T14:00Z")), HandoffNotice.Of(roster, new("eng-r"), Friday));
        Assert.Equal(Utc("2026-03-06T20:00Z"), HandoffNotice.Of(roster, new("eng-o"), Friday)!.EndsAt);
        Assert.Null(HandoffNotice.Of(roster, new("eng-a"), Utc("2026-03-06T17:00Z")));
    }

    [Fact]
    public void The_cases_of_who_is_away_hear_until_when_and_of_who_works_on_nothing()
    {
        var roster = new Roster(TheDefaultPolicy.Policy, [GivenEngineer.At("dublin", "eng-a", "Mon-Fri 09:00-17:00"), GivenEngineer.At("dublin", "eng-s", "Mon-Fri 09:00-09:20")]);

        Assert.Null(HandoffNotice.Absence(roster, new("eng-a"), Utc("2026-03-06T16:29Z")));
        Assert.Equal(new OwnerAbsence(Utc("2026-03-06T17:00Z"), Utc("2026-03-09T09:00Z")), HandoffNotice.Absence(roster, new("eng-a"), Utc("2026-03-06T16:30Z")));
        Assert.Equal(new OwnerAbsence(Utc("2026-03-06T20:00Z"), Utc("2026-03-09T09:00Z")), HandoffNotice.Absence(roster, new("eng-a"), Utc("2026-03-06T20:00Z")));

        // A shift shorter than the notice: told as it starts.
        Assert.Equal(Utc("2026-03-09T09:00Z"), HandoffNotice.Next(roster, new("eng-s"), Friday)!.At);
    }

    private static CaseState State(string[] passed)
    {
        var given = GivenCase.Opened("rps", 1, "2026-03-06T15:00Z").TakenByAoife("2026-03-06T15:01Z");
        return given.State with { Passed = [.. passed.Select(p => new EngineerId(p))], Terms = given.State.Terms with { Product = "vault", ProductLine = "backup" } };
    }

    private static string? Chosen(string[] passed, params Engineer[] engineers) =>
        NextOwner.Choose(State(passed), new Roster(TheDefaultPolicy.Policy, engineers), _ => true, Friday)?.Engineer.Id.Value;
}
