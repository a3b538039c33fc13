using NodaTime;

namespace SupportCluster.Faults.Sun;

/// <summary>
/// Shifts of a minute or two around the clock: of every three minutes a region works two, one after the other, so that at any time two regions are
/// at work and each minute the shift of one of them ends. A third of the engineers works the second of the two minutes only.
/// </summary>
/// <param name="begin">A whole minute, from which on they work.</param>
/// <param name="minutes">For how long shifts are made: only the stretch that a run needs.</param>
internal sealed class SunShifts(Instant begin, int minutes)
{
    private const int Cycle = 3;
    private const int Short = 3;

    /// <summary>The shifts of an engineer.</summary>
    /// <param name="region">Place of the region in the round.</param>
    /// <param name="number">Of the engineer in the region.</param>
    internal IReadOnlyList<Interval> Of(int region, int number)
    {
        var shifts = new List<Interval>();
        for (var minute = region - Cycle; minute < minutes; minute += Cycle)
        {
            var from = minute + (number % Short == Short - 1 ? 1 : 0);
            var (start, end) = (At(Math.Max(from, 0)), At(minute + 2));
            if (start < end)
            {
                shifts.Add(new(start, end));
            }
        }

        return shifts;
    }

    /// <summary>The same as weekly hours in a zone: <c>Fri 23:58-24:00|Sat 00:01-00:03</c>.</summary>
    internal static string Pattern(IReadOnlyList<Interval> shifts, DateTimeZone zone) => string.Join('|', shifts
        .Select(s => (Start: s.Start.InZone(zone).LocalDateTime, End: s.End.InZone(zone).LocalDateTime))
        .GroupBy(s => s.Start.Date)
        .Select(day => FormattableString.Invariant($"{day.Key.DayOfWeek.ToString()[..3]} {string.Join(' ', day.Select(s => Window(s.Start, s.End)))}")));

    private Instant At(int minute) => begin + Duration.FromMinutes(minute);

    private static string Window(LocalDateTime start, LocalDateTime end)
    {
        var closes = end.Date == start.Date ? FormattableString.Invariant($"{end.Hour:00}:{end.Minute:00}")
            : end.TimeOfDay == LocalTime.Midnight ? "24:00"
            : FormattableString.Invariant($"{end.Hour:00}:{end.Minute:00}(+1)");
        return FormattableString.Invariant($"{start.Hour:00}:{start.Minute:00}-{closes}");
    }
}
