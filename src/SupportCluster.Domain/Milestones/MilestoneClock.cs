using System.Collections.Immutable;
using NodaTime;

namespace SupportCluster.Domain.Milestones;

/// <summary>How a milestone stands (HB-4.8).</summary>
public enum MilestoneState
{
    /// <summary>Its clock has not started.</summary>
    Pending,
    Running,
    OnHold,
    Met,

    /// <summary>The deadline passed first. Meeting it late does not undo the miss.</summary>
    Missed,

    /// <summary>Not promised, or the case ended without it.</summary>
    NotApplicable,
}

/// <summary>Time that does not count for restoration and solution (HB-4.9, HB-2.6). Start inclusive, end exclusive; no end while it lasts.</summary>
public sealed record Hold(HoldReason Reason, Instant From, Instant? To = null);

/// <summary>Why clocks are on hold.</summary>
public enum HoldReason
{
    /// <summary>The customer has been asked something (HB-4.9).</summary>
    Customer,

    /// <summary>No qualified contact is available (HB-2.6).</summary>
    Contact,

    /// <summary>Local business hours are closed and the case is not worked on continuously (HB-6.4).</summary>
    ClosedHours,
}

/// <summary>Why a miss is excused, and by whom (HB-4.11). The miss stays on record.</summary>
public sealed record Excuse(ExcuseCause Cause, string Reason, string By, Instant At);

/// <summary>A milestone's former figures (HB-4.10), and what became of it when the case was reopened.</summary>
public sealed record EarlierGeneration(int Generation, TargetRules? Target, Instant? Start, Instant? Deadline, Instant EndedAt, Instant? MetAt = null, Instant? MissedAt = null, Excuse? Excuse = null);

/// <summary>
/// A clock as it is set by an event: everything that a deadline rests on, so that folding needs no calendar.
/// </summary>
/// <param name="Generation">Counts the targets of this milestone; a tick or outcome of another generation does nothing.</param>
/// <param name="Target">Null where none is promised.</param>
/// <param name="Deadline">Null on hold, while pending, or for a target without one.</param>
/// <param name="Warnings">Instants of the warnings ahead of the deadline that are still to come, ascending.</param>
/// <param name="Cap">A deadline of an earlier generation that the new one may not exceed (HB-4.10).</param>
/// <param name="CapClock">The hours by which <paramref name="Cap"/> moves with holds; all of them where absent.</param>
public sealed record ClockSetting(
    MilestoneKind Kind,
    int Generation,
    MilestoneState State,
    TargetRules? Target,
    MilestoneClockKind Clock,
    Instant? Start,
    Instant? Deadline,
    ImmutableArray<Instant> Warnings,
    Instant? Cap = null,
    MilestoneClockKind? CapClock = null);

/// <summary>A milestone of a case: its clock as set, and what became of it.</summary>
/// <param name="Warned">Warnings given in this generation.</param>
public sealed record MilestoneClock(
    ClockSetting Setting,
    int Warned = 0,
    Instant? MetAt = null,
    Instant? MissedAt = null,
    Excuse? Excuse = null,
    ImmutableArray<EarlierGeneration> Earlier = default)
{
    /// <summary>Former figures, oldest first; never a default array, which could not be written.</summary>
    public ImmutableArray<EarlierGeneration> Earlier { get; init; } = Earlier.IsDefault ? [] : Earlier;

    public MilestoneKind Kind => Setting.Kind;

    public int Generation => Setting.Generation;

    /// <summary>A miss outranks a late meeting: it is one and stays one.</summary>
    public MilestoneState State => MissedAt is not null ? MilestoneState.Missed : MetAt is not null ? MilestoneState.Met : Setting.State;

    /// <summary>Neither met nor missed nor out of the question.</summary>
    public bool IsOpen => State is MilestoneState.Pending or MilestoneState.Running or MilestoneState.OnHold;

    /// <summary>The instant of the next warning or of the deadline; null when nothing is due.</summary>
    public Instant? NextDue => State != MilestoneState.Running ? null
        : Setting.Warnings.Length > Warned ? Setting.Warnings[Warned]
        : Setting.Deadline;
}
