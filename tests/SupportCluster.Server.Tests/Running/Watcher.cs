using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace SupportCluster.Server.Tests.Running;

/// <summary>A raw SignalR connection, and the frames that came.</summary>
internal sealed class Watcher : IAsyncDisposable
{
    private readonly Channel<JsonElement> frames = Channel.CreateUnbounded<JsonElement>();
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Watcher(HubConnection connection)
    {
        Connection = connection;
        connection.On<JsonElement>("Frame", frame => frames.Writer.TryWrite(frame));
        connection.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
    }

    internal HubConnection Connection { get; }

    /// <summary>Everything that came, in its order.</summary>
    internal List<JsonElement> Seen { get; } = [];

    internal Task Closed => closed.Task.WaitAsync(TimeSpan.FromSeconds(30));

    internal Task Watch(string? topic, string? cursor = null) => Connection.InvokeAsync("Watch", topic, cursor, TestContext.Current.CancellationToken);

    /// <summary>The code with which a watch is refused.</summary>
    internal async Task<string> RefusedToWatch(string? topic, string? cursor = null)
    {
        var refused = await Assert.ThrowsAsync<HubException>(() => Watch(topic, cursor));
        Assert.DoesNotContain("SupportCluster.", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception: Null", refused.Message, StringComparison.Ordinal);
        var message = refused.Message[(refused.Message.IndexOf("HubException: ", StringComparison.Ordinal) is var at and >= 0 ? at + "HubException: ".Length : 0)..];
        return message[..Math.Max(0, message.IndexOf(':', StringComparison.Ordinal))];
    }

    /// <summary>The next frame that is so.</summary>
    internal async Task<JsonElement> Frame(Func<JsonElement, bool> so)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            var frame = await frames.Reader.ReadAsync(limit.Token);
            Seen.Add(frame);
            if (so(frame))
            {
                return frame;
            }
        }
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
