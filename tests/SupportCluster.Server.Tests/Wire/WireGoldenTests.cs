using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SupportCluster.Protocol;

namespace SupportCluster.Server.Tests.Wire;

/// <summary>
/// What an earlier release sent is read by every later one, and a later one sends what an earlier one reads: one golden file for each message
/// of REST and hub, written once, never changed. After adding a message run these tests with <c>SUPPORTCLUSTER_WRITE_GOLDEN=1</c>, which
/// writes the files that are missing and no other, and commit them.
/// </summary>
public sealed class WireGoldenTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "SupportCluster.Server.Tests", "Wire", "v1");
    private static readonly JsonSerializerOptions Indented = new(WireJson.Tolerant) { WriteIndented = true };
    private static readonly IReadOnlyDictionary<string, Type> Types = typeof(WireJson).Assembly.GetExportedTypes()
        .Where(t => t is { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false } && t.GetMethod("<Clone>$") is not null)
        .ToDictionary(t => t.IsNested ? $"{t.DeclaringType!.Name}.{t.Name}" : t.Name);

    public static TheoryData<string> Messages => [.. Types.Keys];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_of_an_earlier_release_is_read_and_written_alike(string name)
    {
        var type = Types[name];
        var root = type.BaseType is { IsAbstract: true } family && family.GetCustomAttribute<JsonPolymorphicAttribute>() is not null ? family : type;
        var file = Path.Combine(Folder, $"{name}.json");
        if (Environment.GetEnvironmentVariable("SUPPORTCLUSTER_WRITE_GOLDEN") == "1" && !File.Exists(file))
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(file, JsonSerializer.Serialize(Example.Of(type), root, Indented).ReplaceLineEndings("\n") + "\n");
        }

        Assert.True(File.Exists(file), $"{file} is missing: run with SUPPORTCLUSTER_WRITE_GOLDEN=1 once and commit it.");
        var sent = JsonNode.Parse(File.ReadAllText(file))!;
        var again = JsonSerializer.SerializeToNode(JsonSerializer.Deserialize(sent, root, WireJson.Tolerant), root, WireJson.Tolerant);

        Assert.True(Holds(again, sent), $"{name} lost something of:\n{sent}\nand is now:\n{again}");

        // And with a member of a later release, which a client passes over.
        if (sent is JsonObject body && type.GetCustomAttribute<JsonExtensionDataAttribute>() is null)
        {
            body["aMemberOfALaterRelease"] = true;
            Assert.Equal(type, JsonSerializer.Deserialize(body, root, WireJson.Tolerant)!.GetType());
        }
    }

    [Fact]
    public void No_golden_file_is_left_over() => Assert.Equal(
        Types.Keys.Order(StringComparer.Ordinal),
        Directory.GetFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal));

    /// <summary>Members may be added, none may change or go.</summary>
    private static bool Holds(JsonNode? now, JsonNode? then) => (now, then) switch
    {
        (JsonObject n, JsonObject t) => t.All(member => n.ContainsKey(member.Key) && Holds(n[member.Key], member.Value)),
        (JsonArray n, JsonArray t) => n.Count == t.Count && n.Zip(t).All(pair => Holds(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(now, then),
    };
}
