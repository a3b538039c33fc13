using NodaTime;

namespace SupportCluster.Protocol.Wallboards;

/// <summary>Asks for a wall display with a link of its own.</summary>
/// <param name="Id">Names the display: 1 to 64 lower-case letters, digits, dots and hyphens, starting with a letter or digit.</param>
/// <param name="Shows">The code of a centre or region, or <c>world</c>.</param>
public sealed record MakeWallDisplay(string Id, string Shows);

/// <summary>A wall display that was made.</summary>
/// <param name="Link">Opened in a browser it signs the display in for good, until it is revoked. It is told here and never again.</param>
public sealed record WallDisplayMade(WallDisplayView Display, string Link);

/// <summary>A wall display, or one of former times.</summary>
/// <param name="RevokedAt">Null while its link is good.</param>
public sealed record WallDisplayView(string Id, string Shows, Instant MadeAt, string MadeBy, Instant? RevokedAt = null, string? RevokedBy = null);
