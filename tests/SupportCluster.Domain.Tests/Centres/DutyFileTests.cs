using NodaTime;
using SupportCluster.Domain.Centres;
using Xunit;
using static SupportCluster.Domain.Tests.TheDefaultPolicy;

namespace SupportCluster.Domain.Tests.Centres;

/// <summary>Duty managers as iCalendar.</summary>
public sealed class DutyFileTests
{
    private static readonly DateTimeZone Dublin = DateTimeZoneProviders.Tzdb["Europe/Dublin"];

    [Fact]
    public void What_is_written_reads_back_as_the_same_turns()
    {
        var roster = DutyRoster.Of(TheDefaultPolicy.Policy, "emea", [new(Utc("2026-03-25T18:00Z"), Utc("2026-03-26T06:00Z"), "eve")]);
        var (from, to) = (Utc("2026-03-20T00:00Z"), Utc("2026-04-10T00:00Z"));
        var text = DutyFile.Write(roster, "emea", from, to, Utc("2026-01-01T00:00Z"));
        var read = DutyRoster.Of(With(p => p["regions"]!["emea"]!.AsObject().Remove("duty")), "emea", DutyFile.Parse(text, Dublin));

        Assert.Equal(text, DutyFile.Write(roster, "emea", from, to, Utc("2026-01-01T00:00Z")));
        for (var at = from; at < to; at += Duration.FromMinutes(30))
        {
            Assert.Equal(roster.At(at).Manager, read.At(at).Manager);
        }
    }

    [Fact]
    public void Times_without_a_zone_are_the_regions_and_a_turn_over_the_change_of_the_clocks_has_no_gap()
    {
        var read = DutyFile.Parse(Event("DTSTART:20261025T013000\nDTEND:20261026T080000\nSUMMARY:eve"), Dublin);

        Assert.Equal(new DutyOverride(Utc("2026-10-25T00:30Z"), Utc("2026-10-26T08:00Z"), "eve"), Assert.Single(read));
    }

    [Theory]
    [InlineData("DTSTART:20261025T013000\nDTEND:20261026T080000", "names the manager")]
    [InlineData("DTSTART;VALUE=DATE:20261025\nSUMMARY:eve", "time of day")]
    [InlineData("DTSTART:20261025T013000\nSUMMARY:eve", "DTEND")]
    [InlineData("DTSTART:20261025T013000\nDTEND:20261024T013000\nSUMMARY:eve", "ends before")]
    [InlineData("DTSTART:20261025T013000\nDTEND:20261026T080000\nSUMMARY:eve\nRRULE:FREQ=WEEKLY", "rotation")]
    public void What_is_no_turn_is_refused(string properties, string why) =>
        Assert.Contains(why, Assert.Throws<FormatException>(() => DutyFile.Parse(Event(properties), Dublin)).Message, StringComparison.Ordinal);

    private static string Event(string properties) => $"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:1\n{properties}\nEND:VEVENT\nEND:VCALENDAR\n";
}
