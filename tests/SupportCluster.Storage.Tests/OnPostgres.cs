using System.Collections.Concurrent;
using System.Text;
using NodaTime;
using SupportCluster.Storage.Postgres;
using Xunit;

namespace SupportCluster.Storage.Tests;

/// <summary>What only a store that is shared by several nodes, on a server that may fail, has to do.</summary>
public sealed class OnPostgres
{
    private const int Aggregates = 4;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Of_two_nodes_that_write_the_same_version_exactly_one_wins(int writers)
    {
        var (acknowledged, stored, versions) = await TwoNodes(TestStore.Patient with { Writers = writers });
        Assert.Equal(acknowledged, stored);
        Assert.Equal(acknowledged, versions);
    }

    [Fact]
    public async Task Without_the_fence_two_nodes_lose_updates()
    {
        var (acknowledged, stored, _) = await TwoNodes(TestStore.Patient with { Fence = false });
        Assert.True(acknowledged > stored, "Nothing was lost without the fence: the test of the fence would pass without it.");
    }

    [Fact]
    public async Task Two_nodes_that_import_the_same_cases_take_each_source_key_once()
    {
        var database = TestServer.NewDatabase().ConnectionString;
        await using var first = await TestStore.Connect(database);
        await using var second = await TestStore.Connect(database);
        var results = await Task.WhenAll(Enumerable.Range(1, 200).SelectMany(n => (Task<StoreWriteResult>[])[Import(first, n, n), Import(second, 1_000 + n, n)]));
        Assert.Equal(200, results.Count(r => r == StoreWriteResult.Written));
        Assert.Equal(200, results.Count(r => r == StoreWriteResult.DuplicateSourceKey));
        Assert.Equal(200, (await first.Store.FindSourceKeys([.. Enumerable.Range(1, 200).Select(n => $"old/{n}")])).Count);
        Assert.Equal(new StoreFigures(200, 200, 0, 200, 0), await second.Store.Figures());

        static Task<StoreWriteResult> Import(TestStore node, int number, int source)
            => node.Store.Write(Writes.Next(Writes.Case(number), 0, entry: Writes.Entry(Writes.Case(number), source: $"old/{source}")));
    }

    [Fact]
    public async Task Several_nodes_that_start_at_once_make_the_tables_once()
    {
        var database = TestServer.NewDatabase().ConnectionString;
        var nodes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TestStore.Connect(database)));
        await Task.WhenAll(nodes.Select((node, n) => node.Store.Write(Writes.Next(Writes.Case(n), 0))));
        Assert.Equal(8, (await nodes[0].Store.Figures()).Events);
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_write_that_PostgreSQL_refuses_fails_alone()
    {
        await using var test = await TestStore.New(Engine.Postgres);
        var writes = Enumerable.Range(1, 100).Select(n =>
        {
            var entry = Writes.Entry(Writes.Case(n), title: (n % 50) switch { 7 => "NUL \0 character", 8 => "half a pair \uD800", _ => "good" });
            return (Number: n, Task: test.Store.Write(Writes.Next(Writes.Case(n), 0, entry: entry)));
        }).ToArray();
        foreach (var (number, task) in writes)
        {
            if (number % 50 is 7 or 8)
            {
                var refused = await Assert.ThrowsAsync<StoreException>(() => task);
                Assert.Contains(Writes.Case(number).ToString(), refused.Message, StringComparison.Ordinal);
                Assert.DoesNotContain("half a pair", refused.ToString(), StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal(StoreWriteResult.Written, await task);
            }
        }

        Assert.Equal(96, (await test.Store.Figures()).Cases);
    }

    [Fact]
    public async Task Json_comes_back_byte_by_byte()
    {
        await using var test = await TestStore.New(Engine.Postgres);
        var json = Encoding.UTF8.GetBytes("{ \"b\":1,\"a\" : [1.0, 1e2],\t\"b\":\"\\u0000 \\ud83d\\ude00 😀 İstanbul 失敗\" }");
        await test.Store.Write(new StoreWrite(Writes.Case(1), 0, json, [new StoredEvent(1, Writes.Monday, json)], null));
        Assert.Equal(json, (await test.Store.Read(Writes.Case(1)))!.State.ToArray());
        Assert.Equal(json, (await test.Store.ReadEvents(Writes.Case(1), 0, 1))[0].Json.ToArray());
    }

    [Fact]
    public async Task A_very_long_text_is_written_and_found_by_its_beginning()
    {
        await using var test = await TestStore.New(Engine.Postgres);
        var key = Writes.Case(1);
        var text = $"printer {new string('x', 5_000)} {string.Join(' ', Enumerable.Range(0, 200_000).Select(n => $"失敗{n}"))}";
        Assert.Equal(StoreWriteResult.Written, await test.Store.Write(Writes.Next(key, 0, entry: Writes.Entry(key), text: text)));
        Assert.Single((await test.Store.ListCases(new CaseFilter(Text: "printer"), 5)).Items);
        Assert.Single((await test.Store.ListCases(new CaseFilter(Text: new string('x', 5_000)), 5)).Items);
    }

    [Fact]
    public async Task Every_acknowledged_write_is_there_after_the_server_was_killed_and_the_store_goes_on_by_itself()
    {
        PostgresServer.Need();
        using var server = PostgresServer.Start();
        await using var test = await TestStore.Connect(server.CreateDatabase("killed"), new PostgresStoreOptions());
        var acknowledged = new ConcurrentDictionary<int, long>();
        var failures = 0;
        for (var life = 0; life < 3; life++)
        {
            using var stop = new CancellationTokenSource();
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var before = acknowledged.Values.Sum();
            var writers = Enumerable.Range(1, 16).Select(n => Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    try
                    {
                        // What a failed write has become is read, as a grain does that is activated again.
                        var version = (await test.Store.Read(Writes.Case(n)))?.Version ?? 0;
                        Assert.Equal(StoreWriteResult.Written, await test.Store.Write(Writes.Next(Writes.Case(n), version, Writes.Monday, 2, Writes.Entry(Writes.Case(n)), $"text {version + 1}")));
                        acknowledged[n] = version + 1;
                        if (acknowledged.Values.Sum() > before + 500)
                        {
                            enough.TrySetResult();
                        }
                    }
                    catch (StoreException e) when (e.Code == StoreProblem.Unreachable)
                    {
                        Interlocked.Increment(ref failures);
                    }
                }
            })).ToArray();
            await Task.WhenAny(enough.Task, Task.WhenAll(writers));
            server.Kill();
            if (life % 2 == 0)
            {
                await stop.CancelAsync();
                await Task.WhenAll(writers);
                server.StartAgain();
            }
            else
            {
                // They ask on and on while it is away, and are served when it is back.
                server.StartAgain();
                enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
                before = acknowledged.Values.Sum();
                await Task.WhenAny(enough.Task, Task.WhenAll(writers));
                await stop.CancelAsync();
                await Task.WhenAll(writers);
            }
        }

        Assert.True(failures > 0);
        long events = 0;
        foreach (var (number, version) in acknowledged)
        {
            var read = await Eventually(() => test.Store.Read(Writes.Case(number)));
            Assert.True(read!.Version >= version, $"Case {number} was acknowledged at version {version} and is at {read.Version}.");
            Assert.Equal(read.Version, (await test.Store.ReadEvents(Writes.Case(number), 0, int.MaxValue)).Count);
            events += read.Version;
        }

        Assert.Equal(new StoreFigures(16, 16, 0, events, 16), await test.Store.Figures());
    }

    [Fact]
    public async Task The_clock_is_the_servers()
    {
        await using var test = await TestStore.New(Engine.Postgres);
        var first = await test.Store.ReadClock();
        var second = await test.Store.ReadClock();
        Assert.True(second > first);
        Assert.True(first > Instant.FromUtc(2020, 1, 1, 0, 0));
    }

    [Fact]
    public async Task Backups_are_referred_to_the_tools_of_PostgreSQL()
    {
        await using var test = await TestStore.New(Engine.Postgres);
        var refused = await Assert.ThrowsAsync<StoreException>(() => test.Store.Backup("/tmp/nowhere", TestContext.Current.CancellationToken));
        Assert.Equal(StoreProblem.BackupElsewhere, refused.Code);
        Assert.Contains("pg_dump", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<T> Eventually<T>(Func<Task<T>> read)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await read();
            }
            catch (StoreException) when (attempt < 5)
            {
                // Connections of the server's former life.
            }
        }
    }

    /// <summary>Two nodes, eight callers each, who read, decide and write on the same few aggregates.</summary>
    /// <returns>How many writes were acknowledged, how many events are stored, and the sum of the versions.</returns>
    private static async Task<(long Acknowledged, long Stored, long Versions)> TwoNodes(PostgresStoreOptions options)
    {
        var database = TestServer.NewDatabase().ConnectionString;
        await using var first = await TestStore.Connect(database, options);
        await using var second = await TestStore.Connect(database, options);
        long acknowledged = 0;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            var store = (caller % 2 == 0 ? first : second).Store;
            for (var turn = 0; turn < 50; turn++)
            {
                var key = Writes.Case((caller / 2 + turn) % Aggregates);
                var version = (await store.Read(key))?.Version ?? 0;
                if (await store.Write(Writes.Next(key, version, Writes.Monday, 1, Writes.Entry(key))) == StoreWriteResult.Written)
                {
                    Interlocked.Increment(ref acknowledged);
                }
            }
        })));
        long stored = 0;
        long versions = 0;
        for (var number = 0; number < Aggregates; number++)
        {
            stored += (await first.Store.ReadEvents(Writes.Case(number), 0, int.MaxValue)).Count;
            versions += (await second.Store.Read(Writes.Case(number)))!.Version;
        }

        return (acknowledged, stored, versions);
    }
}
