using System.Collections.Immutable;
using System.Text.Json.Serialization;
using NodaTime;
using SupportCluster.Domain.Calendars;
using SupportCluster.Domain.Policy;

namespace SupportCluster.Domain.Entitlements;

/// <summary>Names of entitlements that the program itself acts on; a policy can name others (HB-1.2).</summary>
public static class EntitlementNames
{
    public const string PriorityCallQueueing = "priorityCallQueueing";
    public const string OnSiteInterventions = "onSiteInterventions";
    public const string ContinuousService = "continuousService";
}

/// <summary>The customer of a contract (HB-1.3). <see cref="Zone"/> is IANA, <see cref="Country"/> ISO 3166, <see cref="Language"/> ISO 639.</summary>
public sealed record Customer(string Name, string Zone, string Region, string? Country, string? Language, string? Address);

/// <summary>A licensed product; its site decides local business hours (HB-3.3).</summary>
/// <param name="StandardSupportUntil">Last day of standard support of the version, inclusive; partial support follows (HB-10.2). A date of the place of installation.</param>
/// <param name="SupportUntil">Last day of any support of the version, inclusive (HB-10.2).</param>
public sealed record LicensedProduct(
    string Id,
    string Line,
    string? Name,
    string? Version,
    ImmutableArray<string> SerialNumbers,
    string? SiteZone,
    string? SiteCountry,
    bool Eligible,
    LocalDate? StandardSupportUntil = null,
    LocalDate? SupportUntil = null);

/// <summary>A term in dates of the customer's home zone, both inclusive.</summary>
public sealed record Term(LocalDate Start, LocalDate End);

/// <summary>A designated contact (HB-2.2).</summary>
/// <param name="Products">Those it is qualified for; empty for all of the contract.</param>
public sealed record DesignatedContact(
    ContactId Id,
    string Name,
    string Email,
    string? Phone,
    ImmutableArray<string> Products,
    string? Language,
    string? Zone,
    string? Availability,
    bool RoundTheClock)
{
    public bool IsQualifiedFor(string product) => Products.IsDefaultOrEmpty || Products.Contains(product);
}

/// <summary>An offer from an instant on (HB-1.5).</summary>
public sealed record OfferPeriod(string Offer, Instant From);

/// <summary>What a contract says, apart from its contacts and what was consumed.</summary>
/// <param name="ContactLimit">Where the contract states its own limit of designated contacts (HB-2.1).</param>
public sealed record ContractText(Customer Customer, ImmutableArray<string> Options, ImmutableArray<LicensedProduct> Products, Term Term, int? ContactLimit);

/// <summary>What happened to a contract. Discriminators are stored: members are added, never renamed.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(Concluded), "contract-concluded.v1")]
[JsonDerivedType(typeof(Amended), "contract-amended.v1")]
[JsonDerivedType(typeof(OfferChanged), "contract-offer-changed.v1")]
[JsonDerivedType(typeof(OfferTookEffect), "contract-offer-took-effect.v1")]
[JsonDerivedType(typeof(ContactRegistered), "contract-contact-registered.v1")]
[JsonDerivedType(typeof(ContactRemoved), "contract-contact-removed.v1")]
[JsonDerivedType(typeof(EntitlementConsumed), "contract-entitlement-consumed.v1")]
[JsonDerivedType(typeof(RenewalNoticed), "contract-renewal-noticed.v1")]
[JsonDerivedType(typeof(TermEnded), "contract-term-ended.v1")]
public abstract record ContractEvent(Instant At, string By)
{
    /// <summary>The contract came into being; the policy of that moment binds it (HB-1.6).</summary>
    public sealed record Concluded(Instant At, string By, SupportId SupportId, ContractText Text, string Offer, int PolicyVersion) : ContractEvent(At, By);

    /// <summary>The text changed. A new term is a new conclusion: the policy of that moment binds it from then on (HB-1.6).</summary>
    public sealed record Amended(Instant At, string By, ContractText Text, int PolicyVersion) : ContractEvent(At, By);

    /// <summary>Another offer was agreed; it takes effect at <paramref name="From"/> (HB-1.5).</summary>
    public sealed record OfferChanged(Instant At, string By, string Offer, Instant From) : ContractEvent(At, By);

    /// <summary>The agreed offer is in effect: open cases hear of it (HB-1.5).</summary>
    public sealed record OfferTookEffect(Instant At, string By, string Offer) : ContractEvent(At, By);

    public sealed record ContactRegistered(Instant At, string By, DesignatedContact Contact) : ContractEvent(At, By);

    public sealed record ContactRemoved(Instant At, string By, ContactId Contact) : ContractEvent(At, By);

    /// <summary>One of a counted entitlement was consumed (HB-1.3).</summary>
    public sealed record EntitlementConsumed(Instant At, string By, string Name, int ContractYear, string Reason) : ContractEvent(At, By);

    /// <summary>A renewal notice fell due that many days before the end (HB-9.2).</summary>
    /// <param name="Passed">Notices before it that were overtaken and are not given: a contract that is concluded 20 days before its end gets no notice of 90.</param>
    public sealed record RenewalNoticed(Instant At, string By, int DaysLeft, LocalDate End, int Passed = 0) : ContractEvent(At, By);

    /// <summary>The term is over (HB-9.2).</summary>
    public sealed record TermEnded(Instant At, string By, LocalDate End) : ContractEvent(At, By);
}

/// <summary>What may be asked of a contract.</summary>
public abstract record ContractCommand
{
    /// <summary>Concludes the contract, or amends it to this text. Applying the same again changes nothing.</summary>
    /// <param name="Contacts">The whole list of designated contacts; null leaves it as it is.</param>
    public sealed record Apply(SupportId SupportId, ContractText Text, string Offer, Instant? OfferFrom, ImmutableArray<DesignatedContact>? Contacts) : ContractCommand;

    public sealed record RegisterContact(DesignatedContact Contact) : ContractCommand;

    public sealed record RemoveContact(ContactId Contact) : ContractCommand;

    public sealed record Consume(string Name, string Reason) : ContractCommand;

    /// <summary>Whatever is due by now.</summary>
    public sealed record Tick : ContractCommand;
}

/// <summary>A support contract (HB-1.3 to HB-1.6, HB-2.1, HB-2.2, HB-2.4).</summary>
/// <param name="Offers">In order of their instants; the last whose instant has come is in effect.</param>
/// <param name="Effective">The offer that open cases have been told of.</param>
/// <param name="Consumed">By <c>name/contract year</c>.</param>
/// <param name="NextNotice">Index into the policy's renewal notices of the next one to give in this term.</param>
public sealed record SupportContract(
    SupportId SupportId,
    ContractText Text,
    ImmutableArray<OfferPeriod> Offers,
    string Effective,
    ImmutableArray<DesignatedContact> Contacts,
    ImmutableDictionary<string, int> Consumed,
    int PolicyVersion,
    int NextNotice,
    bool EndTold,
    Instant LastAt)
{
    /// <summary>The offer in effect at an instant.</summary>
    public string OfferAt(Instant at) => Offers.LastOrDefault(o => o.From <= at)?.Offer ?? Offers[0].Offer;

    /// <summary>A change of offer still to come.</summary>
    public OfferPeriod? ComingOffer(Instant at) => Offers.FirstOrDefault(o => o.From > at);

    /// <summary>First instant of the term.</summary>
    public Instant Begins => WallClock.First(Text.Term.Start.AtMidnight(), HomeZone);

    /// <summary>First instant after the term.</summary>
    public Instant Ends => WallClock.First(Text.Term.End.PlusDays(1).AtMidnight(), HomeZone);

    public bool IsInForce(Instant at) => at >= Begins && at < Ends;

    /// <summary>Years since the start of the term, from 0: counted entitlements are per contract year.</summary>
    public int ContractYear(Instant at)
    {
        var today = at.InZone(HomeZone).Date;
        return today < Text.Term.Start ? 0 : Period.Between(Text.Term.Start, today, PeriodUnits.Years).Years;
    }

    /// <summary>Whether an entitlement is included, or is optional and was bought.</summary>
    public bool Includes(OfferRules offer, string entitlement) => offer.Entitlements.GetValueOrDefault(entitlement, "no") switch
    {
        "no" => false,
        "optional" => Text.Options.Contains(entitlement),
        _ => true,
    };

    public int Used(string name, Instant at) => Consumed.GetValueOrDefault($"{name}/{ContractYear(at)}");

    private DateTimeZone HomeZone => SupportPolicy.FindZone(Text.Customer.Zone) ?? DateTimeZone.Utc;

    /// <summary>When the contract must next be woken: a renewal notice, the end of the term, or an offer taking effect.</summary>
    public Instant? NextDue(SupportPolicy policy)
    {
        var due = EndTold ? (Instant?)null : Ends;
        if (!EndTold && NextNotice < policy.Document.Contracts.RenewalNoticeDays.Count)
        {
            due = Earliest(due, NoticeAt(policy.Document.Contracts.RenewalNoticeDays[NextNotice]));
        }

        if (OfferAt(LastAt) != Effective)
        {
            due = Earliest(due, LastAt);
        }

        // An offer that is told already needs no waking: there would be nothing to tell.
        return Offers.Where(o => o.From > LastAt && o.Offer != Effective).Aggregate(due, (d, o) => Earliest(d, o.From));
    }

    private static Instant Earliest(Instant? a, Instant b) => a is { } x && x < b ? x : b;

    private Instant NoticeAt(int days) => WallClock.First(Text.Term.End.PlusDays(1 - days).AtMidnight(), HomeZone);

    /// <summary>A command that concludes the contract, anew or for a new term: the policy of that moment binds it (HB-1.6).</summary>
    public static bool IsConclusion(SupportContract? state, ContractCommand command) => command is ContractCommand.Apply apply && (state is null || state.Text.Term != apply.Text.Term);

    /// <summary>Decides a command. Pure: the same state, policy and instant give the same answer.</summary>
    /// <param name="policy">The policy in force for a new conclusion; the contract's own for everything else.</param>
    public static Decision<ContractEvent> Decide(SupportContract? state, ContractCommand command, Actor actor, SupportPolicy policy, Instant clock)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(actor);
        var now = state is null ? clock : Instant.Max(clock, state.LastAt);
        if (command is ContractCommand.Apply apply)
        {
            return ContractTerms.Apply(state, apply, actor.Id, policy, now);
        }

        if (state is null)
        {
            return Refusal.NotFound("contract-not-found", "There is no such contract.");
        }

        return command switch
        {
            ContractCommand.RegisterContact register => ContractTerms.Register(state, register.Contact, actor.Id, policy, now),
            ContractCommand.RemoveContact remove => state.Contacts.Any(c => c.Id == remove.Contact)
                ? new List<ContractEvent> { new ContractEvent.ContactRemoved(now, actor.Id, remove.Contact) }
                : Refusal.NotFound("contact-not-found", $"'{remove.Contact}' is not a designated contact of this contract."),
            ContractCommand.Consume consume => ContractTerms.Consume(state, consume, actor.Id, policy, now),
            ContractCommand.Tick => state.Due(policy, now),
            _ => throw new InvalidOperationException($"Unknown command {command.GetType().Name}."),
        };
    }

    private List<ContractEvent> Due(SupportPolicy policy, Instant now)
    {
        var events = new List<ContractEvent>();
        if (Offers.LastOrDefault(o => o.From <= now) is { } current && current.Offer != Effective)
        {
            events.Add(new ContractEvent.OfferTookEffect(Instant.Max(LastAt, current.From), Actor.System.Id, current.Offer));
        }

        // Of several that are due only the last still tells the truth; after the end none does.
        var notices = policy.Document.Contracts.RenewalNoticeDays;
        var due = notices.Skip(NextNotice).TakeWhile(days => NoticeAt(days) <= now).ToList();
        if (due.Count > 0 && now < Ends)
        {
            events.Add(new ContractEvent.RenewalNoticed(Instant.Max(LastAt, NoticeAt(due[^1])), Actor.System.Id, due[^1], Text.Term.End, due.Count - 1));
        }

        if (!EndTold && Ends <= now)
        {
            events.Add(new ContractEvent.TermEnded(Instant.Max(LastAt, Ends), Actor.System.Id, Text.Term.End));
        }

        events.Sort((a, b) => a.At.CompareTo(b.At));
        return events;
    }

    /// <summary>Folds an event into the state.</summary>
    public static SupportContract Evolve(SupportContract? state, ContractEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        if (happened is ContractEvent.Concluded c)
        {
            return new(c.SupportId, c.Text, [new(c.Offer, c.At)], c.Offer, [], ImmutableDictionary<string, int>.Empty, c.PolicyVersion, 0, false, c.At);
        }

        var s = state ?? throw new InvalidOperationException("A contract starts with its conclusion.");
        return happened switch
        {
            ContractEvent.Amended e => s with
            {
                Text = e.Text,
                PolicyVersion = e.PolicyVersion,
                NextNotice = e.Text.Term == s.Text.Term ? s.NextNotice : 0,
                EndTold = e.Text.Term == s.Text.Term && s.EndTold,

                // A term that starts after the old one is a renewal: its contract years begin anew. Any other change of dates corrects or extends.
                Consumed = e.Text.Term.Start > s.Text.Term.End ? ImmutableDictionary<string, int>.Empty : s.Consumed,
                LastAt = e.At,
            },
            ContractEvent.OfferChanged e => s with { Offers = [.. s.Offers.Where(o => o.From < e.From && o.From <= e.At), new(e.Offer, e.From)], LastAt = e.At },
            ContractEvent.OfferTookEffect e => s with { Effective = e.Offer, LastAt = e.At },
            ContractEvent.ContactRegistered e => s with { Contacts = [.. s.Contacts.Where(x => x.Id != e.Contact.Id), e.Contact], LastAt = e.At },
            ContractEvent.ContactRemoved e => s with { Contacts = [.. s.Contacts.Where(x => x.Id != e.Contact)], LastAt = e.At },
            ContractEvent.EntitlementConsumed e => s with { Consumed = s.Consumed.SetItem($"{e.Name}/{e.ContractYear}", s.Consumed.GetValueOrDefault($"{e.Name}/{e.ContractYear}") + 1), LastAt = e.At },
            ContractEvent.RenewalNoticed e => s with { NextNotice = s.NextNotice + e.Passed + 1, LastAt = e.At },
            ContractEvent.TermEnded e => s with { EndTold = true, LastAt = e.At },
            _ => throw new InvalidOperationException($"Unknown event {happened.GetType().Name}."),
        };
    }
}
