using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using SupportCluster.Faults.Checking;
using SupportCluster.Faults.Load;
using SupportCluster.Faults.Servers;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;
using SupportCluster.Protocol.Live;

namespace SupportCluster.Faults.Watching;

/// <summary>
/// Watches cases without the client library's help: connects again after every kill, hands back the last cursor of each topic, and records
/// every frame as it came.
/// </summary>
/// <param name="first">Which server it connects to; each time that a connection fails it goes on to the next.</param>
/// <param name="only">The one place to connect to instead.</param>
internal sealed class RawWatcher(IService service, Api api, string persona, int first = 0, Uri? only = null) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, List<CaseSight>> sights = new();
    private readonly ConcurrentDictionary<string, string> cursors = new();
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim watching = new(1, 1);
    private readonly HashSet<string> watched = [];
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);
    private HubConnection? hub;
    private int connections;
    private Task running = Task.CompletedTask;

    internal void Start() => running = Task.Run(Run);

    /// <summary>Watches one more case, from its present state on.</summary>
    /// <param name="label">Sets apart several watches of one case.</param>
    internal async Task Watch(string number, int? label = null)
    {
        var topic = $"case:{number}{(label is null ? "" : $"#{label}")}";
        if (sights.TryAdd(topic, []) && hub is { } connected)
        {
            await TryWatch(connected, topic);
        }
    }

    internal bool Watches(string number) => sights.ContainsKey($"case:{number}");

    internal int Topics => sights.Count;

    /// <summary>How many connections have been made and have had all their topics watched.</summary>
    internal int Connections => Volatile.Read(ref connections);

    /// <summary>Ends the present connection, as a network does.</summary>
    internal async Task Drop()
    {
        if (hub is { } connected)
        {
            try
            {
                await connected.StopAsync(stop.Token).WaitAsync(AnswerWithin, RealTime.Provider);
            }
            catch (TimeoutException)
            {
                // It ends when it can.
            }
        }
    }

    /// <summary>The version of a case that it was last told of.</summary>
    internal long Version(string number)
    {
        var seen = sights[$"case:{number}"];
        lock (seen)
        {
            return seen.LastOrDefault(s => s.View is not null)?.View!.Version ?? 0;
        }
    }

    /// <summary>What was seen.</summary>
    internal IReadOnlyList<WatchedCase> Seen() => [.. sights.Select(s => new WatchedCase($"SignalR {persona}", s.Key["case:".Length..].Split('#')[0], persona.StartsWith("contact.", StringComparison.Ordinal), Copy(s.Value), People.CustomerOf(persona)))];

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        watching.Dispose();
        stop.Dispose();
    }

    private static IReadOnlyList<CaseSight> Copy(List<CaseSight> seen)
    {
        lock (seen)
        {
            return [.. seen];
        }
    }

    private async Task Run()
    {
        for (var attempt = first; !stop.IsCancellationRequested; attempt++)
        {
            try
            {
                await service.Up(stop.Token);
                var connection = new HubConnectionBuilder()
                    .WithUrl(new Uri(only ?? service.Addresses[attempt % service.Addresses.Count], "hub"), o => o.AccessTokenProvider = async () => await api.Token(persona, stop.Token))
                    .WithServerTimeout(HubPings.SilentFor)
                    .AddJsonProtocol(json => WireJson.Apply(json.PayloadSerializerOptions))
                    .Build();
                await using var _ = connection;
                var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                connection.Closed += _ =>
                {
                    closed.TrySetResult();
                    return Task.CompletedTask;
                };
                connection.On<Frame>(nameof(ISupportHubClient.Frame), Receive);
                using (var limit = new CancellationTokenSource(ConnectWithin, RealTime.Provider))
                using (var starting = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop.Token))
                {
                    await connection.StartAsync(starting.Token);
                }

                hub = connection;
                foreach (var topic in sights.Keys)
                {
                    await TryWatch(connection, topic);
                }

                Interlocked.Increment(ref connections);

                await closed.Task.WaitAsync(stop.Token);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Killed in between: connect again.
                await RealTime.Think(TimeSpan.FromMilliseconds(100), default);
            }

            hub = null;
            watched.Clear();
        }
    }

    /// <summary>Each topic once a connection: to watch it again would begin it anew.</summary>
    private async Task TryWatch(HubConnection connection, string topic)
    {
        try
        {
            await watching.WaitAsync(stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The end of the run.
            return;
        }

        try
        {
            if (connection == hub && watched.Add(topic))
            {
                await connection.InvokeAsync(nameof(ISupportHub.Watch), topic, cursors.GetValueOrDefault(topic), stop.Token).WaitAsync(AnswerWithin, RealTime.Provider);
            }
        }
        catch (TimeoutException)
        {
            // Its node hangs, or its network: somewhere else it is watched again.
            _ = Drop();
        }
        catch (HubException e) when (!e.Message.Contains("HubException: ", StringComparison.Ordinal))
        {
            // Not refused, but failed, because somebody else was killed: watched again in a moment. A refusal would show as a watcher that is not current.
            watched.Remove(topic);
            _ = Task.Run(async () =>
            {
                await RealTime.Think(TimeSpan.FromMilliseconds(500), default);
                if (!stop.IsCancellationRequested)
                {
                    await TryWatch(connection, topic);
                }
            });
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Killed in between: the next connection watches it.
        }
        finally
        {
            watching.Release();
        }
    }

    private void Receive(Frame frame)
    {
        var at = RealTime.Now;
        var sight = frame switch
        {
            Frame.Snapshot s => new CaseSight(at, SightKind.Snapshot, s.Cursor, Reset: s.Reset, View: s.View.Deserialize<CaseView>(WireJson.Tolerant)),
            Frame.Change c => new CaseSight(at, SightKind.Change, c.Cursor, c.Since, Changes: c.Changes.Deserialize<HistoryEntry[]>(WireJson.Tolerant), View: c.View?.Deserialize<CaseView>(WireJson.Tolerant)),
            Frame.UpToDate u => new CaseSight(at, SightKind.UpToDate, u.Cursor),
            _ => new CaseSight(at, SightKind.Stale),
        };
        var seen = sights[frame.Topic];
        lock (seen)
        {
            seen.Add(sight);
        }

        if (sight.Cursor is not null)
        {
            cursors[frame.Topic] = sight.Cursor;
        }
    }
}
