using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SupportCluster.Faults.Servers;

/// <summary>A proxy on a loopback port of its own, through which one process reaches another: the place where a network fails.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<Socket, bool> sockets = new();
    private readonly int target;
    private readonly Func<int, (Flow There, Flow Back)> flows;
    private readonly Task accepting;

    /// <param name="target">The port that is reached through it.</param>
    /// <param name="flows">What a connection from this port belongs to.</param>
    internal Wire(int target, Func<int, (Flow There, Flow Back)> flows)
    {
        (this.target, this.flows) = (target, flows);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = Task.Run(Accept);
    }

    internal int Port { get; }

    /// <summary>Asked for each answer: true to throw it away and end the connection, as when it is lost after the other side has done what it was asked.</summary>
    internal Func<bool>? LosesAnswer { get; set; }

    /// <summary>A port of loopback that nobody listens on.</summary>
    internal static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Ends all connections, with whatever is on its way.</summary>
    internal void Drop()
    {
        foreach (var socket in sockets.Keys)
        {
            socket.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        Drop();
        await accepting;
        stop.Dispose();
    }

    private async Task Accept()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                _ = Carry(await listener.AcceptSocketAsync(stop.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The end, or a connection that was gone before it was taken.
            }
        }
    }

    private async Task Carry(Socket near)
    {
        var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        sockets[near] = sockets[far] = true;
        try
        {
            var (there, back) = flows(((IPEndPoint)near.RemoteEndPoint!).Port);
            await there.Passable.WaitAsync(stop.Token);
            await far.ConnectAsync(IPAddress.Loopback, target, stop.Token);

            // Either end that goes takes the other with it.
            await Task.WhenAny(Pass(near, far, there, null), Pass(far, near, back, LosesAnswer is null ? null : () => LosesAnswer()));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The target is not there, or the wire is being taken away.
        }
        finally
        {
            sockets.TryRemove(near, out _);
            sockets.TryRemove(far, out _);
            near.Dispose();
            far.Dispose();
        }
    }

    private async Task Pass(Socket from, Socket to, Flow flow, Func<bool>? loses)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, stop.Token) is > 0 and var count)
            {
                await flow.Passable.WaitAsync(stop.Token);
                if (loses?.Invoke() == true)
                {
                    return;
                }

                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), stop.Token);
                }
            }

            await flow.Passable.WaitAsync(stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The other end has gone.
        }
    }
}
