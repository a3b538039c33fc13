using System.Collections.Immutable;
using CsCheck;
using NodaTime;
using SupportCluster.Domain.Calendars;
using Xunit;

namespace SupportCluster.Domain.Tests.Calendars;

/// <summary>
/// What must hold for any week, holidays and pauses, around every change of the clocks of zones that change them oddly: by half an hour, at
/// and over midnight, by a whole day, twice around Ramadan, or never. Checked against a calendar that counts minutes.
/// </summary>
public sealed class CalendarProperties
{
    private const int Minutes = 24 * DayMinutes;
    private const int DayMinutes = 24 * 60;
    private const long Samples = 400;

    private static readonly string[] ZoneIds =
    [
        "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo", "Europe/Dublin", "America/St_Johns", "Pacific/Apia",
        "Africa/Casablanca", "America/Havana", "Asia/Tehran", "Antarctica/Troll", "Pacific/Chatham", "Asia/Kathmandu",
    ];

    // St. John's changed its clocks at one minute past midnight until 2011, Apia left out 30 December 2011.
    private static readonly (DateTimeZone Zone, Instant At)[] Changes =
    [
        .. ZoneIds.Select(id => DateTimeZoneProviders.Tzdb[id]).SelectMany(zone => zone
            .GetZoneIntervals(Instant.FromUtc(2008, 1, 1, 0, 0), Instant.FromUtc(2026, 1, 1, 0, 0))
            .Select(interval => (zone, interval.HasStart ? Instant.Max(interval.Start, Instant.FromUtc(2008, 1, 1, 0, 0)) : Instant.FromUtc(2008, 1, 1, 0, 0)))),
    ];

    private static readonly Gen<WeeklyHours> Weeks = Gen.OneOf(
        OneOf(
            "Mon-Fri 08:00-18:00", "Mon-Sun 00:00-24:00", "Mon-Fri 08:00-08:00(+1)", "Mon-Sun 22:00-06:00(+1)", "Sun 00:00-00:30 01:30-02:30 23:30-24:00",
            "Mon-Sun 00:00-01:15 01:15-02:15 02:15-24:00", "Mon-Sun 23:59-23:59(+1)", "Fri 00:00-24:00|Sun 02:00-02:30").Select(WeeklyHours.Parse),
        RandomWeeks());

    private static readonly Gen<Situation> Situations =
        from change in OneOf(Changes)
        from shift in Gen.Int[0, DayMinutes]
        from hours in Weeks
        from holidays in Gen.Int[0, 23].HashSet[0, 4]
        from pauses in Gen.Select(Gen.Int[0, Minutes], Gen.Int[0, 2 * DayMinutes], Gen.Int[0, 12]).Array[0, 4]
        from ends in Gen.Select(Gen.Int[6 * DayMinutes, 13 * DayMinutes], Gen.Int[0, 5 * DayMinutes], Gen.Int[0, 4 * DayMinutes])
        select Situation.Of(change.Zone, change.At, shift, hours, holidays, pauses, ends);

    [Fact]
    public void The_naive_calendar_agrees() => Situations.Sample(
        s =>
        {
            for (var minute = DayMinutes * 3; minute < Minutes - (DayMinutes * 3); minute += 37)
            {
                var at = s.At(minute);
                Assert.Equal(s.Naive.IsOpen(minute), s.Calendar.IsOpen(at) && !s.Pauses.Any(pause => pause.Contains(at)));
            }

            Assert.Equal(Duration.FromMinutes(s.Naive.Elapsed(s.Start, s.End)), s.Calendar.Elapsed(s.At(s.Start), s.At(s.End), s.Pauses));
            if (s.Naive.Add(s.Start, s.Amount) is { } due && due < s.At(Minutes - (DayMinutes * 3)))
            {
                Assert.Equal(due, s.Calendar.Add(s.At(s.Start), Duration.FromMinutes(s.Amount), s.Pauses));
            }

            if (s.Naive.Subtract(s.End, s.Amount) is { } before && before > s.At(DayMinutes * 3))
            {
                Assert.Equal(before, s.Calendar.Subtract(s.At(s.End), Duration.FromMinutes(s.Amount), s.Pauses));
            }
        },
        iter: Samples);

    [Fact]
    public void Adding_and_measuring_agree() => Situations.Sample(
        s =>
        {
            var amount = Duration.FromMinutes(s.Amount) + Duration.FromNanoseconds(s.Amount);
            Assert.Equal(amount, s.Calendar.Elapsed(s.At(s.Start), s.Calendar.Add(s.At(s.Start), amount, s.Pauses), s.Pauses));
        },
        iter: Samples);

    [Fact]
    public void Subtracting_inverts_adding() => Situations.Sample(
        s =>
        {
            var amount = Duration.FromMinutes(s.Amount);
            var started = s.Calendar.Add(s.At(s.Start), Duration.Zero, s.Pauses);
            Assert.Equal(started, s.Calendar.Subtract(s.Calendar.Add(s.At(s.Start), amount, s.Pauses), amount, s.Pauses));
        },
        iter: Samples);

    [Fact]
    public void Splitting_a_span_loses_nothing() => Situations.Sample(
        s =>
        {
            var (start, middle, end) = (s.At(s.Start), s.At(s.Start + ((s.End - s.Start) / 3)), s.At(s.End));
            Assert.Equal(
                s.Calendar.Elapsed(start, end, s.Pauses),
                s.Calendar.Elapsed(start, middle, s.Pauses) + s.Calendar.Elapsed(middle, end, s.Pauses));
            var (first, second) = (Duration.FromMinutes(s.Amount), Duration.FromMinutes((s.Amount / 2) + 1));
            Assert.Equal(
                s.Calendar.Add(start, first + second, s.Pauses),
                s.Calendar.Add(s.Calendar.Add(start, first, s.Pauses), second, s.Pauses));
        },
        iter: Samples);

    [Fact]
    public void Windows_are_apart_in_order_and_sum_up_to_the_elapsed_time() => Situations.Sample(
        s =>
        {
            var windows = s.Calendar.OpenWindows(s.At(s.Start), s.At(s.End), s.Pauses).ToList();
            Assert.All(windows, window => Assert.True(window.Start < window.End));
            Assert.All(windows.Zip(windows.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.Start));
            Assert.Equal(s.Calendar.Elapsed(s.At(s.Start), s.At(s.End), s.Pauses), Sum(windows));
            Assert.Equal(windows, s.Calendar.OpenWindowsWith(BusinessCalendar.RoundTheClock(s.Calendar.Zone), s.At(s.Start), s.At(s.End), s.Pauses));
        },
        iter: Samples);

    [Fact]
    public void The_next_opening_and_closing_are_the_ends_of_the_next_window() => Situations.Sample(
        s =>
        {
            var next = s.Calendar.OpenWindows(s.At(s.Start), s.At(s.Start) + Duration.FromDays(60)).First();
            Assert.Equal(next.Start, s.Calendar.NextOpening(s.At(s.Start)));
            Assert.Equal(s.Calendar.IsOpen(s.At(s.Start)), next.Start == s.At(s.Start));
            var closing = s.Calendar.NextClosing(s.At(s.Start));
            if (next.End < s.At(s.Start) + Duration.FromDays(60))
            {
                Assert.Equal(next.End, closing);
            }
            else
            {
                Assert.Equal(Instant.MaxValue, closing);
            }
        },
        iter: Samples);

    [Fact]
    public void An_explanation_adds_up_and_shows_every_day_once() => Situations.Sample(
        s =>
        {
            var explained = s.Calendar.Explain(s.At(s.Start), s.At(s.End), s.Pauses);
            Assert.Equal(s.Calendar.Elapsed(s.At(s.Start), s.At(s.End), s.Pauses), explained.Counted);
            Assert.Equal(explained.Counted, Sum(explained.Days.SelectMany(day => day.Windows)));
            Assert.Equal(explained.Counted, explained.Days.Aggregate(Duration.Zero, (sum, day) => sum + day.Counted));
            Assert.Equal(explained.Days.Select(day => day.Date).Distinct().Order(), explained.Days.Select(day => day.Date));
            Assert.Equal(s.Calendar.Elapsed(s.At(s.Start), s.At(s.End)) - explained.Counted, Sum(explained.Days.SelectMany(day => day.Paused)));
            Assert.Equal(0, explained.DaysLeftOut);
        },
        iter: Samples);

    private static Duration Sum(IEnumerable<Interval> windows) => windows.Aggregate(Duration.Zero, (sum, window) => sum + window.Duration);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    /// <summary>Cuts the week at random minutes, more of them in the hours in which clocks change, and opens some of the pieces; pieces that touch stay two windows.</summary>
    private static Gen<WeeklyHours> RandomWeeks() =>
        from cuts in Gen.Select(Gen.Int[0, 6], Gen.OneOf(Gen.Int[0, DayMinutes - 1], Gen.Int[0, 36].Select(five => 5 * five))).HashSet[2, 16]
        from open in Gen.Bool.Array[16]
        from always in Gen.Int[0, 15]
        let line = cuts.Select(cut => (cut.Item1 * DayMinutes) + cut.Item2).Order().ToList()
        let pieces = line.Zip(line.Skip(1)).Where((_, i) => open[i] || i == always % (line.Count - 1)).ToList()
        select WeeklyHours.Create(pieces
            .Select(piece => (Day: piece.First / DayMinutes, Start: piece.First % DayMinutes, Length: Math.Min(piece.Second - piece.First, DayMinutes)))
            .GroupBy(piece => piece.Day)
            .ToDictionary(
                day => (IsoDayOfWeek)(day.Key + 1),
                day => (IReadOnlyList<string>)[.. day.Select(piece => new DayWindow(piece.Start, piece.Start + piece.Length).ToString())]));

    private sealed class Situation(BusinessCalendar calendar, Instant origin, IReadOnlyList<Interval> pauses, int start, int length, int amount)
    {
        private readonly Lazy<NaiveCalendar> _naive = new(() => new NaiveCalendar(calendar, pauses, origin, Minutes));

        internal BusinessCalendar Calendar => calendar;

        /// <summary>Built by the one property that asks for it, because it is slow.</summary>
        internal NaiveCalendar Naive => _naive.Value;

        internal IReadOnlyList<Interval> Pauses => pauses;

        internal int Start => start;

        internal int End => start + length;

        internal int Amount => amount;

        internal Instant At(int minute) => origin + Duration.FromMinutes(minute);

        public override string ToString() =>
            $"{calendar} from {origin} start {At(Start)} end {At(End)} amount {amount} min holidays {string.Join(' ', calendar.Holidays.Dates.Keys)} pauses {string.Join(' ', pauses)}";

        internal static Situation Of(
            DateTimeZone zone, Instant change, int shift, WeeklyHours hours, HashSet<int> holidays, (int Start, int Length, int Ends)[] pauses, (int Start, int Length, int Amount) ends)
        {
            var origin = Instant.FromUnixTimeSeconds((change - Duration.FromDays(11) + Duration.FromMinutes(shift)).ToUnixTimeSeconds() / 60 * 60);
            var closed = Holidays.None with { Dates = holidays.ToImmutableDictionary(origin.InZone(zone).Date.PlusDays, day => $"Day {day}") };
            var intervals = pauses.Select(pause => new Interval(
                pause.Ends == 0 && pause.Start < 5 * DayMinutes ? null : origin + Duration.FromMinutes(pause.Start),
                origin + Duration.FromMinutes(pause.Start + pause.Length)));
            return new Situation(new BusinessCalendar(hours, closed, zone), origin, [.. intervals], ends.Start, ends.Length, ends.Amount);
        }
    }
}
