using System.Collections.Concurrent;
using NodaTime;
using SupportCluster.Client;
using SupportCluster.Faults.Checking;
using SupportCluster.Faults.Load;
using SupportCluster.Faults.Servers;
using SupportCluster.Faults.Watching;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Queues;

namespace SupportCluster.Faults;

/// <summary>How a run ends: the service comes to rest, and everything is read back.</summary>
/// <param name="queues">That are read back; those of the usual people when absent.</param>
internal sealed class Ending(Api api, Desk desk, IReadOnlyList<Audience> audiences, IReadOnlyList<string>? queues = null)
{
    private const int AtOnce = 10;
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly IReadOnlyList<string> queues = queues ?? [People.Queue, People.DenseQueue];

    /// <summary>Waits until nothing is due any more and everybody has been told; if that does not come, the checker says what is missing.</summary>
    internal async Task<bool> Settled(TimeSpan limit, CancellationToken cancel)
    {
        using var admin = new SupportClusterClient(api.Options("admin"), RealTime.Provider);
        return await RealTime.Until(async () =>
        {
            var open = await Pages.ToEnd(after => admin.Cases(new CaseQuery(Open: true, Limit: 200, After: after), cancel));
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

    /// <summary>
    /// Reads everything back over REST. The clock goes on meanwhile, and a case of severity 1 that nobody takes escalates: what a
    /// watcher knows that was not read yet is read again, and a watcher that knows less has a moment to be told.
    /// </summary>
    /// <param name="more">Who watched besides the audiences; asked anew each time.</param>
    internal async Task<RecordedRun> Read(CancellationToken cancel, Func<IReadOnlyList<WatchedCase>>? more = null, Duration skew = default)
    {
        IReadOnlyList<WatchedCase> Watched() => [.. audiences.SelectMany(a => a.SeenCases()), .. more?.Invoke() ?? []];
        for (var begun = RealTime.Provider.GetTimestamp(); ;)
        {
            var quiet = RealTime.Now;
            var watched = Watched();
            var publicly = watched.Where(w => w.AsContact && w.Customer == People.WideContract).Select(w => w.Number).ToHashSet();
            var cases = await Cases(publicly, cancel);
            var read = cases.ToDictionary(c => c.View.Number);
            long Ahead(WatchedCase w) => read.TryGetValue(w.Number, out var c) && (w.AsContact ? c.Public : c.View) is { } view ? (w.Sights.LastOrDefault(s => s.View is not null)?.View?.Version ?? 0) - view.Version : 0;
            await RealTime.Until(() => Task.FromResult((watched = Watched()).All(w => Ahead(w) >= 0)), Moment, cancel);
            if (RealTime.Provider.GetElapsedTime(begun) < Patience && (watched.Any(w => Ahead(w) > 0) || cases.Any(c => c.History.Count != c.View.Version)))
            {
                continue;
            }

            using var admin = new SupportClusterClient(api.Options("admin"), RealTime.Provider);
            var waiting = new List<QueueView>();
            foreach (var key in queues)
            {
                waiting.Add(await admin.Queue(key, cancel));
            }

            return new(
                [.. desk.Commands],
                cases,
                (await admin.Engineers(200, cancellation: cancel)).Items,
                waiting,
                watched,
                [.. audiences.SelectMany(a => a.SeenQueues())],
                ShortPolicy.AcknowledgeWithin,
                quiet,
                skew);
        }
    }

    private async Task<IReadOnlyList<RecordedCase>> Cases(HashSet<string> publicly, CancellationToken cancel)
    {
        using var admin = new SupportClusterClient(api.Options("admin"), RealTime.Provider);
        using var reader = new SupportClusterClient(api.Options(People.Contacts[0]), RealTime.Provider);
        var cases = new ConcurrentBag<RecordedCase>();
        await Parallel.ForEachAsync(await Pages.ToEnd(after => admin.Cases(new CaseQuery(Limit: 200, After: after), cancel)), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (c, ct) =>
            cases.Add(new(
                await admin.Case(c.Number, ct),
                await Pages.ToEnd(after => admin.History(c.Number, after, 200, ct)),
                publicly.Contains(c.Number) ? await reader.Case(c.Number, ct) : null)));
        return [.. cases];
    }
}
