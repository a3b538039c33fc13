using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using SupportCluster.Protocol.Live;

namespace SupportCluster.Server.Live;

/// <summary>The hub at <c>/hub</c>.</summary>
[Authorize]
public sealed class SupportHub : Hub<ISupportHubClient>, ISupportHub
{
    /// <inheritdoc/>
    public Task Watch(string topic, string? cursor) => throw new NotImplementedException();

    /// <inheritdoc/>
    public Task Unwatch(string topic) => throw new NotImplementedException();
}
