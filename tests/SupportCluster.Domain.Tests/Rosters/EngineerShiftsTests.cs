using NodaTime;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Policy;
using SupportCluster.Domain.Rosters;
using Xunit;
using static SupportCluster.Domain.Tests.TheDefaultPolicy;

namespace SupportCluster.Domain.Tests.Rosters;

/// <summary>HB-3.5: who works when.</summary>
public sealed class EngineerShiftsTests
{
    [Fact]
    public void Without_a_schedule_the_opening_hours_of_the_centre_are_worked()
    {
        var shifts = EngineerShifts.Of(GivenEngineer.At("reading").Profile, TheDefaultPolicy.Policy);

        Assert.Equal(Utc("2026-01-09T18:00Z"), shifts.OnShiftUntil(Utc("2026-01-09T08:00Z")));
        Assert.Equal(new Interval(Utc("2026-01-12T08:00Z"), Utc("2026-01-12T18:00Z")), shifts.NextShift(Utc("2026-01-09T08:00Z")));
    }

    [Fact]
    public void Without_schedule_and_centre_there_is_no_shift()
    {
        var shifts = EngineerShifts.Of(new EngineerProfile("Aoife", "emea", ["backup"], ["en"], null), TheDefaultPolicy.Policy);

        Assert.False(shifts.IsOnShift(Utc("2026-01-09T08:00Z")));
        Assert.Null(shifts.NextShift(Utc("2026-01-09T08:00Z")));
    }

    [Fact]
    public void A_night_shift_belongs_to_the_day_that_it_starts_on_so_leave_on_Friday_leaves_Thursday_night_whole()
    {
        var shifts = Dublin("Mon-Fri 22:00-06:00(+1)", new EngineerSchedule(null, Leave: [new(new(2026, 1, 9), new(2026, 1, 9))]));

        Assert.Equal(Utc("2026-01-09T06:00Z"), shifts.OnShiftUntil(Utc("2026-01-09T02:00Z")));
        Assert.False(shifts.IsOnShift(Utc("2026-01-09T22:00Z")));
        Assert.Equal(Utc("2026-01-12T22:00Z"), shifts.NextShift(Utc("2026-01-09T02:00Z"))!.Value.Start);
    }

    [Fact]
    public void A_split_shift_is_two() => Assert.Equal(
        ["2026-01-09T08:00Z", "2026-01-09T16:00Z"],
        Dublin("Fri 08:00-12:00 16:00-20:00").Between(Utc("2026-01-09T00:00Z"), Utc("2026-01-10T00:00Z")).Select(s => GivenCase.Text(s.Start)));

    [Fact]
    public void A_centres_holiday_is_not_worked_but_an_extra_shift_on_it_is()
    {
        var policy = With(p =>
        {
            p["businessHours"]!["holidays"] = System.Text.Json.Nodes.JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(WithHolidays.Document.BusinessHours.Holidays));
            p["centres"]!["dublin"]!["holidays"] = new System.Text.Json.Nodes.JsonArray("IE");
        });
        var schedule = new EngineerSchedule("Mon-Fri 08:00-16:00");
        Assert.False(EngineerShifts.Of(schedule, policy.Centre("dublin")).IsOnShift(Utc("2026-12-25T10:00Z")));

        var extra = EngineerShifts.Of(schedule with { Extra = [new(new(2026, 12, 25), "09:00-12:00")] }, policy.Centre("dublin"));
        Assert.Equal(Utc("2026-12-25T12:00Z"), extra.OnShiftUntil(Utc("2026-12-25T10:00Z")));
    }

    [Fact]
    public void An_extra_shift_that_touches_one_of_the_pattern_makes_it_longer()
    {
        var shifts = Dublin("Fri 08:00-16:00", new EngineerSchedule(null, Extra: [new(new(2026, 1, 9), "16:00-22:00"), new(new(2026, 1, 9), "21:00-23:00")]));

        Assert.Equal(Utc("2026-01-09T23:00Z"), shifts.OnShiftUntil(Utc("2026-01-09T09:00Z")));
        Assert.Equal(new Interval(Utc("2026-01-09T08:00Z"), Utc("2026-01-09T23:00Z")), shifts.NextShift(Utc("2026-01-09T01:00Z")));
    }

    [Fact]
    public void A_shift_without_end_has_no_next_one()
    {
        var shifts = Dublin("Mon-Sun 00:00-24:00");

        Assert.Equal(Instant.MaxValue, shifts.OnShiftUntil(Utc("2026-01-09T09:00Z")));
        Assert.Null(shifts.NextShift(Utc("2026-01-09T09:00Z")));
    }

    /// <summary>The clocks are put forward at 01:00Z in Dublin: a shift from 01:30 starts at the end of the gap, one until 01:30 ends there.</summary>
    [Fact]
    public void A_shift_that_starts_or_ends_in_the_gap_does_so_at_its_end()
    {
        Assert.Equal(Utc("2026-03-29T01:00Z"), Dublin("Sun 01:30-09:00").NextShift(Utc("2026-03-28T12:00Z"))!.Value.Start);
        Assert.Equal(Utc("2026-03-29T01:00Z"), Dublin("Sat 18:00-01:30(+1)").OnShiftUntil(Utc("2026-03-29T00:30Z")));
    }

    /// <summary>01:30 comes twice on 25 October: a start is the first, an end the last.</summary>
    [Fact]
    public void A_shift_that_starts_or_ends_in_the_hour_that_comes_twice_is_the_longer_one()
    {
        Assert.Equal(Utc("2026-10-25T00:30Z"), Dublin("Sun 01:30-09:00").NextShift(Utc("2026-10-24T12:00Z"))!.Value.Start);
        Assert.Equal(Utc("2026-10-25T01:30Z"), Dublin("Sat 18:00-01:30(+1)").OnShiftUntil(Utc("2026-10-25T00:00Z")));
    }

    public static TheoryData<string, string> ChangesOfTheClocks()
    {
        var data = new TheoryData<string, string>();
        foreach (var (code, zone) in TheDefaultPolicy.Policy.Centres.Select(c => (c.Key, SupportPolicy.FindZone(c.Value.Zone)!)))
        {
            foreach (var change in zone.GetZoneIntervals(Utc("2026-01-01T00:00Z"), Utc("2027-01-01T00:00Z")).Where(i => i.HasStart && i.Start > Utc("2026-01-01T00:00Z")))
            {
                data.Add(code, GivenCase.Text(change.Start)!);
            }
        }

        return data;
    }

    [Fact]
    public void In_2026_the_clocks_change_twice_in_four_of_the_centres() => Assert.Equal(
        ["dublin", "dublin", "reading", "reading", "springfield", "springfield", "sydney", "sydney"], ChangesOfTheClocks().Select(c => c.Data.Item1).Order(StringComparer.Ordinal));

    /// <summary>Three shifts a day that follow one another leave no minute without anybody and overlap where the clocks are put back within a change.</summary>
    [Theory]
    [MemberData(nameof(ChangesOfTheClocks))]
    public void Round_the_clock_shifts_leave_no_gap_when_the_clocks_change(string code, string change)
    {
        var centre = TheDefaultPolicy.Policy.Centre(code)!;
        foreach (var hour in Enumerable.Range(0, 24))
        {
            string[] times = [.. Enumerable.Range(0, 3).Select(i => $"{(hour + (8 * i)) % 24:00}:30")];
            var team = Enumerable.Range(0, 3).Select(i => EngineerShifts.Of(new EngineerSchedule($"Mon-Sun {Window(times[i], times[(i + 1) % 3])}"), centre)).ToList();
            for (var at = Utc(change) - Duration.FromHours(30); at < Utc(change) + Duration.FromHours(30); at += Duration.FromMinutes(15))
            {
                Assert.InRange(team.Count(s => s.IsOnShift(at)), 1, 2);
            }
        }

        static string Window(string from, string to) => string.CompareOrdinal(from, to) < 0 ? $"{from}-{to}" : $"{from}-{to}(+1)";
    }

    private static EngineerShifts Dublin(string pattern, EngineerSchedule? with = null) => EngineerShifts.Of((with ?? new(null)) with { Pattern = pattern }, TheDefaultPolicy.Policy.Centre("dublin"));
}
