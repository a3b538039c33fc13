using SupportCluster.Domain;

namespace SupportCluster.Server.Api;

/// <summary>Limits of lists.</summary>
public static class Paging
{
    public const int Default = 50;
    public const int Most = 200;

    /// <summary>The limit to use, or a refusal for one that is out of range.</summary>
    public static (int Limit, Refusal? Refusal) Limit(int? limit) => limit is null ? (Default, null)
        : limit is >= 1 and <= Most ? (limit.Value, null)
        : (0, Refusal.Malformed("limit-malformed", $"limit is 1 to {Most}.", "?limit"));

    /// <summary>The version after which a history goes on, or a refusal for one that there cannot be.</summary>
    public static (long After, Refusal? Refusal) After(long? after) => after is null or >= 0 ? (after ?? 0, null) : (0, Refusal.Malformed("cursor-malformed", "after is the 'next' of the page before.", "?after"));
}
