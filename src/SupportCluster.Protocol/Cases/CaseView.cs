using NodaTime;

namespace SupportCluster.Protocol.Cases;

/// <summary>A case as its reader may see it: for a contact without internal notes, under the public version.</summary>
/// <param name="Number">Ten digits.</param>
/// <param name="Version">Counts the changes that this reader may see.</param>
/// <param name="Queue"><c>region/product line</c>.</param>
/// <param name="Waiting">What the customer is waited for, while it is.</param>
/// <param name="Missing">What was not given on submission and is asked for (HB-5.2).</param>
/// <param name="Flags">Points for the representative: <c>workaround-at-hand</c> (a severity 1 with a workaround, HB-3.2), <c>no-known-fix</c> (HB-4.12).</param>
/// <param name="PolicyVersion">The policy that the case is measured by.</param>
/// <param name="Ring">For staff: the engineer at whom it rings.</param>
/// <param name="Handoff">For staff: the handoff that is under way.</param>
/// <param name="Escalations">The open ones, oldest first; a contact sees the customer's own.</param>
/// <param name="Continuous">Worked on round the clock (HB-6.3).</param>
/// <param name="WorkResumesAt">While work rests outside local business hours (HB-6.4): when it goes on.</param>
public sealed partial record CaseView(
    string Number,
    long Version,
    string SupportId,
    string Customer,
    string Title,
    string Description,
    string Product,
    string ProductLine,
    string Region,
    string Queue,
    int Severity,
    CaseStatus Status,
    string Offer,
    string Contact,
    string Language,
    bool PriorityCall,
    Instant ReportedAt,
    IReadOnlyList<MilestoneView> Milestones,
    int PolicyVersion,
    string Zone,
    string? Owner = null,
    Instant? AcknowledgedAt = null,
    Instant? ClosedAt = null,
    Instant? RestoredAt = null,
    WaitingView? Waiting = null,
    SolutionView? Solution = null,
    string? Workaround = null,
    IReadOnlyList<string>? NamedContacts = null,
    IReadOnlyList<string>? Missing = null,
    IReadOnlyList<string>? Flags = null,
    string? Source = null,
    RingView? Ring = null,
    HandoffView? Handoff = null,
    IReadOnlyList<EscalationView>? Escalations = null,
    bool Continuous = false,
    Instant? WorkResumesAt = null);

/// <summary>One milestone (HB-4.8).</summary>
/// <param name="Generation">Starts at 1; a change of severity or offer that moves the target begins the next.</param>
/// <param name="Target">The promise in words, such as <c>30 min</c> or <c>next business day</c>.</param>
/// <param name="Deadline">Absent while on hold, pending, or when the target has no deadline.</param>
/// <param name="TimeLeft">From the instant of reading to the deadline, while running; counted on the milestone's clock.</param>
/// <param name="MetAt">When it was met; with <see cref="MissedAt"/> it was met late.</param>
/// <param name="NextWarning">The next warning ahead of the deadline; warnings are the support organisation's own, so a contact does not see it.</param>
/// <param name="Earlier">Former generations, oldest first: the old figures stay in the record (HB-4.10).</param>
public sealed record MilestoneView(
    Milestone Milestone,
    int Generation,
    MilestoneState State,
    string Target,
    Instant? StartedAt = null,
    Instant? Deadline = null,
    Duration? TimeLeft = null,
    Instant? MetAt = null,
    Instant? MissedAt = null,
    Instant? NextWarning = null,
    ExcuseView? Excuse = null,
    IReadOnlyList<EarlierGenerationView>? Earlier = null);

/// <summary>A milestone's former target and deadline.</summary>
public sealed record EarlierGenerationView(int Generation, string Target, Instant? StartedAt, Instant? Deadline, Instant EndedAt);

/// <summary>Why a miss is excused, and by whom (HB-4.11).</summary>
public sealed record ExcuseView(ExcuseCause Cause, string Reason, string By, Instant At);

/// <summary>What the customer is waited for.</summary>
/// <param name="Reason"><c>customer</c> (asked something) or <c>contact</c> (no qualified contact available, HB-2.6).</param>
public sealed record WaitingView(string Reason, Instant Since, string Text);

/// <summary>The proposed solution.</summary>
/// <param name="Update">The coming software update that is named.</param>
public sealed record SolutionView(SolutionKind Kind, string Text, Instant ProposedAt, string? Update = null, Instant? AcceptedAt = null);

/// <summary>A case in a list: from the directory.</summary>
public sealed record CaseSummary(
    string Number,
    string SupportId,
    string Title,
    string Product,
    string Region,
    string Queue,
    int Severity,
    CaseStatus Status,
    string Offer,
    bool PriorityCall,
    string Language,
    Instant ReportedAt,
    string? Owner = null,
    Instant? NextDeadline = null);

/// <summary>One entry of a case's history.</summary>
/// <param name="Version">The reader's version after it.</param>
/// <param name="Type">What happened, such as <c>case-taken</c>.</param>
/// <param name="By">Who did it; <c>system</c> for clocks.</param>
/// <param name="Internal">Not shown to the customer.</param>
/// <param name="Text">What was written; why a case was given back is not shown to a contact.</param>
/// <param name="Facts">Figures and names that belong to it, by name.</param>
public sealed record HistoryEntry(
    long Version,
    Instant At,
    string Type,
    string By,
    bool Internal = false,
    string? Text = null,
    IReadOnlyDictionary<string, string>? Facts = null);
