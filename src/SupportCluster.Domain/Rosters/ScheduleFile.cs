using System.Collections.Immutable;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using NodaTime;
using SupportCluster.Domain.Calendars;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Policy;

namespace SupportCluster.Domain.Rosters;

/// <summary>
/// Schedules as iCalendar (RFC 5545), for the calendars that people use. A window of the pattern is an event that repeats each week, without
/// its days off (EXDATE); leave is an event of whole days; an extra shift is a single event. What is written reads back as the same schedule.
/// </summary>
public static class ScheduleFile
{
    private static readonly string[] Days = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

    /// <summary>Writes an engineer's schedule: the pattern from a day on, days off of the given stretch.</summary>
    /// <param name="from">First local day, inclusive.</param>
    /// <param name="to">Last local day whose holidays and dropped shifts are excluded, inclusive.</param>
    /// <param name="now">The stamp of the file.</param>
    public static string Write(Engineer engineer, SupportPolicy policy, LocalDate from, LocalDate to, Instant now)
    {
        ArgumentNullException.ThrowIfNull(engineer);
        ArgumentNullException.ThrowIfNull(policy);
        var centre = engineer.Profile.Centre is { } code ? policy.Centre(code) : null;
        var zone = centre?.Calendar.Zone ?? DateTimeZone.Utc;
        var schedule = engineer.Profile.Schedule ?? new(centre?.Calendar.Hours.ToString());
        var leave = EngineerSchedule.List(schedule.Leave);
        var dropped = EngineerSchedule.List(schedule.Dropped);
        var calendar = new Calendar { ProductId = "-//SupportCluster//Roster//EN" };
        calendar.AddTimeZone(new VTimeZone(zone.Id));
        if (schedule.Pattern is { } pattern)
        {
            var week = WeeklyHours.Parse(pattern);
            foreach (var day in Enum.GetValues<IsoDayOfWeek>().Where(d => d != IsoDayOfWeek.None))
            {
                foreach (var window in week[day])
                {
                    var first = from.With(DateAdjusters.NextOrSame(day));
                    var shift = Timed(engineer, first, window, zone.Id, now);
                    shift.RecurrenceRule = new RecurrenceRule(FrequencyType.Weekly, 1) { ByDay = [new WeekDay(Days[(int)day - 1])] };
                    for (var date = first; date <= to; date = date.PlusWeeks(1))
                    {
                        if (dropped.Contains(date) || leave.Any(l => l.From <= date && date <= l.To) || centre?.Calendar.Holidays.NameOf(date) is not null)
                        {
                            shift.ExceptionDates.Add(Local(date.AtMidnight().PlusMinutes(window.StartMinute), zone.Id));
                        }
                    }

                    calendar.Events.Add(shift);
                }
            }
        }

        foreach (var off in leave)
        {
            calendar.Events.Add(new CalendarEvent
            {
                Uid = $"{engineer.Id}-leave-{Stamp(off.From)}@supportcluster",
                Summary = off.Reason ?? "leave",
                Start = new CalDateTime(off.From.Year, off.From.Month, off.From.Day),
                End = new CalDateTime(off.To.PlusDays(1).Year, off.To.PlusDays(1).Month, off.To.PlusDays(1).Day),
                DtStamp = Utc(now),
            });
        }

        foreach (var extra in EngineerSchedule.List(schedule.Extra))
        {
            var shift = Timed(engineer, extra.Date, DayWindow.Parse(extra.Hours), extra.Zone ?? zone.Id, now);
            shift.Uid = $"{engineer.Id}-extra-{Stamp(extra.Date)}-{extra.Hours[..2]}{extra.Hours[3..5]}@supportcluster";
            shift.Comments.Add(extra.For is { } whose ? $"for {whose}" : "extra");
            calendar.Events.Add(shift);
        }

        return new CalendarSerializer().SerializeToString(calendar)!;
    }

    /// <summary>
    /// Reads a schedule: events of whole days are leave, events that repeat weekly without end are the pattern, other events of a time of day
    /// are extra shifts, days left out of a repetition that are neither leave nor a holiday of the centre are dropped.
    /// </summary>
    /// <exception cref="FormatException">The text is not a calendar, or an event is none of these.</exception>
    public static EngineerSchedule Parse(string icalendar, string? centre, SupportPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(icalendar);
        ArgumentNullException.ThrowIfNull(policy);
        var at = centre is null ? null : policy.Centre(centre);
        var zone = at?.Calendar.Zone ?? DateTimeZone.Utc;
        var (leave, extra, left) = (new List<Leave>(), new List<ExtraShift>(), new SortedSet<LocalDate>());
        var week = new Dictionary<IsoDayOfWeek, IReadOnlyList<string>>();
        foreach (var shift in Load(icalendar))
        {
            var start = shift.Start ?? throw Broken(shift, "has no DTSTART");
            var end = shift.End ?? (shift.Duration is { } length ? start.Add(length) : throw Broken(shift, "has neither DTEND nor DURATION"));
            if (!start.HasTime)
            {
                leave.Add(new(DateOf(start), DateOf(end).PlusDays(-1), shift.Summary is "leave" or null ? null : shift.Summary.Trim()));
                continue;
            }

            // A time in UTC or in another zone stays what it is on a single day; a weekly one must be in the centre's own.
            var (from, to) = (LocalOf(start), LocalOf(end));
            var hours = Window(shift, from, to);
            if (shift.RecurrenceRule is not { } rule)
            {
                var own = start.IsUtc ? "UTC" : start.TzId ?? zone.Id;
                var whose = shift.Comments.FirstOrDefault(c => c.StartsWith("for ", StringComparison.Ordinal))?[4..];
                extra.Add(new(from.Date, hours, own == zone.Id ? null : own, whose is null ? null : new EngineerId(whose)));
                continue;
            }

            if (rule.Frequency != FrequencyType.Weekly || rule.Interval > 1 || rule.Count is not null || rule.Until is not null)
            {
                throw Broken(shift, "repeats other than each week without end");
            }

            if (!start.IsFloating && start.TzId != zone.Id)
            {
                throw Broken(shift, $"repeats in the zone {start.TzId}; the centre's is {zone.Id}");
            }

            var days = rule.ByDay.Count == 0 ? [from.Date.DayOfWeek] : rule.ByDay.Select(d => d.DayOfWeek == DayOfWeek.Sunday ? IsoDayOfWeek.Sunday : (IsoDayOfWeek)(int)d.DayOfWeek).ToList();
            foreach (var day in days)
            {
                week[day] = [.. week.GetValueOrDefault(day) ?? [], hours];
            }

            left.UnionWith(shift.ExceptionDates.GetAllDates().Select(DateOf));
        }

        left.RemoveWhere(d => leave.Any(l => l.From <= d && d <= l.To) || at?.Calendar.Holidays.NameOf(d) is not null);
        return new(
            week.Count == 0 ? null : WeeklyHours.Create(week).ToString(),
            leave.Count == 0 ? null : [.. leave.OrderBy(l => l.From)],
            left.Count == 0 ? null : [.. left],
            extra.Count == 0 ? null : [.. extra.OrderBy(e => e.Date)]);
    }

    private static List<CalendarEvent> Load(string icalendar)
    {
        HolidayFile.RefuseBroken(icalendar, "schedule");
        try
        {
            return [.. CalendarCollection.Load(icalendar.TrimStart('\uFEFF')).SelectMany(c => c.Events)];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The parser has no exception of its own: what it throws depends on the property that it stumbles over.
            throw new FormatException($"The schedule cannot be read as iCalendar: {e.Message}", e);
        }
    }

    private static string Window(CalendarEvent shift, LocalDateTime from, LocalDateTime to)
    {
        var start = from.Hour * 60 + from.Minute;
        var minutes = NodaTime.Period.Between(from, to, PeriodUnits.Minutes).Minutes;
        return minutes is > 0 and <= DayWindow.MinutesADay
            ? new DayWindow(start, start + (int)minutes).ToString()
            : throw Broken(shift, "lasts no time, or more than 24 hours");
    }

    private static CalendarEvent Timed(Engineer engineer, LocalDate date, DayWindow window, string zone, Instant now) => new()
    {
        Uid = $"{engineer.Id}-{date.DayOfWeek.ToString()[..3].ToLowerInvariant()}-{window.StartMinute}@supportcluster",
        Summary = engineer.Profile.Name,
        Start = Local(date.AtMidnight().PlusMinutes(window.StartMinute), zone),
        End = Local(date.AtMidnight().PlusMinutes(window.EndMinute), zone),
        DtStamp = Utc(now),
    };

    private static CalDateTime Local(LocalDateTime at, string zone) => new(at.Year, at.Month, at.Day, at.Hour, at.Minute, 0, zone);

    private static CalDateTime Utc(Instant now) => new(now.ToDateTimeUtc());

    private static LocalDate DateOf(CalDateTime at) => LocalDate.FromDateOnly(at.Date);

    private static LocalDateTime LocalOf(CalDateTime at) => LocalDateTime.FromDateTime(at.Value);

    private static string Stamp(LocalDate date) => NodaTime.Text.LocalDatePattern.CreateWithInvariantCulture("uuuuMMdd").Format(date);

    private static FormatException Broken(CalendarEvent shift, string what) => new($"The event {shift.Uid ?? "without UID"} of the schedule {what}.");
}
