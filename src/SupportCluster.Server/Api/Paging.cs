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
}
