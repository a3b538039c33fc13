using NodaTime;
using Xunit;

namespace SupportCluster.Storage.Tests;

/// <summary>What wallboards ask for: counts and urgent cases from the directory, and what was tallied with the commands.</summary>
public abstract class Boards(Engine engine)
{
    private static readonly Instant Quarter = CaseTally.QuarterOf(Writes.Monday);

    [Fact]
    public async Task A_board_counts_what_is_open_and_shows_the_nearest_deadlines()
    {
        await using var test = await TestStore.New(engine);
        await Open(test, Writes.Entry(Writes.Case(1), severity: 1, status: "queued") with { OpenedAt = Hour(-3) });
        await Open(test, Writes.Entry(Writes.Case(2), severity: 1, status: "inProgress", owner: "eng-aoife") with { NextDeadline = Writes.Monday, OpenedAt = Hour(-9) });
        await Open(test, Writes.Entry(Writes.Case(3), severity: 1, status: "reported") with { NextDeadline = Hour(1), OpenedAt = Hour(-9) });
        await Open(test, Writes.Entry(Writes.Case(4), severity: 4, status: "queued", queue: "apj/files", region: "apj") with { NextDeadline = null });
        await Open(test, Writes.Entry(Writes.Case(5), severity: 1, status: "closed", open: false));

        var world = await test.Store.Board(null, 2, Writes.Monday);
        var emea = await test.Store.Board("emea", 20, Writes.Monday);

        Assert.Equal([new BoardCount("apj/files", 4, 1, 1, null, Writes.Monday), new BoardCount("emea/backup", 1, 3, 1, Hour(4), Hour(-3))], world.Counts);
        Assert.Equal([Writes.Case(2).Id, Writes.Case(3).Id], world.Urgent.Select(c => c.Number));
        Assert.Equal(new BoardCase(Writes.Case(2).Id, 1, "emea/backup", "eng-aoife", Writes.Monday), emea.Urgent[0]);
        Assert.Equal([Writes.Case(2).Id, Writes.Case(3).Id, Writes.Case(1).Id], emea.Urgent.Select(c => c.Number));
        Assert.Equal(["emea/backup"], emea.Counts.Select(c => c.Queue));
        var americas = await test.Store.Board("americas", 20, Writes.Monday);
        Assert.Equal((0, 0, 0), (americas.Counts.Count, americas.Urgent.Count, americas.Tallies.Count));
    }

    [Fact]
    public async Task The_breached_come_first_by_their_missed_deadline_and_what_goes_on_is_counted()
    {
        await using var test = await TestStore.New(engine);
        await Open(test, Writes.Entry(Writes.Case(1), owner: "eng-aoife") with { NextDeadline = Hour(-5), ClockStart = Hour(-6), ClockMilestone = 3 });
        await Open(test, Writes.Entry(Writes.Case(2), owner: "eng-aoife") with { NextDeadline = Hour(9), BreachedSince = Hour(-1), ClockStart = Hour(-2), ClockMilestone = 1, Escalations = 2, Untaken = 1 });
        await Open(test, Writes.Entry(Writes.Case(3), owner: "eng-aoife") with { NextDeadline = null, BreachedSince = Hour(-2), Flags = CaseFlags.Handoff | CaseFlags.DutyManager | CaseFlags.Rings });
        await Open(test, Writes.Entry(Writes.Case(4), owner: "eng-aoife") with { NextDeadline = null, Flags = CaseFlags.Handoff, Escalations = 1 });
        await Open(test, Writes.Entry(Writes.Case(5), status: "closed", open: false) with { BreachedSince = Hour(-3), Flags = CaseFlags.Rings, Escalations = 1, Untaken = 1 });

        var board = await test.Store.Board(null, 20, Writes.Monday);

        Assert.Equal([new BoardCount("emea/backup", 2, 4, 0, null, null, Breached: 2, Handoffs: 2, DutyManager: 1, Escalations: 3, Untaken: 1, Ringing: 1)], board.Counts);
        Assert.Equal(
            [
                new BoardCase(Writes.Case(3).Id, 2, "emea/backup", "eng-aoife", Hour(-2), Breached: true, Handoff: true),
                new BoardCase(Writes.Case(2).Id, 2, "emea/backup", "eng-aoife", Hour(-1), Hour(-2), 1, Breached: true, Escalated: true),
                new BoardCase(Writes.Case(1).Id, 2, "emea/backup", "eng-aoife", Hour(-5), Hour(-6), 3),
            ],
            board.Urgent);
    }

    [Fact]
    public async Task Tallies_are_summed_with_the_commands_by_region_and_quarter_of_an_hour()
    {
        await using var test = await TestStore.New(engine);
        await Task.WhenAll(Enumerable.Range(1, 40).Select(n => test.Store.Write(Writes.Next(Writes.Case(n), 0) with
        {
            Tallies = n % 4 == 0 ? null : [new(n % 2 == 0 ? "emea" : "apj", Quarter, Opened: 1, Met: 2), new("emea", Later(1), Closed: 1, Missed: 3)],
        })));
        await test.Store.Write(Writes.Next(Writes.Case(1), 1) with { Tallies = [new("emea", Quarter, Opened: 1)] });

        var world = await test.Store.Board(null, 20, Quarter);
        Assert.Equal([new CaseTally("apj", Quarter, 20, 0, 40), new CaseTally("emea", Quarter, 11, 0, 20), new CaseTally("emea", Later(1), 0, 30, 0, 90)], world.Tallies);
        Assert.Equal([new CaseTally("emea", Later(1), 0, 30, 0, 90)], (await test.Store.Board("emea", 20, Later(1))).Tallies);
    }

    [Fact]
    public async Task What_is_not_written_is_not_tallied()
    {
        await using var test = await TestStore.New(engine);
        CaseTally[] one = [new("emea", Quarter, Opened: 1)];
        var key = Writes.Case(1);
        Assert.Equal(StoreWriteResult.Written, await test.Store.Write(Writes.Next(key, 0, entry: Writes.Entry(key, source: "old/1")) with { Tallies = one }));

        Assert.Equal(StoreWriteResult.Conflict, await test.Store.Write(Writes.Next(key, 0) with { Tallies = one }));
        Assert.Equal(StoreWriteResult.DuplicateSourceKey, await test.Store.Write(Writes.Next(Writes.Case(2), 0, entry: Writes.Entry(Writes.Case(2), source: "old/1")) with { Tallies = one }));

        Assert.Equal(one, (await test.Store.Board(null, 20, Quarter)).Tallies);
    }

    [Fact]
    public async Task Tallies_are_kept_for_eight_days_and_forgotten_some_time_later()
    {
        await using var test = await TestStore.New(engine);
        foreach (var (number, quarter) in new[] { (1, Quarter), (2, Later(8 * 96)), (3, Later(8 * 96 + 1)) })
        {
            await test.Store.Write(Writes.Next(Writes.Case(number), 0) with { Tallies = [new("emea", quarter, Opened: 1)] });
        }

        Assert.Equal([Quarter, Later(8 * 96), Later(8 * 96 + 1)], (await test.Store.Board(null, 20, Quarter)).Tallies.Select(t => t.Quarter));

        await test.Store.Write(Writes.Next(Writes.Case(4), 0) with { Tallies = [new("emea", Later(10 * 96), Opened: 1)] });
        Assert.Equal([Later(8 * 96), Later(8 * 96 + 1), Later(10 * 96)], (await test.Store.Board(null, 20, Quarter)).Tallies.Select(t => t.Quarter));
    }

    [Fact]
    public void A_quarter_of_an_hour_begins_where_it_does_before_1970_too()
    {
        Assert.Equal(Instant.FromUtc(2026, 11, 23, 9, 45), CaseTally.QuarterOf(Instant.FromUtc(2026, 11, 23, 9, 59, 59)));
        Assert.Equal(Instant.FromUtc(1969, 12, 31, 23, 45), CaseTally.QuarterOf(Instant.FromUtc(1969, 12, 31, 23, 59, 59)));
    }

    private static Instant Hour(int later) => Writes.Monday + Duration.FromHours(later);

    private static Instant Later(int quarters) => Quarter + Duration.FromMinutes(15 * quarters);

    private static async Task Open(TestStore test, CaseDirectoryEntry entry)
        => Assert.Equal(StoreWriteResult.Written, await test.Store.Write(Writes.Next(new AggregateKey("case", entry.Number), 0, severity: entry.Severity, entry: entry)));
}

public sealed class BoardsOnSqlite() : Boards(Engine.Sqlite);

public sealed class BoardsOnPostgres() : Boards(Engine.Postgres)
{
    [Fact]
    public async Task Tallies_of_several_nodes_are_one_sum()
    {
        var database = TestServer.NewDatabase().ConnectionString;
        await using var one = await TestStore.Connect(database);
        await using var two = await TestStore.Connect(database);
        var quarter = CaseTally.QuarterOf(Writes.Monday);
        await Task.WhenAll(Enumerable.Range(1, 60).Select(n => (n % 2 == 0 ? one : two).Store.Write(Writes.Next(Writes.Case(n), 0) with { Tallies = [new("emea", quarter, Opened: 1)] })));

        Assert.Equal([new CaseTally("emea", quarter, 60)], (await one.Store.Board("emea", 20, quarter)).Tallies);
    }
}
