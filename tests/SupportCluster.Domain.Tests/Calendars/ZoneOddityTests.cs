using System.Collections.Immutable;
using NodaTime;
using NodaTime.Text;
using SupportCluster.Domain.Calendars;
using Xunit;

namespace SupportCluster.Domain.Tests.Calendars;

/// <summary>One oddity of calendars a test, with literal dates.</summary>
public sealed class ZoneOddityTests
{
    private static readonly DateTimeZone Dublin = Zone("Europe/Dublin");

    [Fact]
    public void Friday_17_45_plus_30_minutes_is_due_Monday_08_15_in_Dublin() =>
        Assert.Equal(At("2026-11-23T08:15:00Z"), Office(Dublin).Add(At("2026-11-20T17:45:00Z"), Duration.FromMinutes(30)));

    [Fact]
    public void A_deadline_exactly_at_closing_is_the_closing_instant_and_not_the_next_opening() =>
        Assert.Equal(At("2026-11-20T18:00:00Z"), Office(Dublin).Add(At("2026-11-20T17:30:00Z"), Duration.FromMinutes(30)));

    [Fact]
    public void A_start_that_counts_back_exactly_to_opening_is_the_opening_instant_and_not_the_closing_before() =>
        Assert.Equal(At("2026-11-20T08:00:00Z"), Office(Dublin).Subtract(At("2026-11-20T09:00:00Z"), Duration.FromHours(1)));

    [Fact]
    public void The_office_is_open_at_its_opening_and_closed_at_its_closing_instant()
    {
        Assert.True(Office(Dublin).IsOpen(At("2026-11-20T08:00:00Z")));
        Assert.False(Office(Dublin).IsOpen(At("2026-11-20T08:00:00Z") - Duration.Epsilon));
        Assert.True(Office(Dublin).IsOpen(At("2026-11-20T18:00:00Z") - Duration.Epsilon));
        Assert.False(Office(Dublin).IsOpen(At("2026-11-20T18:00:00Z")));
    }

    [Fact]
    public void Zero_after_closing_is_the_next_opening_and_zero_before_it_the_last_closing()
    {
        Assert.Equal(At("2026-11-23T08:00:00Z"), Office(Dublin).Add(At("2026-11-20T18:00:00Z"), Duration.Zero));
        Assert.Equal(At("2026-11-20T18:00:00Z"), Office(Dublin).Subtract(At("2026-11-21T12:00:00Z"), Duration.Zero));
        Assert.Equal(At("2026-11-20T18:00:00Z"), Office(Dublin).Subtract(At("2026-11-20T18:00:00Z"), Duration.Zero));
        Assert.Equal(At("2026-11-20T08:00:00Z"), Office(Dublin).Subtract(At("2026-11-20T08:00:00Z"), Duration.Zero));
    }

    [Fact]
    public void Hours_after_the_clocks_go_forward_in_Dublin_open_an_hour_earlier_in_real_time()
    {
        // Sunday 29 March 2026, 01:00 to 02:00.
        Assert.Equal(At("2026-03-27T08:00:00Z"), Office(Dublin).NextOpening(At("2026-03-26T20:00:00Z")));
        Assert.Equal(At("2026-03-30T07:00:00Z"), Office(Dublin).NextOpening(At("2026-03-28T12:00:00Z")));
    }

    [Fact]
    public void A_night_shift_over_the_change_to_summer_time_lasts_an_hour_less()
    {
        var night = Calendar("Sat 22:00-06:00(+1)", Dublin);
        Assert.Equal(Duration.FromHours(7), night.Elapsed(At("2026-03-28T12:00:00Z"), At("2026-03-29T12:00:00Z")));
        Assert.Equal(Duration.FromHours(8), night.Elapsed(At("2026-03-21T12:00:00Z"), At("2026-03-22T12:00:00Z")));
    }

    [Fact]
    public void A_night_shift_over_the_change_to_winter_time_lasts_an_hour_more()
    {
        var night = Calendar("Sat 22:00-06:00(+1)", Dublin);
        Assert.Equal(Duration.FromHours(9), night.Elapsed(At("2026-10-24T12:00:00Z"), At("2026-10-25T12:00:00Z")));
        Assert.Equal(At("2026-10-25T06:00:00Z"), night.NextClosing(At("2026-10-24T23:00:00Z")));
    }

    [Fact]
    public void A_window_that_starts_in_the_gap_opens_at_its_end_and_one_within_it_does_not_open_that_day()
    {
        // 01:00 to 02:00 was left out in Dublin on 29 March 2026.
        Assert.Equal([Between("2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z")], Calendar("Sun 01:30-03:00", Dublin).OpenWindows(At("2026-03-28T00:00:00Z"), At("2026-03-31T00:00:00Z")));
        Assert.Empty(Calendar("Sun 01:15-01:45", Dublin).OpenWindows(At("2026-03-28T00:00:00Z"), At("2026-03-31T00:00:00Z")));
    }

    [Fact]
    public void Windows_that_touch_within_the_repeated_hour_overlap_and_count_once()
    {
        // 01:00 to 02:00 happened twice in Dublin on 25 October 2026, first as 00:00Z to 01:00Z.
        var split = Calendar("Sun 00:00-01:30 01:30-03:00", Dublin);
        Assert.Equal([Between("2026-10-24T23:00:00Z", "2026-10-25T03:00:00Z")], split.OpenWindows(At("2026-10-24T00:00:00Z"), At("2026-10-26T00:00:00Z")));
        Assert.Equal(Duration.FromHours(4), split.Elapsed(At("2026-10-24T00:00:00Z"), At("2026-10-26T00:00:00Z")));
    }

    [Fact]
    public void A_window_that_starts_in_the_repeated_hour_opens_at_its_first_occurrence() =>
        Assert.Equal(At("2026-10-25T00:30:00Z"), Calendar("Sun 01:30-03:00", Dublin).NextOpening(At("2026-10-25T00:00:00Z")));

    [Fact]
    public void A_window_that_ends_in_the_repeated_hour_closes_at_its_last_occurrence() =>
        Assert.Equal(At("2026-10-25T01:30:00Z"), Calendar("Sun 00:00-01:30", Dublin).NextClosing(At("2026-10-25T00:45:00Z")));

    [Fact]
    public void Sao_Paulo_had_no_midnight_when_summer_time_began_and_the_day_opened_at_one()
    {
        // 4 November 2018 began at 01:00.
        var days = Calendar("Sun 00:00-24:00", Zone("America/Sao_Paulo"));
        Assert.Equal([Between("2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z")], days.OpenWindows(At("2018-11-03T00:00:00Z"), At("2018-11-07T00:00:00Z")));
    }

    [Fact]
    public void Havana_repeats_the_first_hour_of_the_day_and_a_Saturday_that_ends_at_midnight_ends_at_the_second_one()
    {
        // Sunday 3 November 2024: at 01:00 back to 00:00, so that midnight happened at 04:00Z and at 05:00Z.
        var saturday = Calendar("Sat 00:00-24:00", Zone("America/Havana"));
        Assert.Equal(At("2024-11-03T05:00:00Z"), saturday.NextClosing(At("2024-11-02T12:00:00Z")));
    }

    [Fact]
    public void Saint_Johns_went_back_to_the_day_before_and_hours_of_both_days_ran_on()
    {
        // At 00:01 on 7 November 2010 (02:31Z) it was 23:01 on the 6th again: 6 November, a minute of the 7th, an hour of the 6th, the 7th.
        var friday = Calendar("Fri 23:30-23:30(+1)", Zone("America/St_Johns"));
        Assert.True(friday.IsOpen(At("2010-11-07T02:30:30Z")));
        Assert.Equal(At("2010-11-07T03:00:00Z"), friday.NextClosing(At("2010-11-07T02:30:30Z")));
        Assert.Equal([new LocalDate(2010, 11, 5)], friday.Explain(At("2010-11-07T02:30:30Z"), At("2010-11-07T02:30:50Z")).Days.Where(day => !day.Windows.IsEmpty).Select(day => day.Date));

        var sunday = Calendar("Sun 00:00-01:00", Zone("America/St_Johns"));
        Assert.True(sunday.IsOpen(At("2010-11-07T02:45:00Z")));
        Assert.Equal(Duration.FromMinutes(10), sunday.Elapsed(At("2010-11-07T02:35:00Z"), At("2010-11-07T02:45:00Z")));
        Assert.Equal(At("2010-11-07T02:35:00Z"), sunday.Subtract(At("2010-11-07T02:45:00Z"), Duration.FromMinutes(10)));
        Assert.Equal([new LocalDate(2010, 11, 7)], sunday.Explain(At("2010-11-07T02:35:00Z"), At("2010-11-07T02:45:00Z")).Days.Where(day => !day.Windows.IsEmpty).Select(day => day.Date));
    }

    [Fact]
    public void Lord_Howe_moves_its_clocks_by_half_an_hour()
    {
        var office = Calendar("Sun 00:00-08:00", Zone("Australia/Lord_Howe"));
        Assert.Equal(Duration.FromHours(8) - Duration.FromMinutes(30), office.Elapsed(At("2026-10-03T00:00:00Z"), At("2026-10-05T00:00:00Z")));
        Assert.Equal(Duration.FromHours(8) + Duration.FromMinutes(30), office.Elapsed(At("2026-04-04T00:00:00Z"), At("2026-04-06T00:00:00Z")));
    }

    [Fact]
    public void Apia_had_no_Friday_30_December_2011_so_it_is_no_business_day_and_has_no_hours()
    {
        var office = Office(Zone("Pacific/Apia"));
        var thursday = WallClock.First(new LocalDateTime(2011, 12, 29, 17, 0), office.Zone);
        Assert.False(office.IsBusinessDay(new LocalDate(2011, 12, 30)));
        Assert.Equal(new LocalDateTime(2012, 1, 2, 8, 30), office.Add(thursday, Duration.FromMinutes(90)).InZone(office.Zone).LocalDateTime);
        Assert.Equal(new LocalDateTime(2012, 1, 2, 17, 0), office.AddBusinessDays(thursday, 1).InZone(office.Zone).LocalDateTime);
        Assert.Contains(office.Explain(thursday, office.Add(thursday, Duration.FromMinutes(90))).Days, day => day.Kind == DayKind.LeftOutByZone);
    }

    [Fact]
    public void A_business_day_later_keeps_the_local_time_of_day_over_both_changes_of_the_clocks()
    {
        Assert.Equal(At("2026-03-30T14:00:00Z"), Office(Dublin).AddBusinessDays(At("2026-03-27T15:00:00Z"), 1));
        Assert.Equal(At("2026-10-26T15:00:00Z"), Office(Dublin).AddBusinessDays(At("2026-10-23T14:00:00Z"), 1));
        Assert.Equal(At("2026-10-23T14:00:00Z"), Office(Dublin).AddBusinessDays(At("2026-10-26T15:00:00Z"), -1));
    }

    [Fact]
    public void A_business_day_later_at_a_time_that_happens_twice_is_the_last_of_the_two() =>
        Assert.Equal(At("2026-10-25T01:30:00Z"), BusinessCalendar.RoundTheClock(Dublin).AddBusinessDays(At("2026-10-24T00:30:00Z"), 1));

    [Fact]
    public void The_end_of_the_second_business_day_passes_over_weekend_and_holiday()
    {
        // Thursday before Easter 2026; Easter Monday is 6 April.
        var office = Office(Dublin, new LocalDate(2026, 4, 6));
        Assert.Equal(At("2026-04-07T17:00:00Z"), office.EndOfBusinessDay(At("2026-04-02T10:00:00Z"), 2));
        Assert.Equal(At("2026-04-02T17:00:00Z"), office.EndOfBusinessDay(At("2026-04-02T10:00:00Z"), 0));
        Assert.Equal(At("2026-04-07T17:00:00Z"), office.EndOfBusinessDay(At("2026-04-05T10:00:00Z"), 0));
    }

    [Fact]
    public void A_holiday_is_the_local_day_and_not_the_day_in_UTC()
    {
        // 20 July 2026 in Tokyo is 19 July 15:00Z to 20 July 15:00Z.
        var office = Office(Zone("Asia/Tokyo"), new LocalDate(2026, 7, 20));
        Assert.False(office.IsOpen(At("2026-07-20T01:00:00Z")));
        Assert.Equal(At("2026-07-20T23:00:00Z"), office.NextOpening(At("2026-07-19T20:00:00Z")));
    }

    [Fact]
    public void A_night_shift_belongs_to_the_day_it_starts_on_so_it_goes_on_into_a_holiday_but_does_not_start_on_one()
    {
        var nights = new BusinessCalendar(WeeklyHours.Parse("Mon-Fri 22:00-06:00(+1)"), HolidaysOn(new LocalDate(2026, 12, 25)), Dublin);
        Assert.True(nights.IsOpen(At("2026-12-25T03:00:00Z")));
        Assert.False(nights.IsOpen(At("2026-12-25T23:00:00Z")));
        Assert.False(nights.IsOpen(At("2026-12-26T03:00:00Z")));
    }

    [Fact]
    public void A_yearly_holiday_on_29_February_is_only_in_leap_years()
    {
        var office = new BusinessCalendar(
            WeeklyHours.Parse("Mon-Fri 08:00-18:00"), Holidays.None with { Yearly = ImmutableDictionary<AnnualDate, string>.Empty.Add(new AnnualDate(2, 29), "Leap day") }, Dublin);
        Assert.False(office.IsBusinessDay(new LocalDate(2028, 2, 29)));
        Assert.True(office.IsBusinessDay(new LocalDate(2029, 2, 28)));
        Assert.True(office.IsBusinessDay(new LocalDate(2029, 3, 1)));
    }

    [Fact]
    public void Pauses_that_overlap_in_any_order_are_left_out_once() =>
        Assert.Equal(
            At("2026-11-20T13:00:00Z"),
            Office(Dublin).Add(
                At("2026-11-20T09:00:00Z"),
                Duration.FromHours(2),
                [Between("2026-11-20T10:30:00Z", "2026-11-20T12:00:00Z"), Between("2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z"), Between("2026-11-20T11:30:00Z", "2026-11-20T11:30:00Z")]));

    [Fact]
    public void A_pause_without_an_end_stops_the_clock_for_ever()
    {
        var calendar = BusinessCalendar.RoundTheClock(Dublin);
        Interval[] hold = [new Interval(At("2026-11-20T10:00:00Z"), null)];
        Assert.Equal(Duration.FromHours(1), calendar.Elapsed(At("2026-11-20T09:00:00Z"), At("2026-11-30T09:00:00Z"), hold));
        Assert.Equal(At("2026-11-20T10:00:00Z"), calendar.Add(At("2026-11-20T09:00:00Z"), Duration.FromHours(1), hold));
        var refused = Assert.Throws<CalendarNeverOpensException>(() => calendar.Add(At("2026-11-20T09:00:00Z"), Duration.FromHours(2), hold));
        Assert.Contains("2026-11-20T10:00:00Z without an end", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_calendar_with_a_holiday_every_day_is_an_error_and_not_a_loop()
    {
        var every = Enumerable.Range(0, 366).ToImmutableDictionary(day => AnnualOf(new LocalDate(2024, 1, 1).PlusDays(day)), _ => "Holiday");
        var never = new BusinessCalendar(WeeklyHours.Parse("Mon-Fri 08:00-18:00"), Holidays.None with { Yearly = every }, Dublin);
        var start = At("2026-11-20T10:00:00Z");
        Assert.Throws<CalendarNeverOpensException>(() => never.Add(start, Duration.FromMinutes(1)));
        Assert.Throws<CalendarNeverOpensException>(() => never.Subtract(start, Duration.FromMinutes(1)));
        Assert.Throws<CalendarNeverOpensException>(() => never.NextOpening(start));
        Assert.Throws<CalendarNeverOpensException>(() => never.NextClosing(start));
        Assert.Throws<CalendarNeverOpensException>(() => never.AddBusinessDays(start, 1));
        Assert.Throws<CalendarNeverOpensException>(() => never.EndOfBusinessDay(start, -1));
        Assert.Equal(Duration.Zero, never.Elapsed(start, start + Duration.FromDays(365)));
        Assert.False(never.IsOpen(start));
    }

    [Fact]
    public void A_negative_amount_is_refused_in_both_directions()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Office(Dublin).Add(At("2026-11-20T10:00:00Z"), Duration.FromMinutes(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Office(Dublin).Subtract(At("2026-11-20T10:00:00Z"), Duration.FromMinutes(-1)));
    }

    [Fact]
    public void Round_the_clock_never_closes_and_adds_real_time_over_both_changes()
    {
        var calendar = BusinessCalendar.RoundTheClock(Dublin);
        Assert.True(calendar.IsRoundTheClock);
        Assert.Equal(Instant.MaxValue, calendar.NextClosing(At("2026-11-20T10:00:00Z")));
        Assert.Equal(At("2026-11-20T10:00:00Z"), calendar.NextOpening(At("2026-11-20T10:00:00Z")));
        Assert.Equal(At("2027-11-20T10:00:00Z"), calendar.Add(At("2026-11-20T10:00:00Z"), Duration.FromDays(365)));
        Assert.True(calendar.IsBusinessDay(new LocalDate(2026, 11, 22)));
    }

    [Fact]
    public void Hours_round_the_clock_close_on_a_holiday_and_those_that_never_close_again_say_so()
    {
        var calendar = new BusinessCalendar(WeeklyHours.Always, HolidaysOn(new LocalDate(2026, 12, 25)), Dublin);
        Assert.False(calendar.IsRoundTheClock);
        Assert.Equal(At("2026-12-25T00:00:00Z"), calendar.NextClosing(At("2026-11-20T10:00:00Z")));
        Assert.Equal(At("2026-12-26T00:00:00Z"), calendar.NextOpening(At("2026-12-25T00:00:00Z")));
        Assert.Equal(Instant.MaxValue, calendar.NextClosing(At("2026-12-26T10:00:00Z")));
    }

    internal static BusinessCalendar Office(DateTimeZone zone, params LocalDate[] holidays) =>
        new(WeeklyHours.Parse("Mon-Fri 08:00-18:00"), HolidaysOn(holidays), zone);

    internal static Instant At(string text) => InstantPattern.ExtendedIso.Parse(text).Value;

    internal static Interval Between(string start, string end) => new(At(start), At(end));

    internal static DateTimeZone Zone(string id) => DateTimeZoneProviders.Tzdb[id];

    private static BusinessCalendar Calendar(string hours, DateTimeZone zone) => new(WeeklyHours.Parse(hours), Holidays.None, zone);

    private static Holidays HolidaysOn(params LocalDate[] dates) => Holidays.None with { Dates = dates.ToImmutableDictionary(date => date, _ => "Holiday") };

    private static AnnualDate AnnualOf(LocalDate date) => new(date.Month, date.Day);
}
