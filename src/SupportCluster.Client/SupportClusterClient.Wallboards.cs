using SupportCluster.Protocol;
using SupportCluster.Protocol.Wallboards;

namespace SupportCluster.Client;

public sealed partial class SupportClusterClient
{
    /// <summary>The wall displays, those whose links were revoked among them, in the order in which they were made.</summary>
    public Task<Page<WallDisplayView>> WallDisplays(CancellationToken cancellation = default) => Get<Page<WallDisplayView>>("api/wall-displays", cancellation);

    /// <summary>Makes a wall display. Its link is told now and never again: refused (<c>wall-display-exists</c>) while the display has a link that is good, so also when an answer was lost.</summary>
    public Task<WallDisplayMade> MakeWallDisplay(MakeWallDisplay request, CancellationToken cancellation = default) => Post<WallDisplayMade>("api/wall-displays", request, cancellation);

    /// <summary>Revokes the link of a wall display for ever; its connections end within a second.</summary>
    public Task<WallDisplayView> RevokeWallDisplay(string id, CancellationToken cancellation = default) => Post<WallDisplayView>($"api/wall-displays/{Escaped(id)}/revoke", null, cancellation);
}
