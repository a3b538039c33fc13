using NodaTime;

namespace SupportCluster.Protocol.Cases;

/// <summary>Why a deadline is what it is: the calendar, the hours that counted, what was skipped and which holds were excluded.</summary>
/// <param name="Clock"><c>roundTheClock</c> or <c>localBusinessHours</c>.</param>
/// <param name="Hours">The weekly hours of the calendar.</param>
/// <param name="Days">Day by day, for clocks that count hours or business days; long spans are cut in the middle.</param>
/// <param name="DaysLeftOut">Days in the middle that the list does not show.</param>
/// <param name="Warnings">When warnings are due ahead of the deadline.</param>
public sealed record DeadlineExplanation(
    Milestone Milestone,
    int Severity,
    string Offer,
    string Target,
    string Rule,
    string Clock,
    string Zone,
    string Hours,
    Instant? StartedAt,
    Instant? Deadline,
    string Summary,
    IReadOnlyList<ExplainedDay> Days,
    IReadOnlyList<ExplainedHold> Holds,
    IReadOnlyList<Instant> Warnings,
    MilestoneState? State = null,
    int? Generation = null,
    int? DaysLeftOut = null);

/// <summary>One local day between start and deadline.</summary>
/// <param name="Counted">Working time that counted.</param>
/// <param name="Skipped">Why nothing counted: <c>closed</c> or the holiday's name.</param>
public sealed record ExplainedDay(string Date, Duration Counted, string? Skipped = null);

/// <summary>Time that did not count.</summary>
public sealed record ExplainedHold(string Reason, Instant From, Instant? To);

/// <summary>What if: the deadlines that a problem would have under an offer, a severity and a place.</summary>
/// <param name="At">The instant of report and acknowledgement; now when absent.</param>
/// <param name="Country">ISO 3166 code, for public holidays.</param>
public sealed record WhatIf(string Offer, int Severity, string Zone, string? Country = null, Instant? At = null);
