using System.Globalization;
using NodaTime;

namespace SupportCluster.Domain.Calendars;

/// <summary>
/// One stretch of opening hours, in local time. It belongs to the day that it starts on, even where it goes on after midnight.
/// </summary>
/// <param name="StartMinute">Minutes from midnight of its day, 0 to 1439, inclusive.</param>
/// <param name="EndMinute">Minutes from midnight of its day, exclusive: 1440 is midnight at the end of the day, more is the next day.</param>
public readonly record struct DayWindow(int StartMinute, int EndMinute)
{
    internal const int MinutesADay = 24 * 60;

    /// <summary>Local time of opening.</summary>
    public LocalTime Opens => LocalTime.FromMinutesSinceMidnight(StartMinute);

    /// <summary>Local time of closing; midnight where the window ends with its day.</summary>
    public LocalTime Closes => LocalTime.FromMinutesSinceMidnight(EndMinute % MinutesADay);

    /// <summary>Whether it closes on the day after the one that it belongs to, later than midnight.</summary>
    public bool ClosesNextDay => EndMinute > MinutesADay;

    /// <summary>When the window opens on <paramref name="date"/> in <paramref name="zone"/>.</summary>
    internal Instant OpensAt(LocalDate date, DateTimeZone zone) => WallClock.First(date.AtMidnight().PlusMinutes(StartMinute), zone);

    /// <summary>When the window that belongs to <paramref name="date"/> closes in <paramref name="zone"/>.</summary>
    internal Instant ClosesAt(LocalDate date, DateTimeZone zone) => WallClock.Last(date.AtMidnight().PlusMinutes(EndMinute), zone);

    /// <summary><c>08:00-18:00</c>, <c>00:00-24:00</c> or <c>20:00-08:00(+1)</c>.</summary>
    public override string ToString()
    {
        var nextDay = ClosesNextDay;
        var end = nextDay ? EndMinute - MinutesADay : EndMinute;
        return string.Create(CultureInfo.InvariantCulture, $"{StartMinute / 60:00}:{StartMinute % 60:00}-{end / 60:00}:{end % 60:00}{(nextDay ? "(+1)" : "")}");
    }

    /// <summary>Reads one window.</summary>
    /// <exception cref="FormatException">It is not of the form above, is empty, ends before it starts or is longer than 24 hours.</exception>
    internal static DayWindow Parse(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0)
        {
            throw new FormatException($"'{text}' is not a window of opening hours; write it like 08:00-18:00.");
        }

        var endText = text[(dash + 1)..];
        var nextDay = endText.EndsWith("(+1)", StringComparison.Ordinal);
        if (nextDay)
        {
            endText = endText[..^"(+1)".Length];
        }

        var start = Minutes(text[..dash], text);
        var end = Minutes(endText, text);
        if (start == MinutesADay)
        {
            throw new FormatException($"'{text}' starts at the end of the day; write 00:00 on the day after.");
        }

        if (nextDay)
        {
            if (end == MinutesADay || end > start)
            {
                throw new FormatException($"'{text}' is longer than 24 hours; a window ends at most 24 hours after it starts.");
            }

            return new DayWindow(start, end + MinutesADay);
        }

        if (end <= start)
        {
            throw new FormatException(end == 0
                ? $"'{text}' ends before it starts; write 24:00 for midnight at the end of the day."
                : $"'{text}' ends before it starts; add (+1) where it ends on the next day: '{text}(+1)'.");
        }

        return new DayWindow(start, end);
    }

    private static int Minutes(string time, string window)
    {
        if (time.Length == 5 && time[2] == ':' && char.IsAsciiDigit(time[0]) && char.IsAsciiDigit(time[1])
            && char.IsAsciiDigit(time[3]) && char.IsAsciiDigit(time[4]))
        {
            var hours = ((time[0] - '0') * 10) + time[1] - '0';
            var minutes = ((time[3] - '0') * 10) + time[4] - '0';
            if (minutes < 60 && (hours < 24 || (hours == 24 && minutes == 0)))
            {
                return (hours * 60) + minutes;
            }
        }

        throw new FormatException($"'{time}' in '{window}' is not a time of day; write it as HH:mm, from 00:00 to 24:00.");
    }
}
