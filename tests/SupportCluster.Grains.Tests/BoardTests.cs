using NodaTime;
using NodaTime.Text;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Escalations;
using SupportCluster.Grains.Cases;
using SupportCluster.Grains.Wallboards;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Tests;

/// <summary>What wallboards are told of cases: how they stand now, and what has happened today.</summary>
public sealed class BoardTests
{
    [Fact]
    public async Task A_case_is_shown_from_its_report_through_a_miss_to_its_end()
    {
        await using var node = await TestNode.Start(Nets.Timer);
        await node.Contract();
        await node.Hire("erin");
        var number = await node.Open(severity: 2);
        var response = TestNode.Monday + Duration.FromHours(2);

        var board = await Board(node);
        Assert.Equal([new BoardCount(Desk.Queue, 2, 1, 1, response, TestNode.Monday)], board.Counts);
        Assert.Equal([new BoardCase(number.Value, 2, Desk.Queue, null, response, TestNode.Monday, 1)], board.Urgent);
        Assert.Equal([new CaseTally("emea", TestNode.Monday, Opened: 1, Met: 1)], board.Tallies);

        await node.Take("erin", number).Done();
        await node.PassUntil(async () => (await node.State(number)).Breached is not null, Duration.FromHours(3));
        board = await Board(node);
        Assert.Equal([new BoardCount(Desk.Queue, 2, 1, 0, null, null, Breached: 1, Escalations: 1, Untaken: 1)], board.Counts);
        Assert.Equal([new BoardCase(number.Value, 2, Desk.Queue, "erin", response, TestNode.Monday, 1, Breached: true, Escalated: true)], board.Urgent);
        Assert.Equal(new CaseTally("emea", response, Missed: 1), board.Tallies[^1]);

        await node.Ask(number, new CaseCommand.TakeUpEscalation(EscalationCause.Miss)).Done();
        Assert.Equal((1, 0), ((await Board(node)).Counts[0].Escalations, (await Board(node)).Counts[0].Untaken));

        // Met late is met: it is breached no more, and counts as missed only.
        await node.Ask(number, new CaseCommand.Respond(Channel.CallBack, "Called."), Desk.Engineer("erin")).Done();
        board = await Board(node);
        Assert.Equal((0, 3), (board.Counts[0].Breached, board.Urgent[0].ClockMilestone));
        Assert.Equal((1, 1), (board.Tallies.Sum(t => t.Met), board.Tallies.Sum(t => t.Missed)));

        await node.Ask(number, new CaseCommand.Close("No more.")).Done();
        board = await Board(node);
        Assert.Empty(board.Counts);
        Assert.Equal((1, 1), (board.Tallies.Sum(t => t.Opened), board.Tallies.Sum(t => t.Closed)));
    }

    [Fact]
    public async Task Imported_history_is_tallied_by_its_own_instants_as_far_as_the_last_eight_days()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        var like = await node.State(await node.Open());
        var ended = TestNode.Monday - Duration.FromDays(7);
        System.Collections.Immutable.ImmutableArray<SourceRow> rows =
        [
            new(1, TestNode.Monday - Duration.FromDays(9), SourceStep.Queued, "new", null, null, null, null),
            new(2, ended, SourceStep.Ended, "done", "Zoe", null, null, null),
        ];
        await node.Ask(Desk.Number(80), new CaseCommand.Import(Desk.Number(80), like.Terms, "import:old/1", "Old", 3, new("ada"), rows), Actor.System).Done();

        var tallies = (await node.Store.Board("emea", 20, Instant.FromUnixTimeTicks(0))).Tallies;

        Assert.DoesNotContain(tallies, t => t.Quarter < ended - Duration.FromDays(1));
        Assert.Equal((0, 1), (tallies[0].Opened, tallies.Where(t => t.Quarter == ended).Sum(t => t.Closed)));
    }

    [Fact]
    public async Task Columns_that_an_earlier_version_did_not_write_are_right_after_the_next_write()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        var number = await node.Open(severity: 2);
        var key = new AggregateKey("case", number.Value);
        var (state, stored) = (await node.State(number), (await node.Store.Read(key))!);
        var earlier = CaseDirectory.ForCustomer(CaseDirectory.Entry(state));
        Assert.Equal(StoreWriteResult.Written, await node.Store.Write(new StoreWrite(key, stored.Version, stored.State, [], stored.Due, 2, earlier)));
        Assert.Null((await Board(node)).Urgent[0].ClockStart);

        await node.Deactivate(node.Case(number));
        await node.Ask(number, new CaseCommand.AddNote("A note.", Internal: true)).Done();

        Assert.Equal((TestNode.Monday, 1), ((await Board(node)).Urgent[0].ClockStart, (await Board(node)).Urgent[0].ClockMilestone));
    }

    /// <summary>Zones whose midnight is no full hour of UTC, days of 23 and 25 hours, and a midnight that does not exist.</summary>
    [Theory]
    [InlineData("Europe/Dublin", "2026-03-02T09:20:00Z", "2026-03-02T00:00:00Z", "2026-03-01T09:00:00Z")]
    [InlineData("Europe/Dublin", "2026-03-29T10:00:00Z", "2026-03-29T00:00:00Z", "2026-03-28T10:00:00Z")]
    [InlineData("Europe/Dublin", "2026-10-25T22:59:59Z", "2026-10-24T23:00:00Z", "2026-10-24T22:00:00Z")]
    [InlineData("Asia/Kolkata", "2026-03-02T09:20:00Z", "2026-03-01T18:30:00Z", "2026-03-01T08:30:00Z")]
    [InlineData("Asia/Kathmandu", "2026-03-02T18:15:00Z", "2026-03-02T18:15:00Z", "2026-03-01T18:15:00Z")]
    [InlineData("America/Sao_Paulo", "2018-11-04T12:00:00Z", "2018-11-04T03:00:00Z", "2018-11-03T12:00:00Z")]
    public void Today_begins_at_local_midnight_and_hours_at_full_hours_of_the_local_clock(string zoneId, string now, string began, string hoursFrom)
    {
        var zone = DateTimeZoneProviders.Tzdb[zoneId];
        var (at, midnight, from) = (Utc(now), Utc(began), Utc(hoursFrom));
        var quarter = Duration.FromMinutes(15);
        CaseTally[] tallies =
        [
            new("emea", midnight - quarter, 1, 10, 100, 1000),
            new("emea", midnight, 1, 1, 1, 1),
            new("emea", from - quarter, 7, 0, 0, 0),
            new("apj", from, 3, 0, 0, 0),
            new("apj", CaseTally.QuarterOf(at), 5, 2, 2, 2),
        ];

        var day = WallboardDay.Of(tallies, zone, at);

        Assert.Equal((midnight, from), (day.Began, day.HoursFrom));
        Assert.Equal((3, 3, 3), (day.Closed, day.Met, day.Missed));
        Assert.Equal(25, day.Opened.Length);
        Assert.Equal(tallies.Where(t => t.Quarter >= from).Sum(t => t.Opened), day.Opened.Sum());
        Assert.True(day.Opened[0] >= 3 && day.Opened[24] >= 5);
        Assert.Equal(Instant.Min(midnight, from), WallboardDay.Since(zone, at));
        Assert.Equal(day, WallboardDay.Of(tallies, zone, at));
    }

    private static Instant Utc(string text) => InstantPattern.General.Parse(text).Value;

    private static Task<CaseBoard> Board(TestNode node) => node.Store.Board("emea", 20, TestNode.Monday - Duration.FromDays(1));
}
