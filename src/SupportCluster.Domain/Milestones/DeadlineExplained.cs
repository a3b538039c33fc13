using System.Collections.Immutable;
using NodaTime;
using SupportCluster.Domain.Calendars;

namespace SupportCluster.Domain.Milestones;

/// <summary>Why a deadline is what it is (HB-4.8; design: every deadline can explain itself). Made by <see cref="Explain"/>.</summary>
/// <param name="Offer">Id of the offer.</param>
/// <param name="Target">The promise in words; empty where none is made.</param>
/// <param name="Rule">The handbook rule that sets the deadline: HB-4.2, HB-4.3, or HB-4.10 after a change of severity or offer.</param>
/// <param name="Clock">Which hours the target counts.</param>
/// <param name="Zone">IANA zone of the place of installation.</param>
/// <param name="Hours">The weekly hours that count there.</param>
/// <param name="Start">When the clock started; null while it waits for the acknowledgement.</param>
/// <param name="Deadline">Null without one: on hold, pending, not promised, or a coming update alone.</param>
/// <param name="Calendar">What counted from start to deadline; null for calendar days, which all count, and without a deadline.</param>
/// <param name="Holds">Time on hold since the start, which did not count (HB-4.9).</param>
/// <param name="Warnings">Instants of the warnings ahead of the deadline, ascending.</param>
/// <param name="Cap">The deadline before a raise, which the new one may not exceed (HB-4.10).</param>
/// <param name="CapApplied">Whether <paramref name="Cap"/> decided the deadline.</param>
/// <param name="Summary">One English sentence.</param>
public sealed record DeadlineExplained(
    MilestoneKind Milestone,
    int Severity,
    string Offer,
    string Target,
    string Rule,
    MilestoneClockKind Clock,
    string Zone,
    string Hours,
    MilestoneState State,
    int Generation,
    Instant? Start,
    Instant? Deadline,
    CalendarExplanation? Calendar,
    ImmutableArray<Hold> Holds,
    ImmutableArray<Instant> Warnings,
    Instant? Cap,
    bool CapApplied,
    string Summary)
{
    /// <summary>Day by day what counted, and why a day did not; empty where no calendar decided.</summary>
    public IReadOnlyList<CountedDay> Days { get; } = Calendar is null ? [] : [.. Calendar.Days.Select(CountedDay.Of)];

    /// <summary>Days in the middle of a long stretch that <see cref="Days"/> does not show.</summary>
    public int DaysLeftOut => Calendar?.DaysLeftOut ?? 0;
}

/// <summary>One local day between start and deadline.</summary>
/// <param name="Counted">Working time that counted.</param>
/// <param name="Skipped">Why nothing counted: <c>closed</c>, the holiday's name, <c>on hold</c>, <c>not a date in this zone</c>; null on a day whose hours count.</param>
public sealed record CountedDay(LocalDate Date, Duration Counted, string? Skipped)
{
    internal static CountedDay Of(ExplainedDay day) => new(day.Date, day.Counted, day.Kind switch
    {
        DayKind.Closed => "closed",
        DayKind.Holiday => day.Holiday ?? "holiday",
        DayKind.LeftOutByZone => "not a date in this zone",
        _ => day.Counted == Duration.Zero && !day.Paused.IsEmpty ? "on hold" : null,
    });
}
