using System.Text.Json.Serialization;
using NodaTime;
using SupportCluster.Domain.Calendars;
using SupportCluster.Domain.Escalations;
using SupportCluster.Domain.Milestones;

namespace SupportCluster.Domain.Policy;

/// <summary>
/// The policy of a support organisation: every figure that the service promises or works by (HB-1, HB-3, HB-4, HB-6.6). The default
/// document states the handbook; an organisation can replace it. Its form is <c>policy.schema.json</c>.
/// </summary>
/// <param name="Identifiers">What support IDs and serial numbers look like.</param>
/// <param name="Regions">By code (HB-3.4).</param>
/// <param name="BusinessHours">Local business hours and public holidays (HB-3.3).</param>
/// <param name="Acknowledgement">Time to acknowledge a report, whatever the severity (HB-4.2); on the offer's clock.</param>
/// <param name="Targets">By name, then by severity (HB-4.3).</param>
/// <param name="Offers">Weakest first (HB-1.1, HB-1.2).</param>
/// <param name="Intake">Criteria and information asked for (HB-3.2, HB-5.1, HB-5.2).</param>
/// <param name="Centres">Support centres by code (HB-3.5); none in policies of before there were centres.</param>
/// <param name="Dispatch">How cases are put to engineers (HB-5.4, HB-5.5).</param>
/// <param name="Handoffs">How cases go from engineer to engineer (HB-6.5).</param>
/// <param name="Escalations">The escalation procedure (HB-7.2).</param>
/// <param name="Wallboard">What wallboards measure milestones against.</param>
/// <param name="Schema">Where an editor finds <c>policy.schema.json</c>; without meaning for the program.</param>
public sealed record PolicyDocument(
    string Name,
    IdentifierRules Identifiers,
    IReadOnlyDictionary<string, RegionRules> Regions,
    BusinessHoursRules BusinessHours,
    TargetRules Acknowledgement,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, SeverityTargets>> Targets,
    WarningRules Warnings,
    IReadOnlyList<OfferRules> Offers,
    IntakeRules Intake,
    CaseRules Cases,
    CapacityRules Capacity,
    ContractRules Contracts,
    IReadOnlyDictionary<string, CentreRules>? Centres = null,
    DispatchRules? Dispatch = null,
    HandoffRules? Handoffs = null,
    EscalationRules? Escalations = null,
    WallboardRules? Wallboard = null,
    [property: JsonPropertyName("$schema")] string? Schema = null);

/// <summary>Regular expressions, matched against the whole text.</summary>
public sealed record IdentifierRules(string SupportId, string SerialNumber);

/// <summary>A region.</summary>
/// <param name="CaseDigit">First digit of its case numbers, 1 to 9, different from region to region (HB-5.6).</param>
/// <param name="Languages">ISO 639 codes; the first is the main language.</param>
/// <param name="Duty">Who is duty manager when (HB-3.5); absent where nobody is named.</param>
/// <param name="Manager">Id of the regional manager.</param>
/// <param name="Ladder">Levels of escalation where the region's differ from those of <see cref="EscalationRules"/>.</param>
public sealed record RegionRules(
    string Name,
    int CaseDigit,
    IReadOnlyList<string> Languages,
    IReadOnlyList<string> Countries,
    DutyRules? Duty = null,
    string? Manager = null,
    IReadOnlyList<EscalationLevelRules>? Ladder = null);

/// <summary>The duty managers of a region, who take turns (HB-3.5).</summary>
/// <param name="Managers">Ids, in the order of their turns; the first turn starts at the anchor.</param>
/// <param name="Every">Unit of a turn.</param>
/// <param name="Length">How many units a turn lasts.</param>
/// <param name="Anchor">Local date and time of a change, such as <c>2026-01-05T08:00</c>.</param>
/// <param name="Zone">IANA name of the anchor's zone.</param>
public sealed record DutyRules(IReadOnlyList<string> Managers, RotationUnit Every, int Length, string Anchor, string Zone);

/// <summary>A support centre (HB-3.5).</summary>
/// <param name="Region">Code of the region that it belongs to.</param>
/// <param name="Zone">IANA name of its time zone.</param>
/// <param name="Hours">Weekly opening hours, such as <c>Mon-Fri 08:00-18:00</c>; absent for the local business hours of the policy.</param>
/// <param name="Holidays">Countries whose public holidays it keeps; absent for a centre that opens on holidays too.</param>
/// <param name="Languages">ISO 639 codes, of those of its region; absent for all of them.</param>
/// <param name="ProductLines">Absent for all.</param>
public sealed record CentreRules(
    string Name,
    string Region,
    string Zone,
    string? Hours = null,
    IReadOnlyList<string>? Holidays = null,
    IReadOnlyList<string>? Languages = null,
    IReadOnlyList<string>? ProductLines = null);

/// <summary>Local business hours (HB-3.3).</summary>
/// <param name="Hours">Weekly hours, such as <c>Mon-Fri 08:00-18:00</c>, at the place of installation.</param>
/// <param name="Holidays">By ISO 3166 country: the text of an iCalendar file, or in a file on disk the path of one.</param>
public sealed record BusinessHoursRules(string Hours, IReadOnlyDictionary<string, string> Holidays);

/// <summary>What a severity of an offer is promised (HB-4.3).</summary>
/// <param name="ServiceRestoration">Absent where none is promised.</param>
/// <param name="ResponseChannels">How the first response may be given.</param>
public sealed record SeverityTargets(TargetRules InitialResponse, TargetRules SolutionProposal, IReadOnlyList<Channel> ResponseChannels, TargetRules? ServiceRestoration = null);

/// <summary>When warnings are given: fractions of the target that are left, counted back from the deadline.</summary>
public sealed record WarningRules(IReadOnlyList<double> Left);

/// <summary>An offer (HB-1.2).</summary>
/// <param name="Clock">Which hours its targets count.</param>
/// <param name="Targets">Name of its table of targets.</param>
/// <param name="Entitlements">By name: <c>yes</c>, <c>no</c>, <c>optional</c> (can be bought), or what kind.</param>
/// <param name="OnSiteInterventions">Per contract year.</param>
public sealed record OfferRules(
    string Id,
    string Name,
    MilestoneClockKind Clock,
    string Targets,
    DesignatedContactRules DesignatedContacts,
    int OnSiteInterventions,
    IReadOnlyDictionary<string, string> Entitlements);

/// <summary>How many designated contacts (HB-2.1).</summary>
/// <param name="Limit">Absent for unlimited.</param>
public sealed record DesignatedContactRules(DesignatedContactsPer Per, int? Limit = null);

/// <summary>What designated contacts are counted by.</summary>
public enum DesignatedContactsPer
{
    Product,
    ProductLine,
}

/// <summary>Intake (HB-3.2, HB-5.1, HB-5.2).</summary>
/// <param name="Criteria">By id.</param>
/// <param name="Information">Members of a report that are asked for when they are missing.</param>
/// <param name="ReferredSubjects">Subjects that are no problem, and where they are sent instead.</param>
public sealed record IntakeRules(IReadOnlyDictionary<string, CriterionRules> Criteria, IReadOnlyList<RequiredInformation> Information, IReadOnlyDictionary<string, string> ReferredSubjects);

/// <summary>A severity criterion.</summary>
public sealed record CriterionRules(int Severity, string Text);

/// <summary>Information to give on submission (HB-5.2).</summary>
public enum RequiredInformation
{
    SerialNumber,
    SystemType,
    OperatingSystem,
    NetworkPlatform,
    Database,
    Configuration,
    Revision,
    HostId,
    Evidence,
}

/// <summary>Ends of a case.</summary>
/// <param name="ReopenWithin">How long after closing a case can be reopened (HB-6.6).</param>
/// <param name="RemindAfterBusinessDays">When a proposed solution without an answer is asked after, in local business days, ascending.</param>
/// <param name="CloseAfterBusinessDays">When it is closed.</param>
public sealed record CaseRules(Duration ReopenWithin, IReadOnlyList<int> RemindAfterBusinessDays, int CloseAfterBusinessDays);

/// <summary>An engineer's capacity where none is stated.</summary>
public sealed record CapacityRules(int Cases, int Severity1);

/// <summary>Contracts.</summary>
/// <param name="RenewalNoticeDays">Days before the end at which renewal notices go out (HB-9.2), descending.</param>
/// <param name="Renewal">How to renew, told to whoever is refused out of term.</param>
public sealed record ContractRules(IReadOnlyList<int> RenewalNoticeDays, string Renewal);

/// <summary>How cases are put to engineers.</summary>
public sealed record DispatchRules(RingRules Ring);

/// <summary>How long a case rings at one engineer before it is passed on (HB-5.4).</summary>
public sealed record RingRules(Duration Severity1, Duration Severity2, Duration Otherwise)
{
    /// <summary>What policies of before there were rings are read as.</summary>
    internal static RingRules WhereUnstated { get; } = new(Duration.FromSeconds(60), Duration.FromSeconds(120), Duration.FromMinutes(15));
}

/// <summary>Handoffs (HB-6.5).</summary>
/// <param name="Notice">How long before the end of a shift a handoff note is asked for.</param>
/// <param name="Ring">How long one engineer is asked before the next.</param>
public sealed record HandoffRules(Duration Notice, Duration Ring)
{
    /// <summary>What policies of before there were handoffs are read as.</summary>
    internal static HandoffRules WhereUnstated { get; } = new(Duration.FromMinutes(30), Duration.FromMinutes(5));
}

/// <summary>The escalation procedure (HB-7.2).</summary>
/// <param name="Levels">In the order in which they are told.</param>
/// <param name="OnWarning">Severities whose last warning of a milestone escalates the case.</param>
/// <param name="OnMiss">Severities whose miss does.</param>
/// <param name="OnUnanswered">Severities for which it does when a case has rung at everybody and nobody has taken it.</param>
/// <param name="GlobalManager">Id of the global escalation manager.</param>
/// <param name="Addresses">Mail addresses of those who are told, by id: duty managers, those who stand in for them, regional managers and the global escalation manager.</param>
public sealed record EscalationRules(
    IReadOnlyList<EscalationLevelRules> Levels,
    IReadOnlyList<int> OnWarning,
    IReadOnlyList<int> OnMiss,
    IReadOnlyList<int> OnUnanswered,
    string? GlobalManager = null,
    IReadOnlyDictionary<string, string>? Addresses = null)
{
    /// <summary>What policies of before there were escalations are read as: people escalate, the case itself only a handoff that nobody accepts.</summary>
    internal static EscalationRules WhereUnstated { get; } = new(
        [
            new(EscalationLevel.DutyManager, Duration.FromMinutes(15), Duration.FromMinutes(60)),
            new(EscalationLevel.RegionalManager, Duration.FromMinutes(30), Duration.FromMinutes(30)),
            new(EscalationLevel.GlobalManager, Duration.FromMinutes(60), Duration.FromMinutes(60)),
        ],
        [],
        [],
        []);
}

/// <summary>How long a level has to take an escalation up before the next is told.</summary>
public sealed record EscalationLevelRules(EscalationLevel Level, Duration Severity1, Duration Otherwise);

/// <summary>Shares of milestones kept, as fractions of those met in time and missed together.</summary>
/// <param name="Target">What is wanted.</param>
/// <param name="Amber">Below it a wallboard warns.</param>
/// <param name="Red">Below it a wallboard alarms; not more than <paramref name="Amber"/>.</param>
public sealed record WallboardRules(double Target, double Amber, double Red)
{
    /// <summary>What policies of before there were wallboards are read as.</summary>
    internal static WallboardRules WhereUnstated { get; } = new(0.95, 0.95, 0.9);
}
