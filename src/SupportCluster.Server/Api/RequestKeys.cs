using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using SupportCluster.Domain;
using SupportCluster.Grains.Durable;

namespace SupportCluster.Server.Api;

/// <summary>Reads <c>Idempotency-Key</c>: a UUIDv7 that names one request, so that it can be repeated safely.</summary>
public static class RequestKeys
{
    private const string Header = "Idempotency-Key";

    /// <summary>The key of a request; null when it has none.</summary>
    /// <param name="content">What the request asks, to tell a repeat from another request under the same key.</param>
    public static (RequestKey? Key, Refusal? Refusal) Read(HttpContext http, object content)
    {
        ArgumentNullException.ThrowIfNull(http);
        var header = http.Request.Headers[Header];
        if (header.Count == 0)
        {
            return (null, null);
        }

        if (header.Count > 1 || !Guid.TryParseExact(header.ToString(), "D", out var id) || id.Version != 7)
        {
            return (null, new("key-malformed", RefusalKind.Malformed, "Idempotency-Key is a UUID of version 7, such as 01890a5d-ac96-774b-bcce-b302099a8057."));
        }

        var bytes = JsonSerializer.SerializeToUtf8Bytes(content, content.GetType(), DomainJson.Stored);
        return (new(id, Fingerprint(http.Request.Path, bytes)), null);
    }

    private static long Fingerprint(string path, byte[] content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(path));
        hash.AppendData(content);
        return BinaryPrimitives.ReadInt64LittleEndian(hash.GetHashAndReset());
    }
}
