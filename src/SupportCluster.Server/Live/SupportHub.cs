using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using SupportCluster.Protocol.Live;

namespace SupportCluster.Server.Live;

/// <summary>The hub at <c>/hub</c>: finds the connection's reader and leaves the rest to it.</summary>
[Authorize]
internal sealed class SupportHub(LiveTopics topics, IHubContext<SupportHub, ISupportHubClient> hub) : Hub<ISupportHubClient>, ISupportHub
{
    private LiveReader Reader => (LiveReader)Context.Items[typeof(LiveReader)]!;

    /// <inheritdoc/>
    public override Task OnConnectedAsync()
    {
        var client = hub.Clients.Client(Context.ConnectionId);
        Context.Items[typeof(LiveReader)] = new LiveReader(topics, Context.User!, client.Frame, Context.Abort);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        Reader.Close();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Watch(string topic, string? cursor) => Reader.Watch(topic, cursor);

    /// <inheritdoc/>
    public Task Unwatch(string topic) => Reader.Unwatch(topic);
}
