using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace SupportCluster.Server.Wallboards;

/// <summary>The token in a wall display's link: <c>wall_&lt;id&gt;_&lt;secret&gt;</c>, the secret 256 bits at random. Only its hash is kept.</summary>
internal static class WallToken
{
    private const string Prefix = "wall_";
    private const int SecretBytes = 32;

    /// <summary>Makes a token for a display.</summary>
    /// <returns>The token, and the hash of its secret in hexadecimal.</returns>
    public static (string Token, string Sha256) Make(string id)
    {
        var secret = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(SecretBytes));
        return ($"{Prefix}{id}_{secret}", Convert.ToHexStringLower(Hash(secret)));
    }

    /// <summary>Whether a token is meant for a wall display.</summary>
    public static bool IsOne([NotNullWhen(true)] string? token) => token?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    /// <summary>Of which display a token says that it is, and the hash of its secret. No id has an underscore.</summary>
    public static (string Id, byte[] Sha256) Read(string token) => token.Split('_', 3) is [_, var id, var secret] ? (id, Hash(secret)) : ("", Hash(""));

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
