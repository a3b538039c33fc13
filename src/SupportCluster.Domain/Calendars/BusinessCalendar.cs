using NodaTime;

namespace SupportCluster.Domain.Calendars;

/// <summary>
/// When support works: weekly hours without holidays, in a zone. Counts in real time, so the hour that a change of the clocks adds or takes
/// counts or does not; a window opens at <see cref="WallClock.First"/> and closes at <see cref="WallClock.Last"/> of its local times. Every
/// stretch of time is start-inclusive and end-exclusive; a deadline that falls exactly at closing is the closing instant. Pauses are
/// stretches that do not count; they may overlap and come in any order, and one without an end lasts for ever (HB-3.3, HB-4.9).
/// </summary>
/// <param name="hours">Hours of the week, local.</param>
/// <param name="holidays">Whole local days on which no window starts.</param>
/// <param name="zone">The zone of hours and holidays.</param>
public sealed class BusinessCalendar(WeeklyHours hours, Holidays holidays, DateTimeZone zone)
{
    /// <summary>How many days in a row may be closed before a calendar counts as one that never opens: ten years.</summary>
    public const int HorizonDays = 3660;

    private static readonly (Instant Start, Instant End)[] NoPauses = [];

    /// <summary>Hours of the week, local.</summary>
    public WeeklyHours Hours { get; } = hours ?? throw new ArgumentNullException(nameof(hours));

    /// <summary>Whole local days on which no window starts.</summary>
    public Holidays Holidays { get; } = holidays ?? throw new ArgumentNullException(nameof(holidays));

    /// <summary>The zone of <see cref="Hours"/> and <see cref="Holidays"/>.</summary>
    public DateTimeZone Zone { get; } = zone ?? throw new ArgumentNullException(nameof(zone));

    /// <summary>Whether every instant is open, so that working time is elapsed time.</summary>
    public bool IsRoundTheClock { get; } = hours.CoversWholeWeek && holidays.IsEmpty;

    /// <summary>Every hour of every day; the zone only says which local day it is (24x7x365 offers, HB-3.3).</summary>
    public static BusinessCalendar RoundTheClock(DateTimeZone zone) => new(WeeklyHours.Always, Holidays.None, zone);

    /// <summary>Whether the calendar is open: at its opening instant yes, at its closing instant no.</summary>
    public bool IsOpen(Instant at) => IsOpen(at, NoPauses);

    /// <summary>
    /// The instant at which <paramref name="amount"/> of working time after <paramref name="start"/> is over. Exactly at closing it is the
    /// closing instant. Zero is the first open instant at or after the start.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative.</exception>
    /// <exception cref="CalendarNeverOpensException">There is no such instant: never open, or paused without an end.</exception>
    public Instant Add(Instant start, Duration amount, IReadOnlyList<Interval>? pauses = null)
    {
        RefuseNegative(amount);
        var spans = new ForwardSpans(this, start, null, Pauses.Ordered(pauses));
        while (spans.MoveNext())
        {
            var length = spans.End - spans.Start;
            if (amount <= length)
            {
                return spans.Start + amount;
            }

            amount -= length;
        }

        throw NeverOpens(start, "after");
    }

    /// <summary>
    /// The instant from which <paramref name="amount"/> of working time is left until <paramref name="end"/>. Exactly at opening it is the
    /// opening instant. Zero is the last active moment at or before the end: the end itself while open, otherwise the closing before it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative.</exception>
    /// <exception cref="CalendarNeverOpensException">There is no such instant.</exception>
    public Instant Subtract(Instant end, Duration amount, IReadOnlyList<Interval>? pauses = null)
    {
        RefuseNegative(amount);
        var ordered = Pauses.Ordered(pauses);
        if (amount == Duration.Zero && IsOpen(end, ordered))
        {
            return end;
        }

        var spans = new BackwardSpans(this, end, ordered);
        while (true)
        {
            spans.MoveNext();
            var length = spans.End - spans.Start;
            if (amount <= length)
            {
                return spans.End - amount;
            }

            amount -= length;
        }
    }

    /// <summary>Working time between two instants, in real time; zero where the second is not after the first.</summary>
    public Duration Elapsed(Instant from, Instant to, IReadOnlyList<Interval>? pauses = null)
    {
        var sum = Duration.Zero;
        if (from < to)
        {
            var spans = new ForwardSpans(this, from, to, Pauses.Ordered(pauses));
            while (spans.MoveNext())
            {
                sum += spans.End - spans.Start;
            }
        }

        return sum;
    }

    /// <summary>
    /// The open stretches from one instant (inclusive) to another (exclusive), in order, cut at both and by the pauses; those that touch
    /// are joined.
    /// </summary>
    public IEnumerable<Interval> OpenWindows(Instant from, Instant to, IReadOnlyList<Interval>? pauses = null)
    {
        if (from >= to)
        {
            yield break;
        }

        var spans = new ForwardSpans(this, from, to, Pauses.Ordered(pauses));
        if (!spans.MoveNext())
        {
            yield break;
        }

        var (start, end) = (spans.Start, spans.End);
        while (spans.MoveNext())
        {
            if (spans.Start > end)
            {
                yield return new Interval(start, end);
                start = spans.Start;
            }

            end = spans.End;
        }

        yield return new Interval(start, end);
    }

    /// <summary>The stretches in which both calendars are open, as <see cref="OpenWindows"/>; each keeps its own zone and holidays.</summary>
    public IEnumerable<Interval> OpenWindowsWith(BusinessCalendar other, Instant from, Instant to, IReadOnlyList<Interval>? pauses = null)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Both(other, from, to, pauses);
    }

    /// <summary>The first open instant at or after <paramref name="at"/>: itself while open.</summary>
    /// <exception cref="CalendarNeverOpensException">There is none within the horizon.</exception>
    public Instant NextOpening(Instant at) => Add(at, Duration.Zero);

    /// <summary>
    /// The first closing after <paramref name="at"/>: of the hours that are running, otherwise of the next ones. Hours that touch are one.
    /// <see cref="Instant.MaxValue"/> where the calendar does not close again within the horizon.
    /// </summary>
    /// <exception cref="CalendarNeverOpensException">It does not even open within the horizon.</exception>
    public Instant NextClosing(Instant at)
    {
        if (IsRoundTheClock)
        {
            return Instant.MaxValue;
        }

        var spans = new ForwardSpans(this, at, null, NoPauses);
        spans.MoveNext();
        var end = spans.End;
        var horizon = end + Duration.FromDays(HorizonDays);
        while (spans.MoveNext() && spans.Start <= end)
        {
            end = spans.End;
            if (end > horizon)
            {
                return Instant.MaxValue;
            }
        }

        return end;
    }

    /// <summary>Whether hours start on this local date: a day with windows, not a holiday, and not one that the zone left out (HB-3.3).</summary>
    public bool IsBusinessDay(LocalDate date) =>
        WindowsOn(date).Length > 0 && DateAt(WallClock.First(date.AtMidnight(), Zone)) == date;

    /// <summary>
    /// The same local time of day <paramref name="days"/> business days later, or earlier where negative; the day of the start is not
    /// counted, whether it is a business day or not. The time may lie outside the hours. Zero is the start itself (HB-4.3).
    /// </summary>
    /// <exception cref="CalendarNeverOpensException">There are not that many business days.</exception>
    public Instant AddBusinessDays(Instant start, int days)
    {
        if (days == 0)
        {
            return start;
        }

        var local = start.InZone(Zone).LocalDateTime;
        return WallClock.Last(BusinessDay(local.Date, days).At(local.TimeOfDay), Zone);
    }

    /// <summary>
    /// The last closing of the business day that is <paramref name="days"/> business days after the local date of <paramref name="start"/>,
    /// or before where negative. Zero is that date itself, or the next business day where it is none (HB-4.3).
    /// </summary>
    /// <exception cref="CalendarNeverOpensException">There are not that many business days.</exception>
    public Instant EndOfBusinessDay(Instant start, int days)
    {
        var date = DateAt(start);
        var day = days == 0 && IsBusinessDay(date) ? date : BusinessDay(date, days == 0 ? 1 : days);
        return WindowsOn(day)[^1].ClosesAt(day, Zone);
    }

    /// <summary>
    /// What counted between two instants and why the rest did not, local day by local day (design: every deadline can explain itself).
    /// </summary>
    public CalendarExplanation Explain(Instant start, Instant end, IReadOnlyList<Interval>? pauses = null) =>
        CalendarExplanation.Of(this, start, end, pauses);

    /// <summary><c>Mon-Fri 08:00-18:00 Europe/Dublin</c>.</summary>
    public override string ToString() => $"{Hours} {Zone.Id}";

    internal LocalDate DateAt(Instant at) => at.InZone(Zone).Date;

    /// <summary>The windows that start on a date; none on a holiday.</summary>
    internal ReadOnlySpan<DayWindow> WindowsOn(LocalDate date)
    {
        var windows = Hours[date.DayOfWeek].AsSpan();
        return windows.Length > 0 && Holidays.NameOf(date) is not null ? [] : windows;
    }

    /// <summary>Days later or earlier, but never beyond the dates that there are.</summary>
    internal static LocalDate DaysFrom(LocalDate date, int days)
    {
        var room = days < 0
            ? Period.DaysBetween(LocalDate.MinIsoValue, date)
            : Period.DaysBetween(date, LocalDate.MaxIsoValue);
        return date.PlusDays(days < 0 ? Math.Max(days, -room) : Math.Min(days, room));
    }

    internal CalendarNeverOpensException NeverOpens(Instant at, string direction) =>
        new($"{this} has no open hour {direction} {at} within {HorizonDays} days in a row; look at its {Holidays.Dates.Count + Holidays.Yearly.Count} holidays.");

    private static void RefuseNegative(Duration amount)
    {
        if (amount < Duration.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(amount), amount, "An amount of working time is not negative; subtract instead of adding, or the reverse.");
        }
    }

    private bool IsOpen(Instant at, (Instant Start, Instant End)[] pauses)
    {
        if (at == Instant.MaxValue)
        {
            return false;
        }

        var spans = new ForwardSpans(this, at, at + Duration.Epsilon, pauses);
        return spans.MoveNext();
    }

    private LocalDate BusinessDay(LocalDate date, int days)
    {
        var step = Math.Sign(days);
        var closed = 0;
        for (var left = Math.Abs((long)days); left > 0;)
        {
            if (closed > HorizonDays)
            {
                throw new CalendarNeverOpensException($"{this} has no business day within {HorizonDays} days in a row of {date}; look at its holidays.");
            }

            date = date.PlusDays(step);
            if (IsBusinessDay(date))
            {
                left--;
                closed = 0;
            }
            else
            {
                closed++;
            }
        }

        return date;
    }

    private IEnumerable<Interval> Both(BusinessCalendar other, Instant from, Instant to, IReadOnlyList<Interval>? pauses)
    {
        using var mine = OpenWindows(from, to, pauses).GetEnumerator();
        using var others = other.OpenWindows(from, to).GetEnumerator();
        var more = mine.MoveNext() && others.MoveNext();
        while (more)
        {
            var start = Instant.Max(mine.Current.Start, others.Current.Start);
            var end = Instant.Min(mine.Current.End, others.Current.End);
            if (start < end)
            {
                yield return new Interval(start, end);
            }

            more = mine.Current.End < others.Current.End ? mine.MoveNext() : others.MoveNext();
        }
    }
}
