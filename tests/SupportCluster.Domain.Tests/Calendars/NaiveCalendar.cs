using NodaTime;
using SupportCluster.Domain.Calendars;

namespace SupportCluster.Domain.Tests.Calendars;

/// <summary>
/// The oracle: one bit for each minute of a stretch of real time, set by looking at what a clock on the wall shows in that minute. Knows
/// nothing of zone transitions, does not map local times to instants, counts minute by minute. Slow and hard to get wrong.
/// </summary>
internal sealed class NaiveCalendar
{
    private readonly Instant _origin;
    private readonly LocalDateTime[] _wall;
    private readonly bool[] _open;

    internal NaiveCalendar(BusinessCalendar calendar, IReadOnlyList<Interval> pauses, Instant origin, int minutes)
    {
        _origin = origin;
        _wall = [.. Enumerable.Range(0, minutes).Select(minute => At(minute).InZone(calendar.Zone).LocalDateTime)];
        _open = new bool[minutes];
        for (var date = _wall.Min().Date.PlusDays(-2); date <= _wall.Max().Date; date = date.PlusDays(1))
        {
            if (calendar.Holidays.NameOf(date) is not null)
            {
                continue;
            }

            foreach (var window in calendar.Hours[date.DayOfWeek])
            {
                var from = FirstShowing(date.AtMidnight().PlusMinutes(window.StartMinute));
                var to = LastShowing(date.AtMidnight().PlusMinutes(window.EndMinute));
                for (var minute = from; minute < to; minute++)
                {
                    _open[minute] = true;
                }
            }
        }

        for (var minute = 0; minute < minutes; minute++)
        {
            _open[minute] &= !pauses.Any(pause => pause.Contains(At(minute)));
        }
    }

    internal Instant At(int minute) => _origin + Duration.FromMinutes(minute);

    internal bool IsOpen(int minute) => _open[minute];

    internal int Elapsed(int from, int to) => Enumerable.Range(from, Math.Max(0, to - from)).Count(IsOpen);

    /// <summary>Null where the stretch is too short to tell.</summary>
    internal Instant? Add(int start, int amount)
    {
        var minute = start;
        for (var left = amount; left > 0; minute++)
        {
            if (minute == _open.Length)
            {
                return null;
            }

            left -= _open[minute] ? 1 : 0;
        }

        // Zero is the first open minute.
        while (amount == 0 && minute < _open.Length && !_open[minute])
        {
            minute++;
        }

        return minute == _open.Length ? null : At(minute);
    }

    /// <summary>Null where the stretch is too short to tell.</summary>
    internal Instant? Subtract(int end, int amount)
    {
        var minute = end;
        for (var left = amount; left > 0; minute--)
        {
            if (minute == 0)
            {
                return null;
            }

            left -= _open[minute - 1] ? 1 : 0;
        }

        // Zero is the last active moment: this minute, or the end of the last open one before.
        while (amount == 0 && !_open[minute] && !_open[minute - 1])
        {
            if (--minute == 0)
            {
                return null;
            }
        }

        return At(minute);
    }

    // The clock reaches or jumps over the time.
    private int FirstShowing(LocalDateTime time)
    {
        var minute = Array.FindIndex(_wall, shown => shown >= time);
        return minute < 0 ? _wall.Length : minute;
    }

    // The clock shows the time for the last time, or jumps over it right after.
    private int LastShowing(LocalDateTime time)
    {
        var minute = Array.FindLastIndex(_wall, shown => shown <= time);
        return minute < 0 ? 0 : _wall[minute] == time ? minute : minute + 1;
    }
}
