using Microsoft.AspNetCore.SignalR;

namespace SupportCluster.Server.Live;

/// <summary>SignalR's own connections, each known to its hub: what is serialised once can only be written to the connection itself.</summary>
internal sealed class LiveConnections(ILogger<DefaultHubLifetimeManager<SupportHub>> logger) : DefaultHubLifetimeManager<SupportHub>(logger)
{
    /// <summary>The connection behind a hub's context.</summary>
    public static HubConnectionContext Of(HubCallerContext context) => (HubConnectionContext)context.Items[typeof(HubConnectionContext)]!;

    /// <inheritdoc/>
    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        connection.Items[typeof(HubConnectionContext)] = connection;
        return base.OnConnectedAsync(connection);
    }
}
