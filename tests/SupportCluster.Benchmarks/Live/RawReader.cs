using System.Diagnostics;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace SupportCluster.Benchmarks.Live;

/// <summary>A connection to a hub that costs its process as little as possible: it counts frames, and may stop reading.</summary>
internal sealed class RawReader : IAsyncDisposable
{
    private static readonly byte[] Frame = "\"target\":\"Frame\""u8.ToArray();
    private readonly ClientWebSocket socket = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Action<long, ReadOnlyMemory<byte>> received;
    private Task? reading;

    private RawReader(Action<long, ReadOnlyMemory<byte>> received) => this.received = received;

    /// <summary>What one frame looked like, as JSON: the last that came.</summary>
    internal byte[]? Last { get; private set; }

    /// <summary>The receive buffer of one who will stop reading, so that the server soon feels it. One that falls behind with so small a buffer gets some 64 KB a second over loopback.</summary>
    internal const int SmallBuffer = 16 * 1024;

    /// <param name="received">Told of each message that holds frames: how many, and its bytes.</param>
    /// <param name="buffer">Size of the socket's receive buffer; null for the system's.</param>
    internal static async Task<RawReader> Connect(string url, string token, Action<long, ReadOnlyMemory<byte>> received, int? buffer, params string[] topics)
    {
        var reader = new RawReader(received);
        reader.socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        reader.socket.Options.SetBuffer(4096, 4096);
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancel) =>
            {
                var tcp = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                tcp.ReceiveBufferSize = buffer ?? tcp.ReceiveBufferSize;
                await tcp.ConnectAsync(context.DnsEndPoint, cancel);
                return new NetworkStream(tcp, ownsSocket: true);
            },
        };
        await reader.socket.ConnectAsync(new Uri(url.Replace("http", "ws", StringComparison.Ordinal) + "/hub"), new HttpMessageInvoker(handler), CancellationToken.None);
        await reader.Send("""{"protocol":"json","version":1}""");
        foreach (var topic in topics)
        {
            await reader.Send($$"""{"type":1,"target":"Watch","arguments":["{{topic}}",null]}""");
        }

        reader.reading = Task.Run(reader.Read);
        return reader;
    }

    /// <summary>Reads no more, and stays connected.</summary>
    internal void StopReading() => stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        socket.Abort();
        socket.Dispose();
        if (reading is not null)
        {
            await reading;
        }

        stop.Dispose();
    }

    private Task Send(string message) => socket.SendAsync(Encoding.UTF8.GetBytes(message + "\u001e"), WebSocketMessageType.Text, true, CancellationToken.None);

    private async Task Read()
    {
        var buffer = new byte[4096];
        var length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length * 2);
                }

                // Cancelling a receive would end the connection: whoever stops reading stops after the next message.
                var part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                length += part.Count;
                if (part.EndOfMessage)
                {
                    var message = buffer.AsMemory(0, length);
                    var frames = message.Span.Count(Frame);
                    if (frames > 0)
                    {
                        Last = frames == 1 ? message.ToArray() : Last;
                        received(frames, message);
                    }

                    length = 0;
                    if (stop.IsCancellationRequested)
                    {
                        return;
                    }
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The connection has gone.
        }
    }
}

/// <summary>Counts what all readers have received, and when.</summary>
internal sealed class Received
{
    private readonly Lock gate = new();
    private readonly List<long> ticks = [];
    private TaskCompletionSource? reached;
    private long count;
    private long target;
    private long since;

    internal void Add(long frames)
    {
        lock (gate)
        {
            count += frames;
            for (var i = 0; i < frames; i++)
            {
                ticks.Add(Stopwatch.GetTimestamp() - since);
            }

            if (reached is not null && count >= target)
            {
                reached.TrySetResult();
            }
        }
    }

    /// <summary>Begins to count anew; completes with so many.</summary>
    internal Task Expect(long frames)
    {
        lock (gate)
        {
            (count, target, since) = (0, frames, Stopwatch.GetTimestamp());
            reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return reached.Task.WaitAsync(TimeSpan.FromSeconds(60), Node.Time);
        }
    }

    /// <summary>How long each frame took since <see cref="Expect"/>, of all since the last call.</summary>
    internal IReadOnlyList<long> Take()
    {
        lock (gate)
        {
            long[] taken = [.. ticks];
            ticks.Clear();
            return taken;
        }
    }
}
