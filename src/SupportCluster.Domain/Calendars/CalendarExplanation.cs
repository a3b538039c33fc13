using System.Collections.Immutable;
using NodaTime;

namespace SupportCluster.Domain.Calendars;

/// <summary>
/// How a stretch of working time came about: which calendar, what counted on which local day, which holidays were passed over, which pauses
/// were left out. Data for screens to word; where the stretch is long, days in its middle are left out and only their sum is told.
/// </summary>
/// <param name="Start">Inclusive.</param>
/// <param name="End">Exclusive; a deadline's instant.</param>
/// <param name="Hours">The hours of the week that were counted, in <paramref name="Zone"/>.</param>
/// <param name="Zone">IANA name of the calendar's zone; the days are its local days.</param>
/// <param name="IsRoundTheClock">Whether every hour of every day counted, but for pauses.</param>
/// <param name="Counted">Working time from start to end, days left out included.</param>
/// <param name="Days">One entry for each local day from start to end, in order, at most <see cref="MostDays"/>.</param>
/// <param name="DaysLeftOut">Days that the list does not show: those after its first half.</param>
/// <param name="CountedOnDaysLeftOut">Working time on them.</param>
public sealed record CalendarExplanation(
    Instant Start,
    Instant End,
    WeeklyHours Hours,
    string Zone,
    bool IsRoundTheClock,
    Duration Counted,
    ImmutableArray<ExplainedDay> Days,
    int DaysLeftOut,
    Duration CountedOnDaysLeftOut)
{
    /// <summary>The first and the last 31 days of a stretch are listed, so that a month's target is listed whole.</summary>
    public const int MostDays = 62;

    internal static CalendarExplanation Of(BusinessCalendar calendar, Instant start, Instant end, IReadOnlyList<Interval>? pauses)
    {
        var counted = calendar.Elapsed(start, end, pauses);
        if (end <= start)
        {
            return new CalendarExplanation(start, end, calendar.Hours, calendar.Zone.Id, calendar.IsRoundTheClock, counted, [], 0, Duration.Zero);
        }

        var ordered = Pauses.Ordered(pauses);

        // A window of the evening before may still run at the start: that day is then the first one listed.
        var first = BusinessCalendar.DaysFrom(calendar.DateAt(start), -2);
        var last = BusinessCalendar.DaysFrom(calendar.DateAt(end), 1);
        var (shownFirst, shownLast) = (calendar.DateAt(start), calendar.DateAt(end - Duration.Epsilon));
        var days = new List<ExplainedDay>();
        var floor = start;
        var leftOut = 0;
        for (var date = first; date <= last; date = date.PlusDays(1))
        {
            if (date > shownFirst.PlusDays((MostDays / 2) - 1) && date <= BusinessCalendar.DaysFrom(shownLast, -MostDays / 2))
            {
                var next = BusinessCalendar.DaysFrom(shownLast, 1 - (MostDays / 2));
                leftOut = Period.DaysBetween(date, next);
                date = next.PlusDays(-1);

                // Only to know up to where the day before has counted.
                _ = ExplainedDay.Of(calendar, date, end, ordered, ref floor);
                continue;
            }

            var day = ExplainedDay.Of(calendar, date, end, ordered, ref floor);
            if ((date >= shownFirst && date <= shownLast) || !day.Windows.IsEmpty || !day.Paused.IsEmpty)
            {
                days.Add(day);
            }
        }

        var shown = days.Aggregate(Duration.Zero, (sum, day) => sum + day.Counted);
        return new CalendarExplanation(
            start, end, calendar.Hours, calendar.Zone.Id, calendar.IsRoundTheClock, counted, [.. days], leftOut, leftOut == 0 ? Duration.Zero : counted - shown);
    }
}

/// <summary>What one local day gave.</summary>
/// <param name="Date">Local date in the calendar's zone; windows over midnight belong to the day that they start on.</param>
/// <param name="Kind">Why the day counts or does not.</param>
/// <param name="Holiday">The holiday's name, on a day that is one.</param>
/// <param name="Windows">What counted, within the stretch and without pauses; start-inclusive, end-exclusive. Empty on an open day whose hours all lie outside the stretch or in pauses.</param>
/// <param name="Counted">The sum of the windows, in real time.</param>
/// <param name="Paused">Open time that did not count because of a pause.</param>
public sealed record ExplainedDay(
    LocalDate Date,
    DayKind Kind,
    string? Holiday,
    ImmutableArray<Interval> Windows,
    Duration Counted,
    ImmutableArray<Interval> Paused)
{
    internal static ExplainedDay Of(BusinessCalendar calendar, LocalDate date, Instant end, (Instant Start, Instant End)[] pauses, ref Instant floor)
    {
        var kind = calendar.IsBusinessDay(date) ? DayKind.Open
            : calendar.Hours[date.DayOfWeek].IsEmpty ? DayKind.Closed
            : calendar.Holidays.NameOf(date) is not null ? DayKind.Holiday
            : DayKind.LeftOutByZone;
        var windows = ImmutableArray.CreateBuilder<Interval>();
        var paused = ImmutableArray.CreateBuilder<Interval>();
        var sum = Duration.Zero;
        foreach (var window in calendar.WindowsOn(date))
        {
            var at = Instant.Max(window.OpensAt(date, calendar.Zone), floor);
            var closes = Instant.Min(window.ClosesAt(date, calendar.Zone), end);
            if (at >= closes)
            {
                continue;
            }

            foreach (var pause in pauses)
            {
                if (pause.End <= at || pause.Start >= closes)
                {
                    continue;
                }

                if (pause.Start > at)
                {
                    Count(at, pause.Start);
                }

                var until = Instant.Min(pause.End, closes);
                paused.Add(new Interval(Instant.Max(pause.Start, at), until));
                at = until;
            }

            Count(at, closes);
            floor = closes;
        }

        return new ExplainedDay(date, kind, calendar.Holidays.NameOf(date), windows.ToImmutable(), sum, paused.ToImmutable());

        void Count(Instant from, Instant to)
        {
            if (from < to)
            {
                windows.Add(new Interval(from, to));
                sum += to - from;
            }
        }
    }
}

/// <summary>Why a local day counts or does not.</summary>
public enum DayKind
{
    /// <summary>A business day; its hours may still lie outside the stretch or in pauses.</summary>
    Open,

    /// <summary>No hours on this day of the week.</summary>
    Closed,

    /// <summary>A holiday on a day of the week that has hours.</summary>
    Holiday,

    /// <summary>The zone left this date out (Pacific/Apia had no 30 December 2011).</summary>
    LeftOutByZone,
}
