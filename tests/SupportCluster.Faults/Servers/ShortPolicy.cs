using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;

namespace SupportCluster.Faults.Servers;

/// <summary>The default policy with targets of seconds, so that milestones fall due around every kill.</summary>
internal static class ShortPolicy
{
    /// <summary>The time to acknowledge a report.</summary>
    internal static readonly Duration AcknowledgeWithin = Duration.FromSeconds(3);

    /// <summary>The offer whose three targets lie half a second apart: the cases that fall due around a kill.</summary>
    internal const string DenseOffer = "datacenter";

    /// <summary>The offer whose targets are long enough for holds and changes of severity to move them.</summary>
    internal const string WideOffer = "essential";

    /// <summary>Writes the policy file.</summary>
    internal static async Task Write(string path, CancellationToken cancel)
    {
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var policy = JsonNode.Parse(await File.ReadAllBytesAsync(ServerBuild.DefaultPolicy, cancel), documentOptions: options)!;
        policy["name"] = "seconds";
        policy["businessHours"]!["holidays"] = new JsonObject();
        policy["acknowledgement"] = new JsonObject { ["within"] = "PT3S" };
        policy["targets"]!["businessCritical"] = new JsonObject { ["1"] = Targets(3, 3.5, 4), ["2"] = Targets(4, null, 5), ["3"] = Targets(5, null, 6), ["4"] = Targets(6, null, 7) };
        policy["targets"]!["essential"] = new JsonObject { ["1"] = Targets(3, 6, 9), ["2"] = Targets(4, null, 10), ["3"] = Targets(5, null, 11), ["4"] = Targets(6, null, 12) };

        // Nothing is missing from a report: online reports are acknowledged at once.
        policy["intake"]!["information"] = new JsonArray();
        await File.WriteAllTextAsync(path, policy.ToJsonString(), cancel);
    }

    private static JsonObject Targets(double response, double? restoration, double solution)
    {
        var targets = new JsonObject { ["initialResponse"] = Within(response), ["solutionProposal"] = Within(solution), ["responseChannels"] = new JsonArray("callBack") };
        if (restoration is { } seconds)
        {
            targets["serviceRestoration"] = Within(seconds);
        }

        return targets;
    }

    private static JsonObject Within(double seconds) => new() { ["within"] = FormattableString.Invariant($"PT{seconds}S") };
}
