using NodaTime;
using SupportCluster.Domain.Rosters;

namespace SupportCluster.Domain.Handoffs;

/// <summary>That an engineer leaves: at the end of the shift, or when the centre closes (HB-6.5).</summary>
/// <param name="At">When the cases are told: ahead of it, as long as the policy says.</param>
/// <param name="EndsAt">When the engineer leaves.</param>
/// <param name="NextShift">When the engineer is back; null when no shift is planned.</param>
public sealed record HandoffNotice(Instant At, Instant EndsAt, Instant? NextShift)
{
    private static readonly Duration Horizon = Duration.FromDays(60);

    /// <summary>The notice of the shift that an engineer is on, or of the next one; null when none is planned, or the present one does not end.</summary>
    public static HandoffNotice? Next(Roster roster, EngineerId engineer, Instant now)
    {
        ArgumentNullException.ThrowIfNull(roster);
        return roster.AvailableUntil(engineer, now) is not null ? Of(roster, engineer, now)
            : NextStart(roster, engineer, now) is { } start && Of(roster, engineer, start) is { } next ? next with { At = Instant.Max(next.At, start) }
            : null;
    }

    /// <summary>
    /// When a case is told that an engineer takes now: ahead of the end of the shift; at once of who is off shift, or nobody would hear of it before
    /// the end of the next one. Null for who has no shifts at all, and for a shift that does not end.
    /// </summary>
    public static HandoffNotice? OfTaker(Roster roster, EngineerId engineer, Instant now)
    {
        ArgumentNullException.ThrowIfNull(roster);
        return roster.AvailableUntil(engineer, now) is not null || !HasShifts(roster, engineer) ? Of(roster, engineer, now) : new(now, now, NextStart(roster, engineer, now));
    }

    /// <summary>The notice of the shift that an engineer is on; null off shift, and for a shift that does not end.</summary>
    public static HandoffNotice? Of(Roster roster, EngineerId engineer, Instant now)
    {
        ArgumentNullException.ThrowIfNull(roster);
        if (roster.AvailableUntil(engineer, now) is not { } ends || ends == Instant.MaxValue)
        {
            return null;
        }

        return new(ends - roster.Policy.Handoffs.Notice, ends, NextStart(roster, engineer, ends));
    }

    /// <summary>What the cases of an engineer are told now: that the engineer leaves, or is away and until when; null for one who is at work and whose notice is not due, and for one without shifts.</summary>
    public static OwnerAbsence? Absence(Roster roster, EngineerId engineer, Instant now)
    {
        ArgumentNullException.ThrowIfNull(roster);
        return !HasShifts(roster, engineer) ? null
            : roster.AvailableUntil(engineer, now) is null ? new(now, NextStart(roster, engineer, now))
            : Of(roster, engineer, now) is { } notice && notice.At <= now ? new(notice.EndsAt, notice.NextShift)
            : null;
    }

    /// <summary>When an engineer is available, from an instant on; null when not within 60 days.</summary>
    public static Instant? NextStart(Roster roster, EngineerId engineer, Instant from)
    {
        ArgumentNullException.ThrowIfNull(roster);
        return roster.Available(engineer, from, from + Horizon).Select(i => (Instant?)i.Start).FirstOrDefault();
    }

    /// <summary>One without centre and schedule has none, and is never away (HB-3.5).</summary>
    private static bool HasShifts(Roster roster, EngineerId engineer) => roster.Engineer(engineer) is { Profile: { Centre: not null } or { Schedule: not null } };
}
