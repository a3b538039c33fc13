using NodaTime;

namespace SupportCluster.Domain.Handoffs;

/// <summary>Why a case is handed to another engineer (HB-6.4, HB-6.5).</summary>
public enum HandoffReason
{
    /// <summary>The owner's shift ends and the case is worked on continuously.</summary>
    ShiftEnds,

    /// <summary>The owner's centre closes before its time: everything is handed over at once.</summary>
    CentreClosesEarly,

    /// <summary>A running milestone falls due while the owner is away.</summary>
    MilestoneDue,
}

/// <summary>What the next engineer must know (HB-6.5).</summary>
/// <param name="State">Where the case stands.</param>
/// <param name="Plan">The plan of action.</param>
/// <param name="Tried">What was tried.</param>
/// <param name="Next">What is next.</param>
/// <param name="Contact">When and how the customer's contact is available.</param>
public sealed record HandoffNote(string State, string Plan, string Tried, string Next, string Contact);

/// <summary>A note with its author: it stays on the case when the handoff is over.</summary>
public sealed record WrittenHandoffNote(HandoffNote Note, Instant At, string By);

/// <summary>A handoff that is under way. The owner stays owner until somebody else accepts.</summary>
/// <param name="EndsAt">When the owner leaves: from then on the duty manager is answerable.</param>
/// <param name="SeekFrom">When the next engineer is looked for without a note, at the latest.</param>
/// <param name="Seeking">The next engineer is looked for: the note is there, or is waited for no longer.</param>
/// <param name="DutyManager">Who is answerable, once nobody has accepted in time.</param>
public sealed record Handoff(EngineerId From, HandoffReason Reason, Instant AskedAt, Instant SeekFrom, Instant EndsAt, bool Seeking = false, string? DutyManager = null);

/// <summary>The owner's absence between two shifts, as told at the end of the first.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="Until">Exclusive; null when no next shift is planned.</param>
public sealed record OwnerAbsence(Instant From, Instant? Until)
{
    /// <summary>Whether the owner is away at an instant.</summary>
    public bool Covers(Instant at) => From <= at && (Until is null || at < Until);
}
