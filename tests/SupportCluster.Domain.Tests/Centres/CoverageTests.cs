using CsCheck;
using NodaTime;
using SupportCluster.Domain.Centres;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Rosters;
using Xunit;
using static SupportCluster.Domain.Tests.TheDefaultPolicy;

namespace SupportCluster.Domain.Tests.Centres;

/// <summary>Planning ahead: which region, product line and language is covered, and where a continuous case would find nobody (HB-6.3).</summary>
public sealed class CoverageTests
{
    private static readonly Engineer[] Team =
    [
        GivenEngineer.At("dublin", "eng-aoife", "Mon-Sun 08:00-20:00", ["backup"], ["en", "fr"]),
        GivenEngineer.At("springfield", "eng-sam", "Mon-Sun 08:00-20:00", ["backup", "mail"]),
        GivenEngineer.At("pune", "eng-pia", "Mon-Sun 08:00-20:00", ["backup"]),
    ];

    [Fact]
    public void Three_engineers_around_the_world_leave_no_gap_for_their_product_line_but_one_does_for_hers()
    {
        var coverage = Coverage.Of(new Roster(TheDefaultPolicy.Policy, Team), Utc("2026-01-10T00:00Z"), Utc("2026-01-11T00:00Z"));

        Assert.Equal(24, coverage.Hours.Length);
        Assert.Equal([("mail", "2026-01-10T04:00Z", "2026-01-10T16:00Z")], coverage.Gaps.Select(g => (g.ProductLine, GivenCase.Text(g.Stretch.Start)!, GivenCase.Text(g.Stretch.End)!)));
    }

    [Theory]
    [InlineData(7, "emea", "backup", "en", 0)]
    [InlineData(8, "emea", "backup", "en", 1)]
    [InlineData(8, "emea", "backup", "fr", 1)]
    [InlineData(8, "emea", "backup", "de", 0)]
    [InlineData(8, "emea", "mail", "en", 0)]
    [InlineData(19, "emea", "backup", "en", 1)]
    [InlineData(20, "emea", "backup", "en", 0)]
    [InlineData(2, "apj", "backup", "en", 0)] // Pune opens at 02:30: for half of the hour there is nobody.
    [InlineData(3, "apj", "backup", "en", 1)]
    [InlineData(16, "americas", "mail", "en", 1)]
    public void An_hour_is_covered_when_somebody_is_there_for_all_of_it(int hour, string region, string line, string language, int least)
    {
        var coverage = Coverage.Of(new Roster(TheDefaultPolicy.Policy, Team), Utc("2026-01-10T00:00Z"), Utc("2026-01-11T00:00Z"));

        Assert.Equal(least, coverage.Hours[hour].Cells.Single(c => (c.Region, c.ProductLine, c.Language) == (region, line, language)).Least);
    }

    [Fact]
    public void A_centre_that_closes_early_and_one_that_does_not_serve_the_line_leave_gaps()
    {
        var closures = new Dictionary<string, IReadOnlyList<Interval>> { ["dublin"] = [new Interval(Utc("2026-01-10T15:00Z"), Utc("2026-01-11T00:00Z"))] };
        var closed = Coverage.Of(new Roster(TheDefaultPolicy.Policy, Team, closures), Utc("2026-01-10T12:00Z"), Utc("2026-01-10T20:00Z"), ["backup"]);
        Assert.Equal(new Interval(Utc("2026-01-10T15:00Z"), Utc("2026-01-10T16:00Z")), Assert.Single(closed.Gaps).Stretch);

        var unserved = With(p => p["centres"]!["springfield"]!["productLines"] = new System.Text.Json.Nodes.JsonArray("backup"));
        Assert.Equal(new Interval(Utc("2026-01-10T12:00Z"), Utc("2026-01-10T20:00Z")), Assert.Single(Coverage.Of(new Roster(unserved, Team), Utc("2026-01-10T12:00Z"), Utc("2026-01-10T20:00Z"), ["mail"]).Gaps).Stretch);
    }

    [Fact]
    public void Who_takes_no_severity_1_does_not_cover_continuous_service() => Assert.Single(
        Coverage.Of(new Roster(TheDefaultPolicy.Policy, [GivenEngineer.At("dublin", pattern: "Mon-Sun 08:00-20:00", capacity: new(4, 0))]), Utc("2026-01-10T08:00Z"), Utc("2026-01-10T20:00Z")).Gaps);

    /// <summary>Minute by minute: a cell is the fewest that are available, a gap is where nobody is.</summary>
    [Fact]
    public void The_naive_oracle_agrees() => Gen.Select(Gen.Int[0, 20], Gen.Select(Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[0, 1]).Array[0, 5]).Sample(
        (day, people) =>
        {
            string[] centres = ["dublin", "springfield", "pune"];
            string[] patterns = ["Mon-Fri 08:00-12:15", "Sat-Sun 22:00-06:00(+1)", "Mon-Sun 10:30-19:00", "Mon-Sun 00:00-24:00"];
            var roster = new Roster(TheDefaultPolicy.Policy, people.Select((p, i) => GivenEngineer.At(centres[p.Item1], $"eng-{i}", patterns[p.Item2], p.Item3 == 0 ? ["backup"] : ["mail"])));
            var from = Utc("2026-03-20T00:00Z") + Duration.FromDays(day);
            var coverage = Coverage.Of(roster, from, from + Duration.FromHours(30), ["backup"]);
            for (var minute = 0; minute < 30 * 60; minute++)
            {
                var at = from + Duration.FromMinutes(minute);
                var able = roster.Engineers.Where(e => e.Profile.Skills.Contains("backup") && roster.AvailableUntil(e.Id, at) is not null).ToList();
                Assert.Equal(able.Count == 0, coverage.Gaps.Any(g => g.Stretch.Contains(at)));
                Assert.All(coverage.Hours[minute / 60].Cells.Where(c => c.Language == "en"), c => Assert.True(c.Least <= able.Count(e => e.Profile.Region == c.Region)));
            }

            foreach (var (hour, cell) in coverage.Hours.SelectMany(h => h.Cells.Where(c => c.Language == "en").Select(c => (h, c))))
            {
                Assert.Equal(
                    Enumerable.Range(0, 60).Min(m => roster.Engineers.Count(e => e.Profile.Region == cell.Region && e.Profile.Skills.Contains("backup") && roster.AvailableUntil(e.Id, hour.Start + Duration.FromMinutes(m)) is not null)),
                    cell.Least);
            }
        },
        iter: 25);
}
