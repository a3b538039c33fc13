using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using SupportCluster.Domain.Policy;

namespace SupportCluster.Domain.Tests;

/// <summary>The policy that the product ships, and how a test changes it.</summary>
internal static class TheDefaultPolicy
{
    private static readonly System.Text.Json.JsonDocumentOptions AsShipped = new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip, AllowTrailingCommas = true };

    internal static string Folder { get; } = Path.Combine(Repository.Root, "src", "SupportCluster.Server", "policy");

    internal static string Text { get; } = File.ReadAllText(Path.Combine(Folder, "policy.json"));

    /// <summary>As shipped, but without holidays, so that a date in a test is open unless the test says otherwise.</summary>
    internal static SupportPolicy Policy { get; } = With(_ => { });

    /// <summary>With two Irish holidays and one of Brazil.</summary>
    internal static SupportPolicy WithHolidays { get; } = With(p => p["businessHours"]!["holidays"] = new JsonObject
    {
        ["IE"] = Calendar(("20261225", "Christmas Day"), ("20261228", "Saint Stephen's Day, in lieu")),
        ["BR"] = Calendar(("20181102", "Finados")),
    });

    internal static SupportPolicy With(Action<JsonNode> change, int version = 1)
    {
        var policy = Read(change, out var mistakes, version);
        return policy ?? throw new InvalidOperationException(string.Join("; ", mistakes));
    }

    internal static SupportPolicy? Read(Action<JsonNode> change, out IReadOnlyList<PolicyMistake> mistakes, int version = 1)
    {
        var node = JsonNode.Parse(Text, documentOptions: AsShipped)!;
        node["businessHours"]!["holidays"] = new JsonObject();
        change(node);
        return SupportPolicy.Read(version, Encoding.UTF8.GetBytes(node.ToJsonString()), out mistakes);
    }

    /// <summary>An instant from <c>2026-03-02T09:00Z</c>, seconds optional.</summary>
    internal static Instant Utc(string text) => InstantPattern.ExtendedIso.Parse(text.Length == 17 ? text[..16] + ":00Z" : text).Value;

    private static string Calendar(params (string Date, string Name)[] days) =>
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n"
        + string.Concat(days.Select(d => $"BEGIN:VEVENT\r\nUID:{d.Date}@test\r\nDTSTART;VALUE=DATE:{d.Date}\r\nSUMMARY:{d.Name.Replace(",", "\\,", StringComparison.Ordinal)}\r\nEND:VEVENT\r\n"))
        + "END:VCALENDAR\r\n";
}
