using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR.Client;
using NodaTime;
using SupportCluster.Protocol.Live;

namespace SupportCluster.Client.Live;

/// <summary>
/// What waits for one consumer of a topic. Never holds up the connection: frames beyond the limit are thrown away,
/// of which the consumer is told, so that it watches again from where it stands.
/// </summary>
internal sealed class Follower
{
    private const int Limit = 1000;
    private readonly Channel<Signal> signals = Channel.CreateUnbounded<Signal>(new UnboundedChannelOptions { SingleReader = true });
    private int waiting;
    private int overflowed;

    internal void Tell(Signal signal) => signals.Writer.TryWrite(signal);

    internal void Receive(Frame frame)
    {
        if (Volatile.Read(ref overflowed) == 1)
        {
            return;
        }

        if (Interlocked.Increment(ref waiting) > Limit)
        {
            Interlocked.Exchange(ref overflowed, 1);
            Tell(new Signal.Overflow());
        }
        else
        {
            Tell(new Signal.Received(frame));
        }
    }

    internal async ValueTask<Signal> Next(CancellationToken ct)
    {
        var signal = await signals.Reader.ReadAsync(ct);
        switch (signal)
        {
            case Signal.Received:
                Interlocked.Decrement(ref waiting);
                break;
            case Signal.Overflow:
                Interlocked.Decrement(ref waiting);
                Interlocked.Exchange(ref overflowed, 0);
                break;
            default:
                break;
        }

        return signal;
    }

    internal abstract record Signal
    {
        /// <summary>There is a connection: watch.</summary>
        internal sealed record Online(HubConnection Hub) : Signal;

        /// <summary>There is none.</summary>
        internal sealed record Offline(Instant Since) : Signal;

        /// <summary>A frame came.</summary>
        internal sealed record Received(Frame Frame) : Signal;

        /// <summary>Frames were thrown away.</summary>
        internal sealed record Overflow : Signal;

        /// <summary>It is over.</summary>
        internal sealed record Ended(Exception Reason) : Signal;
    }
}
