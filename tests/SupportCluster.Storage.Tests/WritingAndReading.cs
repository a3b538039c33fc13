using NodaTime;
using SupportCluster.Storage.Sqlite;
using Xunit;

namespace SupportCluster.Storage.Tests;

public abstract class WritingAndReading(Engine engine)
{
    [Fact]
    public async Task What_was_written_is_read_back()
    {
        await using var test = await TestStore.New(engine);
        var key = Writes.Case(1);
        var request = Guid.Parse("01940000-0000-7000-8000-000000000001");
        var due = Writes.Monday + Duration.FromTicks(1);
        var result = await test.Store.Write(new StoreWrite(key, 0, Writes.Json("first"), [Writes.Event(1, request, 42), Writes.Event(2)], due, 2, Writes.Entry(key), "words"));

        Assert.Equal(StoreWriteResult.Written, result);
        var read = await test.Store.Read(key);
        Assert.NotNull(read);
        Assert.Equal(2, read.Version);
        Assert.Equal("{\"text\":\"first\"}", read.State.Text());
        Assert.Equal(due, read.Due);
        Assert.Equal([new RecentRequest(request, 1, 42, Writes.Monday + Duration.FromSeconds(1))], read.RecentRequests);
        Assert.Equal([Writes.Entry(key)], (await test.Store.ListCases(new CaseFilter(), 10)).Items);
        Assert.Equal(new StoreFigures(1, 1, 0, 2, 1), await test.Store.Figures());
    }

    [Fact]
    public async Task What_does_not_exist_is_null_and_has_no_events()
    {
        await using var test = await TestStore.New(engine);
        Assert.Null(await test.Store.Read(Writes.Case(1)));
        Assert.Empty(await test.Store.ReadEvents(Writes.Case(1), 0, 10));
    }

    [Fact]
    public async Task Events_come_in_order_of_version_after_the_one_asked_for()
    {
        await using var test = await TestStore.New(engine);
        var key = Writes.Case(1);
        for (var version = 0; version < 30; version++)
        {
            await test.Store.Write(Writes.Next(key, version));
        }

        var events = await test.Store.ReadEvents(key, 9, 15);
        Assert.Equal(Enumerable.Range(10, 15).Select(v => (long)v), events.Select(e => e.Version));
        Assert.All(events, e => Assert.Equal($"{{\"text\":\"event {e.Version}\"}}", e.Json.Text()));
        Assert.All(events, e => Assert.Equal(Writes.Event(e.Version).At, e.At));
    }

    [Fact]
    public async Task Requests_are_remembered_for_256_events_oldest_first()
    {
        await using var test = await TestStore.New(engine);
        var key = Writes.Case(1);
        var requests = Enumerable.Range(1, 300).Select(i => Guid.Parse($"01940000-0000-7000-8000-{i:D12}")).ToArray();
        foreach (var (request, version) in requests.Select((r, i) => (r, (long)i)))
        {
            await test.Store.Write(new StoreWrite(key, version, Writes.Json("s"), [Writes.Event(version + 1, request, version)], null));
        }

        var remembered = (await test.Store.Read(key))!.RecentRequests;
        Assert.Equal(requests[44..], remembered.Select(r => r.RequestId));
        Assert.Equal(Enumerable.Range(45, 256).Select(v => (long)v), remembered.Select(r => r.Version));
        Assert.Equal(Enumerable.Range(44, 256).Select(v => (long)v), remembered.Select(r => r.Fingerprint));
    }

    [Fact]
    public async Task Bookkeeping_changes_the_state_and_the_due_instant_but_not_the_version()
    {
        await using var test = await TestStore.New(engine);
        var key = Writes.Case(1);
        await test.Store.Write(Writes.Next(key, 0, Writes.Monday));
        Assert.Equal(StoreWriteResult.Written, await test.Store.Write(new StoreWrite(key, 1, Writes.Json("cursor moved"), [], null)));

        var read = await test.Store.Read(key);
        Assert.Equal((1L, "{\"text\":\"cursor moved\"}", null), (read!.Version, read.State.Text(), read.Due));
        Assert.Equal(0, (await test.Store.Figures()).Armed);
    }

    [Fact]
    public async Task Ids_of_a_type_are_listed_in_order()
    {
        await using var test = await TestStore.New(engine);
        await Task.WhenAll(Enumerable.Range(1, 9).Select(i => test.Store.Write(Writes.Next(Writes.Case(i), 0))));
        await test.Store.Write(Writes.Next(new AggregateKey("contract", "S-100"), 0));

        var first = await test.Store.ListIds("case", null, 5);
        var rest = await test.Store.ListIds("case", first[^1], 5);
        Assert.Equal(Enumerable.Range(1, 9).Select(i => Writes.Case(i).Id), first.Concat(rest));
        Assert.Equal(["S-100"], await test.Store.ListIds("contract", null, 5));
    }

    [Fact]
    public async Task Writes_that_make_no_sense_are_refused_at_once()
    {
        await using var test = await TestStore.New(engine);
        var key = Writes.Case(1);
        await Assert.ThrowsAsync<ArgumentException>(() => test.Store.Write(new StoreWrite(key, 0, Writes.Json("s"), [], null)));
        await Assert.ThrowsAsync<ArgumentException>(() => test.Store.Write(new StoreWrite(key, 0, Writes.Json("s"), [Writes.Event(2)], null)));
        await Assert.ThrowsAsync<ArgumentException>(() => test.Store.Write(Writes.Next(key, 0, severity: 5)));
        await Assert.ThrowsAsync<ArgumentException>(() => test.Store.Write(Writes.Next(key, 0, entry: Writes.Entry(Writes.Case(2)))));
        Assert.Null(await test.Store.Read(key));
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        var test = await TestStore.New(engine);
        await test.DisposeAsync();
        Assert.Equal(StoreProblem.Closed, (await Assert.ThrowsAsync<StoreException>(() => test.Store.Write(Writes.Next(Writes.Case(1), 0)))).Code);
        Assert.Equal(StoreProblem.Closed, (await Assert.ThrowsAsync<StoreException>(() => test.Store.Read(Writes.Case(1)))).Code);
    }

    [Fact]
    public async Task What_is_handed_over_before_closing_is_written()
    {
        using var place = new TestPlace(engine);
        var test = await TestStore.At(engine, place.Path);
        var writes = Enumerable.Range(1, 200).Select(i => test.Store.Write(Writes.Next(Writes.Case(i), 0))).ToArray();
        await test.DisposeAsync();
        Assert.All(await Task.WhenAll(writes), result => Assert.Equal(StoreWriteResult.Written, result));

        await using var again = await TestStore.At(engine, place.Path);
        Assert.Equal(200, (await again.Store.ListIds("case", null, 1000)).Count);
    }
}

public sealed class WritingAndReadingOnSqlite() : WritingAndReading(Engine.Sqlite)
{
    [Fact]
    public async Task The_log_stays_bounded_while_writing_never_pauses()
    {
        await using var test = TestStore.New(new SqliteStoreOptions { CheckpointAfterPages = 100, RestartLogAfterPages = 300 });
        await Task.WhenAll(Enumerable.Range(1, 16).Select(n => Task.Run(async () =>
        {
            for (var version = 0; version < 1_000; version++)
            {
                await test.Store.Write(Writes.Next(Writes.Case(n), version, Writes.Monday, 1, Writes.Entry(Writes.Case(n))));
            }
        })));

        var log = new FileInfo(Path.Combine(test.Place, "supportcluster.db-wal")).Length / 4096;
        Assert.True(log < 2_500, $"The log has grown to {log} pages.");
    }
}

public sealed class WritingAndReadingOnPostgres() : WritingAndReading(Engine.Postgres);
