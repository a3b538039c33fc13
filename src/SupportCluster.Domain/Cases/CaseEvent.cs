using System.Collections.Immutable;
using System.Text.Json.Serialization;
using NodaTime;
using SupportCluster.Domain.Entitlements;
using SupportCluster.Domain.Milestones;

namespace SupportCluster.Domain.Cases;

/// <summary>
/// What happened to a case. Events carry every figure that follows from them (<see cref="ClockSetting"/>), so that folding needs neither policy nor calendar.
/// Discriminators are stored: members are added, never renamed; a change of meaning gets a new discriminator.
/// </summary>
/// <param name="At">When it happened; never before the event before it.</param>
/// <param name="By">Who did it; <c>system</c> for clocks.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(Reported), "case-reported.v1")]
[JsonDerivedType(typeof(Acknowledged), "case-acknowledged.v1")]
[JsonDerivedType(typeof(Taken), "case-taken.v1")]
[JsonDerivedType(typeof(Released), "case-released.v1")]
[JsonDerivedType(typeof(ReservationVoided), "case-reservation-voided.v1")]
[JsonDerivedType(typeof(Responded), "case-responded.v1")]
[JsonDerivedType(typeof(NoteAdded), "case-note-added.v1")]
[JsonDerivedType(typeof(CustomerAsked), "case-customer-asked.v1")]
[JsonDerivedType(typeof(CustomerAnswered), "case-customer-answered.v1")]
[JsonDerivedType(typeof(ContactUnavailable), "case-contact-unavailable.v1")]
[JsonDerivedType(typeof(ContactAvailable), "case-contact-available.v1")]
[JsonDerivedType(typeof(SeverityChanged), "case-severity-changed.v1")]
[JsonDerivedType(typeof(OfferChanged), "case-offer-changed.v1")]
[JsonDerivedType(typeof(WorkaroundGiven), "case-workaround-given.v1")]
[JsonDerivedType(typeof(ServiceRestored), "case-service-restored.v1")]
[JsonDerivedType(typeof(SolutionProposed), "case-solution-proposed.v1")]
[JsonDerivedType(typeof(SolutionAskedAfter), "case-solution-asked-after.v1")]
[JsonDerivedType(typeof(SolutionAccepted), "case-solution-accepted.v1")]
[JsonDerivedType(typeof(SolutionRejected), "case-solution-rejected.v1")]
[JsonDerivedType(typeof(Closed), "case-closed.v1")]
[JsonDerivedType(typeof(Reopened), "case-reopened.v1")]
[JsonDerivedType(typeof(NoKnownFix), "case-no-known-fix.v1")]
[JsonDerivedType(typeof(MilestoneWarned), "milestone-warned.v1")]
[JsonDerivedType(typeof(MilestoneMet), "milestone-met.v1")]
[JsonDerivedType(typeof(MilestoneMissed), "milestone-missed.v1")]
[JsonDerivedType(typeof(MilestoneExcused), "milestone-excused.v1")]
[JsonDerivedType(typeof(SourceRecorded), "case-source-recorded.v1")]
public abstract partial record CaseEvent(Instant At, string By)
{
    /// <summary>Not for the customer's eyes; everything else is.</summary>
    [JsonIgnore]
    public virtual bool IsInternal => false;

    /// <summary>A problem was reported and got its number (HB-5.3).</summary>
    public sealed record Reported(
        Instant At,
        string By,
        CaseNumber Number,
        CaseTerms Terms,
        ProblemReport Report,
        ImmutableArray<string> Missing,
        ImmutableArray<string> Flags,
        ImmutableArray<ClockSetting> Clocks,
        string ZoneData,
        string? SourceKey = null) : CaseEvent(At, By);

    /// <summary>Entitlement verified, severity noted, number given (HB-4.2). By <c>system</c> when automatic.</summary>
    public sealed record Acknowledged(Instant At, string By, int Severity, QueueKey Queue, ImmutableArray<ClockSetting> Clocks) : CaseEvent(At, By);

    public sealed record Taken(Instant At, string By, EngineerId Engineer, Guid Reservation) : CaseEvent(At, By);

    /// <summary>Given back to its queue. The customer sees that nobody has the case any more, but not the reason.</summary>
    public sealed record Released(Instant At, string By, string Reason) : CaseEvent(At, By);

    /// <summary>A reservation that was never used: an assignment under it is refused from now on.</summary>
    public sealed record ReservationVoided(Instant At, string By, Guid Reservation) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => true;
    }

    public sealed record Responded(Instant At, string By, Channel Channel, string Text) : CaseEvent(At, By);

    public sealed partial record NoteAdded(Instant At, string By, string Text, bool Internal) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => Internal;
    }

    public sealed record CustomerAsked(Instant At, string By, string Text, ImmutableArray<ClockSetting> Clocks) : CaseEvent(At, By);

    public sealed record CustomerAnswered(Instant At, string By, string Text, ImmutableArray<ClockSetting> Clocks) : CaseEvent(At, By);

    public sealed record ContactUnavailable(Instant At, string By, string Reason, ImmutableArray<ClockSetting> Clocks) : CaseEvent(At, By);

    public sealed record ContactAvailable(Instant At, string By, string? Text, ImmutableArray<ClockSetting> Clocks) : CaseEvent(At, By);

    public sealed record SeverityChanged(Instant At, string By, int From, int To, string Reason, ImmutableArray<ClockSetting> Clocks) : CaseEvent(At, By);

    /// <summary>The contract's offer improved: the case is measured by the better one from now on (HB-1.5).</summary>
    public sealed record OfferChanged(Instant At, string By, string From, string To, bool PriorityCall, bool ContinuousService, int PolicyVersion, ImmutableArray<ClockSetting> Clocks) : CaseEvent(At, By);

    public sealed record WorkaroundGiven(Instant At, string By, string Text) : CaseEvent(At, By);

    public sealed record ServiceRestored(Instant At, string By, string Text) : CaseEvent(At, By);

    /// <param name="AskAfter">When an answer is asked after (HB-6.6).</param>
    /// <param name="CloseAt">When the case is closed without an answer.</param>
    public sealed record SolutionProposed(Instant At, string By, SolutionKind Kind, string Text, string? Update, ImmutableArray<Instant> AskAfter, Instant CloseAt) : CaseEvent(At, By);

    public sealed record SolutionAskedAfter(Instant At, string By, int Time) : CaseEvent(At, By);

    public sealed record SolutionAccepted(Instant At, string By, string? Text) : CaseEvent(At, By);

    public sealed record SolutionRejected(Instant At, string By, string Reason, ImmutableArray<ClockSetting> Clocks) : CaseEvent(At, By);

    public sealed record Closed(Instant At, string By, CloseHow How, string Reason, ImmutableArray<ClockSetting> Clocks) : CaseEvent(At, By);

    public sealed record Reopened(Instant At, string By, string Reason, ImmutableArray<ClockSetting> Clocks) : CaseEvent(At, By);

    public sealed record NoKnownFix(Instant At, string By, string Reason) : CaseEvent(At, By);

    public sealed record MilestoneWarned(Instant At, string By, MilestoneKind Milestone, int Generation, Instant Deadline) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => true;
    }

    /// <param name="Late">After a miss, which stays one (HB-4.8).</param>
    public sealed record MilestoneMet(Instant At, string By, MilestoneKind Milestone, int Generation, bool Late) : CaseEvent(At, By);

    /// <param name="Deadline">The breach instant, whenever it was noticed.</param>
    public sealed record MilestoneMissed(Instant At, string By, MilestoneKind Milestone, int Generation, Instant Deadline, Excuse? Excuse) : CaseEvent(At, By);

    public sealed record MilestoneExcused(Instant At, string By, MilestoneKind Milestone, int Generation, Excuse Excuse) : CaseEvent(At, By);

    /// <summary>A row of another system's log, as it was there (see <c>docs/import.md</c>).</summary>
    public sealed record SourceRecorded(Instant At, string By, int Key, SourceStep Step, string Status, string? Owner, string? OwnerCountry, string? Team, string? Text) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => true;
    }
}

/// <summary>How a case came to its end (HB-6.6).</summary>
public enum CloseHow
{
    /// <summary>The contact agreed to a solution.</summary>
    Agreement,

    /// <summary>The contact no longer needs it.</summary>
    Withdrawn,

    /// <summary>A proposed solution had no answer, after being asked for.</summary>
    NoAnswer,

    /// <summary>A manager closed it, with a reason.</summary>
    ByManager,

    /// <summary>It ended in the system from which it was imported.</summary>
    Imported,
}

/// <summary>What a row of another system's log says.</summary>
public enum SourceStep
{
    Queued,
    Working,
    WaitingForCustomer,
    Ended,
    Noted,
}

/// <summary>The system on which a problem shows (HB-5.2).</summary>
public sealed record ProblemEnvironment(string? SystemType, string? OperatingSystem, string? NetworkPlatform, string? Database, string? Configuration, string? Revision, string? HostId, ImmutableArray<string> Evidence);

/// <summary>A report as the customer gave it (HB-5.2).</summary>
/// <param name="Named">Contacts in charge of this case (HB-2.5).</param>
public sealed record ProblemReport(
    string Title,
    string Description,
    int Severity,
    ContactId Contact,
    Channel Channel,
    ImmutableArray<string> Criteria,
    bool WorkaroundAvailable,
    string? SerialNumber,
    ProblemEnvironment? Environment,
    ImmutableArray<ContactId> Named);
