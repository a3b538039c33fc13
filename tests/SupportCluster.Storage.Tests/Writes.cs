using System.Text;
using NodaTime;

namespace SupportCluster.Storage.Tests;

/// <summary>Writes as tests need them.</summary>
internal static class Writes
{
    internal static readonly Instant Monday = Instant.FromUtc(2026, 11, 23, 9, 0);

    internal static AggregateKey Case(int number) => new("case", $"4{number:D9}");

    internal static ReadOnlyMemory<byte> Json(string text) => Encoding.UTF8.GetBytes($"{{\"text\":\"{text}\"}}");

    internal static string Text(this ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    internal static StoredEvent Event(long version, Guid? request = null, long fingerprint = 0)
        => new(version, Monday + Duration.FromSeconds(version), Json($"event {version}"), request, fingerprint);

    /// <summary>A write of one event.</summary>
    internal static StoreWrite Next(AggregateKey key, long expected, Instant? due = null, int severity = 0, CaseDirectoryEntry? entry = null, string? text = null)
        => new(key, expected, Json($"state {expected + 1}"), [Event(expected + 1)], due, severity, entry, text);

    internal static CaseDirectoryEntry Entry(AggregateKey key, string supportId = "S-100", string queue = "emea/backup", string status = "open", bool open = true, string? owner = null, int severity = 2, string? source = null, string title = "Backup fails", string product = "backup", string region = "emea")
        => new(key.Id, supportId, region, queue, product, "premium", severity, status, open, owner, false, title, "en", Monday, Monday + Duration.FromHours(4), source);
}
