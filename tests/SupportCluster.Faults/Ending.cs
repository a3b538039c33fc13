using System.Collections.Concurrent;
using NodaTime;
using SupportCluster.Client;
using SupportCluster.Faults.Checking;
using SupportCluster.Faults.Load;
using SupportCluster.Faults.Servers;
using SupportCluster.Faults.Watching;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Engineers;
using SupportCluster.Protocol.Queues;

namespace SupportCluster.Faults;

/// <summary>How a run ends: the service comes to rest, and everything is read back.</summary>
/// <param name="queues">That are read back; those of the usual people when absent.</param>
internal sealed class Ending(Api api, Desk desk, IReadOnlyList<Audience> audiences, IReadOnlyList<string>? queues = null)
{
    private const int AtOnce = 10;
    private readonly IReadOnlyList<string> queues = queues ?? [People.Queue, People.DenseQueue];

    /// <summary>Waits until nothing is due any more and everybody has been told; if that does not come, the checker says what is missing.</summary>
    internal async Task<bool> Settled(TimeSpan limit, CancellationToken cancel)
    {
        using var admin = new SupportClusterClient(api.Options("admin"), RealTime.Provider);
        return await RealTime.Until(async () =>
        {
            var open = await All(after => admin.Cases(new CaseQuery(Open: true, Limit: 200, After: after), cancel));
            if (open.Any(c => c.NextDeadline is not null))
            {
                return false;
            }

            foreach (var engineer in (await admin.Engineers(200, cancellation: cancel)).Items)
            {
                if (engineer.Cases.Any(c => c.Reserved) || !engineer.Cases.Select(c => c.Number).ToHashSet().SetEquals(open.Where(c => c.Owner == engineer.Id).Select(c => c.Number)))
                {
                    return false;
                }
            }

            foreach (var key in queues)
            {
                var waiting = (await admin.Queue(key, cancel)).Cases.Select(c => c.Number).ToHashSet();
                if (!waiting.SetEquals(open.Where(c => c.Queue == key && c.Owner is null && c.Status != CaseStatus.Reported).Select(c => c.Number))
                    || audiences.Any(a => !waiting.SetEquals(a.Waiting(key))))
                {
                    return false;
                }
            }

            using var reader = new SupportClusterClient(api.Options(People.Contacts[0]), RealTime.Provider);
            foreach (var audience in audiences)
            {
                if (!await audience.IsCurrent(async n => (await admin.Case(n, cancel)).Version, async n => (await reader.Case(n, cancel)).Version))
                {
                    return false;
                }
            }

            return true;
        }, limit, cancel);
    }

    /// <summary>Reads everything back over REST.</summary>
    internal async Task<RecordedRun> Read(CancellationToken cancel, IReadOnlyList<WatchedCase>? more = null, Duration skew = default)
    {
        var quiet = RealTime.Now;
        using var admin = new SupportClusterClient(api.Options("admin"), RealTime.Provider);
        using var reader = new SupportClusterClient(api.Options(People.Contacts[0]), RealTime.Provider);
        IReadOnlyList<WatchedCase> watched = [.. audiences.SelectMany(a => a.SeenCases()), .. more ?? []];
        var publicly = watched.Where(w => w.AsContact && w.Customer == People.WideContract).Select(w => w.Number).ToHashSet();
        var cases = new ConcurrentBag<RecordedCase>();
        await Parallel.ForEachAsync(await All(after => admin.Cases(new CaseQuery(Limit: 200, After: after), cancel)), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (c, ct) =>
            cases.Add(new(
                await admin.Case(c.Number, ct),
                await All(after => admin.History(c.Number, after, 200, ct)),
                publicly.Contains(c.Number) ? await reader.Case(c.Number, ct) : null)));
        IReadOnlyList<EngineerView> engineers = (await admin.Engineers(200, cancellation: cancel)).Items;
        var waiting = new List<QueueView>();
        foreach (var key in queues)
        {
            waiting.Add(await admin.Queue(key, cancel));
        }

        return new(
            [.. desk.Commands],
            [.. cases],
            engineers,
            waiting,
            watched,
            [.. audiences.SelectMany(a => a.SeenQueues())],
            ShortPolicy.AcknowledgeWithin,
            quiet,
            skew);
    }

    private static async Task<IReadOnlyList<T>> All<T>(Func<string?, Task<Page<T>>> read)
    {
        var all = new List<T>();
        string? after = null;
        do
        {
            var page = await read(after);
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return all;
    }
}
