using NodaTime;

namespace SupportCluster.Protocol.Contracts;

/// <summary>A support contract as it is applied (HB-1.3). Applying the same document again changes nothing.</summary>
/// <param name="Offer">Offer id of the policy.</param>
/// <param name="OfferFrom">When a change of offer takes effect (HB-1.5); at once when absent.</param>
/// <param name="Options">Bought options, by entitlement name.</param>
/// <param name="Contacts">The whole list of designated contacts; absent leaves it as it is.</param>
/// <param name="ContactLimit">Where the contract states its own limit of designated contacts (HB-2.1).</param>
public sealed record ContractDocument(
    CustomerDetails Customer,
    string Offer,
    IReadOnlyList<LicensedProduct> Products,
    ContractTerm Term,
    Instant? OfferFrom = null,
    IReadOnlyList<string>? Options = null,
    IReadOnlyList<ContactDocument>? Contacts = null,
    int? ContactLimit = null);

/// <summary>The customer.</summary>
/// <param name="Zone">Home time zone, IANA.</param>
/// <param name="Country">ISO 3166 code; its public holidays apply where a product names no site.</param>
/// <param name="Region">Region code of the policy.</param>
/// <param name="Language">ISO 639 code of the preferred language.</param>
public sealed record CustomerDetails(string Name, string Zone, string Region, string? Country = null, string? Language = null, string? Address = null);

/// <summary>A licensed product.</summary>
/// <param name="Site">Where it is installed: local business hours are counted there (HB-3.3).</param>
/// <param name="Eligible">False for products without support, such as consumer products (HB-1.4).</param>
/// <param name="StandardSupportUntil">Last day of standard support of the version, inclusive: cases that are reported later have partial support, without escalation (HB-10.2).</param>
/// <param name="SupportUntil">Last day of any support of the version, inclusive (HB-10.2).</param>
public sealed record LicensedProduct(
    string Id,
    string Line,
    string? Name = null,
    string? Version = null,
    IReadOnlyList<string>? SerialNumbers = null,
    InstallationSite? Site = null,
    bool? Eligible = null,
    LocalDate? StandardSupportUntil = null,
    LocalDate? SupportUntil = null);

/// <summary>An installation site.</summary>
public sealed record InstallationSite(string Zone, string? Country = null);

/// <summary>The term, in dates of the customer's home zone.</summary>
/// <param name="Start">First day, inclusive.</param>
/// <param name="End">Last day, inclusive.</param>
public sealed record ContractTerm(LocalDate Start, LocalDate End);

/// <summary>A designated contact (HB-2.2). Its id is the subject of its sign-in.</summary>
/// <param name="Products">Products it is qualified for; all of the contract when absent.</param>
/// <param name="Availability">Weekly hours such as <c>Mon-Fri 08:00-18:00</c>.</param>
/// <param name="RoundTheClock">Reachable round the clock for a continuous case.</param>
public sealed record ContactDocument(
    string Id,
    string Name,
    string Email,
    string? Phone = null,
    IReadOnlyList<string>? Products = null,
    string? Language = null,
    string? Zone = null,
    string? Availability = null,
    bool? RoundTheClock = null);

/// <summary>A contract as it stands.</summary>
/// <param name="InForce">In term at the instant of reading.</param>
/// <param name="PolicyVersion">The policy that binds it (HB-1.6).</param>
public sealed record ContractView(
    string SupportId,
    long Version,
    CustomerDetails Customer,
    string Offer,
    IReadOnlyList<string> Options,
    IReadOnlyList<LicensedProduct> Products,
    ContractTerm Term,
    bool InForce,
    IReadOnlyList<ContactDocument> Contacts,
    IReadOnlyList<EntitlementView> Entitlements,
    int PolicyVersion,
    OfferChangeView? ComingOffer = null,
    int? ContactLimit = null);

/// <summary>A change of offer that takes effect later.</summary>
public sealed record OfferChangeView(string Offer, Instant From);

/// <summary>What the contract includes (HB-1.2).</summary>
/// <param name="Value"><c>yes</c>, <c>no</c>, <c>optional</c>, or a figure or word of the offer.</param>
/// <param name="Used">For counted entitlements: consumed in this contract year.</param>
public sealed record EntitlementView(string Name, string Value, int? Limit = null, int? Used = null);

/// <summary>Consumes one of a counted entitlement (HB-1.3).</summary>
public sealed record ConsumeEntitlement(string Name, string Reason);

/// <summary>One change of a contract: who, when and what (HB-2.4).</summary>
public sealed record ContractHistoryEntry(long Version, Instant At, string Type, string By, IReadOnlyDictionary<string, string>? Facts = null);

/// <summary>A contract in a list.</summary>
public sealed record ContractSummary(string SupportId, string Customer, string Offer, ContractTerm Term, bool InForce);
