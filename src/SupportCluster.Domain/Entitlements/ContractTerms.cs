using System.Collections.Immutable;
using NodaTime;
using SupportCluster.Domain.Calendars;
using SupportCluster.Domain.Policy;

namespace SupportCluster.Domain.Entitlements;

/// <summary>The rules by which a contract is concluded, amended and consumed.</summary>
internal static class ContractTerms
{
    private const int MaxAddress = 1000;

    internal static Decision<ContractEvent> Apply(SupportContract? state, ContractCommand.Apply apply, string by, SupportPolicy policy, Instant now)
    {
        if (Check(apply, policy) is { } wrong)
        {
            return wrong;
        }

        var events = new List<ContractEvent>();
        var s = state;
        void Add(ContractEvent happened)
        {
            events.Add(happened);
            s = SupportContract.Evolve(s, happened);
        }

        if (s is null)
        {
            if (apply.OfferFrom > now)
            {
                return Refusal.Malformed("offer-date-in-future", "The first offer of a contract takes effect with the contract: leave offerFrom out.", "/offerFrom", "HB-1.5");
            }

            Add(new ContractEvent.Concluded(now, by, apply.SupportId, apply.Text, apply.Offer, policy.Version));
        }
        else
        {
            if (!Same(s.Text, apply.Text))
            {
                Add(new ContractEvent.Amended(now, by, apply.Text, SupportContract.IsConclusion(s, apply) ? policy.Version : s.PolicyVersion));
            }

            var latest = s.Offers[^1];
            var from = apply.OfferFrom is { } date && date > now ? date : now;
            if (latest.Offer != apply.Offer || (apply.OfferFrom > now && latest.From > now && latest.From != from))
            {
                Add(new ContractEvent.OfferChanged(now, by, apply.Offer, from));
                if (from <= now && s!.Effective != apply.Offer)
                {
                    Add(new ContractEvent.OfferTookEffect(now, by, apply.Offer));
                }
            }
        }

        if (apply.Contacts is { } contacts)
        {
            foreach (var gone in s!.Contacts.Where(c => contacts.All(x => x.Id != c.Id)).ToList())
            {
                Add(new ContractEvent.ContactRemoved(now, by, gone.Id));
            }

            for (var i = 0; i < contacts.Length; i++)
            {
                if (contacts.Take(i).Any(c => c.Id == contacts[i].Id))
                {
                    return Refusal.Malformed("contact-twice", $"'{contacts[i].Id}' is listed twice.", $"/contacts/{i}/id");
                }

                // Counted against the list as it will be, not against what it replaces.
                var present = s!.Contacts;
                var others = contacts.Where((c, place) => place != i && (place < i || present.Any(x => Same(x, c))));
                var registered = Register(s, contacts[i], by, policy, now, [.. others]);
                if (registered.Refusal is { } refused)
                {
                    return refused with { Pointer = $"/contacts/{i}{refused.Pointer}" };
                }

                foreach (var happened in registered.Events)
                {
                    Add(happened);
                }
            }
        }

        return events;
    }

    internal static Decision<ContractEvent> Register(SupportContract state, DesignatedContact contact, string by, SupportPolicy policy, Instant now, IReadOnlyCollection<DesignatedContact>? others = null)
    {
        if (!Slug.IsValid(contact.Id.Value))
        {
            return Refusal.Malformed("contact-id-malformed", $"A contact's id is {Slug.Form}.", "/id");
        }

        if (string.IsNullOrWhiteSpace(contact.Name))
        {
            return Refusal.Malformed("contact-name-missing", "A contact has a name.", "/name", "HB-2.2");
        }

        if (Name.Check((contact.Name, "/name"), (contact.Email, "/email"), (contact.Phone, "/phone"), (contact.Language, "/language")) is { } malformed)
        {
            return malformed;
        }

        if (contact.Email.IndexOf('@', StringComparison.Ordinal) is < 1)
        {
            return Refusal.Malformed("contact-email-malformed", "A contact has an e-mail address such as ada@example.org.", "/email", "HB-2.2");
        }

        if (contact.Zone is { } zone && SupportPolicy.FindZone(zone) is null)
        {
            return Refusal.Malformed("zone-unknown", $"'{zone}' is not an IANA time zone such as Europe/Dublin.", "/zone");
        }

        if (contact.Availability is { } availability)
        {
            try
            {
                _ = WeeklyHours.Parse(availability);
            }
            catch (FormatException e)
            {
                return Refusal.Malformed("availability-malformed", e.Message, "/availability", "HB-2.2");
            }
        }

        var unknown = contact.Products.IsDefaultOrEmpty ? null : contact.Products.FirstOrDefault(p => state.Text.Products.All(x => x.Id != p));
        if (unknown is not null)
        {
            return Refusal.ByRule("product-not-licensed", "HB-2.2", $"'{unknown}' is not a licensed product of this contract.", ("product", unknown)) with { Pointer = "/products" };
        }

        if (state.Contacts.FirstOrDefault(c => c.Id == contact.Id) is { } present && Same(present, contact))
        {
            return new List<ContractEvent>();
        }

        var offer = policy.Offer(state.OfferAt(now));
        if ((state.Text.ContactLimit ?? offer?.DesignatedContacts.Limit) is { } limit)
        {
            others ??= [.. state.Contacts.Where(c => c.Id != contact.Id)];
            var perLine = offer!.DesignatedContacts.Per == DesignatedContactsPer.ProductLine;
            var groups = perLine ? state.Text.Products.GroupBy(p => p.Line) : state.Text.Products.GroupBy(p => p.Id);
            foreach (var group in groups.Where(g => g.Any(p => contact.IsQualifiedFor(p.Id))))
            {
                if (others.Count(c => group.Any(p => c.IsQualifiedFor(p.Id))) >= limit)
                {
                    return Refusal.ByRule("contact-limit-reached", "HB-2.1",
                        $"The contract allows {limit} designated contacts per {(perLine ? "product line" : "product")}, and '{group.Key}' has them.",
                        ("limit", $"{limit}"), ("per", perLine ? "productLine" : "product"), ("of", group.Key));
                }
            }
        }

        return new List<ContractEvent> { new ContractEvent.ContactRegistered(now, by, contact) };
    }

    internal static Decision<ContractEvent> Consume(SupportContract state, ContractCommand.Consume consume, string by, SupportPolicy policy, Instant now)
    {
        if (!state.IsInForce(now))
        {
            return Entitlement.OutOfTerm(state, policy, now);
        }

        if (consume.Name != EntitlementNames.OnSiteInterventions)
        {
            return Refusal.Malformed("entitlement-not-counted", $"Only '{EntitlementNames.OnSiteInterventions}' is counted.", "/name", "HB-1.3");
        }

        var limit = policy.Offer(state.OfferAt(now))?.OnSiteInterventions ?? 0;
        var used = state.Used(consume.Name, now);
        return used < limit
            ? new List<ContractEvent> { new ContractEvent.EntitlementConsumed(now, by, consume.Name, state.ContractYear(now), consume.Reason) }
            : Refusal.ByRule("entitlement-spent", "HB-1.3", $"The offer includes {limit} on-site interventions a contract year, and {used} are used.", ("limit", $"{limit}"), ("used", $"{used}"));
    }

    private static Refusal? Check(ContractCommand.Apply apply, SupportPolicy policy)
    {
        var text = apply.Text;
        if (!policy.IsSupportId(apply.SupportId.Value))
        {
            return Refusal.Malformed("support-id-malformed", $"A support ID matches {policy.Document.Identifiers.SupportId}.", "");
        }

        if (string.IsNullOrWhiteSpace(text.Customer.Name))
        {
            return Refusal.Malformed("customer-name-missing", "The customer has a name.", "/customer/name", "HB-1.3");
        }

        if (Name.Check((text.Customer.Name, "/customer/name"), (text.Customer.Country, "/customer/country"), (text.Customer.Language, "/customer/language")) is { } malformed)
        {
            return malformed;
        }

        if (text.Customer.Address?.Length > MaxAddress)
        {
            return Refusal.Malformed("address-too-long", $"An address has at most {MaxAddress} characters.", "/customer/address");
        }

        if (SupportPolicy.FindZone(text.Customer.Zone) is null)
        {
            return Refusal.Malformed("zone-unknown", $"'{text.Customer.Zone}' is not an IANA time zone such as Europe/Dublin.", "/customer/zone");
        }

        if (!policy.Document.Regions.ContainsKey(text.Customer.Region))
        {
            return Refusal.Malformed("region-unknown", $"'{text.Customer.Region}' is not one of {string.Join(", ", policy.Document.Regions.Keys)}.", "/customer/region");
        }

        if (policy.Offer(apply.Offer) is null)
        {
            return Refusal.Malformed("offer-unknown", $"'{apply.Offer}' is not one of {string.Join(", ", policy.Document.Offers.Select(o => o.Id))}.", "/offer", "HB-1.1");
        }

        var offer = policy.Offer(apply.Offer)!;
        for (var i = 0; i < text.Options.Length; i++)
        {
            if (offer.Entitlements.GetValueOrDefault(text.Options[i]) is not ("optional" or "yes"))
            {
                return Refusal.ByRule("option-not-offered", "HB-1.2", $"'{text.Options[i]}' cannot be bought with {offer.Name}.", ("option", text.Options[i])) with { Pointer = $"/options/{i}" };
            }
        }

        if (text.Term.End < text.Term.Start)
        {
            return Refusal.Malformed("term-malformed", "The term ends on or after the day on which it starts.", "/term/end", "HB-1.3");
        }

        if (text.Products.Length == 0)
        {
            return Refusal.Malformed("products-missing", "A contract has at least one licensed product.", "/products", "HB-1.3");
        }

        for (var i = 0; i < text.Products.Length; i++)
        {
            var product = text.Products[i];
            var path = $"/products/{i}";
            if (!Slug.IsValid(product.Id) || !Slug.IsValid(product.Line))
            {
                return Refusal.Malformed("product-id-malformed", $"A product's id and line are {Slug.Form}.", path);
            }

            if (text.Products.Count(p => p.Id == product.Id) > 1)
            {
                return Refusal.Malformed("product-twice", $"'{product.Id}' is listed twice.", path);
            }

            if (Name.Check((product.Name, $"{path}/name"), (product.Version, $"{path}/version"), (product.SiteCountry, $"{path}/site/country")) is { } wrong)
            {
                return wrong;
            }

            if (product.SiteZone is { } zone && SupportPolicy.FindZone(zone) is null)
            {
                return Refusal.Malformed("zone-unknown", $"'{zone}' is not an IANA time zone such as Europe/Dublin.", $"{path}/site/zone");
            }

            if (product.SupportUntil < product.StandardSupportUntil)
            {
                return Refusal.Malformed("support-dates-reversed", "Support does not end before standard support does.", $"{path}/supportUntil", "HB-10.2");
            }

            if (product.SerialNumbers.FirstOrDefault(n => !policy.IsSerialNumber(n)) is { } serial)
            {
                return Refusal.Malformed("serial-number-malformed", $"'{serial}' does not match {policy.Document.Identifiers.SerialNumber}.", $"{path}/serialNumbers");
            }
        }

        return null;
    }

    private static bool Same(ContractText a, ContractText b) => a.Customer == b.Customer && a.Term == b.Term && a.ContactLimit == b.ContactLimit
        && a.Options.SequenceEqual(b.Options) && a.Products.Length == b.Products.Length
        && a.Products.Zip(b.Products).All(p => p.First with { SerialNumbers = [] } == p.Second with { SerialNumbers = [] } && p.First.SerialNumbers.SequenceEqual(p.Second.SerialNumbers));

    private static bool Same(DesignatedContact a, DesignatedContact b) => a with { Products = [] } == b with { Products = [] } && a.Products.SequenceEqual(b.Products);
}
