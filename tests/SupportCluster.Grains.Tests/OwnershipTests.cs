using System.Text.Json;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Engineers;
using SupportCluster.Grains.Engineers;
using SupportCluster.Grains.Queues;

namespace SupportCluster.Grains.Tests;

/// <summary>No case has two owners, no engineer more cases than room, however they race.</summary>
public sealed class OwnershipTests
{
    [Fact]
    public async Task Of_many_engineers_who_take_one_case_one_has_it()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        var engineers = Enumerable.Range(0, 12).Select(i => $"eng-{i}").ToList();
        foreach (var engineer in engineers)
        {
            await node.Hire(engineer);
        }

        var number = await node.Open();
        var replies = await Task.WhenAll(engineers.Select(e => node.Take(e, number)));
        Assert.Single(replies, r => r.Refusal is null);
        Assert.All(replies.Where(r => r.Refusal is not null), r => Assert.Equal("already-owned", r.Refusal!.Code));
        Assert.Single(await node.Events(number), e => e is CaseEvent.Taken);
        var owner = (await node.State(number)).Owner!.Value;
        foreach (var engineer in engineers)
        {
            Assert.Equal(engineer == owner.Value ? 1 : 0, (await node.Read(engineer)).Cases.Length);
        }
    }

    [Fact]
    public async Task An_engineer_who_takes_many_at_once_is_never_above_capacity()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        await node.Hire("erin", cases: 3, severity1: 1);
        var numbers = new List<CaseNumber>();
        for (var i = 0; i < 16; i++)
        {
            numbers.Add(await node.Open(severity: 1 + (i % 2)));
        }

        var replies = await Task.WhenAll(numbers.Select(n => node.Take("erin", n)).Concat(Enumerable.Range(0, 8).Select(_ => node.TakeNext("erin"))));
        Assert.Equal(3, replies.Count(r => r is { Refusal: null, Repeated: false }));
        Assert.All(replies.Where(r => r.Refusal is not null), r => Assert.Equal("capacity-reached", r.Refusal!.Code));

        foreach (var number in (await node.Read("erin")).Cases.Select(c => c.Number).ToList())
        {
            await Task.WhenAll(node.Ask(number, new CaseCommand.Release("Next.")).Done(), node.TakeNext("erin"), node.TakeNext("erin"));
        }

        await node.Until(async () => (await Task.WhenAll(numbers.Select(node.State))).Count(s => s.Owner is not null) == (await node.Read("erin")).Cases.Count(c => c.Assigned));
        await AssertNeverAbove(node, "erin", 3, 1);
        await AssertEachOwnedCaseHasRoom(node, numbers, "erin");
    }

    [Fact]
    public async Task Many_engineers_who_take_from_one_queue_get_different_cases_and_all_of_them()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        var engineers = Enumerable.Range(0, 6).Select(i => $"eng-{i}").ToArray();
        foreach (var engineer in engineers)
        {
            await node.Hire(engineer, cases: 4);
        }

        var numbers = new List<CaseNumber>();
        for (var i = 0; i < 20; i++)
        {
            numbers.Add(await node.Open(severity: 2));
        }

        var replies = await Task.WhenAll(engineers.SelectMany(e => Enumerable.Repeat(e, 5)).Select(e => node.TakeNext(e)));
        var taken = replies.Where(r => r.Refusal is null).Select(r => r.State!.Number).ToList();
        Assert.Equal(20, taken.Count);
        Assert.Equal(20, taken.Distinct().Count());
        await AssertEachOwnedCaseHasRoom(node, numbers, engineers);
        foreach (var engineer in engineers)
        {
            await AssertNeverAbove(node, engineer, 4, 8);
        }
    }

    [Theory, InlineData((int)Fault.Refuse, Nets.Timer), InlineData((int)Fault.LoseAnswer, Nets.Timer), InlineData((int)Fault.Refuse, Nets.Sweep), InlineData((int)Fault.LoseAnswer, Nets.Reminder)]
    public async Task A_reservation_without_an_answer_is_settled_by_asking_the_case(int fault, Nets nets)
    {
        await using var node = await TestNode.Start(nets);
        await node.Contract();
        await node.Hire("erin");
        var number = await node.Open(severity: 3);
        await node.Settle();
        node.Store.FailOnce((Fault)fault, w => w.Key.Id == number.Value && w.Events.Count > 0);
        var request = node.Request();
        Assert.Equal(RefusalKind.Unknown, (await node.Take("erin", number, request)).Refusal?.Kind);
        Assert.False(Assert.Single((await node.Read("erin")).Cases).Assigned);

        await node.PassUntil(async () => (await node.Read("erin")).Cases.All(c => c.Assigned), Duration.FromMinutes(2));
        if ((Fault)fault == Fault.LoseAnswer)
        {
            Assert.Single((await node.Read("erin")).Cases);
            Assert.Equal("erin", (await node.State(number)).Owner?.Value);
            await node.Take("erin", number, request).Done();
        }
        else
        {
            Assert.Empty((await node.Read("erin")).Cases);
            Assert.Null((await node.State(number)).Owner);
            Assert.Equal("reservation-void", (await node.Ask(number, new CaseCommand.Assign(new("erin"), request.Id, 3), Actor.System)).Refusal?.Code);
        }

        Assert.Equal((Fault)fault == Fault.LoseAnswer ? 1 : 0, (await node.Events(number)).Count(e => e is CaseEvent.Taken));
    }

    [Theory]
    [InlineData("case", (int)Fault.Refuse), InlineData("case", (int)Fault.LoseAnswer)]
    [InlineData("reserve", (int)Fault.Refuse), InlineData("reserve", (int)Fault.LoseAnswer)]
    [InlineData("settle", (int)Fault.Refuse), InlineData("settle", (int)Fault.LoseAnswer)]
    public async Task A_take_without_an_answer_is_repeated_and_done_once(string step, int fault)
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        await node.Hire("erin");
        var number = await node.Open(severity: 3);
        await node.Settle();
        node.Store.FailOnce((Fault)fault, w => w.Events.Count > 0 && step switch
        {
            "case" => w.Key.Type == "case",
            "reserve" => w.Key.Type == "engineer",
            _ => w.Key.Type == "engineer" && JsonSerializer.Deserialize<EngineerEvent>(w.Events[0].Json.Span, DomainJson.Stored) is EngineerEvent.Assigned,
        });
        var request = node.Request();
        Assert.Equal(RefusalKind.Unknown, (await node.Take("erin", number, request)).Refusal?.Kind);
        await node.Take("erin", number, request).Done();
        await node.Take("erin", number, request).Done();
        Assert.Single(await node.Events(number), e => e is CaseEvent.Taken);
        await AssertEachOwnedCaseHasRoom(node, [number], "erin");
    }

    [Fact]
    public async Task A_take_that_meets_another_case_when_it_is_repeated_is_answered_with_the_case_that_was_taken()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        await node.Hire("erin");
        var (taken, other) = (await node.Open(severity: 3), await node.Open(severity: 3));
        var request = node.Request();
        await node.Take("erin", taken, request).Done();

        var repeat = await node.Take("erin", other, request);

        Assert.True(repeat.Repeated);
        Assert.Equal(taken, repeat.State?.Number);
        Assert.Null((await node.State(other)).Owner);
    }

    [Fact]
    public async Task Closing_and_taking_at_once_leaves_nobody_with_a_closed_case()
    {
        await using var node = await TestNode.Start(Nets.Timer);
        await node.Contract();
        await node.Hire("erin");
        for (var round = 0; round < 15; round++)
        {
            var number = await node.Open(severity: 3);
            var take = node.Take("erin", number);
            var close = node.Ask(number, new CaseCommand.Close("No longer needed."));
            Assert.Contains((await take).Refusal?.Code, new[] { null, "case-closed" });
            await close.Done();
            await node.Until(async () => (await node.Read("erin")).Cases.IsEmpty);
            Assert.Null((await node.State(number)).Owner);
        }
    }

    [Fact]
    public async Task The_count_of_severity_1_follows_the_severity_of_the_cases()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        await node.Hire("erin", cases: 5, severity1: 1);
        var raised = await node.Open(severity: 2);
        var other = await node.Open(severity: 1);
        await node.Take("erin", raised).Done();
        await node.Ask(raised, new CaseCommand.ChangeSeverity(1, "Worse.")).Done();
        await node.Until(async () => (await node.Read("erin")).Cases[0].Severity == 1);
        Assert.Equal("capacity-reached", (await node.Take("erin", other)).Refusal?.Code);
        await node.Ask(raised, new CaseCommand.ChangeSeverity(3, "Better.")).Done();
        await node.Until(async () => (await node.Read("erin")).Cases[0].Severity == 3);
        await node.Take("erin", other).Done();
    }

    [Fact]
    public async Task A_late_severity_of_a_reservation_that_is_over_or_of_an_older_version_does_not_count()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        await node.Hire("erin");
        var number = await node.Open(severity: 3);
        var first = node.Request();
        await node.Take("erin", number, first).Done();
        await node.Ask(number, new CaseCommand.Release("Ill.")).Done();
        await node.Until(async () => (await node.Read("erin")).Cases.IsEmpty);
        var second = node.Request();
        await node.Take("erin", number, second).Done();
        var engineer = node.Grains.GetGrain<IEngineerGrain>("erin");
        await engineer.SeverityChanged(number, first.Id, 1, 100);
        Assert.Equal(3, (await node.Read("erin")).Cases[0].Severity);
        await engineer.SeverityChanged(number, second.Id, 2, 100);
        await engineer.SeverityChanged(number, second.Id, 1, 99);
        Assert.Equal(2, (await node.Read("erin")).Cases[0].Severity);
    }

    [Fact]
    public async Task A_case_taken_again_before_its_release_arrives_keeps_its_room()
    {
        await using var node = await TestNode.Start(Nets.Timer);
        await node.Contract();
        await node.Hire("erin");
        var number = await node.Open(severity: 3);
        await node.Take("erin", number).Done();
        await node.Settle();
        node.Store.FailOnce(Fault.Refuse, w => w.Key.Type == "engineer");
        await node.Ask(number, new CaseCommand.Release("Back in a minute.")).Done();
        await node.Until(() => Task.FromResult(node.Log.Any(l => l.Text.Contains("An effect of case", StringComparison.Ordinal))));
        await node.Take("erin", number).Done();
        await node.Pass(Duration.FromMinutes(2));
        await AssertEachOwnedCaseHasRoom(node, [number], "erin");
    }

    [Fact]
    public async Task A_repeated_request_does_not_take_the_case_a_second_time_after_it_was_given_back()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        await node.Hire("erin");
        var number = await node.Open(severity: 3);
        var request = node.Request();
        await node.TakeNext("erin", request).Done();
        await node.Ask(number, new CaseCommand.Release("Ill.")).Done();
        await node.Until(async () => (await node.Read("erin")).Cases.IsEmpty);
        var other = await node.Open(severity: 1);
        Assert.True((await node.TakeNext("erin", request).Done()).Repeated);
        await node.Stop();
        await node.Start();
        var again = await node.TakeNext("erin", request).Done();
        Assert.Equal((number, true), (again.State!.Number, again.Repeated));
        Assert.True((await node.Take("erin", number, request).Done()).Repeated);
        Assert.Equal((null, null), ((await node.State(number)).Owner, (await node.State(other)).Owner));
        Assert.Empty((await node.Read("erin")).Cases);
        Assert.Equal("key-reused", (await node.TakeNext("erin", request with { Fingerprint = 2 })).Refusal?.Code);
    }

    [Fact]
    public async Task Engineers_and_release_racing_over_one_case_never_part_ownership_from_room()
    {
        await using var node = await TestNode.Start(Nets.Timer);
        await node.Contract();
        string[] engineers = ["erin", "omar", "yuki"];
        foreach (var engineer in engineers)
        {
            await node.Hire(engineer, cases: 1);
        }

        var number = await node.Open(severity: 3);
        for (var round = 0; round < 20; round++)
        {
            await Task.WhenAll([.. engineers.Select(e => (Task)node.Take(e, number)), node.Ask(number, new CaseCommand.Release("Round.")), .. engineers.Select(e => node.Take(e, number))]);
        }

        await node.Pass(Duration.FromMinutes(1));
        await AssertEachOwnedCaseHasRoom(node, [number], engineers);
        foreach (var engineer in engineers)
        {
            await AssertNeverAbove(node, engineer, 1, 8);
        }
    }

    [Fact]
    public async Task The_next_of_a_queue_is_the_first_in_order_that_the_engineer_has_the_skill_for()
    {
        await using var node = await TestNode.Start();
        await node.Contract("essential");
        await node.Contract("rps", supportId: "beta");
        await node.Hire("erin", skills: ["db"]);
        var late = await node.Open(severity: 2);
        node.Time.Advance(TimeSpan.FromMinutes(1));
        var priority = await node.Open(severity: 2, supportId: "beta");
        node.Time.Advance(TimeSpan.FromMinutes(1));
        var later = await node.Open(severity: 2);
        var severe = await node.Open(severity: 1);
        var mild = await node.Open(severity: 4, supportId: "beta");
        await node.Until(async () => (await node.Waiting()).Count == 5);
        Assert.Equal([severe, priority, late, later, mild], await node.Waiting());
        foreach (var expected in new[] { severe, priority, late, later, mild })
        {
            Assert.Equal(expected, (await node.TakeNext("erin").Done()).State!.Number);
        }

        Assert.Equal("nothing-to-take", (await node.TakeNext("erin")).Refusal?.Code);
        await node.Hire("omar", skills: ["systems"]);
        var database = await node.Open(severity: 1);
        await node.Until(async () => (await node.Waiting()).Count == 1);
        Assert.Equal("nothing-to-take", (await node.TakeNext("omar")).Refusal?.Code);
        Assert.Equal([database], await node.Waiting());
    }

    [Fact]
    public async Task A_queue_rebuilt_from_the_directory_equals_what_it_was()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        await node.Hire("erin");
        for (var i = 0; i < 8; i++)
        {
            await node.Open(severity: 1 + (i % 4));
        }

        await node.TakeNext("erin").Done();
        await node.Until(async () => (await node.Waiting()).Count == 7);
        var queue = node.Grains.GetGrain<IQueueGrain>(Desk.Queue);
        var before = (await queue.Read()).Cases;
        await node.Deactivate(queue);
        Assert.Equal(before, (await queue.Read()).Cases);
        Assert.Equal((await node.Store.WaitingIn(Desk.Queue)).Select(e => e.Number).Order(), before.Select(c => c.Number.Value).Order());
    }

    [Fact]
    public async Task A_case_that_cannot_be_read_does_not_stop_its_queue_or_its_engineer()
    {
        await using var node = await TestNode.Start(Nets.Sweep);
        await node.Contract();
        await node.Hire("erin");
        var poisoned = await node.Open(severity: 1);
        var mine = await node.Open(severity: 2);
        var behind = await node.Open(severity: 3);
        await node.Until(async () => (await node.Waiting()).Count == 3);
        node.Store.FailOnce(Fault.LoseAnswer, w => w.Key.Id == mine.Value && w.Events.Count > 0);
        Assert.Equal(RefusalKind.Unknown, (await node.Take("erin", mine)).Refusal?.Kind);
        node.Store.FailOnce(Fault.Refuse, w => w.Key.Id == poisoned.Value && w.Events.Count > 0);
        Assert.Equal(RefusalKind.Unknown, (await node.Take("erin", poisoned)).Refusal?.Kind);
        await node.Damage(poisoned, "garbage");

        Assert.Equal(behind, (await node.TakeNext("erin").Done()).State!.Number);
        await node.PassUntil(async () => (await node.Read("erin")).Cases.Single(c => c.Number == mine).Assigned, Duration.FromMinutes(2));
        Assert.False((await node.Read("erin")).Cases.Single(c => c.Number == poisoned).Assigned);
    }

    /// <summary>At every version of the engineer's journal.</summary>
    private static async Task AssertNeverAbove(TestNode node, string engineer, int cases, int severity1)
    {
        Engineer? state = null;
        foreach (var happened in await node.Events<EngineerEvent>("engineer", engineer))
        {
            state = Engineer.Evolve(state, happened);
            Assert.InRange(state.Cases.Length, 0, cases);
            Assert.InRange(state.Cases.Count(c => c.Severity == 1), 0, severity1);
        }
    }

    private static async Task AssertEachOwnedCaseHasRoom(TestNode node, IEnumerable<CaseNumber> numbers, params string[] engineers)
    {
        var owned = new HashSet<(string, CaseNumber)>();
        foreach (var number in numbers)
        {
            var state = await node.State(number);
            _ = state.Owner is { } owner && owned.Add((owner.Value, number));
        }

        var rooms = new HashSet<(string, CaseNumber)>();
        foreach (var engineer in engineers)
        {
            foreach (var held in (await node.Read(engineer)).Cases)
            {
                Assert.True(held.Assigned);
                rooms.Add((engineer, held.Number));
            }
        }

        Assert.Equal(owned, rooms);
    }
}
