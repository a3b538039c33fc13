using NodaTime;
using SupportCluster.Storage.Sqlite;
using Xunit;

namespace SupportCluster.Storage.Tests;

/// <summary>Files of released versions, kept in <c>Golden/</c>, stay readable for ever.</summary>
public sealed class SchemaVersions
{
    private static readonly Guid Request = Guid.Parse("01940000-0000-7000-8000-000000000007");
    private static readonly AggregateKey Old = Writes.Case(1);

    [Theory]
    [InlineData("store-1.db")]
    [InlineData("store-2.db")]
    public async Task A_store_of_an_earlier_version_is_read_and_written(string golden)
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Golden", golden), folder["supportcluster.db"]);
        await using var test = TestStore.At(folder.Path);

        await ReadAndWriteGolden(test.Store);
    }

    [Fact]
    public void An_older_schema_is_brought_forward_in_one_transaction()
    {
        using var folder = new TemporaryFolder();
        var path = folder["supportcluster.db"];
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Golden", "store-1.db"), path);
        string[] next = [.. Schema.Steps, "ALTER TABLE figures ADD COLUMN test INTEGER; CREATE TABLE test (x)"];
        using (var connection = Connection.Open(path))
        {
            // The last step fails half-way: nothing of it stays.
            Assert.ThrowsAny<Exception>(() => Schema.Migrate(connection, path, [.. Schema.Steps, next[^1] + "; CREATE TABLE test (x)"]));
            Assert.Equal(1, connection.Scalar("PRAGMA user_version"));
            Assert.Equal(0, connection.Scalar("SELECT count(*) FROM sqlite_schema WHERE name = 'test'"));

            Schema.Migrate(connection, path, next);
            Assert.Equal(next.Length, connection.Scalar("PRAGMA user_version"));
            Assert.Equal(1, connection.Scalar("SELECT count(*) FROM sqlite_schema WHERE name = 'test'"));
            Assert.Equal(1, connection.Scalar("SELECT cases FROM figures"));
            Schema.Migrate(connection, path, next);
        }

        // And what has been brought forward is too new for this version.
        Assert.Equal(StoreProblem.NewerSchema, Assert.Throws<StoreException>(() => TestStore.At(folder.Path)).Code);
    }

    /// <summary>What was once written by <see cref="WriteGolden"/> and is kept for each engine.</summary>
    internal static async Task ReadAndWriteGolden(IStore store)
    {
        var read = await store.Read(Old);
        Assert.Equal((2L, "{\"text\":\"golden\"}", Writes.Monday + Duration.FromTicks(7)), (read!.Version, read.State.Text(), read.Due));
        Assert.Equal([new RecentRequest(Request, 1, -42, Writes.Event(1).At)], read.RecentRequests);
        Assert.Equal(["{\"text\":\"event 1\"}", "{\"text\":\"event 2\"}"], (await store.ReadEvents(Old, 0, 10)).Select(e => e.Json.Text()));
        Assert.Equal([GoldenEntry], (await store.ListCases(new CaseFilter(Text: "yazıcı"), 10)).Items);
        Assert.Equal(new StoreFigures(1, 1, 1, 3, 1), await store.Figures());
        Assert.Equal([new DueAggregate(Old, 2, Writes.Monday + Duration.FromTicks(7), 1)], await store.Due(Instant.MaxValue, 10, (0, 0)));
        await ReadBoard(store);
        Assert.Equal(StoreWriteResult.Written, await store.Write(Writes.Next(Old, 2, entry: GoldenEntry with { Open = false, Status = "closed" }, text: "new words")));
    }

    /// <summary>What an earlier version did not write counts as nothing, and is there with the next write.</summary>
    private static async Task ReadBoard(IStore store)
    {
        var deadline = GoldenEntry.NextDeadline!.Value;
        var board = await store.Board("emea", 20, Writes.Monday);
        Assert.Equal([new BoardCount("emea/print", 1, 1, 0, null)], board.Counts);
        Assert.Equal([new BoardCase(Old.Id, 1, "emea/print", "eng-aoife", deadline)], board.Urgent);
        var pressed = GoldenEntry with { BreachedSince = Writes.Monday, ClockStart = Writes.Monday, ClockMilestone = 2, Flags = CaseFlags.Rings };
        Assert.Equal(StoreWriteResult.Written, await store.Write(new StoreWrite(Old, 2, Writes.Json("golden"), [], null, 1, pressed, Tallies: [new("emea", Writes.Monday, Missed: 1)])));
        board = await store.Board("emea", 20, Writes.Monday);
        Assert.Equal([new BoardCount("emea/print", 1, 1, 0, null, Breached: 1, Ringing: 1)], board.Counts);
        Assert.Equal([new BoardCase(Old.Id, 1, "emea/print", "eng-aoife", Writes.Monday, Writes.Monday, 2, Breached: true)], board.Urgent);
        Assert.Equal([new CaseTally("emea", Writes.Monday, Missed: 1)], board.Tallies);
    }

    /// <summary>Run by hand, once, before a version is released (<c>--child golden Sqlite file</c>, <c>--child golden Postgres connection</c> then pg_dump); the file is never made again.</summary>
    internal static async Task MakeGolden(Engine engine, string place)
    {
        if (engine == Engine.Postgres)
        {
            await using var connected = await TestStore.Connect(place);
            await WriteGolden(connected.Store);
            return;
        }

        await using var test = TestStore.New();
        await WriteGolden(test.Store);
        await test.Store.Backup(place);
    }

    private static async Task WriteGolden(IStore store)
    {
        await store.Write(new StoreWrite(Old, 0, Writes.Json("golden"), [Writes.Event(1, Request, -42), Writes.Event(2)], Writes.Monday + Duration.FromTicks(7), 1, GoldenEntry, "İstanbul'daki yazıcı çalışmıyor"));
        await store.Write(Writes.Next(new AggregateKey("contract", "S-100"), 0));
    }

    private static CaseDirectoryEntry GoldenEntry => new(
        Old.Id, "S-100", "emea", "emea/print", "print", "premium", 1, "inProgress", true, "eng-aoife", true, "Yazıcı çalışmıyor", "tr",
        Writes.Monday, Writes.Monday + Duration.FromHours(1), "old/1");
}
