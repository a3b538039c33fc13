using System.Collections.Immutable;
using NodaTime;
using SupportCluster.Domain.Calendars;
using SupportCluster.Domain.Centres;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Policy;

namespace SupportCluster.Domain.Rosters;

/// <summary>
/// One engineer's shifts as instants: start-inclusive, end-exclusive, those that touch or overlap are one. Local times become instants by
/// <see cref="WallClock"/>. Shifts of the pattern are not worked on holidays of the centre, on leave and on dropped days; extra shifts always are.
/// An engineer of a centre without a schedule works its opening hours; one without centre and schedule has no shifts and is not rung (HB-3.5, HB-5.5).
/// </summary>
public sealed class EngineerShifts
{
    /// <summary>How far ahead a next shift is looked for.</summary>
    private static readonly Duration Horizon = Duration.FromDays(400);

    private readonly BusinessCalendar? pattern;
    private readonly ImmutableArray<Interval> extra;

    private EngineerShifts(BusinessCalendar? pattern, ImmutableArray<Interval> extra)
    {
        this.pattern = pattern;
        this.extra = extra;
    }

    /// <summary>The shifts of a profile under a policy.</summary>
    public static EngineerShifts Of(EngineerProfile profile, SupportPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(policy);
        return Of(profile.Schedule, profile.Centre is { } code ? policy.Centre(code) : null);
    }

    /// <summary>The shifts of a schedule at a centre.</summary>
    public static EngineerShifts Of(EngineerSchedule? schedule, SupportCentre? centre)
    {
        if (schedule is null)
        {
            return new(centre?.Calendar, []);
        }

        var zone = centre?.Calendar.Zone ?? DateTimeZone.Utc;
        var pattern = schedule.Pattern is { } hours
            ? new BusinessCalendar(WeeklyHours.Parse(hours), (centre?.Calendar.Holidays ?? Holidays.None).And(DaysOff(schedule)), zone)
            : null;
        return new(pattern, [.. EngineerSchedule.List(schedule.Extra).Select(e => IntervalOf(e, zone)).Where(i => i.Start < i.End).OrderBy(i => i.Start)]);
    }

    /// <summary>Whether the engineer is on shift.</summary>
    public bool IsOnShift(Instant at) => pattern?.IsOpen(at) == true || extra.Any(e => e.Contains(at));

    /// <summary>When the running shift ends; null off shift, <see cref="Instant.MaxValue"/> for one that does not end.</summary>
    public Instant? OnShiftUntil(Instant at)
    {
        if (!IsOnShift(at))
        {
            return null;
        }

        for (var end = at; ;)
        {
            var further = pattern?.IsOpen(end) == true ? pattern.NextClosing(end) : end;
            foreach (var shift in extra.Where(e => e.Contains(end)))
            {
                further = Instant.Max(further, shift.End);
            }

            if (further == end || further == Instant.MaxValue)
            {
                return further;
            }

            end = further;
        }
    }

    /// <summary>The first shift that starts after an instant; null when there is none within 400 days.</summary>
    public Interval? NextShift(Instant after)
    {
        var from = OnShiftUntil(after) ?? after;
        return from == Instant.MaxValue ? null : Between(from, after + Horizon).Select(s => (Interval?)new Interval(s.Start, OnShiftUntil(s.Start)!.Value)).FirstOrDefault();
    }

    /// <summary>The shifts from one instant (inclusive) to another (exclusive), in order, cut at both.</summary>
    public IEnumerable<Interval> Between(Instant from, Instant to)
    {
        Interval? open = null;
        foreach (var shift in Merged(from, to))
        {
            if (open is { } last && shift.Start <= last.End)
            {
                open = new Interval(last.Start, Instant.Max(last.End, shift.End));
                continue;
            }

            if (open is { } whole)
            {
                yield return whole;
            }

            open = shift;
        }

        if (open is { } rest)
        {
            yield return rest;
        }
    }

    /// <summary>Shifts of the pattern and extra ones by start, cut at both ends.</summary>
    private IEnumerable<Interval> Merged(Instant from, Instant to)
    {
        var cut = new Queue<Interval>(extra.Where(e => e.End > from && e.Start < to).Select(e => new Interval(Instant.Max(e.Start, from), Instant.Min(e.End, to))));
        foreach (var shift in pattern?.OpenWindows(from, to) ?? [])
        {
            while (cut.TryPeek(out var first) && first.Start <= shift.Start)
            {
                yield return cut.Dequeue();
            }

            yield return shift;
        }

        while (cut.TryDequeue(out var last))
        {
            yield return last;
        }
    }

    private static Holidays DaysOff(EngineerSchedule schedule)
    {
        var days = ImmutableDictionary.CreateBuilder<LocalDate, string>();
        foreach (var leave in EngineerSchedule.List(schedule.Leave))
        {
            for (var day = leave.From; day <= leave.To; day = day.PlusDays(1))
            {
                days[day] = leave.Reason ?? "leave";
            }
        }

        foreach (var day in EngineerSchedule.List(schedule.Dropped))
        {
            days[day] = "dropped";
        }

        return Holidays.None with { Dates = days.ToImmutable() };
    }

    internal static Interval IntervalOf(ExtraShift shift, DateTimeZone zone)
    {
        var window = DayWindow.Parse(shift.Hours);
        var own = shift.Zone is { } name ? SupportPolicy.FindZone(name)! : zone;
        var start = window.OpensAt(shift.Date, own);
        return new(start, Instant.Max(start, window.ClosesAt(shift.Date, own)));
    }
}
