using System.Globalization;
using SupportCluster.Domain;

namespace SupportCluster.Server.Api;

/// <summary>Reads <c>If-Match</c>: the version of a case that its reader saw, so that two people do not act past each other.</summary>
public static class SeenVersion
{
    /// <summary>The version; null when the request has none, or takes any (<c>*</c>).</summary>
    public static (long? Version, Refusal? Refusal) Read(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var header = http.Request.Headers.IfMatch;
        if (header.Count == 0 || header.ToString() == "*")
        {
            return (null, null);
        }

        return header.ToString() is ['"', .. var digits, '"'] && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? (version, null)
            : (null, new("version-malformed", RefusalKind.Malformed, "If-Match is the version that was read, in quotes, such as \"12\"."));
    }
}
