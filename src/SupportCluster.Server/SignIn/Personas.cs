using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Protocol;
using SupportCluster.Server.Api;
using SupportCluster.Storage;

namespace SupportCluster.Server.SignIn;

/// <summary>
/// Personas for trying things out on one machine, without an authority: a token for whoever asks, on loopback only. Their key lies in the
/// data folder, readable by its owner only, so that tokens outlive a restart.
/// </summary>
public sealed class Personas(byte[] key, TimeProvider time)
{
    internal const string Issuer = "supportcluster-development";
    private static readonly Duration Lifetime = Duration.FromHours(12);

    public SymmetricSecurityKey Key { get; } = new(key);

    /// <summary>Reads the key of a data folder, or makes one. Nodes of a cluster that share a machine and a folder share the key.</summary>
    public static Personas InFolder(string folder, TimeProvider time)
    {
        DataFolder.Create(folder);
        var path = Path.Combine(folder, "development-sign-in.key");
        if (!File.Exists(path))
        {
            // Put there whole: another node may look for it at this moment.
            var made = $"{path}.{Guid.NewGuid():N}.tmp";
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var file = new FileStream(made, options))
            {
                file.Write(RandomNumberGenerator.GetBytes(64));
            }

            try
            {
                File.Move(made, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(made);
            }
        }

        return new(File.ReadAllBytes(path), time);
    }

    /// <summary>The claims of a persona such as <c>eng.aoife</c> or <c>contact.northwind</c>; null for a name of another form.</summary>
    public static IReadOnlyList<Claim>? Claims(string persona)
    {
        ArgumentNullException.ThrowIfNull(persona);
        var parts = persona.Split('.', 2);
        if (!Slug.IsValid(persona) || !Slug.IsValid(parts[^1]))
        {
            return null;
        }

        return (parts[0], parts.Length) switch
        {
            ("admin", 1) => Of(persona, RoleNames.Admin),
            ("rep", _) => Of(persona, RoleNames.Representative),
            ("manager", 2) => [.. Of(persona, RoleNames.Manager), new(ClaimNames.Region, parts[1])],
            ("eng", 2) => Of($"eng-{parts[1]}", RoleNames.Engineer),
            ("contact", 2) => [.. Of(persona, RoleNames.Contact), new(ClaimNames.SupportId, parts[1].Split('.')[0])],
            ("wall", 2) => Of(persona, RoleNames.Wallboard),
            _ => null,
        };

        static List<Claim> Of(string subject, string role) => [new(ClaimNames.Subject, subject), new(ClaimNames.Role, role)];
    }

    /// <summary>Signs a token.</summary>
    public DevelopmentToken Issue(IReadOnlyList<Claim> claims, Duration? lifetime = null)
    {
        var now = Instant.FromDateTimeOffset(time.GetUtcNow());
        var expires = now + (lifetime ?? Lifetime);
        var token = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Issuer,
            IssuedAt = now.ToDateTimeUtc(),
            NotBefore = (now - Duration.FromMinutes(1)).ToDateTimeUtc(),
            Expires = expires.ToDateTimeUtc(),
            Subject = new ClaimsIdentity(claims),
            SigningCredentials = new(Key, SecurityAlgorithms.HmacSha256),
        });
        return new(token, expires, claims.First(c => c.Type == ClaimNames.Subject).Value, claims.First(c => c.Type == ClaimNames.Role).Value);
    }

    /// <summary><c>POST /dev/token</c>.</summary>
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost("/dev/token", (DevelopmentTokenRequest request, Personas personas, HttpContext http) =>
        http.Connection.RemoteIpAddress is not { } from || !IPAddress.IsLoopback(from)
            ? Problems.Result(Refusal.Forbidden("not-loopback", "Development personas are for this machine only."))
            : Claims(request.Persona) is { } claims
                ? Results.Ok(personas.Issue(claims))
                : Problems.Result(Refusal.Malformed("persona-unknown", "A persona is admin, rep, manager.<region>, eng.<name>, contact.<support ID> or wall.<centre>.", "/persona")))
        .AllowAnonymous().WithTags("sign-in").WithSummary("A token for a development persona").Produces<DevelopmentToken>();
}
