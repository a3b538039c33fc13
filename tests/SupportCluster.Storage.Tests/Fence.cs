using Xunit;

namespace SupportCluster.Storage.Tests;

public abstract class Fence(Engine engine)
{
    [Fact]
    public async Task A_write_at_an_old_version_is_a_conflict_and_changes_nothing()
    {
        await using var test = await TestStore.New(engine);
        var key = Writes.Case(1);
        await test.Store.Write(Writes.Next(key, 0));
        await test.Store.Write(Writes.Next(key, 1, entry: Writes.Entry(key), text: "kept"));
        var before = await test.Store.Figures();

        Assert.Equal(StoreWriteResult.Conflict, await test.Store.Write(Writes.Next(key, 1, Writes.Monday, 1, Writes.Entry(key, title: "lost"), "lost")));
        Assert.Equal(StoreWriteResult.Conflict, await test.Store.Write(Writes.Next(key, 0)));
        Assert.Equal(StoreWriteResult.Conflict, await test.Store.Write(Writes.Next(key, 7)));
        Assert.Equal(StoreWriteResult.Conflict, await test.Store.Write(Writes.Next(Writes.Case(2), 3)));

        Assert.Equal("{\"text\":\"state 2\"}", (await test.Store.Read(key))!.State.Text());
        Assert.Equal(before, await test.Store.Figures());
        Assert.Empty((await test.Store.ListCases(new CaseFilter(Text: "lost"), 5)).Items);
        Assert.Null(await test.Store.Read(Writes.Case(2)));
        Assert.Equal((2, 0), (await test.Store.ReadVersion(key), await test.Store.ReadVersion(Writes.Case(2))));
    }

    [Fact]
    public async Task A_conflict_does_not_fail_the_others_of_its_group()
    {
        await using var test = await TestStore.New(engine);
        await test.Store.Write(Writes.Next(Writes.Case(1), 0));

        // Handed over without awaiting: most of them share a transaction.
        var writes = Enumerable.Range(1, 400).Select(i => test.Store.Write(Writes.Next(Writes.Case(i % 2 == 0 ? 1 : i + 10), 0))).ToArray();
        var results = await Task.WhenAll(writes);
        Assert.Equal(200, results.Count(r => r == StoreWriteResult.Conflict));
        Assert.Equal(201, (await test.Store.ListIds("case", null, 1000)).Count);
    }

    [Fact]
    public async Task Two_writes_of_one_aggregate_in_one_group_follow_each_other()
    {
        await using var test = await TestStore.New(engine);
        var key = Writes.Case(1);
        var writes = Enumerable.Range(0, 100).Select(version => test.Store.Write(Writes.Next(key, version))).ToArray();
        Assert.All(await Task.WhenAll(writes), result => Assert.Equal(StoreWriteResult.Written, result));
        Assert.Equal(100, (await test.Store.Read(key))!.Version);
    }

    [Fact]
    public async Task A_taken_source_key_is_told_and_changes_nothing()
    {
        await using var test = await TestStore.New(engine);
        var (first, second, third) = (Writes.Case(1), Writes.Case(2), Writes.Case(3));
        await test.Store.Write(Writes.Next(first, 0, entry: Writes.Entry(first, source: "old/17")));
        Assert.Equal(StoreWriteResult.DuplicateSourceKey, await test.Store.Write(Writes.Next(second, 0, entry: Writes.Entry(second, source: "old/17"), text: "lost")));
        Assert.Equal(StoreWriteResult.Written, await test.Store.Write(Writes.Next(third, 0, entry: Writes.Entry(third, source: "old/18"))));
        Assert.Equal(StoreWriteResult.DuplicateSourceKey, await test.Store.Write(Writes.Next(third, 1, entry: Writes.Entry(third, source: "old/17"))));

        Assert.Null(await test.Store.Read(second));
        Assert.Equal(1, (await test.Store.Read(third))!.Version);
        Assert.Equal(2, (await test.Store.Figures()).Events);
        var found = await test.Store.FindSourceKeys(["old/16", "old/17", "old/18"]);
        Assert.Equal(new Dictionary<string, string> { ["old/17"] = first.Id, ["old/18"] = third.Id }, found);
        Assert.Equal(("old/17", "old/18", null), (await test.Store.NextSourceKey("old/"), await test.Store.NextSourceKey("old/17"), await test.Store.NextSourceKey("old0")));
    }

    [Fact]
    public async Task Many_writers_on_few_aggregates_lose_nothing()
    {
        await using var test = await TestStore.New(engine);
        var written = await Hammer(test);
        Assert.Equal(0, await Lost(test, written));
        for (var number = 0; number < Aggregates; number++)
        {
            Assert.Equal(written[number], (await test.Store.Read(Writes.Case(number)))!.Version);
        }
    }

    [Fact]
    public async Task Without_the_fence_the_same_writers_lose_updates()
    {
        await using var test = await TestStore.New(engine, fence: false);
        var written = await Hammer(test);
        Assert.True(await Lost(test, written) > 0, "Nothing was lost without the fence: the tests of the fence would pass without it.");
    }

    private const int Aggregates = 4;

    /// <summary>Sixteen callers who read, decide and write on four aggregates.</summary>
    /// <returns>How many writes were acknowledged, by aggregate.</returns>
    private static async Task<int[]> Hammer(TestStore test)
    {
        var written = new int[Aggregates];
        await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            for (var turn = 0; turn < 60; turn++)
            {
                var number = (caller + turn) % Aggregates;
                var version = (await test.Store.Read(Writes.Case(number)))?.Version ?? 0;
                if (await test.Store.Write(Writes.Next(Writes.Case(number), version)) == StoreWriteResult.Written)
                {
                    Interlocked.Increment(ref written[number]);
                }
            }
        })));
        return written;
    }

    /// <summary>Acknowledged writes that are not there; versions must be without gaps in any case.</summary>
    private static async Task<int> Lost(TestStore test, int[] written)
    {
        var lost = 0;
        for (var number = 0; number < Aggregates; number++)
        {
            var events = await test.Store.ReadEvents(Writes.Case(number), 0, int.MaxValue);
            Assert.Equal(Enumerable.Range(1, events.Count).Select(v => (long)v), events.Select(e => e.Version));
            lost += written[number] - events.Count;
        }

        return lost;
    }
}

public sealed class FenceOnSqlite() : Fence(Engine.Sqlite);

public sealed class FenceOnPostgres() : Fence(Engine.Postgres);
