using NodaTime;

namespace SupportCluster.Domain.Escalations;

/// <summary>What an escalation is about (HB-7.2). A case has at most one open escalation of each.</summary>
public enum EscalationCause
{
    /// <summary>The customer is not satisfied (HB-7.1).</summary>
    Customer,

    /// <summary>The engineer, or a manager, asks for help.</summary>
    Engineer,

    /// <summary>A milestone is about to be missed.</summary>
    Warning,

    /// <summary>A milestone was missed.</summary>
    Miss,

    /// <summary>The case rang at everybody, and nobody has taken it.</summary>
    RingUnanswered,

    /// <summary>Nobody has accepted a handoff in time.</summary>
    HandoffUnaccepted,
}

/// <summary>The steps of the ladder (HB-7.2).</summary>
public enum EscalationLevel
{
    DutyManager,
    RegionalManager,
    GlobalManager,
}

/// <summary>An open escalation.</summary>
/// <param name="By">Who raised it; <c>system</c> for clocks.</param>
/// <param name="Step">Place in the ladder of the level that was told last, from 0.</param>
/// <param name="Told">Who was told last.</param>
/// <param name="NextAt">When the next level is told unless somebody takes it up; null when it was, or nobody is left to tell.</param>
/// <param name="TakenUpBy">The manager who has taken it up.</param>
public sealed record Escalation(EscalationCause Cause, Instant Since, string By, string Reason, int Step, EscalationLevel Level, string Told, Instant? NextAt, string? TakenUpBy = null);
