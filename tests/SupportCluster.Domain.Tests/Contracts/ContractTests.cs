using SupportCluster.Domain.Entitlements;
using Xunit;
using static SupportCluster.Domain.Tests.GivenContract;

namespace SupportCluster.Domain.Tests.Contracts;

/// <summary>HB-1.3 to HB-1.6, HB-2.1, HB-2.2, HB-9.2.</summary>
public sealed class ContractTests
{
    /// <summary>Dates of the customer's home zone, both inclusive: in Dublin the term begins at 23:00Z of the day before, in summer time.</summary>
    [Theory]
    [InlineData("2026-04-30T22:59:59Z", "contract-not-started", "HB-1.4")]
    [InlineData("2026-04-30T23:00Z", null, null)]
    [InlineData("2026-12-31T23:59:59Z", null, null)]
    [InlineData("2027-01-01T00:00Z", "contract-lapsed", "HB-9.2")]
    public void Support_begins_and_ends_with_the_term_at_the_customers_midnight(string at, string? code, string? rule)
    {
        var given = Concluded("essential", Text(start: "2026-05-01", end: "2026-12-31"));
        var (terms, refusal) = given.Entitled(at);

        Assert.Equal((code, rule), (refusal?.Code, refusal?.Rule));
        Assert.Equal(code is null, terms is not null);
    }

    /// <summary>São Paulo had no midnight on 4 November 2018; the term begins at 01:00, which is the first instant of the day.</summary>
    [Fact]
    public void A_term_that_begins_at_a_skipped_midnight_begins_after_it()
    {
        var given = Concluded("essential", Text("America/Sao_Paulo", "BR", start: "2018-11-04", end: "2019-11-03"));

        Assert.Equal("contract-not-started", given.Entitled("2018-11-04T02:59:59Z").Refusal!.Code);
        Assert.Null(given.Entitled("2018-11-04T03:00Z").Refusal);
    }

    [Fact]
    public void Out_of_term_the_refusal_says_how_to_renew()
    {
        var refusal = Concluded("essential", Text(start: "2026-01-01", end: "2026-12-31")).Entitled("2027-02-01T09:00Z").Refusal!;

        Assert.Equal("2026-12-31", refusal.Facts!["end"]);
        Assert.Contains("Renew through the contract desk of your region", refusal.Detail, StringComparison.Ordinal);
        Assert.Equal("contract-lapsed", Concluded("national", Text(start: "2026-01-01", end: "2026-12-31")).Refused("2027-02-01T09:00Z", Visit).Code);
    }

    [Theory]
    [InlineData("tape", "ada", null, "product-not-licensed", "/product")]
    [InlineData("home", "ada", null, "product-not-eligible", "/product")]
    [InlineData("vault", "bob", null, "contact-not-designated", "/contact")]
    [InlineData("vault", "mail-only", null, "contact-not-qualified", "/contact")]
    [InlineData("vault", "ada", "sn 1", "serial-number-malformed", "/serialNumber")]
    [InlineData("vault", "ada", "SN-0001\n", "serial-number-malformed", "/serialNumber")]
    [InlineData("vault", "ada", "SN-9999", "serial-number-unknown", "/serialNumber")]
    [InlineData("vault", "ada", "SN-0001", null, null)]
    public void Support_is_for_a_licensed_eligible_product_and_a_qualified_contact(string product, string contact, string? serial, string? code, string? pointer)
    {
        var given = Concluded("global", Text(products: [Product("vault"), Product("home") with { Eligible = false }, Product("mail", "mail")]), [Ada, Contact("mail-only", "mail")]);
        var refusal = given.Entitled("2026-03-02T09:00Z", product, contact, serial).Refusal;

        Assert.Equal((code, pointer), (refusal?.Code, refusal?.Pointer));
    }

    [Theory]
    [InlineData("2026-06-30T22:59Z", null, null)]
    [InlineData("2026-06-30T23:00Z", true, null)]
    [InlineData("2026-12-31T23:59Z", true, null)]
    [InlineData("2027-01-01T00:00Z", null, "product-support-ended")]
    public void After_standard_support_comes_partial_support_and_then_none_by_the_days_of_the_site(string at, bool? partial, string? code)
    {
        var given = Concluded("global", Text(products: [Product("vault") with { StandardSupportUntil = new(2026, 6, 30), SupportUntil = new(2026, 12, 31) }]));
        var (terms, refusal) = given.Entitled(at);

        Assert.Equal((partial, code), (terms?.PartialSupport, refusal?.Code));
    }

    [Fact]
    public void Business_hours_are_those_of_the_site_else_of_the_customer()
    {
        var given = Concluded("basic", Text(products: [Product("vault"), Product("mail", "mail", "Asia/Tokyo", "JP")]));

        Assert.Equal(("Europe/Dublin", "IE"), (given.Entitled("2026-03-02T09:00Z").Terms!.Zone, given.Entitled("2026-03-02T09:00Z").Terms!.Country));
        Assert.Equal(("Asia/Tokyo", "JP"), (given.Entitled("2026-03-02T09:00Z", "mail").Terms!.Zone, given.Entitled("2026-03-02T09:00Z", "mail").Terms!.Country));
    }

    [Fact]
    public void Applying_the_same_document_again_changes_nothing()
    {
        var given = new GivenContract(TheDefaultPolicy.Policy);
        var document = Applying("essential", Text(options: ["priorityCallQueueing"]), "2027-01-01T00:00Z", [Ada, Contact("bob", "vault")]);
        Assert.Equal("offer-date-in-future", given.Refused("2026-01-01T09:00Z", document).Code);

        given.Apply("2026-01-01T09:00Z", "basic");
        Assert.NotEmpty(given.When("2026-01-01T09:01Z", document));
        Assert.Empty(given.When("2026-01-01T09:01Z", document));
        Assert.Empty(given.When("2026-06-01T09:00Z", document));
        given.When("2027-01-01T00:00Z", new ContractCommand.Tick());
        Assert.Empty(given.When("2027-06-01T09:00Z", document));
    }

    [Fact]
    public void An_agreed_offer_takes_effect_at_its_date()
    {
        var given = Concluded("basic");
        given.Apply("2026-02-01T09:00Z", "national", offerFrom: "2026-04-01T00:00Z");

        Assert.Equal("basic", given.Entitled("2026-03-31T23:59:59Z").Terms!.Offer);
        Assert.Equal("national", given.Entitled("2026-04-01T00:00Z").Terms!.Offer);
        Assert.Equal(TheDefaultPolicy.Utc("2026-04-01T00:00Z"), given.Contract.NextDue(given.Policy));
        Assert.Equal("national", given.Contract.ComingOffer(TheDefaultPolicy.Utc("2026-03-01T00:00Z"))!.Offer);

        var told = Assert.IsType<ContractEvent.OfferTookEffect>(Assert.Single(given.When("2026-04-01T08:00Z", new ContractCommand.Tick())));
        Assert.Equal(("2026-04-01T00:00Z", "national"), (GivenCase.Text(told.At), told.Offer));
        Assert.Empty(given.When("2026-04-01T08:00Z", new ContractCommand.Tick()));
    }

    [Fact]
    public void An_offer_of_today_takes_effect_at_once_and_a_withdrawn_one_never()
    {
        var given = Concluded("basic");
        Assert.Equal(["OfferChanged", "OfferTookEffect"], given.Apply("2026-02-01T09:00Z", "essential").Select(e => e.GetType().Name));

        given.Apply("2026-02-02T09:00Z", "national", offerFrom: "2026-04-01T00:00Z");
        given.Apply("2026-02-03T09:00Z", "essential");
        Assert.Empty(given.When("2026-04-02T09:00Z", new ContractCommand.Tick()));
        Assert.Equal("essential", given.Entitled("2026-04-02T09:00Z").Terms!.Offer);
    }

    /// <summary>An offer agreed back to the one in effect has nothing to tell, so nothing may be due for it.</summary>
    [Fact]
    public void A_contract_whose_coming_offer_is_the_one_in_effect_can_sleep()
    {
        var given = Concluded("basic");
        given.Apply("2026-02-01T09:00Z", "national", offerFrom: "2026-04-01T00:00Z");
        given.Apply("2026-02-02T09:00Z", "basic", offerFrom: "2026-05-01T00:00Z");

        Assert.Empty(given.When("2026-06-01T00:00Z", new ContractCommand.Tick()));
        Assert.True(given.Contract.NextDue(given.Policy) > TheDefaultPolicy.Utc("2026-06-01T00:00Z"));
    }

    [Fact]
    public void Contacts_are_counted_per_product_line_by_the_lines_products()
    {
        var given = Concluded("rps", Text(products: [Product("vault"), Product("mirror"), Product("mail", "mail")]), []);
        for (var i = 1; i <= 6; i++)
        {
            given.When("2026-02-01T09:00Z", new ContractCommand.RegisterContact(Contact($"c{i}", i % 2 == 0 ? "vault" : "mirror")));
        }

        var refusal = given.Refused("2026-02-01T09:00Z", new ContractCommand.RegisterContact(Contact("c7", "vault")));
        Assert.Equal(("productLine", "backup", "6"), (refusal.Facts!["per"], refusal.Facts["of"], refusal.Facts["limit"]));
        given.When("2026-02-01T09:00Z", new ContractCommand.RegisterContact(Contact("c7", "mail")));
    }

    [Fact]
    public void The_contracts_own_limit_replaces_the_offers()
    {
        var given = Concluded("global", Text(contactLimit: 1), [Ada]);

        Assert.Equal("contact-limit-reached", given.Refused("2026-02-01T09:00Z", new ContractCommand.RegisterContact(Contact("bob"))).Code);
    }

    [Fact]
    public void A_contact_is_changed_or_replaced_within_the_limit()
    {
        var given = Concluded("basic", contacts: [Ada, Contact("bob")]);

        given.When("2026-02-01T09:00Z", new ContractCommand.RegisterContact(Contact("bob") with { Phone = "+353 1 555 0199" }));
        given.Apply("2026-02-02T09:00Z", "basic", contacts: [Ada, Contact("cem")]);
        Assert.Equal(["ada", "cem"], given.Contract.Contacts.Select(c => c.Id.Value));
        Assert.Equal("contact-not-found", given.Refused("2026-02-02T09:00Z", new ContractCommand.RemoveContact(new("bob"))).Code);
    }

    /// <summary>Basic has two places per product. Ada and Bob change products, so no product ever has three.</summary>
    [Fact]
    public void A_list_of_contacts_is_counted_against_itself_not_against_the_list_before()
    {
        var text = Text(products: [Product("vault"), Product("mail", "mail")]);
        var given = Concluded("basic", text, [Contact("ada", "vault"), Contact("bob", "mail"), Contact("cem", "vault"), Contact("dee", "mail")]);
        given.Apply("2026-02-02T09:00Z", "basic", text, contacts: [Contact("ada", "mail"), Contact("bob", "vault"), Contact("cem", "vault"), Contact("dee", "mail")]);

        Assert.Equal(["mail"], given.Contract.Contacts.Single(c => c.Id.Value == "ada").Products);
        var refusal = given.Refused("2026-02-02T09:00Z", Applying("basic", text, contacts: [Contact("ada", "mail"), Contact("bob", "mail"), Contact("cem", "vault"), Contact("dee", "mail")]));
        Assert.Equal(("contact-limit-reached", "/contacts/1"), (refusal.Code, refusal.Pointer));
    }

    [Fact]
    public void A_contact_listed_twice_is_refused()
    {
        var refusal = new GivenContract(TheDefaultPolicy.Policy).Refused("2026-02-02T09:00Z", Applying("global", contacts: [Ada, Ada]));

        Assert.Equal(("contact-twice", "/contacts/1/id"), (refusal.Code, refusal.Pointer));
    }

    [Fact]
    public void On_site_interventions_are_renewed_with_the_contract_year()
    {
        var given = Concluded("datacenter", Text(start: "2026-03-15", end: "2028-03-14"));
        given.When("2026-06-01T09:00Z", Visit);
        given.When("2027-03-14T22:00Z", Visit);
        Assert.Equal("entitlement-spent", given.Refused("2027-03-14T23:00Z", Visit).Code);

        given.When("2027-03-15T00:00Z", Visit);
        Assert.Equal(1, given.Contract.Used("onSiteInterventions", TheDefaultPolicy.Utc("2027-04-01T00:00Z")));
    }

    [Fact]
    public void A_renewal_begins_new_contract_years_and_a_corrected_date_does_not()
    {
        var given = Concluded("datacenter", Text(start: "2026-01-01", end: "2026-12-31"));
        given.When("2026-06-01T09:00Z", Visit);
        given.When("2026-06-02T09:00Z", Visit);
        given.Apply("2026-07-01T09:00Z", "datacenter", Text(start: "2026-01-02", end: "2026-12-31"));
        Assert.Equal("entitlement-spent", given.Refused("2026-07-01T09:00Z", Visit).Code);

        given.Apply("2027-01-01T09:00Z", "datacenter", Text(start: "2027-01-01", end: "2027-12-31"));
        given.When("2027-01-02T09:00Z", Visit);
    }

    [Fact]
    public void Only_counted_entitlements_are_consumed() =>
        Assert.Equal("entitlement-not-counted", Concluded("global").Refused("2026-06-01T09:00Z", new ContractCommand.Consume("quarterlyOnSiteVisits", "x")).Code);

    /// <summary>The term ends on 31 December, in the customer's zone: 90, 60, 30 and 7 days are left at these midnights.</summary>
    [Fact]
    public void Renewal_notices_go_out_90_60_30_and_7_days_before_the_end()
    {
        var given = Concluded("essential", Text(start: "2026-01-01", end: "2026-12-31"));
        var told = new List<string>();
        while (given.Contract.NextDue(given.Policy) is { } due)
        {
            told.AddRange(given.When(GivenCase.Text(due)!, new ContractCommand.Tick()).Select(e => $"{GivenCase.Text(e.At)} {(e is ContractEvent.RenewalNoticed n ? n.DaysLeft : e.GetType().Name)}"));
        }

        Assert.Equal(["2026-10-02T23:00Z 90", "2026-11-02T00:00Z 60", "2026-12-02T00:00Z 30", "2026-12-25T00:00Z 7", "2027-01-01T00:00Z TermEnded"], told);
    }

    [Fact]
    public void A_notice_that_was_overtaken_is_not_given()
    {
        var given = new GivenContract(TheDefaultPolicy.Policy);
        given.Apply("2026-12-10T09:00Z", "essential", Text(start: "2026-01-01", end: "2026-12-31"));

        Assert.Equal([30], given.When("2026-12-10T09:00Z", new ContractCommand.Tick()).OfType<ContractEvent.RenewalNoticed>().Select(n => n.DaysLeft));
        Assert.Equal(TheDefaultPolicy.Utc("2026-12-25T00:00Z"), given.Contract.NextDue(given.Policy));
        Assert.Equal(["TermEnded"], given.When("2027-02-01T09:00Z", new ContractCommand.Tick()).Select(e => e.GetType().Name));
        Assert.Null(given.Contract.NextDue(given.Policy));
    }

    [Fact]
    public void A_renewed_contract_gives_notice_of_its_new_end()
    {
        var given = Concluded("essential", Text(start: "2026-01-01", end: "2026-12-31"));
        given.When("2026-12-28T09:00Z", new ContractCommand.Tick());
        given.Apply("2026-12-29T09:00Z", "essential", Text(start: "2026-01-01", end: "2027-12-31"));

        Assert.Equal(TheDefaultPolicy.Utc("2027-10-02T23:00Z"), given.Contract.NextDue(given.Policy));
    }

    /// <summary>HB-1.6: the new policy binds at the next conclusion, that is with a new term, not with any other change.</summary>
    [Fact]
    public void A_new_policy_binds_from_the_next_conclusion()
    {
        var given = Concluded("essential", Text(end: "2026-12-31"));
        var newer = TheDefaultPolicy.With(p => p["name"] = "newer", version: 2);

        var amendment = Applying("essential", Text(end: "2026-12-31", contactLimit: 3));
        Assert.False(SupportContract.IsConclusion(given.State, amendment));
        given.When("2026-06-01T09:00Z", amendment);
        Assert.Equal(1, given.Contract.PolicyVersion);

        var renewal = Applying("essential", Text(end: "2027-12-31", contactLimit: 3));
        Assert.True(SupportContract.IsConclusion(given.State, renewal));
        given.Policy = newer;
        given.When("2026-12-01T09:00Z", renewal);
        Assert.Equal(2, given.Contract.PolicyVersion);
    }

    [Theory]
    [InlineData("zone-unknown", "/customer/zone")]
    [InlineData("region-unknown", "/customer/region")]
    [InlineData("term-malformed", "/term/end")]
    [InlineData("product-twice", "/products/0")]
    [InlineData("serial-number-malformed", "/products/0/serialNumbers")]
    [InlineData("products-missing", "/products")]
    [InlineData("offer-unknown", "/offer")]
    public void A_document_with_a_mistake_is_refused_with_its_place(string code, string pointer)
    {
        var (offer, text) = code switch
        {
            "zone-unknown" => ("basic", Text(zone: "Europe/Atlantis")),
            "region-unknown" => ("basic", Text(region: "moon")),
            "term-malformed" => ("basic", Text(start: "2026-01-02", end: "2026-01-01")),
            "product-twice" => ("basic", Text(products: [Product("vault"), Product("vault")])),
            "serial-number-malformed" => ("basic", Text(products: [Product("vault") with { SerialNumbers = ["no serial"] }])),
            "products-missing" => ("basic", Text(products: [])),
            _ => ("gold", Text()),
        };
        var refusal = new GivenContract(TheDefaultPolicy.Policy).Refused("2026-01-01T09:00Z", Applying(offer, text));

        Assert.Equal((code, pointer, RefusalKind.Malformed), (refusal.Code, refusal.Pointer, refusal.Kind));
    }

    private static ContractCommand.Consume Visit { get; } = new("onSiteInterventions", "Tape library.");

    private static GivenContract Concluded(string offer, ContractText? text = null, DesignatedContact[]? contacts = null)
    {
        var given = new GivenContract(TheDefaultPolicy.Policy);
        given.Apply("2016-01-04T09:00Z", offer, text, contacts: contacts ?? [Ada]);
        return given;
    }
}
