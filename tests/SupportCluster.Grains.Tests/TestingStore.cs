using System.Collections.Concurrent;
using NodaTime;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Tests;

/// <summary>What a store does to a write that is to fail.</summary>
internal enum Fault
{
    /// <summary>Nothing was written.</summary>
    Refuse,

    /// <summary>It was written, and the answer was lost.</summary>
    LoseAnswer,
}

/// <summary>The real store, with faults on demand and news of every write.</summary>
internal sealed class TestingStore(IStore store) : IStore
{
    private readonly ConcurrentQueue<StoreWrite> written = new();
    private volatile TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Asked before each write; null lets it pass.</summary>
    internal Func<StoreWrite, Fault?> Faults { get; set; } = _ => null;

    /// <summary>Awaited before each write.</summary>
    internal Func<StoreWrite, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>What was written, in order.</summary>
    internal IReadOnlyCollection<StoreWrite> Written => written;

    /// <summary>Completes with the next write, done or failed.</summary>
    internal Task Next => changed.Task;

    /// <summary>The first write that fits fails, the others do not.</summary>
    internal void FailOnce(Fault fault, Func<StoreWrite, bool> which)
    {
        var left = 1;
        Faults = write => which(write) && Interlocked.Exchange(ref left, 0) == 1 ? fault : null;
    }

    public async Task<StoreWriteResult> Write(StoreWrite write)
    {
        await Before(write);
        try
        {
            switch (Faults(write))
            {
                case Fault.Refuse:
                    throw new StoreException("Refused by the test.");
                case Fault.LoseAnswer:
                    await Pass(write);
                    throw new StoreException("The answer was lost by the test.");
                default:
                    return await Pass(write);
            }
        }
        finally
        {
            Interlocked.Exchange(ref changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }

    public Task<StoredAggregate?> Read(AggregateKey key) => store.Read(key);

    public Task<long> ReadVersion(AggregateKey key) => store.ReadVersion(key);

    public Task<IReadOnlyList<StoredEvent>> ReadEvents(AggregateKey key, long after, int limit) => store.ReadEvents(key, after, limit);

    public Task<IReadOnlyList<string>> ListIds(string type, string? after, int limit) => store.ListIds(type, after, limit);

    public Task<IReadOnlyList<DueAggregate>> Due(Instant until, int limit, (uint Begin, uint End)? range = null) => store.Due(until, limit, range);

    public Task<IReadOnlyList<DueAggregate>> Overdue(Instant before, int limit, (uint Begin, uint End)? range = null) => store.Overdue(before, limit, range);

    public Task<DirectoryPage> ListCases(CaseFilter filter, int limit, string? after = null) => store.ListCases(filter, limit, after);

    public Task<IReadOnlyList<CaseDirectoryEntry>> WaitingIn(string queue) => store.WaitingIn(queue);

    public Task<IReadOnlyList<QueueFigures>> Queues() => store.Queues();

    public Task<CaseBoard> Board(string? region, int urgent, Instant since) => store.Board(region, urgent, since);

    public Task<IReadOnlyDictionary<string, string>> FindSourceKeys(IReadOnlyCollection<string> keys) => store.FindSourceKeys(keys);

    public Task<string?> NextSourceKey(string after) => store.NextSourceKey(after);

    public Task<Instant> ReadClock() => store.ReadClock();

    public Task<StoreFigures> Figures() => store.Figures();

    public Task Backup(string path, CancellationToken cancel = default) => store.Backup(path, cancel);

    private async Task<StoreWriteResult> Pass(StoreWrite write)
    {
        var result = await store.Write(write);
        if (result == StoreWriteResult.Written)
        {
            written.Enqueue(write);
        }

        return result;
    }
}
