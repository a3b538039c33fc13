using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using SupportCluster.Faults.Servers;

namespace SupportCluster.Faults.Sun;

/// <summary>The default policy with targets of seconds to minutes, one centre in each region that is always open, and short rings, notices and turns of the ladder.</summary>
internal static class SunPolicy
{
    /// <summary>The time to acknowledge a report.</summary>
    internal static readonly Duration AcknowledgeWithin = Duration.FromSeconds(10);

    /// <summary>How long before the end of a shift its cases are told.</summary>
    internal static readonly Duration Notice = Duration.FromSeconds(12);

    /// <summary>For how long a case of severity 1 rings at one engineer; so long it is waited for one in the queue before a manager is told.</summary>
    internal static readonly Duration Ring = Duration.FromSeconds(3);

    /// <summary>Offers with continuous service for severity 1.</summary>
    internal static readonly IReadOnlySet<string> ContinuousOffers = new HashSet<string> { "rps", "datacenter", "national", "global" };

    /// <summary>Weakest first.</summary>
    internal static readonly string[] Offers = ["basic", "essential", "rps", "datacenter", "national", "global"];

    internal static readonly string[] Lines = ["backup", "mail", "archive"];

    /// <summary>The centre of each region, in the order in which the lead goes round.</summary>
    internal static readonly (string Region, string Centre, string Zone)[] Centres =
        [("emea", "dublin", "Europe/Dublin"), ("americas", "springfield", "America/Los_Angeles"), ("apj", "pune", "Asia/Kolkata")];

    /// <summary>Hours with a pause in every third minute: work that keeps local hours stops and goes on.</summary>
    private static readonly string Hours = "Mon-Sun " + string.Join(' ', Enumerable.Range(0, 24 * 20).Select(i => Window(i * 3, (i * 3) + 2)));

    /// <summary>Writes the policy file.</summary>
    /// <returns>The region of each country.</returns>
    internal static async Task<IReadOnlyDictionary<string, string>> Write(string path, CancellationToken cancel)
    {
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var policy = JsonNode.Parse(await File.ReadAllBytesAsync(ServerBuild.DefaultPolicy, cancel), documentOptions: options)!;
        policy["name"] = "sun";
        policy["businessHours"] = new JsonObject { ["hours"] = Hours, ["holidays"] = new JsonObject() };
        policy["centres"] = new JsonObject(Centres.Select(c => KeyValuePair.Create(c.Centre, (JsonNode?)new JsonObject
        {
            ["name"] = c.Centre,
            ["region"] = c.Region,
            ["zone"] = c.Zone,
            ["hours"] = "Mon-Sun 00:00-24:00",
        })));
        policy["acknowledgement"] = Within(AcknowledgeWithin.TotalSeconds);
        policy["targets"] = new JsonObject
        {
            ["basic"] = Table((30, 150, 240), (40, null, 240), (50, null, 240), (60, null, 300)),
            ["essential"] = Table((15, 120, 200), (20, null, 200), (25, null, 120), (30, null, 180)),
            ["businessCritical"] = Table((8, 100, 160), (15, null, 160), (20, null, 90), (25, null, 150)),
        };
        policy["intake"]!["information"] = new JsonArray();
        policy["capacity"] = new JsonObject { ["cases"] = SunPeople.Capacity, ["severity1"] = SunPeople.CapacityForSeverity1 };
        policy["dispatch"] = new JsonObject { ["ring"] = new JsonObject { ["severity1"] = Text(Ring.TotalSeconds), ["severity2"] = Text(3), ["otherwise"] = Text(4) } };
        policy["handoffs"] = new JsonObject { ["notice"] = Text(Notice.TotalSeconds), ["ring"] = Text(2.5) };
        policy["escalations"]!["levels"] = new JsonArray(Level("dutyManager", 6, 10), Level("regionalManager", 8, 12), Level("globalManager", 15, 20));
        await File.WriteAllTextAsync(path, policy.ToJsonString(), cancel);
        return policy["regions"]!.AsObject().SelectMany(r => r.Value!["countries"]!.AsArray().Select(c => ((string)c!, r.Key))).ToDictionary();
    }

    private static JsonObject Table(params (double Response, double? Restoration, double Solution)[] severities) => new(severities.Index().Select(s =>
    {
        var targets = new JsonObject { ["initialResponse"] = Within(s.Item.Response), ["solutionProposal"] = Within(s.Item.Solution), ["responseChannels"] = new JsonArray("callBack") };
        if (s.Item.Restoration is { } seconds)
        {
            targets["serviceRestoration"] = Within(seconds);
        }

        return KeyValuePair.Create(FormattableString.Invariant($"{s.Index + 1}"), (JsonNode?)targets);
    }));

    private static JsonObject Level(string level, double severity1, double otherwise) => new() { ["level"] = level, ["severity1"] = Text(severity1), ["otherwise"] = Text(otherwise) };

    private static JsonObject Within(double seconds) => new() { ["within"] = Text(seconds) };

    private static string Text(double seconds) => FormattableString.Invariant($"PT{seconds}S");

    private static string Window(int from, int to) => FormattableString.Invariant($"{from / 60:00}:{from % 60:00}-{to / 60:00}:{to % 60:00}");
}
