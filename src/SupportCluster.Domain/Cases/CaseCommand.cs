using System.Collections.Immutable;
using System.Text.Json.Serialization;
using NodaTime;
using SupportCluster.Domain.Entitlements;
using SupportCluster.Domain.Milestones;

namespace SupportCluster.Domain.Cases;

/// <summary>What may be asked of a case.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(Open), "open")]
[JsonDerivedType(typeof(Acknowledge), "acknowledge")]
[JsonDerivedType(typeof(Assign), "assign")]
[JsonDerivedType(typeof(VoidReservation), "void-reservation")]
[JsonDerivedType(typeof(Release), "release")]
[JsonDerivedType(typeof(Respond), "respond")]
[JsonDerivedType(typeof(AddNote), "note")]
[JsonDerivedType(typeof(AskCustomer), "ask")]
[JsonDerivedType(typeof(Answer), "answer")]
[JsonDerivedType(typeof(ContactUnavailable), "contact-unavailable")]
[JsonDerivedType(typeof(ContactAvailable), "contact-available")]
[JsonDerivedType(typeof(ChangeSeverity), "severity")]
[JsonDerivedType(typeof(ChangeOffer), "offer")]
[JsonDerivedType(typeof(GiveWorkaround), "workaround")]
[JsonDerivedType(typeof(RestoreService), "restore")]
[JsonDerivedType(typeof(ProposeSolution), "propose")]
[JsonDerivedType(typeof(AcceptSolution), "accept")]
[JsonDerivedType(typeof(RejectSolution), "reject")]
[JsonDerivedType(typeof(Close), "close")]
[JsonDerivedType(typeof(Reopen), "reopen")]
[JsonDerivedType(typeof(ExcuseMiss), "excuse")]
[JsonDerivedType(typeof(RecordNoKnownFix), "no-known-fix")]
[JsonDerivedType(typeof(Import), "import")]
[JsonDerivedType(typeof(Tick), "tick")]
public abstract partial record CaseCommand
{
    /// <summary>Opens the case under its number. Intake has checked the entitlement; doing it again changes nothing.</summary>
    /// <param name="Automatic">Acknowledged at once (HB-4.2).</param>
    /// <param name="SourceKey">What makes opening happen once: the caller's request, unique in the store.</param>
    public sealed record Open(CaseNumber Number, CaseTerms Terms, ProblemReport Report, ImmutableArray<string> Missing, ImmutableArray<string> Flags, bool Automatic, string SourceKey) : CaseCommand;

    public sealed record Acknowledge(int? Severity, QueueKey? Queue) : CaseCommand;

    /// <summary>Gives the case to an engineer who has reserved room for it.</summary>
    /// <param name="Severity">The severity that the room was reserved for.</param>
    public sealed record Assign(EngineerId Engineer, Guid Reservation, int Severity) : CaseCommand;

    /// <summary>An engineer asks what became of a reservation; unless it was used it is refused from now on.</summary>
    public sealed record VoidReservation(EngineerId Engineer, Guid Reservation) : CaseCommand;

    public sealed record Release(string Reason) : CaseCommand;

    public sealed record Respond(Channel Channel, string Text) : CaseCommand;

    public sealed record AddNote(string Text, bool Internal) : CaseCommand;

    public sealed record AskCustomer(string Text) : CaseCommand;

    public sealed record Answer(string Text) : CaseCommand;

    public sealed record ContactUnavailable(string Reason) : CaseCommand;

    public sealed record ContactAvailable(string? Text) : CaseCommand;

    public sealed record ChangeSeverity(int Severity, string Reason) : CaseCommand;

    /// <summary>The contract's offer is another one now (HB-1.5).</summary>
    public sealed record ChangeOffer(string Offer, bool PriorityCall, bool ContinuousService, int PolicyVersion) : CaseCommand;

    public sealed record GiveWorkaround(string Text) : CaseCommand;

    public sealed record RestoreService(string Text) : CaseCommand;

    public sealed record ProposeSolution(SolutionKind Kind, string Text, string? Update) : CaseCommand;

    public sealed record AcceptSolution(string? Text) : CaseCommand;

    public sealed record RejectSolution(string Reason) : CaseCommand;

    public sealed record Close(string Reason) : CaseCommand;

    public sealed record Reopen(string Reason) : CaseCommand;

    public sealed record ExcuseMiss(MilestoneKind Milestone, ExcuseCause Cause, string Reason) : CaseCommand;

    public sealed record RecordNoKnownFix(string Reason) : CaseCommand;

    /// <summary>Rows of another system's log, each at its own instant; those that are there already are left out.</summary>
    public sealed record Import(CaseNumber Number, CaseTerms Terms, string SourceKey, string Title, int Severity, ContactId Contact, ImmutableArray<SourceRow> Rows) : CaseCommand;

    /// <summary>Whatever is due by now.</summary>
    public sealed record Tick : CaseCommand;
}

/// <summary>A row of another system's log.</summary>
/// <param name="Key">Its place in the case's history, increasing from row to row.</param>
public sealed record SourceRow(int Key, Instant At, SourceStep Step, string Status, string? Owner, string? OwnerCountry, string? Team, string? Text);
