using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Entitlements;
using SupportCluster.Domain.Policy;
using SupportCluster.Grains.Entitlements;
using SupportCluster.Grains.Policies;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Contracts;
using SupportCluster.Server.Api;
using SupportCluster.Server.Cases;
using SupportCluster.Server.SignIn;
using SupportCluster.Storage;

namespace SupportCluster.Server.Contracts;

/// <summary>Support contracts and their designated contacts over REST.</summary>
public static class ContractEndpoints
{
    private static readonly Dictionary<Type, string> EventTypes = typeof(ContractEvent).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false)
        .Cast<JsonDerivedTypeAttribute>().ToDictionary(a => a.DerivedType, a => ((string)a.TypeDiscriminator!)[..((string)a.TypeDiscriminator!).LastIndexOf('.')]);

    public static void MapContracts(this IEndpointRouteBuilder api)
    {
        var contracts = api.MapGroup("/contracts").WithTags("contracts");
        contracts.MapGet("/", List).For(RoleNames.Staff).WithSummary("Lists contracts by support ID").Produces<Page<ContractSummary>>();
        contracts.MapGet("/{supportId}", Show).For(RoleNames.People).WithSummary("A contract").Produces<ContractView>();
        contracts.MapGet("/{supportId}/history", History).For(RoleNames.Staff).WithSummary("Every change of a contract").Produces<Page<ContractHistoryEntry>>();
        contracts.MapPut("/{supportId}", (string supportId, ContractDocument body, HttpContext http, ContractDesk desk) =>
            desk.Execute(http, supportId, ContractText(supportId, body), body)).For(RoleNames.Admin, RoleNames.Representative).WithSummary("Concludes or amends a contract").Produces<ContractView>();
        contracts.MapPut("/{supportId}/contacts/{contact}", (string supportId, string contact, ContactDocument body, HttpContext http, ContractDesk desk) => body.Id == contact
            ? desk.Execute(http, supportId, new ContractCommand.RegisterContact(Contact(body)), body)
            : Task.FromResult(Problems.Result(Refusal.Malformed("contact-id-differs", "The contact's id is that of the path.", "/id"))))
            .For(RoleNames.Admin, RoleNames.Representative, RoleNames.Contact).WithSummary("Registers a designated contact").Produces<ContractView>();
        contracts.MapDelete("/{supportId}/contacts/{contact}", (string supportId, string contact, HttpContext http, ContractDesk desk) =>
            desk.Execute(http, supportId, new ContractCommand.RemoveContact(new(contact)), new { remove = contact })).For(RoleNames.Admin, RoleNames.Representative, RoleNames.Contact)
            .WithSummary("Removes a designated contact").Produces<ContractView>();
        contracts.MapPost("/{supportId}/consume", (string supportId, ConsumeEntitlement body, HttpContext http, ContractDesk desk) =>
            desk.Execute(http, supportId, new ContractCommand.Consume(body.Name, body.Reason), body)).For(RoleNames.Representative, RoleNames.Manager, RoleNames.Admin)
            .WithSummary("Consumes one of a counted entitlement").Produces<ContractView>();
    }

    private static async Task<IResult> List(IStore store, IGrainFactory grains, IClock clock, int? limit, string? after)
    {
        var (count, wrong) = Paging.Limit(limit);
        if (wrong is not null)
        {
            return Problems.Result(wrong);
        }

        var ids = await store.ListIds("contract", after, count + 1);
        var now = clock.GetCurrentInstant();
        var items = new List<ContractSummary>();
        foreach (var id in ids.Take(count))
        {
            if (await grains.GetGrain<IContractGrain>(id).Read() is { Contract: var c })
            {
                items.Add(new(id, c.Text.Customer.Name, c.OfferAt(now), new(c.Text.Term.Start, c.Text.Term.End), c.IsInForce(now)));
            }
        }

        return Results.Ok(new Page<ContractSummary>(items, ids.Count > count ? ids[count - 1] : null));
    }

    private static async Task<IResult> Show(string supportId, HttpContext http, ContractDesk desk) => await desk.Find(http, supportId) switch
    {
        (_, { } refusal) => Problems.Result(refusal),
        var (reading, _) => Results.Ok(await desk.View(reading!)),
    };

    private static async Task<IResult> History(string supportId, HttpContext http, ContractDesk desk, IStore store, long? after, int? limit)
    {
        var (count, wrongLimit) = Paging.Limit(limit);
        var (start, wrongAfter) = Paging.After(after);
        if ((wrongLimit ?? wrongAfter ?? (await desk.Find(http, supportId)).Refusal) is { } refusal)
        {
            return Problems.Result(refusal);
        }

        var stored = await store.ReadEvents(new("contract", supportId), start, count + 1);
        var items = stored.Take(count).Select(e => Entry(e.Version, JsonSerializer.Deserialize<ContractEvent>(e.Json.Span, DomainJson.Stored)!)).ToList();
        return Results.Ok(new Page<ContractHistoryEntry>(items, stored.Count > count ? items[^1].Version.ToString(CultureInfo.InvariantCulture) : null));
    }

    private static ContractHistoryEntry Entry(long version, ContractEvent happened)
    {
        var facts = happened switch
        {
            ContractEvent.Concluded e => Facts(("offer", e.Offer), ("start", Date(e.Text.Term.Start)), ("end", Date(e.Text.Term.End)), ("policyVersion", $"{e.PolicyVersion}"), ("products", string.Join(", ", e.Text.Products.Select(p => p.Id)))),
            ContractEvent.Amended e => Facts(("start", Date(e.Text.Term.Start)), ("end", Date(e.Text.Term.End)), ("policyVersion", $"{e.PolicyVersion}"), ("products", string.Join(", ", e.Text.Products.Select(p => p.Id)))),
            ContractEvent.OfferChanged e => Facts(("offer", e.Offer), ("from", NodaTime.Text.InstantPattern.ExtendedIso.Format(e.From))),
            ContractEvent.OfferTookEffect e => Facts(("offer", e.Offer)),
            ContractEvent.ContactRegistered e => Facts(("contact", e.Contact.Id.Value), ("name", e.Contact.Name)),
            ContractEvent.ContactRemoved e => Facts(("contact", e.Contact.Value)),
            ContractEvent.EntitlementConsumed e => Facts(("name", e.Name), ("contractYear", $"{e.ContractYear}"), ("reason", e.Reason)),
            ContractEvent.RenewalNoticed e => Facts(("daysLeft", $"{e.DaysLeft}"), ("end", Date(e.End))),
            ContractEvent.TermEnded e => Facts(("end", Date(e.End))),
            _ => throw new InvalidOperationException($"Unknown event {happened.GetType().Name}."),
        };
        return new(version, happened.At, EventTypes[happened.GetType()], happened.By, facts);

        static Dictionary<string, string> Facts(params (string Name, string Value)[] facts) => facts.ToDictionary(f => f.Name, f => f.Value);
        static string Date(LocalDate date) => NodaTime.Text.LocalDatePattern.Iso.Format(date);
    }

    private static ContractCommand.Apply ContractText(string supportId, ContractDocument d) => new(
        new(supportId),
        new(
            new(d.Customer.Name, d.Customer.Zone, d.Customer.Region, d.Customer.Country, d.Customer.Language, d.Customer.Address),
            [.. d.Options ?? []],
            [.. d.Products.Select(p => new Domain.Entitlements.LicensedProduct(p.Id, p.Line, p.Name, p.Version, [.. p.SerialNumbers ?? []], p.Site?.Zone, p.Site?.Country, p.Eligible ?? true, p.StandardSupportUntil, p.SupportUntil))],
            new(d.Term.Start, d.Term.End),
            d.ContactLimit),
        d.Offer,
        d.OfferFrom,
        d.Contacts is null ? null : [.. d.Contacts.Select(Contact)]);

    private static DesignatedContact Contact(ContactDocument c) => new(new(c.Id), c.Name, c.Email, c.Phone, [.. c.Products ?? []], c.Language, c.Zone, c.Availability, c.RoundTheClock ?? false);
}

/// <summary>The contract desk: finds contracts for whoever may know of them, and carries out commands on them.</summary>
public sealed class ContractDesk(IGrainFactory grains, PolicyBook policies, CaseAccess access, IClock clock)
{
    /// <summary>The contract of a support ID; a contact knows its own only.</summary>
    public async Task<(ContractReading? Reading, Refusal? Refusal)> Find(HttpContext http, string supportId)
    {
        ArgumentNullException.ThrowIfNull(http);
        var actor = http.User.Actor();
        if (string.IsNullOrWhiteSpace(supportId) || (actor.Role == Role.Contact && actor.SupportId!.Value.Value != supportId))
        {
            return (null, NotFound);
        }

        if (await access.Admit(actor) is { } refused)
        {
            return (null, refused);
        }

        return await grains.GetGrain<IContractGrain>(supportId).Read() is { } reading ? (reading, null) : (null, NotFound);
    }

    /// <summary>Carries out a command and answers with the contract as it is afterwards.</summary>
    public async Task<IResult> Execute(HttpContext http, string supportId, ContractCommand command, object content)
    {
        ArgumentNullException.ThrowIfNull(http);
        var actor = http.User.Actor();
        if ((command is not ContractCommand.Apply || string.IsNullOrWhiteSpace(supportId)) && await Find(http, supportId) is { Refusal: { } hidden })
        {
            return Problems.Result(hidden);
        }

        var (key, malformed) = RequestKeys.Read(http, content);
        if (malformed is not null)
        {
            return Problems.Result(malformed);
        }

        var (reading, refusal) = await grains.GetGrain<IContractGrain>(supportId).Execute(command, actor, key);
        return refusal is not null ? Problems.Result(refusal) : Results.Ok(await View(reading!));
    }

    /// <summary>The contract as its readers see it.</summary>
    public async Task<ContractView> View(ContractReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        var c = reading.Contract;
        var now = clock.GetCurrentInstant();
        var policy = await policies.Get(c.PolicyVersion);
        var offer = policy.Offer(c.OfferAt(now))!;
        var customer = c.Text.Customer;
        return new(
            c.SupportId.Value,
            reading.Version,
            new(customer.Name, customer.Zone, customer.Region, customer.Country, customer.Language, customer.Address),
            offer.Id,
            c.Text.Options,
            [.. c.Text.Products.Select(p => new Protocol.Contracts.LicensedProduct(p.Id, p.Line, p.Name, p.Version, p.SerialNumbers.IsEmpty ? null : p.SerialNumbers, p.SiteZone is null ? null : new(p.SiteZone, p.SiteCountry), p.Eligible ? null : false, p.StandardSupportUntil, p.SupportUntil))],
            new(c.Text.Term.Start, c.Text.Term.End),
            c.IsInForce(now),
            [.. c.Contacts.Select(x => new ContactDocument(x.Id.Value, x.Name, x.Email, x.Phone, x.Products.IsDefaultOrEmpty ? null : x.Products, x.Language, x.Zone, x.Availability, x.RoundTheClock ? true : null))],
            [.. Entitlements(c, offer, now)],
            c.PolicyVersion,
            c.ComingOffer(now) is { } coming ? new(coming.Offer, coming.From) : null,
            c.Text.ContactLimit);
    }

    private static IEnumerable<EntitlementView> Entitlements(SupportContract c, OfferRules offer, Instant now)
    {
        foreach (var (name, value) in offer.Entitlements)
        {
            yield return new(name, value == "optional" && c.Text.Options.Contains(name) ? "yes" : value);
        }

        yield return new(EntitlementNames.OnSiteInterventions, offer.OnSiteInterventions.ToString(CultureInfo.InvariantCulture), offer.OnSiteInterventions, c.Used(EntitlementNames.OnSiteInterventions, now));
        yield return new("designatedContacts", c.Text.ContactLimit is { } own ? $"{own}" : offer.DesignatedContacts.Limit is { } limit ? $"{limit} per {(offer.DesignatedContacts.Per == DesignatedContactsPer.Product ? "product" : "product line")}" : "unlimited", c.Text.ContactLimit ?? offer.DesignatedContacts.Limit);
    }

    private static readonly Refusal NotFound = Refusal.NotFound("contract-not-found", "There is no such contract.");
}
