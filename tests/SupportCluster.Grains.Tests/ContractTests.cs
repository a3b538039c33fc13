using NodaTime;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Entitlements;
using SupportCluster.Grains.Policies;
using SupportCluster.Server.Hosting;

namespace SupportCluster.Grains.Tests;

/// <summary>What contracts tell their cases, and what they wake for; and the policy that binds them.</summary>
public sealed class ContractTests
{
    [Fact]
    public async Task An_upgrade_tells_every_open_case_once()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        await node.Contract("basic", supportId: "beta");
        var numbers = new List<CaseNumber>();
        for (var i = 0; i < 120; i++)
        {
            numbers.Add(await node.Open(severity: 3));
        }

        var closed = await node.Open(severity: 3);
        var foreign = await node.Open(severity: 3, supportId: "beta");
        await node.Ask(closed, new CaseCommand.Close("No longer needed.")).Done();
        await node.Contract("rps");
        await node.Contract("rps");
        await node.Until(async () => (await Task.WhenAll(numbers.Select(node.State))).All(s => s.Terms.Offer == "rps"));
        await node.Settle();
        foreach (var number in numbers)
        {
            Assert.Single(await node.Events(number), e => e is CaseEvent.OfferChanged);
        }

        Assert.Equal(("essential", "basic"), ((await node.State(closed)).Terms.Offer, (await node.State(foreign)).Terms.Offer));
    }

    [Theory, InlineData(Nets.Timer), InlineData(Nets.Reminder), InlineData(Nets.Sweep)]
    public async Task An_upgrade_from_a_date_takes_effect_at_that_instant_by_waking(Nets nets)
    {
        await using var node = await TestNode.Start(nets);
        await node.Contract();
        var number = await node.Open(severity: 3);
        var from = TestNode.Monday + Duration.FromMinutes(8);
        await node.Contract("rps", from: from);
        await node.Pass(Duration.FromMinutes(7));
        Assert.Equal("essential", (await node.State(number)).Terms.Offer);
        await node.PassUntil(async () => (await node.State(number)).Terms.Offer == "rps", Duration.FromMinutes(3));
        await node.Pass(Duration.FromMinutes(1));
        Assert.Equal(from, Assert.Single((await Journal<ContractEvent.OfferTookEffect>(node))).At);
        Assert.Single(await node.Events(number), e => e is CaseEvent.OfferChanged);
    }

    [Fact]
    public async Task A_downgrade_leaves_open_cases_alone_and_holds_for_new_ones()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        var number = await node.Open(severity: 3);
        await node.Contract("basic");
        await node.Settle();
        Assert.Equal("essential", (await node.State(number)).Terms.Offer);
        Assert.Equal("basic", (await node.State(await node.Open(severity: 3))).Terms.Offer);
    }

    [Theory, InlineData(Nets.Timer), InlineData(Nets.Reminder), InlineData(Nets.Sweep)]
    public async Task Renewal_notices_and_the_end_of_the_term_come_by_waking_at_their_instants(Nets nets)
    {
        await using var node = await TestNode.Start(nets);
        await node.Contract(end: new(2026, 3, 12));

        // The notices of 90 and 60 days are overtaken by that of 30.
        await node.PassUntil(async () => (await Journal<ContractEvent.RenewalNoticed>(node)).Count == 1, Duration.FromMinutes(2));
        node.Time.SetUtcNow(new DateTimeOffset(2026, 3, 6, 7, 0, 0, TimeSpan.Zero));
        await node.PassUntil(async () => (await Journal<ContractEvent.RenewalNoticed>(node)).Count == 2, Duration.FromMinutes(2));
        node.Time.SetUtcNow(new DateTimeOffset(2026, 3, 13, 7, 0, 0, TimeSpan.Zero));
        await node.PassUntil(async () => (await Journal<ContractEvent.TermEnded>(node)).Count == 1, Duration.FromMinutes(2));
        await node.Pass(Duration.FromMinutes(2));
        Assert.Equal([(30, TestNode.Monday), (7, Instant.FromUtc(2026, 3, 6, 0, 0))], (await Journal<ContractEvent.RenewalNoticed>(node)).Select(e => (e.DaysLeft, e.At)));
        Assert.Equal(Instant.FromUtc(2026, 3, 13, 0, 0), Assert.Single(await Journal<ContractEvent.TermEnded>(node)).At);
        var request = node.Request();
        Assert.Equal("contract-lapsed", (await node.Intake(request).Open(Desk.Problem(request))).Refusal?.Code);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_case_opened_at_the_moment_of_the_upgrade_is_not_left_behind(bool fails)
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        var reached = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        node.Store.Before = w =>
        {
            if (w.Key.Type == "case" && w.ExpectedVersion == 0)
            {
                reached.TrySetResult();
                return gate.Task;
            }

            return Task.CompletedTask;
        };
        var request = node.Request();
        var opening = node.Intake(request).Open(Desk.Problem(request));
        await reached.Task;

        // The contract is read, the case is not there yet: nobody is told.
        await node.Contract("rps");
        await node.Settle();
        if (fails)
        {
            node.Store.FailOnce(Fault.Refuse, w => w.Key.Type == "case" && w.ExpectedVersion > 0 && w.Events.Count > 0);
        }

        gate.SetResult();
        var reply = await opening;
        if (fails)
        {
            Assert.NotNull(reply.Refusal);
            reply = await node.Intake(request).Open(Desk.Problem(request)).Done();
        }

        Assert.Equal("rps", reply.State!.Terms.Offer);
        Assert.Single(await node.Events(reply.State.Number), e => e is CaseEvent.OfferChanged);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_case_that_cannot_be_told_does_not_keep_the_others_from_hearing(bool unreadable)
    {
        await using var node = await TestNode.Start(Nets.Timer);
        await node.Contract();
        var first = await node.Open(severity: 3);
        var bad = await node.Open(severity: 3);
        var last = await node.Open(severity: 3);
        await node.Settle();
        if (unreadable)
        {
            await node.Damage(bad, "garbage");
        }
        else
        {
            node.Store.FailOnce(Fault.Refuse, w => w.Key.Id == bad.Value && w.Events.Count > 0);
        }

        await node.Contract("rps");
        await node.Until(async () => (await Task.WhenAll(node.State(first), node.State(last))).All(s => s.Terms.Offer == "rps"));
        if (!unreadable)
        {
            await node.PassUntil(async () => (await node.State(bad)).Terms.Offer == "rps", Duration.FromMinutes(1));
            Assert.Single(await node.Events(first), e => e is CaseEvent.OfferChanged);
        }
    }

    [Fact]
    public async Task A_policy_applied_twice_is_one_version_and_cases_keep_theirs()
    {
        await using var node = await TestNode.Start(Nets.Timer);
        await node.Contract();
        var number = await node.Open(severity: 1);
        var policy = node.Grains.GetGrain<IPolicyGrain>(IPolicyGrain.Current);
        var document = PolicyFile.Read(PolicyFile.DefaultPath);
        Assert.Equal((1, null), await policy.Apply(document, Desk.Manager));
        var strict = document with { Acknowledgement = new(Duration.FromMinutes(5)) };
        var both = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => policy.Apply(strict, Desk.Manager)));
        Assert.All(both, b => Assert.Equal((2, null), b));
        await node.Stop();
        await node.Start();
        Assert.Equal(2, await node.Grains.GetGrain<IPolicyGrain>(IPolicyGrain.Current).CurrentVersion());

        Assert.Equal(1, (await node.State(number)).Terms.PolicyVersion);
        await node.PassUntil(async () => (await node.Events(number)).Any(e => e is CaseEvent.MilestoneMissed), Duration.FromMinutes(31));
        Assert.Equal(1, (await node.State(number)).Terms.PolicyVersion);
        Assert.Equal(1, (await node.State(await node.Open())).Terms.PolicyVersion);
        await node.Contract(supportId: "beta");
        Assert.Equal(2, (await node.State(await node.Open(supportId: "beta"))).Terms.PolicyVersion);
        Assert.Equal(Duration.FromMinutes(15), (await node.Service<PolicyBook>().Get(1)).Document.Acknowledgement.Within);
    }

    private static async Task<IReadOnlyList<T>> Journal<T>(TestNode node)
        where T : ContractEvent => [.. (await node.Events<ContractEvent>("contract", "acme")).OfType<T>()];
}
