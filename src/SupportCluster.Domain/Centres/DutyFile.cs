using System.Collections.Immutable;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using NodaTime;
using SupportCluster.Domain.Calendars;

namespace SupportCluster.Domain.Centres;

/// <summary>Duty managers as iCalendar (RFC 5545): each turn is an event whose summary is the manager; times are in UTC, as turns are instants.</summary>
public static class DutyFile
{
    /// <summary>Writes the turns of a stretch.</summary>
    /// <param name="from">Inclusive; the turn that runs then is cut there.</param>
    /// <param name="to">Exclusive.</param>
    /// <param name="now">The stamp of the file.</param>
    public static string Write(DutyRoster roster, string region, Instant from, Instant to, Instant now)
    {
        ArgumentNullException.ThrowIfNull(roster);
        var calendar = new Calendar { ProductId = "-//SupportCluster//Duty//EN" };
        foreach (var turn in roster.TurnsFrom(from).TakeWhile(t => t.From < to))
        {
            var start = Instant.Max(turn.From, from);
            calendar.Events.Add(new CalendarEvent
            {
                Uid = $"duty-{region}-{start.ToUnixTimeSeconds()}@supportcluster",
                Summary = turn.Manager,
                Description = turn.StandsIn is { } other ? $"stands in for {other}" : null,
                Start = At(start),
                End = At(Instant.Min(turn.Until, to)),
                DtStamp = At(now),
            });
        }

        return new CalendarSerializer().SerializeToString(calendar)!;
    }

    /// <summary>Reads who has the duty when, as overrides of the rotation.</summary>
    /// <param name="zone">Of times without a zone.</param>
    /// <exception cref="FormatException">The text is not a calendar, or an event has no manager, no time, or repeats.</exception>
    public static ImmutableArray<DutyOverride> Parse(string icalendar, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(icalendar);
        ArgumentNullException.ThrowIfNull(zone);
        HolidayFile.RefuseBroken(icalendar, "duty roster");
        List<CalendarEvent> events;
        try
        {
            events = [.. CalendarCollection.Load(icalendar.TrimStart('\uFEFF')).SelectMany(c => c.Events)];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The parser has no exception of its own: what it throws depends on the property that it stumbles over.
            throw new FormatException($"The duty roster cannot be read as iCalendar: {e.Message}", e);
        }

        return [.. events.Select(e => Turn(e, zone)).OrderBy(t => t.From)];
    }

    private static DutyOverride Turn(CalendarEvent turn, DateTimeZone zone)
    {
        if (string.IsNullOrWhiteSpace(turn.Summary))
        {
            throw Broken(turn, "has no SUMMARY; it names the manager");
        }

        if (turn.RecurrenceRule is not null)
        {
            throw Broken(turn, "repeats; the rotation stands in the policy");
        }

        var start = turn.Start is { HasTime: true } given ? given : throw Broken(turn, "has no DTSTART with a time of day");
        var end = turn.End ?? (turn.Duration is { } length ? start.Add(length) : throw Broken(turn, "has neither DTEND nor DURATION"));
        var (from, until) = (Of(start, zone, WallClock.First), Of(end, zone, WallClock.Last));
        return from < until ? new(from, until, turn.Summary.Trim()) : throw Broken(turn, "ends before it starts");
    }

    private static Instant Of(CalDateTime at, DateTimeZone zone, Func<LocalDateTime, DateTimeZone, Instant> rule) =>
        rule(LocalDateTime.FromDateTime(at.Value), at.IsUtc ? DateTimeZone.Utc : at.TzId is { } name ? Policy.SupportPolicy.FindZone(name) ?? throw new FormatException($"'{name}' is not an IANA time zone.") : zone);

    private static CalDateTime At(Instant at) => new(at.ToDateTimeUtc());

    private static FormatException Broken(CalendarEvent turn, string what) => new($"The event {turn.Uid ?? "without UID"} of the duty roster {what}.");
}
