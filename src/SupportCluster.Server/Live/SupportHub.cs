using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using SupportCluster.Protocol.Live;

namespace SupportCluster.Server.Live;

/// <summary>The hub at <c>/hub</c>: finds the connection's reader and leaves the rest to it.</summary>
[Authorize]
internal sealed partial class SupportHub(LiveTopics topics, LiveReaders readers, ILogger<SupportHub> logger) : Hub<ISupportHubClient>, ISupportHub
{
    private LiveReader Reader => (LiveReader)Context.Items[typeof(LiveReader)]!;

    /// <inheritdoc/>
    public override Task OnConnectedAsync()
    {
        var (context, log) = (Context, logger);
        var connection = LiveConnections.Of(context);
        if (!readers.TryAdd(context.ConnectionId, context.User!, context.Abort))
        {
            throw new HubException($"{LiveCodes.TooManyConnections}: One person has at most {topics.Options.ConnectionsPerUser} connections to a node.");
        }

        context.Items[typeof(LiveReader)] = new LiveReader(topics, context.User!, frame => connection.WriteAsync(frame.Message), reason =>
        {
            LogBroken(log, reason, context.ConnectionId);
            context.Abort();
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        readers.Remove(Context.ConnectionId, Context.User!);
        Reader.Close();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Watch(string topic, string? cursor) => Reader.Watch(topic, cursor);

    /// <inheritdoc/>
    public Task Unwatch(string topic) => Reader.Unwatch(topic);

    [LoggerMessage(2040, LogLevel.Warning, "Connection {Connection} cannot be written to and is ended")]
    private static partial void LogBroken(ILogger logger, Exception reason, string connection);
}
