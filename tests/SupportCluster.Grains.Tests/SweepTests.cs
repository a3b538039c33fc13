using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using NodaTime;
using SupportCluster.Domain.Cases;
using SupportCluster.Grains.Durable;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Tests;

/// <summary>The sweep: the retry, the catch-up after an outage, and the throttle.</summary>
public sealed class SweepTests
{
    [Fact]
    public async Task The_most_severe_come_first_and_32_at_once()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        var mild = await node.Open(severity: 2);
        await node.Copy(mild, 5000, 80);
        node.Time.Advance(TimeSpan.FromHours(3));
        var severe = await node.Open(severity: 1);
        node.Time.Advance(TimeSpan.FromHours(1));
        var gate = new TaskCompletionSource();
        var reached = new ConcurrentQueue<string>();
        var full = new TaskCompletionSource();
        node.Store.Before = write =>
        {
            if (write.Key.Type != "case")
            {
                // Whoever an escalation names hears of it.
                return Task.CompletedTask;
            }

            reached.Enqueue(write.Key.Id);
            if (reached.Count == 32)
            {
                full.SetResult();
            }

            return gate.Task;
        };
        var pass = node.NewSweep().Sweep(TestContext.Current.CancellationToken);
        await full.Task;
        await node.Settle();
        Assert.Equal(32, reached.Count);
        Assert.Contains(severe.Value, reached);

        gate.SetResult();
        Assert.Equal(82, await pass);
        await node.Until(() => Task.FromResult(reached.Count == 82));
    }

    [Fact]
    public async Task The_same_version_is_not_woken_twice_within_two_seconds()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        var number = await node.Open(severity: 1);
        node.Time.Advance(TimeSpan.FromHours(1));
        var attempts = 0;
        node.Store.Faults = w => w.Key.Id == number.Value && Interlocked.Increment(ref attempts) > 0 ? Fault.Refuse : null;
        var sweep = node.NewSweep();
        for (var pass = 0; pass < 5; pass++)
        {
            await sweep.Sweep(TestContext.Current.CancellationToken);
            await node.Until(() => Task.FromResult(Volatile.Read(ref attempts) > 0));
            node.Time.Advance(TimeSpan.FromMilliseconds(300));
        }

        Assert.Equal(1, attempts);

        // The two seconds count from the end of the attempt, which nothing tells of.
        await node.Until(async () =>
        {
            node.Time.Advance(TimeSpan.FromMilliseconds(300));
            await sweep.Sweep(TestContext.Current.CancellationToken);
            return Volatile.Read(ref attempts) == 2;
        });
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{ "state": null, "effects": [] }""")]
    [InlineData("""{ "state": { "number": "1234567890" }, "effects": [] }""")]
    [InlineData("""{ "state": { "severity": 1 }, "effects": [] }""")]
    [InlineData("""{ "state": [], "effects": [ { "effect": "unheard-of.v9" } ] }""")]
    public async Task A_record_that_cannot_be_read_is_set_aside_with_an_alarm_and_harms_nobody_else(string json)
    {
        await using var node = await TestNode.Start(Nets.Sweep);
        await node.Contract();
        var healthy = await node.Open(severity: 3);
        var poisoned = Desk.Number(70);
        await node.Damage(poisoned, json);
        await node.PassUntil(() => Task.FromResult(node.Log.Any(l => l.Level == LogLevel.Critical && l.Text.Contains(poisoned.Value, StringComparison.Ordinal))), Duration.FromMinutes(1));

        // Next business day at the same time of day.
        node.Time.Advance(TimeSpan.FromDays(2));
        await node.PassUntil(async () => (await node.Events(healthy)).Any(e => e is CaseEvent.MilestoneMissed), Duration.FromMinutes(1));

        var opening = Opening(poisoned, await node.State(healthy));
        await Assert.ThrowsAsync<RecordUnreadableException>(() => node.Ask(poisoned, opening));
        var stored = await node.Store.Read(new("case", poisoned.Value));
        Assert.Equal((1, json), (stored!.Version, System.Text.Encoding.UTF8.GetString(stored.State.Span)));
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_is_tried_ever_more_rarely()
    {
        await using var node = await TestNode.Start(Nets.Sweep);
        var poisoned = Desk.Number(70);
        await node.Damage(poisoned, "garbage");
        await node.Pass(Duration.FromMinutes(10));
        Assert.InRange(node.Log.Count(l => l.Level == LogLevel.Critical), 2, 16);
    }

    [Fact]
    public async Task One_wake_that_hangs_does_not_hold_up_the_others()
    {
        await using var node = await TestNode.Start(Nets.Sweep);
        await node.Contract();
        var hanging = await node.Open(severity: 1);
        var other = await node.Open(severity: 1);
        await node.Pass(Duration.FromSeconds(10));
        var gate = new TaskCompletionSource();
        node.Store.Before = w => w.Key.Id == hanging.Value ? gate.Task : Task.CompletedTask;
        node.Time.Advance(TimeSpan.FromMinutes(25));
        await node.PassUntil(async () => (await node.Events(other)).Any(e => e is CaseEvent.MilestoneWarned), Duration.FromMinutes(1));
        node.Time.Advance(TimeSpan.FromMinutes(5));
        await node.PassUntil(async () => (await node.Events(other)).Any(e => e is CaseEvent.MilestoneMissed), Duration.FromMinutes(1));
        gate.SetResult();
        await node.PassUntil(async () => (await node.Events(hanging)).Any(e => e is CaseEvent.MilestoneMissed), Duration.FromMinutes(1));
    }

    [Fact]
    public async Task Two_thousand_that_are_overdue_are_all_handled_once()
    {
        await using var node = await TestNode.Start(Nets.Sweep);
        await node.Contract();
        var original = await node.Open(severity: 1);
        await node.Copy(original, 5000, 2000);
        var before = node.Store.Written.Count;
        node.Time.Advance(TimeSpan.FromHours(1));
        await node.PassUntil(() => Task.FromResult(Handled(node, before).Count() >= 2001), Duration.FromMinutes(2));
        await node.Pass(Duration.FromMinutes(1));
        var handled = Handled(node, before).ToList();
        Assert.Equal(2001, handled.Count);
        Assert.Equal(2001, handled.Select(w => w.Key).Distinct().Count());

        // Two warnings and the miss; the last warning and the miss escalate the case, the first of these ends with the miss, the other is passed on.
        Assert.All(handled, w => Assert.Equal(7, w.Events.Count));
    }

    private static IEnumerable<StoreWrite> Handled(TestNode node, int since) => node.Store.Written.Skip(since).Where(w => w.Key.Type == "case" && w.Events.Count > 0);

    private static CaseCommand.Open Opening(CaseNumber number, CaseState like) => new(number, like.Terms, Desk.Report(1), [], [], true, "request:other");
}
