using NodaTime;
using SupportCluster.Domain.Centres;
using SupportCluster.Domain.Policy;
using Xunit;
using static SupportCluster.Domain.Tests.TheDefaultPolicy;

namespace SupportCluster.Domain.Tests.Centres;

/// <summary>HB-3.4, HB-3.5: the centres of the default policy.</summary>
public sealed class CentreTests
{
    private static readonly SupportPolicy Shipped = With(p => p["businessHours"]!["holidays"] = new System.Text.Json.Nodes.JsonObject(
        Directory.GetFiles(Path.Combine(Folder, "holidays"), "*.ics").Select(f => KeyValuePair.Create(Path.GetFileNameWithoutExtension(f), (System.Text.Json.Nodes.JsonNode?)File.ReadAllText(f)))));

    [Fact]
    public void The_seven_centres_follow_the_sun_every_quarter_of_an_hour_of_2026_holidays_included()
    {
        var centres = Shipped.Centres.Keys.Select(code => Shipped.Centre(code)!).ToList();
        Assert.Equal(7, centres.Count);
        for (var at = Utc("2026-01-01T00:00Z"); at < Utc("2027-01-01T00:00Z"); at += Duration.FromMinutes(15))
        {
            Assert.True(centres.Any(c => c.IsOpen(at)), $"Nobody is open at {at}.");
        }
    }

    /// <summary>A handoff needs time: half an hour before any centre closes another one is open for an hour and more.</summary>
    [Fact]
    public void When_a_centre_closes_another_one_stays_open_for_an_hour()
    {
        var centres = Shipped.Centres.Keys.Select(code => Shipped.Centre(code)!).ToList();
        foreach (var closing in centres.SelectMany(c => c.Calendar.OpenWindows(Utc("2026-01-01T00:00Z"), Utc("2027-01-01T00:00Z")).Select(w => w.End - Duration.FromMinutes(30))))
        {
            Assert.Contains(centres, c => c.OpenUntil(closing) is { } until && until >= closing + Duration.FromMinutes(90));
        }
    }

    [Theory]
    [InlineData("dublin", "2026-03-27T19:59Z", "2026-03-27T20:00Z")]
    [InlineData("dublin", "2026-03-29T18:59Z", "2026-03-29T19:00Z")]
    [InlineData("dublin", "2026-03-29T19:00Z", null)]
    [InlineData("tokyo", "2026-01-12T01:00Z", null)] // Coming of Age Day
    [InlineData("tokyo", "2026-01-13T01:00Z", "2026-01-13T09:00Z")]
    [InlineData("reading", "2026-12-25T10:00Z", null)]
    [InlineData("dublin", "2026-12-25T10:00Z", "2026-12-25T20:00Z")]
    public void A_centre_is_open_until(string code, string at, string? until)
    {
        Assert.Equal(until, GivenCase.Text(Shipped.Centre(code)!.OpenUntil(Utc(at))));
        Assert.Equal(until is not null, Shipped.Centre(code)!.IsOpen(Utc(at)));
    }

    [Fact]
    public void A_closed_centre_says_when_it_opens_next()
    {
        Assert.Equal(Utc("2026-01-12T08:00Z"), TheDefaultPolicy.Policy.Centre("reading")!.NextOpening(Utc("2026-01-09T18:00Z")));
        Assert.Equal(Utc("2026-01-09T17:00Z"), TheDefaultPolicy.Policy.Centre("reading")!.NextOpening(Utc("2026-01-09T17:00Z")));
    }

    [Fact]
    public void An_opening_says_until_when_it_lasts_or_when_the_next_one_begins()
    {
        var reading = TheDefaultPolicy.Policy.Centre("reading")!;
        Assert.Equal(new CentreOpening(true, Utc("2026-01-09T18:00Z"), null), reading.Opening(Utc("2026-01-09T17:00Z")));
        Assert.Equal(new CentreOpening(false, null, Utc("2026-01-12T08:00Z")), reading.Opening(Utc("2026-01-09T18:00Z")));
        Interval[] storm = [new(Utc("2026-01-09T15:00Z"), Utc("2026-01-13T00:00Z"))];
        Assert.Equal(new CentreOpening(true, Utc("2026-01-09T15:00Z"), null), reading.Opening(Utc("2026-01-09T14:59Z"), storm));
        Assert.Equal(new CentreOpening(false, null, Utc("2026-01-13T08:00Z")), reading.Opening(Utc("2026-01-09T15:00Z"), storm));
        var always = With(p => p["centres"]!["reading"]!["hours"] = "Mon-Sun 00:00-24:00").Centre("reading")!;
        Assert.Equal(new CentreOpening(true, null, null), always.Opening(Utc("2026-01-09T17:00Z")));
        Assert.Equal(new CentreOpening(false, null, null), always.Opening(Utc("2026-01-09T17:00Z"), [new(Utc("2026-01-09T15:00Z"), Utc("2027-01-13T00:00Z"))]));
    }

    [Fact]
    public void A_closure_closes_a_centre_early()
    {
        Interval[] storm = [new(Utc("2026-01-09T15:00Z"), Utc("2026-01-10T00:00Z"))];
        var reading = TheDefaultPolicy.Policy.Centre("reading")!;

        Assert.Equal(Utc("2026-01-09T15:00Z"), reading.OpenUntil(Utc("2026-01-09T14:00Z"), storm));
        Assert.False(reading.IsOpen(Utc("2026-01-09T15:00Z"), storm));
        Assert.Equal(Utc("2026-01-12T08:00Z"), reading.NextOpening(Utc("2026-01-09T15:00Z"), storm));
    }

    [Fact]
    public void A_centre_serves_its_product_lines_and_speaks_its_languages_or_all()
    {
        var policy = With(p => p["centres"]!["pune"]!["productLines"] = new System.Text.Json.Nodes.JsonArray("backup"));

        Assert.True(policy.Centre("pune")!.Serves("backup"));
        Assert.False(policy.Centre("pune")!.Serves("mail"));
        Assert.True(policy.Centre("tokyo")!.Serves("mail"));
        Assert.Equal(["ja", "ko", "en"], policy.Centre("tokyo")!.Languages);
        Assert.Equal(policy.Document.Regions["emea"].Languages, With(p => p["centres"]!["dublin"]!.AsObject().Remove("languages")).Centre("dublin")!.Languages);
    }

    [Fact]
    public void A_policy_of_before_there_were_opening_hours_still_loads_and_keeps_local_business_hours()
    {
        var old = With(p =>
        {
            p["centres"] = new System.Text.Json.Nodes.JsonObject { ["dublin"] = new System.Text.Json.Nodes.JsonObject { ["name"] = "Dublin", ["region"] = "emea", ["zone"] = "Europe/Dublin" } };
            p["regions"]!["emea"]!.AsObject().Remove("duty");
        });

        Assert.Equal("Mon-Fri 08:00-18:00", old.Centre("dublin")!.Calendar.Hours.ToString());
        Assert.Null(old.Centre("reading"));
    }
}
