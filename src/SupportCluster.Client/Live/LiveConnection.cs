using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Live;

namespace SupportCluster.Client.Live;

/// <summary>
/// One connection to the hub, begun with the first watch and kept up until disposal: SignalR's own reconnecting neither repeats the
/// first start nor watches again. Every watch goes on from the last cursor that its consumer has seen, at the next address when there are several.
/// </summary>
internal sealed class LiveConnection(SupportClusterOptions options, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    /// <summary>A node that hangs takes connections and never answers.</summary>
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(10);

    private readonly AddressBook addresses = new(options);

    private readonly Lock gate = new();
    private readonly HashSet<Follower> followers = [];
    private readonly Dictionary<string, Follower> labels = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stop = new();
    private Task? running;
    private Follower.Signal? present;
    private long watches;
    private bool disposed;

    /// <summary>The connection while there is one.</summary>
    internal HubConnection? Hub => (present as Follower.Signal.Online)?.Hub;

    internal async IAsyncEnumerable<Frame> Follow(string topic, string? cursor, [EnumeratorCancellation] CancellationToken ct)
    {
        var follower = Add();
        HubConnection? hub = null;
        string? label = null;
        var stale = false;
        var pause = FirstPause;
        try
        {
            while (true)
            {
                Frame? tell = null;
                var again = false;
                switch (await follower.Next(ct))
                {
                    case Follower.Signal.Ended ended:
                        throw ended.Reason;
                    case Follower.Signal.Offline offline:
                        Forget(label);
                        (hub, label) = (null, null);
                        tell = stale ? null : new Frame.Stale(topic, offline.Since);
                        break;
                    case Follower.Signal.Online online:
                        // Should it be gone by now, the watch fails and the next announcement is in the queue.
                        hub = online.Hub;
                        again = true;
                        break;
                    case Follower.Signal.Overflow:
                        again = hub is not null;
                        break;
                    case Follower.Signal.Received { Frame: var frame } when frame.Topic == label:
                        again = frame is Frame.Change change && change.Since != cursor;
                        tell = again ? null : frame with { Topic = topic };
                        break;
                    default:
                        // A late frame of a watch that has been given up.
                        break;
                }

                if (again)
                {
                    var watched = await TryWatch(follower, hub!, label, topic, cursor, ct);
                    label = watched.Label;
                    if (watched.Refused is not null)
                    {
                        throw watched.Refused;
                    }

                    if (watched.Repeat)
                    {
                        tell = stale ? null : new Frame.Stale(topic, Now());
                        Repeat(follower, hub!, pause);
                        pause = Longer(pause);
                    }
                }

                if (tell is not null)
                {
                    stale = tell is Frame.Stale;
                    pause = stale ? pause : FirstPause;
                    cursor = tell switch
                    {
                        Frame.Snapshot snapshot => snapshot.Cursor,
                        Frame.Change change => change.Cursor,
                        Frame.UpToDate upToDate => upToDate.Cursor,
                        _ => cursor,
                    };
                    yield return tell;
                }
            }
        }
        finally
        {
            Remove(follower);
            Forget(label);
            if (hub is not null && label is not null)
            {
                // Nobody waits for it; should it fail, the connection has gone.
                _ = hub.SendAsync(nameof(ISupportHub.Unwatch), label, CancellationToken.None)
                    .ContinueWith(static sent => sent.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task? loop;
        lock (gate)
        {
            if (disposed)
            {
                return;
            }

            disposed = true;
            loop = running;
            End(new OperationCanceledException("The client has been disposed of."));
        }

        await stop.CancelAsync();
        if (loop is not null)
        {
            await loop;
        }

        stop.Dispose();
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private static TimeSpan Jitter(TimeSpan pause) => pause * Random.Shared.NextDouble();

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());

    private Follower Add()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var follower = new Follower();
            followers.Add(follower);
            if (present is not null)
            {
                follower.Tell(present);
            }

            running ??= Task.Run(() => Run(stop.Token));
            return follower;
        }
    }

    private void Remove(Follower follower)
    {
        lock (gate)
        {
            followers.Remove(follower);
        }
    }

    private void Forget(string? label)
    {
        lock (gate)
        {
            if (label is not null)
            {
                labels.Remove(label);
            }
        }
    }

    private void Announce(Follower.Signal signal)
    {
        lock (gate)
        {
            present = signal;
            foreach (var follower in followers)
            {
                follower.Tell(signal);
            }
        }
    }

    private void End(Exception reason)
    {
        present = null;
        foreach (var follower in followers)
        {
            follower.Tell(new Follower.Signal.Ended(reason));
        }
    }

    private void Receive(Frame frame)
    {
        Follower? follower;
        lock (gate)
        {
            labels.TryGetValue(frame.Topic, out follower);
        }

        follower?.Receive(frame);
    }

    /// <summary>Watches under a new label, so that nothing of a former attempt is taken for this one's.</summary>
    private async Task<(string Label, bool Repeat, WatchRefusedException? Refused)> TryWatch(
        Follower follower, HubConnection hub, string? former, string topic, string? cursor, CancellationToken ct)
    {
        string label;
        lock (gate)
        {
            label = $"{topic}#{++watches}";
            labels[label] = follower;
            if (former is not null)
            {
                labels.Remove(former);
            }
        }

        try
        {
            if (former is not null)
            {
                await hub.InvokeAsync(nameof(ISupportHub.Unwatch), former, ct);
            }

            await hub.InvokeAsync(nameof(ISupportHub.Watch), label, cursor, ct);
            return (label, false, null);
        }
        catch (HubException e)
        {
            return Refusal(e.Message) is { } refused ? (label, false, refused) : (label, true, null);
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            // The connection broke: its end, then the next one, is announced.
            return (label, false, null);
        }
    }

    private void Repeat(Follower follower, HubConnection hub, TimeSpan pause) =>
        _ = Task.Run(async () =>
        {
            await Task.Delay(Jitter(pause), time);
            lock (gate)
            {
                if (Hub == hub)
                {
                    follower.Tell(new Follower.Signal.Online(hub));
                }
            }
        });

    /// <summary>SignalR wraps the message: what follows the exception's name is <c>code: text</c>, or there is none for unexpected failures. Too many calls at a time are repeated like those.</summary>
    private static WatchRefusedException? Refusal(string message)
    {
        const string Marker = "HubException: ";
        var start = message.IndexOf(Marker, StringComparison.Ordinal);
        var text = start < 0 ? "" : message[(start + Marker.Length)..];
        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        return colon > 0 && text[..colon] != "too-many-calls" && text[..colon].All(c => char.IsAsciiLetterLower(c) || c == '-')
            ? new WatchRefusedException(text[..colon], text[(colon + 2)..])
            : null;
    }

    private async Task Run(CancellationToken ct)
    {
        var pause = FirstPause;
        Instant? offline = null;
        var begun = Now();
        while (!ct.IsCancellationRequested)
        {
            var address = addresses.Present;
            var hub = Build(address);
            try
            {
                var closed = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
                hub.Closed += reason =>
                {
                    closed.TrySetResult(reason);
                    return Task.CompletedTask;
                };
                hub.On<Frame>(nameof(ISupportHubClient.Frame), Receive);
                using (var limit = new CancellationTokenSource(ConnectWithin, time))
                using (var starting = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct))
                {
                    await hub.StartAsync(starting.Token);
                }

                offline = null;
                var up = time.GetTimestamp();
                Announce(new Follower.Signal.Online(hub));
                var end = await closed.Task.WaitAsync(ct);

                // After a silence, what is shown may be as old as the silence.
                begun = Now() - (end is TimeoutException ? Duration.FromTimeSpan(hub.ServerTimeout) : Duration.Zero);
                if (time.GetElapsedTime(up) >= Settled)
                {
                    pause = FirstPause;
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                if (await Refused(address, ct) is { } refused)
                {
                    lock (gate)
                    {
                        // Whoever watches next begins anew, perhaps with another token.
                        End(refused);
                        running = null;
                        return;
                    }
                }
            }
            finally
            {
                await hub.DisposeAsync();
            }

            addresses.Leave(address);
            if (offline is null)
            {
                offline = begun;
                Announce(new Follower.Signal.Offline(begun));
            }

            try
            {
                await Task.Delay(Jitter(pause), time, ct);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            pause = Longer(pause);
        }
    }

    private HubConnection Build(Uri address)
    {
        var builder = new HubConnectionBuilder().WithUrl(new Uri(address, "hub"), http =>
        {
            http.AccessTokenProvider = async () => options.Token is { } token ? await token(stop.Token) : null;
            if (options.Handler is { } handler)
            {
                http.HttpMessageHandlerFactory = _ => new Borrowed(handler);
                http.Transports = HttpTransportType.LongPolling;
            }
            else
            {
                // One request, one connection: it works behind balancers without sticky sessions.
                http.Transports = HttpTransportType.WebSockets;
                http.SkipNegotiation = true;
            }
        });
        return builder.WithServerTimeout(HubPings.SilentFor).AddJsonProtocol(json => WireJson.Apply(json.PayloadSerializerOptions)).Build();
    }

    /// <summary>A WebSocket that fails does not say why everywhere, least of all in a browser: a plain request to the same place does.</summary>
    private async Task<WatchRefusedException?> Refused(Uri address, CancellationToken ct)
    {
        try
        {
            using var limit = new CancellationTokenSource(ConnectWithin, time);
            using var asking = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
            using var http = options.Handler is { } handler ? new HttpClient(handler, disposeHandler: false) : new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "hub"));
            if (options.Token is { } token && await token(asking.Token) is { } bearer)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
            }

            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, asking.Token);
            return response.StatusCode switch
            {
                HttpStatusCode.Unauthorized => await IsRevoked(response, asking.Token)
                    ? new WatchRefusedException(WatchRefusedException.SignInRevoked, "The sign-in was revoked.")
                    : new WatchRefusedException("unauthorized", "The server does not accept the token."),
                HttpStatusCode.Forbidden => new WatchRefusedException("forbidden", "The server does not let this reader connect."),
                _ => null,
            };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }

    private static async Task<bool> IsRevoked(HttpResponseMessage response, CancellationToken ct) =>
        response.Content.Headers.ContentType?.MediaType == "application/problem+json"
        && (await response.Content.ReadFromJsonAsync<Problem>(WireJson.Tolerant, ct))?.Code == WatchRefusedException.SignInRevoked;

    /// <summary>Keeps a handler that belongs to somebody else from being disposed of with the connection.</summary>
    private sealed class Borrowed(HttpMessageHandler handler) : DelegatingHandler(handler)
    {
#pragma warning disable CA2215 // Not calling the base is the whole point: it disposes of the handler.
        protected override void Dispose(bool disposing)
        {
        }
#pragma warning restore CA2215
    }
}
