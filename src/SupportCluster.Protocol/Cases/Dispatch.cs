using NodaTime;

namespace SupportCluster.Protocol.Cases;

/// <summary>What an escalation is about (HB-7.2).</summary>
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

/// <summary>What somebody was told of escalations by mail (HB-7.2).</summary>
/// <param name="Recipient">The id by which policy and duty roster name the person.</param>
/// <param name="Notifications">The last ones, newest first.</param>
public sealed record NotificationsView(string Recipient, IReadOnlyList<NotificationView> Notifications);

/// <summary>What became of one.</summary>
/// <param name="At">When the case asked for it.</param>
/// <param name="SentAt">When the mail server took it; absent while it has not.</param>
/// <param name="NotSent">Why it was given up: <c>no-mail</c> (no mail server is configured), <c>no-address</c> (the policy names none), <c>too-late</c> (not taken for a day).</param>
public sealed record NotificationView(string Case, EscalationCause Cause, EscalationLevel Level, Instant At, Instant? SentAt = null, string? NotSent = null);

/// <summary>An open escalation. A contact sees the customer's own.</summary>
/// <param name="Told">Who was told last.</param>
/// <param name="NextAt">When the next level is told unless somebody takes it up.</param>
/// <param name="TakenUpBy">The manager who has taken it up.</param>
public sealed record EscalationView(EscalationCause Cause, Instant Since, string By, string Reason, EscalationLevel Level, string Told, Instant? NextAt = null, string? TakenUpBy = null);

/// <summary>A case that rings at an engineer (HB-5.4).</summary>
/// <param name="Until">Exclusive.</param>
/// <param name="FallbackLanguage">The engineer does not speak the customer's language, but the region's main one (HB-3.4).</param>
public sealed record RingView(string Engineer, Instant Since, Instant Until, bool FallbackLanguage = false);

/// <summary>A handoff that is under way (HB-6.5): until somebody accepts, the owner is answerable, then the duty manager.</summary>
/// <param name="Reason"><c>shiftEnds</c>, <c>centreClosesEarly</c> or <c>milestoneDue</c>.</param>
/// <param name="EndsAt">When the owner leaves.</param>
/// <param name="Seeking">The next engineer is looked for; before, the note is waited for.</param>
/// <param name="DutyManager">Who is answerable, once nobody has accepted in time.</param>
public sealed record HandoffView(string From, string Reason, Instant AskedAt, Instant EndsAt, bool Seeking, string? DutyManager = null);

/// <summary>Asks for the duty manager (HB-7.1): as the customer, for the customer, or from within.</summary>
public sealed record EscalateCase(string Reason);

/// <summary>A manager takes an escalation up: no further level is told.</summary>
public sealed record TakeUpEscalation(EscalationCause Cause);

/// <summary>Ends an escalation (HB-7.2). Managers only.</summary>
public sealed record DeescalateCase(EscalationCause Cause, string Reason);

/// <summary>Declines a case that rings; it rings at the next engineer.</summary>
public sealed record DeclineRing(string Reason);

/// <summary>What the next engineer must know (HB-6.5).</summary>
/// <param name="State">Where the case stands.</param>
/// <param name="Plan">The plan of action.</param>
/// <param name="Tried">What was tried.</param>
/// <param name="Next">What is next.</param>
/// <param name="Contact">When and how the customer's contact is available.</param>
public sealed record HandoffNote(string State, string Plan, string Tried, string Next, string Contact);

/// <summary>The customer does not need continuous service: work stops at the close of local business hours (HB-6.4).</summary>
public sealed record DeclineContinuousService(string Reason);

/// <summary>The customer wants continuous service after all (HB-6.3).</summary>
public sealed record TakeBackContinuousService(string? Text = null);
