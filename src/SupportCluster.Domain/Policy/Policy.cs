using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.TimeZones;
using SupportCluster.Domain.Calendars;
using SupportCluster.Domain.Centres;
using SupportCluster.Domain.Milestones;

namespace SupportCluster.Domain.Policy;

/// <summary>A mistake in a policy document.</summary>
/// <param name="Path">JSON pointer to the key.</param>
/// <param name="Expected">What would be right.</param>
public sealed record PolicyMistake(string Path, string Expected)
{
    public override string ToString() => $"{Path}: {Expected}";
}

/// <summary>A policy document that is free of mistakes, with what is computed from it. Immutable; safe for concurrent use.</summary>
public sealed class SupportPolicy
{
    /// <summary>The word for all regions together, where a region or centre could stand.</summary>
    public const string World = "world";

    private const int FirstHolidayYear = 2000;
    private const int LastHolidayYear = 2050;
    private readonly ConcurrentDictionary<(string Zone, string? Country), BusinessCalendar> localHours = new();
    private readonly ConcurrentDictionary<string, BusinessCalendar> roundTheClock = new();
    private readonly Dictionary<string, int> ranks;
    private readonly Regex supportIds;
    private readonly Regex serialNumbers;
    private readonly WeeklyHours hours;
    private readonly ConcurrentDictionary<string, Holidays> holidays = new();
    private readonly ConcurrentDictionary<string, SupportCentre> centres = new();

    private SupportPolicy(int version, PolicyDocument document)
    {
        Version = version;
        Document = document;
        Centres = document.Centres ?? new Dictionary<string, CentreRules>();
        hours = WeeklyHours.Parse(document.BusinessHours.Hours);
        ranks = document.Offers.Select((offer, rank) => (offer.Id, rank)).ToDictionary(o => o.Id, o => o.rank);
        supportIds = WholeText(document.Identifiers.SupportId);
        serialNumbers = WholeText(document.Identifiers.SerialNumber);
    }

    /// <summary>Counts the policies of this organisation from 1.</summary>
    public int Version { get; }

    public PolicyDocument Document { get; }

    /// <summary>Whether a code is that of a region or centre, or means the world.</summary>
    public bool HasScope(string code) => code == World || Document.Regions.ContainsKey(code) || Centres.ContainsKey(code);

    /// <summary>Reads a document as it was stored, checked when it was taken.</summary>
    public static SupportPolicy ReadStored(int version, ReadOnlySpan<byte> json) => new(version, JsonSerializer.Deserialize<PolicyDocument>(json, DomainJson.Stored)!);

    /// <summary>Reads a document as a person wrote it; null with all mistakes found when there are any.</summary>
    public static SupportPolicy? Read(int version, ReadOnlySpan<byte> json, out IReadOnlyList<PolicyMistake> mistakes)
    {
        PolicyDocument document;
        try
        {
            if (PolicyCheck.Nulls(json) is { Count: > 0 } nulls)
            {
                mistakes = nulls;
                return null;
            }

            document = JsonSerializer.Deserialize<PolicyDocument>(json, DomainJson.Strict) ?? throw new JsonException("A policy document is expected.");
        }
        catch (JsonException e)
        {
            mistakes = [new(PolicyCheck.Pointer(e.Path), PolicyCheck.Plain(e))];
            return null;
        }

        mistakes = PolicyCheck.Find(document, FirstHolidayYear, LastHolidayYear);
        return mistakes.Count == 0 ? new SupportPolicy(version, document) : null;
    }

    /// <summary>The centres by code (HB-3.5).</summary>
    public IReadOnlyDictionary<string, CentreRules> Centres { get; }

    /// <summary>A centre with its calendar; null for a code that this policy does not have (HB-3.5).</summary>
    public SupportCentre? Centre(string code) => !Centres.TryGetValue(code, out var rules) ? null : centres.GetOrAdd(code, c => new SupportCentre(c, rules, new(
        rules.Hours is null ? hours : WeeklyHours.Parse(rules.Hours),
        (rules.Holidays ?? []).Aggregate(Holidays.None, (all, country) => all.And(HolidaysOf(country))),
        Zone(rules.Zone)), Document.Regions[rules.Region].Languages));

    /// <summary>The offer, or null for an id that this policy does not have.</summary>
    public OfferRules? Offer(string id) => ranks.TryGetValue(id, out var rank) ? Document.Offers[rank] : null;

    /// <summary>Place of the offer, weakest first; -1 for one that this policy does not have.</summary>
    public int Rank(string offer) => ranks.GetValueOrDefault(offer, -1);

    /// <summary>What a severity of an offer is promised.</summary>
    public SeverityTargets Targets(OfferRules offer, int severity) => Document.Targets[offer.Targets][severity.ToString(System.Globalization.CultureInfo.InvariantCulture)];

    /// <summary>The target of a milestone; null where none is promised.</summary>
    public TargetRules? Target(OfferRules offer, int severity, MilestoneKind kind) => kind switch
    {
        MilestoneKind.Acknowledgement => Document.Acknowledgement,
        MilestoneKind.InitialResponse => Targets(offer, severity).InitialResponse,
        MilestoneKind.ServiceRestoration => Targets(offer, severity).ServiceRestoration,
        MilestoneKind.SolutionProposal => Targets(offer, severity).SolutionProposal,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Local business hours in a zone, without the public holidays of a country (HB-3.3).</summary>
    public BusinessCalendar LocalHours(string zone, string? country) => localHours.GetOrAdd((zone, country), place =>
        new BusinessCalendar(hours, place.Country is null ? Holidays.None : HolidaysOf(place.Country), Zone(place.Zone)));

    /// <summary>The calendar that a clock counts by.</summary>
    public BusinessCalendar Calendar(MilestoneClockKind clock, string zone, string? country) => clock == MilestoneClockKind.LocalBusinessHours
        ? LocalHours(zone, country)
        : roundTheClock.GetOrAdd(zone, z => BusinessCalendar.RoundTheClock(Zone(z)));

    /// <summary>How long a case of a severity rings at one engineer.</summary>
    public Duration Ring(int severity)
    {
        var ring = Document.Dispatch?.Ring ?? RingRules.WhereUnstated;
        return severity switch { 1 => ring.Severity1, 2 => ring.Severity2, _ => ring.Otherwise };
    }

    /// <summary>How cases go from engineer to engineer.</summary>
    public HandoffRules Handoffs => Document.Handoffs ?? HandoffRules.WhereUnstated;

    /// <summary>The escalation procedure.</summary>
    public EscalationRules Escalations => Document.Escalations ?? EscalationRules.WhereUnstated;

    /// <summary>What wallboards measure milestones against.</summary>
    public WallboardRules Wallboard => Document.Wallboard ?? WallboardRules.WhereUnstated;

    public bool IsSupportId(string? text) => text is not null && supportIds.IsMatch(text);

    public bool IsSerialNumber(string? text) => text is not null && serialNumbers.IsMatch(text);

    /// <summary>The zone of an IANA name; null for a name that does not exist.</summary>
    public static DateTimeZone? FindZone(string? name) => name is null || !TzdbDateTimeZoneSource.Default.CanonicalIdMap.ContainsKey(name) ? null : DateTimeZoneProviders.Tzdb.GetZoneOrNull(name);

    /// <summary>Version of the time-zone data that instants are computed with.</summary>
    public static string ZoneDataVersion => TzdbDateTimeZoneSource.Default.TzdbVersion;

    internal static Regex WholeText(string pattern) => new($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, TimeSpan.FromSeconds(1));

    private static DateTimeZone Zone(string name) => FindZone(name) ?? throw new InvalidOperationException($"'{name}' is not a time zone of the tz database {ZoneDataVersion}.");

    private Holidays HolidaysOf(string country) => holidays.GetOrAdd(country, c =>
        Document.BusinessHours.Holidays.TryGetValue(c, out var file) ? HolidayFile.Parse(file, FirstHolidayYear, LastHolidayYear) : Holidays.None);
}
