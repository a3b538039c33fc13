using System.Collections.Immutable;
using NodaTime;
using SupportCluster.Domain.Calendars;
using Xunit;
using static SupportCluster.Domain.Tests.Calendars.ZoneOddityTests;

namespace SupportCluster.Domain.Tests.Calendars;

public sealed class CalendarExplanationTests
{
    private static readonly BusinessCalendar Office = new(
        WeeklyHours.Parse("Mon-Fri 08:00-18:00"),
        Holidays.None with { Dates = ImmutableDictionary<LocalDate, string>.Empty.Add(new LocalDate(2026, 4, 6), "Easter Monday") },
        Zone("Europe/Dublin"));

    [Fact]
    public void A_deadline_over_Easter_tells_what_counted_and_why_the_rest_did_not()
    {
        // Thursday 16:00 plus 4 hours, an hour's hold on Tuesday morning.
        Interval[] holds = [Between("2026-04-07T07:30:00Z", "2026-04-07T08:30:00Z")];
        var start = At("2026-04-02T15:00:00Z");
        var due = Office.Add(start, Duration.FromHours(14), holds);
        var explained = Office.Explain(start, due, holds);

        Assert.Equal(Duration.FromHours(14), explained.Counted);
        Assert.Equal(
            ["04-02 Open 2", "04-03 Open 10", "04-04 Closed 0", "04-05 Closed 0", "04-06 Holiday 0 Easter Monday", "04-07 Open 2"],
            explained.Days.Select(day => $"{day.Date:MM'-'dd} {day.Kind} {day.Counted.TotalHours} {day.Holiday}".TrimEnd()));
        Assert.Equal(holds, explained.Days[^1].Paused);
        Assert.Equal([Between("2026-04-07T07:00:00Z", "2026-04-07T07:30:00Z"), Between("2026-04-07T08:30:00Z", "2026-04-07T10:00:00Z")], explained.Days[^1].Windows);
        Assert.Equal("Europe/Dublin", explained.Zone);
    }

    [Fact]
    public void A_night_shift_that_runs_at_the_start_is_told_under_its_own_day()
    {
        var nights = new BusinessCalendar(WeeklyHours.Parse("Mon-Sun 22:00-06:00(+1)"), Holidays.None, Zone("Europe/Dublin"));
        var explained = nights.Explain(At("2026-11-20T03:00:00Z"), At("2026-11-20T23:00:00Z"));
        Assert.Equal([(new LocalDate(2026, 11, 19), 3.0), (new LocalDate(2026, 11, 20), 1.0)], explained.Days.Select(day => (day.Date, day.Counted.TotalHours)));
    }

    [Fact]
    public void A_stretch_of_years_shows_its_first_and_last_31_days_and_the_sum_of_those_between()
    {
        var (start, end) = (At("2026-01-01T10:00:00Z"), At("2029-01-01T10:00:00Z"));
        foreach (var calendar in new[] { Office, BusinessCalendar.RoundTheClock(Zone("Europe/Dublin")) })
        {
            var explained = calendar.Explain(start, end);
            Assert.Equal(CalendarExplanation.MostDays, explained.Days.Length);
            Assert.Equal(new LocalDate(2026, 1, 31), explained.Days[30].Date);
            Assert.Equal(new LocalDate(2028, 12, 2), explained.Days[31].Date);
            Assert.Equal(Period.DaysBetween(new LocalDate(2026, 1, 31), new LocalDate(2028, 12, 2)) - 1, explained.DaysLeftOut);
            Assert.Equal(
                calendar.Elapsed(WallClock.First(new LocalDateTime(2026, 2, 1, 0, 0), calendar.Zone), WallClock.First(new LocalDateTime(2028, 12, 2, 0, 0), calendar.Zone)),
                explained.CountedOnDaysLeftOut);
            Assert.Equal(calendar.Elapsed(start, end), explained.Counted);
        }
    }

    [Fact]
    public void A_stretch_of_62_days_is_told_whole()
    {
        var explained = Office.Explain(At("2026-01-01T10:00:00Z"), At("2026-03-03T10:00:00Z"));
        Assert.Equal((62, 0), (explained.Days.Length, explained.DaysLeftOut));
        explained = Office.Explain(At("2026-01-01T10:00:00Z"), At("2026-03-04T10:00:00Z"));
        Assert.Equal((62, 1), (explained.Days.Length, explained.DaysLeftOut));
    }

    [Fact]
    public void An_end_that_is_not_after_the_start_explains_nothing() =>
        Assert.Empty(Office.Explain(At("2026-01-02T10:00:00Z"), At("2026-01-01T10:00:00Z")).Days);
}
