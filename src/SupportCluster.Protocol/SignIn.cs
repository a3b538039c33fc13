using NodaTime;

namespace SupportCluster.Protocol;

/// <summary>Asks for a token of a development persona: <c>admin</c>, <c>rep</c>, <c>manager.emea</c>, <c>eng.aoife</c>, <c>contact.northwind</c>, <c>wall.dublin</c>.</summary>
public sealed record DevelopmentTokenRequest(string Persona);

/// <summary>A bearer token.</summary>
public sealed record DevelopmentToken(string Token, Instant ExpiresAt, string Subject, string Role);

/// <summary>Who the bearer of the request's token is.</summary>
/// <param name="Shows">For a wall display with a link: the code of the wallboard that it shows.</param>
public sealed record SignedIn(string Subject, string Role, string? SupportId = null, string? Engineer = null, string? Region = null, string? Shows = null);

/// <summary>Ends all sign-ins of a person.</summary>
/// <param name="Reason">Kept with who did it and when.</param>
public sealed record RevokeSignIns(string Reason);

/// <summary>A person's tokens that were issued up to an instant are refused from now on (<c>sign-in-revoked</c>).</summary>
public sealed record SignInsRevoked(string Subject, Instant Until);

/// <summary>Figures of the start page, read from the store.</summary>
public sealed record Figures(long Cases, long OpenCases, long OpenSeverity1, long Events, long Armed, Instant At, Instant StartedAt, string Version, int PolicyVersion);
