using System.Collections.Immutable;
using NodaTime;
using SupportCluster.Domain.Calendars;
using SupportCluster.Domain.Policy;

namespace SupportCluster.Domain.Milestones;

/// <summary>Computes deadlines and warnings (HB-4.3, HB-4.8 to HB-4.10) at one place of installation under one policy.</summary>
/// <param name="Zone">IANA zone of the place.</param>
/// <param name="Country">ISO 3166 code, for its public holidays.</param>
public sealed record Deadlines(SupportPolicy Policy, string Zone, string? Country)
{
    /// <summary>Local business hours at the place.</summary>
    public BusinessCalendar LocalHours => Policy.LocalHours(Zone, Country);

    /// <summary>The calendar by which a target counts down: business days always count local business hours.</summary>
    public BusinessCalendar CalendarOf(TargetRules target, MilestoneClockKind clock) => Policy.Calendar(ClockOf(target, clock), Zone, Country);

    /// <summary>The hours that a target counts: a target in business days local ones, one in calendar days all, any other those of the offer.</summary>
    public MilestoneClockKind ClockOf(TargetRules target, MilestoneClockKind clock)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.BusinessDays is not null ? MilestoneClockKind.LocalBusinessHours : target.Days is not null ? MilestoneClockKind.RoundTheClock : clock;
    }

    /// <summary>
    /// Sets a clock from <paramref name="start"/>: running to its deadline, or on hold when a hold lasts. Warnings at or before
    /// <paramref name="now"/> are left out: they would not be ahead of anything.
    /// </summary>
    public ClockSetting Set(MilestoneKind kind, int generation, TargetRules? target, MilestoneClockKind clock, Instant start, IReadOnlyList<Hold> holds, Instant now, Instant? cap = null, MilestoneClockKind? capClock = null)
    {
        ArgumentNullException.ThrowIfNull(holds);
        if (target is null)
        {
            return new(kind, generation, MilestoneState.NotApplicable, null, clock, null, null, [], null);
        }

        if (holds.Count > 0 && holds[^1].To is null)
        {
            return new(kind, generation, MilestoneState.OnHold, target, clock, start, null, [], cap, capClock);
        }

        if (Deadline(target, clock, start, holds) is not { } deadline)
        {
            return new(kind, generation, MilestoneState.Running, target, clock, start, null, [], cap, capClock);
        }

        if (cap is { } latest)
        {
            deadline = Instant.Min(deadline, Moved(start, latest, capClock ?? MilestoneClockKind.RoundTheClock, holds));
        }

        return new(kind, generation, MilestoneState.Running, target, clock, start, deadline, Warnings(target, clock, start, deadline, holds, now), cap, capClock);
    }

    /// <summary>Whether a clock's deadline is its cap, because the target alone would end later (HB-4.10).</summary>
    public bool CapDecides(ClockSetting setting, IReadOnlyList<Hold> holds) =>
        setting is { Cap: not null, Target: { } target, Start: { } start, Deadline: { } deadline } && Deadline(target, setting.Clock, start, holds) > deadline;

    /// <summary>The deadline of a target that starts at <paramref name="start"/>; null when it has none.</summary>
    public Instant? Deadline(TargetRules target, MilestoneClockKind clock, Instant start, IReadOnlyList<Hold> holds)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.Within is { } amount)
        {
            return CalendarOf(target, clock).Add(start, amount, Pauses(holds));
        }

        if (target.Days is { } days)
        {
            var zone = CalendarOf(target, clock).Zone;
            return Pushed(start, WallClock.Last(start.InZone(zone).LocalDateTime.PlusDays(days), zone), holds);
        }

        if (target.BusinessDays is { } businessDays)
        {
            var calendar = LocalHours;
            return Pushed(start, target.End == BusinessDayEnd.SameTimeOfDay ? calendar.AddBusinessDays(start, businessDays) : calendar.EndOfBusinessDay(start, businessDays), holds);
        }

        return null;
    }

    /// <summary>
    /// Instants of the warnings after <paramref name="now"/>, counted back from the deadline through the target's calendar, ascending. Where no
    /// working time lies before the deadline (from Saturday 06:00 to the same time of day on Monday) they are counted back in real time.
    /// </summary>
    public ImmutableArray<Instant> Warnings(TargetRules target, MilestoneClockKind clock, Instant start, Instant deadline, IReadOnlyList<Hold> holds, Instant now)
    {
        var calendar = CalendarOf(target, clock);
        var pauses = Pauses(holds);
        var total = calendar.Elapsed(start, deadline, pauses);
        if (total == Duration.Zero)
        {
            calendar = Policy.Calendar(MilestoneClockKind.RoundTheClock, Zone, Country);
            total = calendar.Elapsed(start, deadline, pauses);
        }

        var warnings = ImmutableArray.CreateBuilder<Instant>(Policy.Document.Warnings.Left.Count);
        foreach (var left in Policy.Document.Warnings.Left)
        {
            var at = calendar.Subtract(deadline, Duration.FromTicks((long)Math.Round(total.TotalTicks * left)), pauses);
            if (at > now && at < deadline)
            {
                warnings.Add(at);
            }
        }

        return warnings.DrainToImmutable();
    }

    /// <summary>Holds as pauses of a calendar.</summary>
    public static IReadOnlyList<Interval>? Pauses(IReadOnlyList<Hold> holds) => holds is null || holds.Count == 0 ? null : holds.Select(h => new Interval(h.From, h.To)).ToList();

    /// <summary>
    /// An old deadline moves with the holds after the change as it would have moved before: by working time on the clock that it was counted
    /// by, so that what is promised is never later than it was.
    /// </summary>
    private Instant Moved(Instant start, Instant latest, MilestoneClockKind clock, IReadOnlyList<Hold> holds)
    {
        if (latest <= start || holds.All(h => h.From >= latest || h.To <= start))
        {
            return latest;
        }

        var calendar = Policy.Calendar(clock, Zone, Country);
        return Instant.Max(latest, calendar.Add(start, calendar.Elapsed(start, latest), Pauses(holds)));
    }

    /// <summary>A deadline that was found without holds, later by the real time on hold since the start.</summary>
    private Instant Pushed(Instant start, Instant deadline, IReadOnlyList<Hold> holds) => holds.Count == 0 || deadline <= start
        ? deadline
        : Policy.Calendar(MilestoneClockKind.RoundTheClock, Zone, Country).Add(start, deadline - start, Pauses(holds));
}
