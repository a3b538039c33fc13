using System.Collections.Immutable;
using System.Globalization;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using NodaTime;

namespace SupportCluster.Domain.Calendars;

/// <summary>Reads public holidays from iCalendar files (RFC 5545), as countries and centres publish them.</summary>
public static class HolidayFile
{
    /// <summary>
    /// The all-day events of the years asked for, rules of repetition expanded, events of several days as so many holidays. Cancelled events
    /// are passed over; names of two holidays on one date are joined.
    /// </summary>
    /// <param name="icalendar">The file's text.</param>
    /// <param name="fromYear">Inclusive.</param>
    /// <param name="toYear">Inclusive.</param>
    /// <exception cref="FormatException">The text is not a whole calendar with events, or an event has no date, no name, or a time of day.</exception>
    public static Holidays Parse(string icalendar, int fromYear, int toYear)
    {
        ArgumentNullException.ThrowIfNull(icalendar);
        ArgumentOutOfRangeException.ThrowIfLessThan(toYear, fromYear);
        RefuseBroken(icalendar, "holiday file");
        var (first, last) = (new LocalDate(fromYear, 1, 1), new LocalDate(toYear, 12, 31));
        var dates = ImmutableDictionary.CreateBuilder<LocalDate, string>();
        foreach (var holiday in Load(icalendar).SelectMany(calendar => calendar.Events))
        {
            if (string.Equals(holiday.Status, EventStatus.Cancelled, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var name = NameOf(holiday);
            foreach (var date in DatesOf(holiday, name, first, last))
            {
                dates[date] = dates.TryGetValue(date, out var known) ? Holidays.JoinNames(known, name) : name;
            }
        }

        return Holidays.None with { Dates = dates.ToImmutable() };
    }

    // The library reads over what it does not understand; half a file would then silently be half the holidays.
    internal static void RefuseBroken(string icalendar, string file)
    {
        var open = new Stack<(string Name, int Line)>();
        var (number, events) = (0, 0);
        foreach (var raw in icalendar.AsSpan().TrimStart('\uFEFF').EnumerateLines())
        {
            number++;
            var line = raw.TrimEnd();
            if (line.IsEmpty)
            {
                continue;
            }

            if (line.StartsWith("BEGIN:", StringComparison.OrdinalIgnoreCase))
            {
                open.Push((line["BEGIN:".Length..].ToString().ToUpperInvariant(), number));
                events += open.Peek().Name == "VEVENT" ? 1 : 0;
                if (open.Count == 1 && open.Peek().Name != "VCALENDAR")
                {
                    throw Broken(number, file, $"'{line}' stands outside of a calendar; the file starts with BEGIN:VCALENDAR");
                }
            }
            else if (open.Count == 0)
            {
                throw Broken(number, file, "this is not a calendar; the file starts with BEGIN:VCALENDAR");
            }
            else if (line.StartsWith("END:", StringComparison.OrdinalIgnoreCase))
            {
                var (name, since) = open.Pop();
                if (!line["END:".Length..].Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    throw Broken(number, file, $"'{line}' does not end {name} of line {since}");
                }
            }
            else if (raw[0] is not (' ' or '\t') && !line.Contains(':'))
            {
                throw Broken(number, file, $"'{line}' has no colon; a line is NAME:value, or goes on from the line before with a blank");
            }
        }

        if (open.TryPeek(out var unfinished))
        {
            throw Broken(number, file, $"the file ends within {unfinished.Name} of line {unfinished.Line}; is it cut off?");
        }

        if (events == 0)
        {
            throw new FormatException($"The {file} has no events; each entry is a VEVENT with a date and a name.");
        }
    }

    private static CalendarCollection Load(string icalendar)
    {
        try
        {
            return CalendarCollection.Load(icalendar.TrimStart('\uFEFF'));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The parser has no exception of its own: what it throws depends on the property that it stumbles over.
            throw new FormatException($"The holiday file cannot be read as iCalendar: {e.Message}", e);
        }
    }

    private static string NameOf(CalendarEvent holiday) =>
        string.IsNullOrWhiteSpace(holiday.Summary)
            ? throw new FormatException($"The event {Describe(holiday)} of the holiday file has no SUMMARY; it names the holiday.")
            : holiday.Summary.Trim();

    private static List<LocalDate> DatesOf(CalendarEvent holiday, string name, LocalDate first, LocalDate last)
    {
        if (holiday.Start is null)
        {
            throw new FormatException($"The holiday '{name}' ({Describe(holiday)}) has no DTSTART that can be read; write DTSTART;VALUE=DATE:20270101.");
        }

        if (holiday.Start.HasTime || holiday.End is { HasTime: true })
        {
            throw new FormatException($"The holiday '{name}' ({Describe(holiday)}) has a time of day; holidays are whole days, DTSTART;VALUE=DATE:20270101.");
        }

        var length = LengthInDays(holiday, name);
        var dates = new List<LocalDate>();
        try
        {
            // From earlier on, because an event of several days may reach into the first year.
            var from = first.PlusDays(-length);
            foreach (var occurrence in holiday.GetOccurrences(new CalDateTime(from.Year, from.Month, from.Day)))
            {
                var start = LocalDate.FromDateOnly(occurrence.Period.StartTime.Date);
                if (start > last)
                {
                    break;
                }

                dates.AddRange(Enumerable.Range(0, length).Select(start.PlusDays).Where(date => first <= date && date <= last));
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new FormatException($"The holiday '{name}' ({Describe(holiday)}) has a repetition that cannot be followed: {e.Message}", e);
        }

        return dates;
    }

    private static int LengthInDays(CalendarEvent holiday, string name)
    {
        var start = LocalDate.FromDateOnly(holiday.Start!.Date);
        var days = holiday.End is { } end ? NodaTime.Period.DaysBetween(start, LocalDate.FromDateOnly(end.Date))
            : holiday.Duration is { } duration ? (int)duration.ToTimeSpanUnspecified().TotalDays
            : 1;
        return days is >= 1 and <= 366
            ? days
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"The holiday '{name}' ({Describe(holiday)}) lasts {days} days; DTEND is the day after the last one."));
    }

    private static string Describe(CalendarEvent holiday) => holiday.Uid is { Length: > 0 } uid ? $"UID {uid}" : "without UID";

    private static FormatException Broken(int line, string file, string what) => new(string.Create(CultureInfo.InvariantCulture, $"Line {line} of the {file}: {what}."));
}
