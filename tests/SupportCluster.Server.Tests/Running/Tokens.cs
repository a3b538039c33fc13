using System.Security.Claims;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NodaTime;
using SupportCluster.Server.SignIn;

namespace SupportCluster.Server.Tests.Running;

/// <summary>Makes tokens, good and bad ones, for a server with development personas.</summary>
internal sealed class Tokens(byte[] key, StandingClock clock)
{
    private const string Issuer = "supportcluster-development";

    /// <summary>Every token that was made: none of them may be logged.</summary>
    internal System.Collections.Concurrent.ConcurrentBag<string> Made { get; } = [];

    internal string Of(string persona) => Keep(new Personas(key, clock).Issue(Personas.Claims(persona)!).Token);

    internal string For(string persona, Duration lifetime) => Keep(new Personas(key, clock).Issue(Personas.Claims(persona)!, lifetime).Token);

    internal string With(params (string Name, string Value)[] claims) => Sign(new SymmetricSecurityKey(key), claims);

    internal string Expired(string persona) => Sign(new SymmetricSecurityKey(key), Claims(persona), ends: Duration.FromSeconds(-1));

    internal string NotYet(string persona) => Sign(new SymmetricSecurityKey(key), Claims(persona), begins: Duration.FromMinutes(10));

    internal string OfAnotherKey(string persona) => Sign(new SymmetricSecurityKey(new byte[64]), Claims(persona));

    internal string OfAnotherIssuer(string persona) => Sign(new SymmetricSecurityKey(key), Claims(persona), issuer: "somebody");

    internal string ForAnotherAudience(string persona) => Sign(new SymmetricSecurityKey(key), Claims(persona), audience: "somebody");

    /// <summary>Signed by nobody: <c>alg</c> is <c>none</c>.</summary>
    internal string Unsigned(string persona)
    {
        var payload = Sign(new SymmetricSecurityKey(key), Claims(persona)).Split('.')[1];
        return Keep($"{Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes("""{"alg":"none","typ":"JWT"}"""))}.{payload}.");
    }

    /// <summary>Signed for a contact, then changed to an administrator.</summary>
    internal string Tampered()
    {
        var parts = Of("contact.northwind").Split('.');
        return Keep($"{parts[0]}.{Of("admin").Split('.')[1]}.{parts[2]}");
    }

    internal string Sign(SecurityKey with, (string Name, string Value)[] claims, string issuer = Issuer, string audience = Issuer, Duration? begins = null, Duration? ends = null) =>
        Keep(new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            NotBefore = (clock.Now + (begins ?? Duration.FromHours(-1))).ToDateTimeUtc(),
            Expires = (clock.Now + (ends ?? Duration.FromHours(1))).ToDateTimeUtc(),
            Subject = new ClaimsIdentity(claims.Select(c => new Claim(c.Name, c.Value))),
            SigningCredentials = new(with, SecurityAlgorithms.HmacSha256),
        }));

    private static (string, string)[] Claims(string persona) => [.. Personas.Claims(persona)!.Select(c => (c.Type, c.Value))];

    internal string Keep(string token)
    {
        Made.Add(token);
        return token;
    }
}
