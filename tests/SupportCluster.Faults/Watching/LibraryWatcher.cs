using System.Collections.Concurrent;
using SupportCluster.Client.Live;
using SupportCluster.Faults.Checking;
using SupportCluster.Faults.Load;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Faults.Watching;

/// <summary>Watches cases and queues with the client library, which rides out the kills by itself.</summary>
internal sealed class LibraryWatcher(Api api, string persona, int first = 0) : IAsyncDisposable
{
    private readonly LiveClient client = new(api.Options(persona, first: first), RealTime.Provider);
    private readonly ConcurrentDictionary<string, List<CaseSight>> cases = new();
    private readonly ConcurrentDictionary<string, List<QueueSight>> queues = new();
    private readonly ConcurrentBag<Task> following = [];

    internal void WatchCase(string number)
    {
        if (cases.TryAdd(number, []))
        {
            following.Add(Follow(number));
        }
    }

    internal void WatchQueue(string queue)
    {
        if (queues.TryAdd(queue, []))
        {
            following.Add(FollowQueue(queue));
        }
    }

    /// <summary>The version of a case that it was last told of.</summary>
    internal long Version(string number) => View(number)?.Version ?? 0;

    /// <summary>A case as it was last told; null before it was.</summary>
    internal CaseView? View(string number)
    {
        lock (cases[number])
        {
            return cases[number].LastOrDefault()?.View;
        }
    }

    /// <summary>The cases of a queue as it was last told, by number.</summary>
    internal IReadOnlyList<string> Cases(string queue)
    {
        lock (queues[queue])
        {
            return [.. (queues[queue].LastOrDefault()?.View?.Cases ?? []).Select(c => c.Number)];
        }
    }

    internal IReadOnlyList<WatchedCase> SeenCases() => [.. cases.Select(c => new WatchedCase($"client library {persona}", c.Key, persona.StartsWith("contact.", StringComparison.Ordinal), Copy(c.Value), People.CustomerOf(persona)))];

    internal IReadOnlyList<WatchedQueue> SeenQueues() => [.. queues.Select(q => new WatchedQueue($"client library {persona}", q.Key, Copy(q.Value)))];

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        await Task.WhenAll(following);
    }

    private async Task Follow(string number)
    {
        try
        {
            await foreach (var update in client.WatchCase(number))
            {
                lock (cases[number])
                {
                    cases[number].Add(new(RealTime.Now, Kind(update.Kind), update.Cursor, Reset: update.Reset, Changes: update.Changes, View: update.Case));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The client was disposed of.
        }
    }

    private async Task FollowQueue(string queue)
    {
        try
        {
            await foreach (var update in client.WatchQueue(queue))
            {
                lock (queues[queue])
                {
                    queues[queue].Add(new(RealTime.Now, Kind(update.Kind), update.Cursor, Reset: update.Reset, Changes: update.Changes, View: update.Queue));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The client was disposed of.
        }
    }

    private static IReadOnlyList<T> Copy<T>(List<T> sights)
    {
        lock (sights)
        {
            return [.. sights];
        }
    }

    private static SightKind Kind(UpdateKind kind) => Enum.Parse<SightKind>(kind.ToString());
}
