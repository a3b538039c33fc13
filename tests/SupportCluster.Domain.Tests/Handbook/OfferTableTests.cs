using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Entitlements;
using SupportCluster.Domain.Queues;
using Xunit;
using static SupportCluster.Domain.Tests.GivenContract;

namespace SupportCluster.Domain.Tests.Handbook;

/// <summary>HB-1.2 row by row. The columns are the six offers, weakest first (HB-1.1).</summary>
public sealed class OfferTableTests
{
    private static readonly string[] Offers = ["basic", "essential", "rps", "datacenter", "national", "global"];

    [Fact]
    public void There_are_six_offers_weakest_first() => Assert.Equal(Offers, TheDefaultPolicy.Policy.Document.Offers.Select(o => o.Id));

    /// <summary>Yes, no, opt, or what kind.</summary>
    [Theory]
    [InlineData("priorityCallQueueing", "no", "opt", "yes", "yes", "yes", "yes")]
    [InlineData("updatesDownload", "yes", "yes", "yes", "yes", "yes", "yes")]
    [InlineData("remoteProductSpecialist", "no", "no", "yes", "no", "no", "no")]
    [InlineData("accountManager", "no", "no", "no", "remote", "designated", "global")]
    [InlineData("businessCriticalEngineer", "no", "no", "no", "yes", "yes", "yes")]
    [InlineData("accountSupportPlan", "no", "no", "no", "no", "yes", "yes")]
    [InlineData("quarterlyOnSiteVisits", "no", "no", "no", "no", "yes", "yes")]
    [InlineData("caseHistoryReports", "no", "no", "no", "no", "yes", "yes")]
    [InlineData("networkConnectionAssessment", "no", "no", "no", "opt", "yes", "yes")]
    [InlineData("threatAlerts", "no", "no", "alertServices", "threatManagement", "threatManagement", "threatManagement")]
    [InlineData("upgradeSupport", "no", "no", "no", "no", "opt", "opt")]
    [InlineData("disasterRecoveryTestSupport", "no", "no", "no", "no", "opt", "opt")]
    [InlineData("continuousService", "no", "no", "yes", "yes", "yes", "yes")]
    [InlineData("impactRiskAlerts", "no", "no", "no", "no", "no", "no")]
    [InlineData("technicalServicesTraining", "no", "no", "no", "no", "no", "no")]
    [InlineData("knowledgeAssessment", "no", "no", "no", "no", "no", "no")]
    [InlineData("trainingDiscounts", "no", "no", "no", "no", "no", "no")]
    public void An_offer_includes_an_entitlement_or_lets_it_be_bought_or_neither(string entitlement, params string[] cells)
    {
        for (var i = 0; i < Offers.Length; i++)
        {
            var rules = TheDefaultPolicy.Policy.Offer(Offers[i])!;
            var without = new GivenContract(TheDefaultPolicy.Policy);
            without.Apply("2026-01-01T09:00Z", Offers[i]);
            Assert.Equal(cells[i] is not ("no" or "opt"), without.Contract.Includes(rules, entitlement));

            var with = new GivenContract(TheDefaultPolicy.Policy);
            var buying = Applying(Offers[i], Text(options: [entitlement]));
            if (cells[i] is "opt" or "yes")
            {
                with.When("2026-01-01T09:00Z", buying);
                Assert.True(with.Contract.Includes(rules, entitlement));
            }
            else
            {
                var refusal = with.Refused("2026-01-01T09:00Z", buying);
                Assert.Equal(("option-not-offered", "HB-1.2", "/options/0"), (refusal.Code, refusal.Rule, refusal.Pointer));
            }

            if (cells[i] is not ("no" or "opt" or "yes"))
            {
                Assert.Equal(cells[i], rules.Entitlements[entitlement]);
            }
        }
    }

    /// <summary>First row, with the hours of the second: severity 1 reported on Saturday.</summary>
    [Theory]
    [InlineData("basic", "2026-03-09T09:00Z")]
    [InlineData("essential", "2026-03-07T12:30Z")]
    [InlineData("rps", "2026-03-07T12:15Z")]
    [InlineData("datacenter", "2026-03-07T12:15Z")]
    [InlineData("national", "2026-03-07T12:15Z")]
    [InlineData("global", "2026-03-07T12:15Z")]
    public void Severity_1_on_a_Saturday_is_answered_on_Monday_by_Basic_and_at_once_by_the_others(string offer, string due) =>
        Assert.Equal(due, GivenCase.Due(GivenCase.Opened(offer, 1, "2026-03-07T12:00Z").Response));

    [Theory]
    [InlineData("basic", 2, "product")]
    [InlineData("essential", 6, "product")]
    [InlineData("rps", 6, "productLine")]
    public void Designated_contacts_are_limited(string offer, int limit, string per)
    {
        var given = new GivenContract(TheDefaultPolicy.Policy);
        given.Apply("2026-01-01T09:00Z", offer);
        for (var i = 1; i <= limit; i++)
        {
            given.When("2026-01-02T09:00Z", new ContractCommand.RegisterContact(Contact($"c{i}")));
        }

        var refusal = given.Refused("2026-01-02T09:00Z", new ContractCommand.RegisterContact(Contact("one-more")));

        Assert.Equal(("contact-limit-reached", "HB-2.1"), (refusal.Code, refusal.Rule));
        Assert.Equal(($"{limit}", per), (refusal.Facts!["limit"], refusal.Facts["per"]));
    }

    [Theory]
    [InlineData("datacenter")]
    [InlineData("national")]
    [InlineData("global")]
    public void Designated_contacts_are_unlimited(string offer)
    {
        var given = new GivenContract(TheDefaultPolicy.Policy);
        given.Apply("2026-01-01T09:00Z", offer, contacts: [.. Enumerable.Range(1, 60).Select(i => Contact($"c{i}"))]);

        Assert.Equal(60, given.Contract.Contacts.Length);
    }

    [Theory]
    [InlineData("basic", 0)]
    [InlineData("essential", 0)]
    [InlineData("rps", 0)]
    [InlineData("datacenter", 2)]
    [InlineData("national", 6)]
    [InlineData("global", 20)]
    public void On_site_interventions_are_counted_and_refused_when_spent(string offer, int included)
    {
        var given = new GivenContract(TheDefaultPolicy.Policy);
        given.Apply("2026-01-01T09:00Z", offer, Text(start: "2026-01-01", end: "2027-12-31"));
        var consume = new ContractCommand.Consume("onSiteInterventions", "Tape library.");
        for (var i = 0; i < included; i++)
        {
            given.When("2026-06-01T09:00Z", consume);
        }

        var refusal = given.Refused("2026-06-01T09:00Z", consume);

        Assert.Equal(("entitlement-spent", "HB-1.3"), (refusal.Code, refusal.Rule));
        Assert.Equal(($"{included}", $"{included}"), (refusal.Facts!["limit"], refusal.Facts["used"]));
    }

    /// <summary>Rows "priority call queueing" and "continuous service", as a case pins them.</summary>
    [Theory]
    [InlineData("basic", false, false, false)]
    [InlineData("essential", false, false, false)]
    [InlineData("essential", true, true, false)]
    [InlineData("rps", false, true, true)]
    [InlineData("datacenter", false, true, true)]
    [InlineData("national", false, true, true)]
    [InlineData("global", false, true, true)]
    public void A_case_pins_priority_call_and_continuous_service(string offer, bool bought, bool priority, bool continuous)
    {
        var terms = GivenCase.Opened(offer, 1, "2026-03-02T09:00Z", options: bought ? ["priorityCallQueueing"] : []).State.Terms;

        Assert.Equal((offer, priority, continuous), (terms.Offer, terms.PriorityCall, terms.ContinuousService));
    }

    /// <summary>HB-5.4: a priority-call customer goes ahead of others of the same severity, even with a later deadline, never of a higher one.</summary>
    [Fact]
    public void Priority_call_goes_ahead_of_the_same_severity_only()
    {
        string[] order = [.. new[]
        {
            Waiting("essential", 2, "2026-03-02T09:00Z", 1),
            Waiting("basic", 2, "2026-03-02T08:00Z", 2),
            Waiting("national", 2, "2026-03-02T11:00Z", 3),
            Waiting("basic", 1, "2026-03-02T11:00Z", 4),
        }.Order(QueueOrder.Instance).Select(w => w.Title)];

        Assert.Equal(["basic 1", "national 2", "essential 2", "basic 2"], order);

        static WaitingCase Waiting(string offer, int severity, string at, int number)
        {
            var s = GivenCase.Opened(offer, severity, at).State;
            return new(CaseNumber.Of(4, number), s.Terms.SupportId, $"{offer} {severity}", s.Terms.Product, s.Severity, s.Terms.PriorityCall, s.Terms.Language, s.ReportedAt, s.NextDeadline);
        }
    }
}
