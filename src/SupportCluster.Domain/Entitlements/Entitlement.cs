using NodaTime;
using SupportCluster.Domain.Policy;

namespace SupportCluster.Domain.Entitlements;

/// <summary>The terms under which a case is opened (HB-1.4, HB-1.5): pinned on the case, so that its deadlines never move unasked.</summary>
/// <param name="ContractVersion">The version of the contract that was read.</param>
/// <param name="Zone">Of the place of installation, else of the customer (HB-3.3).</param>
/// <param name="PriorityCall">Goes ahead of others of the same severity (HB-5.4).</param>
/// <param name="ContinuousService">Severity 1 is worked on round the clock (HB-6.3).</param>
/// <param name="PolicyVersion">The policy that binds the contract (HB-1.6).</param>
/// <param name="ContactRoundTheClock">False for a contact who states hours of availability and is not reachable round the clock (HB-2.2, HB-6.4); null where nothing is known against it.</param>
/// <param name="PartialSupport">The version was past standard support when the case was opened: no escalation (HB-10.2); null where it was not.</param>
public sealed record CaseTerms(
    SupportId SupportId,
    string Customer,
    string Offer,
    string Product,
    string ProductLine,
    string Region,
    string Zone,
    string? Country,
    string Language,
    bool PriorityCall,
    bool ContinuousService,
    int PolicyVersion,
    long ContractVersion,
    bool? ContactRoundTheClock = null,
    bool? PartialSupport = null);

/// <summary>Whether a contract entitles to support, and on which terms (HB-1.4).</summary>
public static class Entitlement
{
    /// <summary>Checks term, product and contact, in this order.</summary>
    /// <param name="serialNumber">Checked against the product's, when both are known.</param>
    public static (CaseTerms? Terms, Refusal? Refusal) Check(SupportContract contract, long version, SupportPolicy policy, string product, ContactId contact, string? serialNumber, Instant now)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(policy);
        if (!contract.IsInForce(now))
        {
            return (null, OutOfTerm(contract, policy, now));
        }

        if (contract.Text.Products.FirstOrDefault(p => p.Id == product) is not { } licensed)
        {
            return (null, Refusal.ByRule("product-not-licensed", "HB-1.4", $"'{product}' is not a licensed product of contract {contract.SupportId}.", ("product", product)) with { Pointer = "/product" });
        }

        if (!licensed.Eligible)
        {
            return (null, Refusal.ByRule("product-not-eligible", "HB-1.4", $"'{product}' is not eligible for support.", ("product", product)) with { Pointer = "/product" });
        }

        if (licensed.SupportUntil is { } last && IsOver(last, licensed.SiteZone ?? contract.Text.Customer.Zone, now))
        {
            return (null, Refusal.ByRule("product-support-ended", "HB-10.2", $"Support for this version of '{product}' ended on {Date(last)}.", ("product", product), ("end", Date(last))) with { Pointer = "/product" });
        }

        if (contract.Contacts.FirstOrDefault(c => c.Id == contact) is not { } designated)
        {
            return (null, Refusal.ByRule("contact-not-designated", "HB-2.1", $"'{contact}' is not a designated contact of contract {contract.SupportId}.", ("contact", contact.Value)) with { Pointer = "/contact" });
        }

        if (!designated.IsQualifiedFor(product))
        {
            return (null, Refusal.ByRule("contact-not-qualified", "HB-2.2", $"'{contact}' is not registered as qualified for '{product}'.", ("contact", contact.Value), ("product", product)) with { Pointer = "/contact" });
        }

        if (serialNumber is not null && !policy.IsSerialNumber(serialNumber))
        {
            return (null, Refusal.Malformed("serial-number-malformed", $"A serial number matches {policy.Document.Identifiers.SerialNumber}.", "/serialNumber", "HB-5.2"));
        }

        if (serialNumber is not null && licensed.SerialNumbers.Length > 0 && !licensed.SerialNumbers.Contains(serialNumber))
        {
            return (null, Refusal.ByRule("serial-number-unknown", "HB-1.4", $"'{serialNumber}' is not a serial number of '{product}' under this contract.", ("product", product)) with { Pointer = "/serialNumber" });
        }

        return (Terms(contract, version, policy, product, licensed.Line, now) with { ContactRoundTheClock = designated is { RoundTheClock: false, Availability: not null } ? false : null }, null);
    }

    /// <summary>The terms of a contract for one of its products at an instant, without any check: for imported history.</summary>
    public static CaseTerms Terms(SupportContract contract, long version, SupportPolicy policy, string product, string productLine, Instant at)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(policy);
        var licensed = contract.Text.Products.FirstOrDefault(p => p.Id == product);
        var customer = contract.Text.Customer;
        var offer = policy.Offer(contract.OfferAt(at)) ?? throw new InvalidOperationException($"Policy {policy.Version} has no offer '{contract.OfferAt(at)}'.");
        return new(
            contract.SupportId,
            customer.Name,
            offer.Id,
            product,
            licensed?.Line ?? productLine,
            customer.Region,
            licensed?.SiteZone ?? customer.Zone,
            licensed?.SiteZone is null ? customer.Country : licensed.SiteCountry,
            customer.Language ?? policy.Document.Regions[customer.Region].Languages[0],
            contract.Includes(offer, EntitlementNames.PriorityCallQueueing),
            contract.Includes(offer, EntitlementNames.ContinuousService),
            policy.Version,
            version,
            PartialSupport: licensed?.StandardSupportUntil is { } last && IsOver(last, licensed.SiteZone ?? customer.Zone, at) ? true : null);
    }

    internal static Refusal OutOfTerm(SupportContract contract, SupportPolicy policy, Instant now)
    {
        var term = contract.Text.Term;
        return now < contract.Begins
            ? Refusal.ByRule("contract-not-started", "HB-1.4", $"Contract {contract.SupportId} starts on {Date(term.Start)}.", ("start", Date(term.Start)))
            : Refusal.ByRule("contract-lapsed", "HB-9.2", $"Contract {contract.SupportId} ended on {Date(term.End)}. {policy.Document.Contracts.Renewal}", ("end", Date(term.End)), ("renewal", policy.Document.Contracts.Renewal));
    }

    private static bool IsOver(LocalDate last, string zone, Instant at) => SupportPolicy.FindZone(zone) is { } known && last < at.InZone(known).Date;

    private static string Date(LocalDate date) => NodaTime.Text.LocalDatePattern.Iso.Format(date);
}
