using System.Collections.Immutable;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Grains.Cases;
using SupportCluster.Grains.Durable;

namespace SupportCluster.Grains.Tests;

/// <summary>A request is carried out once, however often it is made.</summary>
public sealed class RequestTests
{
    [Fact]
    public async Task A_repeat_gives_the_same_answer_and_no_second_event_also_after_a_restart()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        var number = await node.Open();
        var request = node.Request();
        var first = await Note(node, number, request).Done();
        Assert.False(first.Repeated);
        Assert.True((await Note(node, number, request).Done()).Repeated);
        await node.Deactivate(node.Case(number));
        Assert.True((await Note(node, number, request).Done()).Repeated);
        await node.Stop();
        await node.Start();
        Assert.True((await Note(node, number, request).Done()).Repeated);
        Assert.Equal(1, await Notes(node, number));
        Assert.Equal("key-reused", (await Note(node, number, request with { Fingerprint = 2 })).Refusal?.Code);
    }

    [Fact]
    public async Task A_lost_answer_is_an_unknown_outcome_and_its_repeat_finds_what_was_done()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        var number = await node.Open();
        foreach (var fault in Enum.GetValues<Fault>())
        {
            node.Store.FailOnce(fault, w => w.Key.Id == number.Value);
            var request = node.Request();
            Assert.Equal(RefusalKind.Unknown, (await Note(node, number, request)).Refusal?.Kind);
            Assert.Equal(fault == Fault.LoseAnswer, (await Note(node, number, request).Done()).Repeated);
        }

        Assert.Equal(2, await Notes(node, number));
    }

    [Fact]
    public async Task A_request_of_a_day_ago_or_of_the_future_is_refused()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        var number = await node.Open();
        Assert.Equal("request-expired", (await Note(node, number, node.Request(ago: Duration.FromHours(24)))).Refusal?.Code);
        await Note(node, number, node.Request(ago: Duration.FromMinutes(24 * 60 - 1))).Done();
        Assert.Equal("key-from-future", (await Note(node, number, node.Request(ago: Duration.FromMinutes(-11)))).Refusal?.Code);
        await Note(node, number, node.Request(ago: Duration.FromMinutes(-5))).Done();
        Assert.Equal(2, await Notes(node, number));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Of_more_than_256_requests_the_oldest_are_refused_and_none_is_done_twice(bool restart)
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        var number = await node.Open();
        var ahead = node.Request(ago: Duration.FromMinutes(-5));
        await Note(node, number, ahead).Done();
        var requests = new List<RequestKey>();
        for (var i = 0; i < 300; i++)
        {
            node.Time.Advance(TimeSpan.FromMilliseconds(10));
            requests.Add(node.Request());
            await Note(node, number, requests[^1]).Done();
        }

        if (restart)
        {
            await node.Deactivate(node.Case(number));
        }

        Assert.Equal("request-expired", (await Note(node, number, requests[0])).Refusal?.Code);
        Assert.Equal("request-expired", (await Note(node, number, requests[40])).Refusal?.Code);
        Assert.True((await Note(node, number, requests[60]).Done()).Repeated);
        Assert.True((await Note(node, number, requests[299]).Done()).Repeated);
        if (!restart)
        {
            // By a caller whose clock is ahead: not taken for new either.
            Assert.True((await Note(node, number, ahead).Done()).Repeated);
        }

        Assert.Equal(301, await Notes(node, number));
    }

    [Fact]
    public async Task A_request_behind_256_events_without_any_is_not_done_twice()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        var number = await node.Open();
        var request = node.Request();
        await Note(node, number, request).Done();
        for (var i = 0; i < 260; i++)
        {
            await node.Ask(number, new CaseCommand.AddNote("By a machine.", Internal: true), Actor.System).Done();
        }

        await node.Deactivate(node.Case(number));
        Assert.Equal("request-expired", (await Note(node, number, request)).Refusal?.Code);
        node.Time.Advance(TimeSpan.FromMilliseconds(10));
        await Note(node, number, node.Request()).Done();
    }

    [Fact]
    public async Task Thirty_parallel_repeats_of_one_submission_give_one_case()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        var request = node.Request();
        var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => node.Intake(request).Open(Desk.Problem(request)).Done()));
        Assert.Single(replies.Select(r => r.State!.Number).Distinct());
        Assert.Single(replies, r => !r.Repeated);
        Assert.Single((await node.Store.ListCases(new(), 10)).Items);
        Assert.Equal("key-reused", (await node.Intake(request).Open(Desk.Problem(request with { Fingerprint = 2 }, title: "Another"))).Refusal?.Code);
    }

    [Theory]
    [InlineData("case", (int)Fault.Refuse), InlineData("case", (int)Fault.LoseAnswer), InlineData("numbers", (int)Fault.Refuse), InlineData("numbers", (int)Fault.LoseAnswer)]
    public async Task A_crash_between_number_and_case_gives_one_case_on_repeat(string type, int fault)
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        node.Store.FailOnce((Fault)fault, w => w.Key.Type == type);
        var request = node.Request();
        Assert.Equal(RefusalKind.Unknown, (await node.Intake(request).Open(Desk.Problem(request))).Refusal?.Kind);
        var again = await node.Intake(request).Open(Desk.Problem(request)).Done();
        var third = await node.Intake(request).Open(Desk.Problem(request)).Done();
        Assert.Equal(again.State!.Number, third.State!.Number);
        Assert.Single((await node.Store.ListCases(new(), 10)).Items);
    }

    [Fact]
    public async Task Numbers_are_given_once_over_restarts_and_in_parallel()
    {
        await using var node = await TestNode.Start();
        var all = new List<CaseNumber>();
        for (var run = 0; run < 2; run++)
        {
            var taken = await Task.WhenAll(Enumerable.Range(0, 90).Select(i => node.Grains.GetGrain<ICaseNumbersGrain>("4").Take(1 + (i % 3))));
            all.AddRange(taken.SelectMany(t => t));
            await node.Stop();
            await node.Start();
        }

        Assert.Equal(all.Count, all.Distinct().Count());
    }

    [Fact]
    public async Task The_same_rows_imported_twice_or_in_parallel_change_nothing()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        var like = await node.State(await node.Open());
        ImmutableArray<SourceRow> rows =
        [
            new(1, TestNode.Monday - Duration.FromDays(3), SourceStep.Queued, "new", null, null, null, null),
            new(2, TestNode.Monday - Duration.FromDays(2), SourceStep.Working, "assigned", "Zoe", null, null, null),
            new(3, TestNode.Monday - Duration.FromDays(1), SourceStep.Ended, "done", "Zoe", null, null, null),
        ];
        var replies = await Task.WhenAll(Enumerable.Range(80, 8).SelectMany(i => Enumerable.Repeat(i, 3)).Select(i =>
            node.Ask(Desk.Number(i), new CaseCommand.Import(Desk.Number(i), like.Terms, "import:old/1", "Old", 3, new("ada"), rows), Actor.System)));
        Assert.All(replies, r => Assert.True(r.Refusal is null || r.Refusal.Code == "already-opened", r.Refusal?.Code));
        var number = Assert.Single(replies.Where(r => r.Refusal is null).Select(r => r.State!.Number).Distinct());
        Assert.Equal(2, (await node.Store.ListCases(new(), 10)).Items.Count);

        var version = (await node.State(number)).Version;
        var again = await node.Ask(number, new CaseCommand.Import(number, like.Terms, "import:old/1", "Old", 3, new("ada"), rows), Actor.System).Done();
        Assert.Equal((3, version), (again.State!.SourceRows, again.State.Version));
    }

    private static Task<CaseReply> Note(TestNode node, CaseNumber number, RequestKey request) => node.Ask(number, new CaseCommand.AddNote("A note.", Internal: true), request: request);

    private static async Task<int> Notes(TestNode node, CaseNumber number) => (await node.Events(number)).Count(e => e is CaseEvent.NoteAdded);
}
