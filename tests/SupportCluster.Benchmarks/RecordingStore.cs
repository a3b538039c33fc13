using System.Collections.Concurrent;
using NodaTime;
using SupportCluster.Storage;

namespace SupportCluster.Benchmarks;

/// <summary>Remembers what the grains have written, so that the very same transactions can be carried out without grains.</summary>
internal sealed class RecordingStore(IStore store) : IStore
{
    private ConcurrentQueue<StoreWrite> written = [];

    /// <summary>What was written since the last call, in order of commit for each aggregate.</summary>
    internal IReadOnlyCollection<StoreWrite> Take() => Interlocked.Exchange(ref written, []);

    public async Task<StoreWriteResult> Write(StoreWrite write)
    {
        var result = await store.Write(write);
        if (result == StoreWriteResult.Written)
        {
            written.Enqueue(write);
        }

        return result;
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
}
