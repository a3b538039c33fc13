using NodaTime;
using SupportCluster.Protocol.Queues;

namespace SupportCluster.Protocol.Wallboards;

/// <summary>What a wallboard shows, without a word of a customer's: no title and no name. Sent whole, at most once a second, when something has changed.</summary>
/// <param name="Wallboard">The code of a centre (the cases of its region), a region, or <c>world</c>.</param>
/// <param name="Open">How many cases are open.</param>
/// <param name="Queues">Queues in which cases wait for an engineer, by key.</param>
/// <param name="Urgent">At most 20 open cases: those that are breached first, the oldest miss before the others, then those with the nearest deadlines.</param>
/// <param name="WaitingBySeverity">The open cases that wait for an engineer.</param>
/// <param name="WaitingSince">When the oldest of those was reported; absent when none waits.</param>
/// <param name="Breached">Open cases with a milestone that was missed, excused or not, and is still not met (HB-4.8).</param>
/// <param name="Handoffs">Open cases that are being handed to another engineer (HB-6.5).</param>
/// <param name="WithDutyManager">Of the handoffs, those that nobody has accepted in time: the duty manager is answerable.</param>
/// <param name="Escalations">Open escalations (HB-7.2); a case has at most one of each cause.</param>
/// <param name="Untaken">Of the escalations, those that nobody has taken up.</param>
/// <param name="Ringing">Open cases that ring at an engineer now (HB-5.4).</param>
/// <param name="Today">What has happened since midnight.</param>
/// <param name="Hours">Cases opened, hour by hour.</param>
/// <param name="Wanted">What share of milestones is to be kept.</param>
public sealed record WallboardView(
    string Wallboard,
    int Open,
    OpenBySeverity BySeverity,
    IReadOnlyList<QueueSummary> Queues,
    IReadOnlyList<UrgentCase> Urgent,
    OpenBySeverity? WaitingBySeverity = null,
    Instant? WaitingSince = null,
    int Breached = 0,
    int Handoffs = 0,
    int WithDutyManager = 0,
    int Escalations = 0,
    int Untaken = 0,
    int Ringing = 0,
    WallboardToday? Today = null,
    WallboardHours? Hours = null,
    WantedShare? Wanted = null);

/// <summary>How many cases have each severity.</summary>
public sealed record OpenBySeverity(int Severity1, int Severity2, int Severity3, int Severity4);

/// <summary>An open case on a wallboard.</summary>
/// <param name="NextDeadline">The deadline that was missed first and is still not met, in the past; else the nearest of a running milestone.</param>
/// <param name="Owner">The engineer who has it.</param>
/// <param name="Milestone">Whose deadline it is.</param>
/// <param name="ClockStart">When the clock of that milestone started.</param>
/// <param name="Breached">The deadline was missed.</param>
/// <param name="Escalated">It has an open escalation.</param>
/// <param name="Handoff">It is being handed to another engineer.</param>
public sealed record UrgentCase(
    string Number,
    int Severity,
    string Queue,
    Instant NextDeadline,
    string? Owner = null,
    Milestone? Milestone = null,
    Instant? ClockStart = null,
    bool Breached = false,
    bool Escalated = false,
    bool Handoff = false);

/// <summary>What has happened since local midnight at the centre; of a region at its first centre by code, of the world in UTC.</summary>
/// <param name="Began">That midnight.</param>
/// <param name="Met">Milestones met in time.</param>
/// <param name="Missed">Milestones missed, the excused ones too.</param>
/// <param name="Closed">Cases closed.</param>
public sealed record WallboardToday(Instant Began, int Met, int Missed, int Closed);

/// <summary>Cases opened, hour by hour of the clock at the same place.</summary>
/// <param name="From">When the first hour begins; each of the others begins an hour after the one before.</param>
/// <param name="Opened">The last 24 full hours, then the one that runs.</param>
public sealed record WallboardHours(Instant From, IReadOnlyList<int> Opened);

/// <summary>What share of milestones is to be kept: fractions of those met in time and missed together, as the policy states them.</summary>
/// <param name="Target">What is wanted.</param>
/// <param name="Amber">Below it a wallboard warns.</param>
/// <param name="Red">Below it a wallboard alarms.</param>
public sealed record WantedShare(double Target, double Amber, double Red);
