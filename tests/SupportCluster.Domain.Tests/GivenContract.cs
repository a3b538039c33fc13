using System.Collections.Immutable;
using NodaTime;
using SupportCluster.Domain.Entitlements;
using SupportCluster.Domain.Policy;
using Xunit;

namespace SupportCluster.Domain.Tests;

/// <summary>A contract under test: commands at instants, folded at once.</summary>
internal sealed class GivenContract(SupportPolicy policy)
{
    internal static readonly Actor Desk = new("rep", Role.Representative);

    internal static readonly DesignatedContact Ada = Contact("ada");

    internal SupportContract? State { get; private set; }

    internal SupportPolicy Policy { get; set; } = policy;

    internal static SupportId Id { get; } = new("northwind");

    internal SupportContract Contract => State!;

    internal static DesignatedContact Contact(string id, params string[] products) =>
        new(new(id), id.ToUpperInvariant(), $"{id}@example.org", "+353 1 555 0100", [.. products], "en", "Europe/Dublin", "Mon-Fri 09:00-17:00", RoundTheClock: true);

    internal static LicensedProduct Product(string id, string line = "backup", string? zone = null, string? country = null) =>
        new(id, line, id, "1.0", ["SN-0001"], zone, country, Eligible: true);

    internal static ContractText Text(
        string zone = "Europe/Dublin",
        string? country = "IE",
        string region = "emea",
        string start = "2016-01-01",
        string end = "2036-12-31",
        string[]? options = null,
        LicensedProduct[]? products = null,
        int? contactLimit = null) => new(
            new("Northwind", zone, region, country, "en", "1 Main Street"),
            [.. options ?? []],
            [.. products ?? [Product("vault")]],
            new(Date(start), Date(end)),
            contactLimit);

    internal static LocalDate Date(string text) => NodaTime.Text.LocalDatePattern.Iso.Parse(text).Value;

    /// <summary>Decides, folds, and answers with the events; fails on a refusal.</summary>
    internal IReadOnlyList<ContractEvent> When(string at, ContractCommand command)
    {
        var decision = SupportContract.Decide(State, command, Desk, Policy, TheDefaultPolicy.Utc(at));
        Assert.Null(decision.Refusal);
        foreach (var happened in decision.Events)
        {
            State = SupportContract.Evolve(State, happened);
        }

        return decision.Events;
    }

    internal Refusal Refused(string at, ContractCommand command)
    {
        var decision = SupportContract.Decide(State, command, Desk, Policy, TheDefaultPolicy.Utc(at));
        Assert.Empty(decision.Events);
        return Assert.IsType<Refusal>(decision.Refusal);
    }

    internal IReadOnlyList<ContractEvent> Apply(string at, string offer, ContractText? text = null, string? offerFrom = null, DesignatedContact[]? contacts = null) =>
        When(at, Applying(offer, text, offerFrom, contacts));

    internal static ContractCommand.Apply Applying(string offer, ContractText? text = null, string? offerFrom = null, DesignatedContact[]? contacts = null) => new(
        Id, text ?? Text(), offer, offerFrom is null ? null : TheDefaultPolicy.Utc(offerFrom), contacts is null ? null : contacts.ToImmutableArray());

    internal (CaseTerms? Terms, Refusal? Refusal) Entitled(string at, string product = "vault", string contact = "ada", string? serial = null) =>
        Entitlement.Check(Contract, 7, Policy, product, new(contact), serial, TheDefaultPolicy.Utc(at));
}
