using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SupportCluster.Domain.Policy;
using Xunit;

namespace SupportCluster.Domain.Tests.Policies;

/// <summary>
/// <c>policy.schema.json</c> lies beside the default policy and says its form. After a change of the policy's types run these tests with
/// <c>SUPPORTCLUSTER_WRITE_SCHEMA=1</c> once, which writes it anew, and commit it.
/// </summary>
public sealed class PolicySchemaTests
{
    private static readonly string File = Path.Combine(TheDefaultPolicy.Folder, "policy.schema.json");
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void The_file_is_current()
    {
        var current = PolicySchema.Generate().ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable("SUPPORTCLUSTER_WRITE_SCHEMA") == "1")
        {
            System.IO.File.WriteAllText(File, current);
        }

        Assert.Equal(current, System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void The_default_policy_names_it_and_is_of_its_form()
    {
        var policy = Document();

        Assert.Equal("policy.schema.json", (string?)policy["$schema"]);
        Assert.Empty(Mistakes(PolicySchema.Generate(), policy, ""));
    }

    [Theory]
    [InlineData("/cases/reopenWithin", "\"fortnight\"")]
    [InlineData("/cases/reopenWithin", "\"P\"")]
    [InlineData("/capacity/cases", "\"8\"")]
    [InlineData("/capacity/cases", "null")]
    [InlineData("/capacity/case", "8")]
    [InlineData("/offers/0/clock", "\"lunar\"")]
    [InlineData("/offers/0/designatedContacts/limit", "null")]
    [InlineData("/targets/basic/5", "{}")]
    [InlineData("/targets/basic/1/initialResponse/hasDeadline", "true")]
    public void A_document_of_another_form_is_not(string path, string value)
    {
        var policy = Document();
        var steps = path.Split('/')[1..];
        steps[..^1].Aggregate(policy, (n, s) => n is JsonArray a ? a[int.Parse(s, System.Globalization.CultureInfo.InvariantCulture)]! : n[s]!)[steps[^1]] = JsonNode.Parse(value);

        Assert.NotEmpty(Mistakes(PolicySchema.Generate(), policy, ""));
    }

    [Fact]
    public void What_the_program_writes_is_of_its_form() =>
        Assert.Empty(Mistakes(PolicySchema.Generate(), JsonSerializer.SerializeToNode(TheDefaultPolicy.Policy.Document, DomainJson.Stored), ""));

    private static JsonNode Document() => JsonNode.Parse(TheDefaultPolicy.Text, documentOptions: new() { CommentHandling = JsonCommentHandling.Skip })!;

    /// <summary>As much of JSON Schema as the file uses; a keyword that it does not know fails, so that nothing passes unchecked.</summary>
    private static IEnumerable<string> Mistakes(JsonNode? schema, JsonNode? value, string path)
    {
        if (schema is JsonValue allowed)
        {
            return allowed.GetValue<bool>() ? [] : [$"{path}: not allowed"];
        }

        var rules = schema!.AsObject();
        return rules.SelectMany(rule => rule.Key switch
        {
            "$schema" or "title" or "description" => [],
            "type" => Is(value, rule.Value!.GetValue<string>()) ? [] : [$"{path}: not of type {rule.Value}"],
            "enum" => rule.Value!.AsArray().Any(v => JsonNode.DeepEquals(v, value)) ? [] : [$"{path}: not one of {rule.Value}"],
            "pattern" => value is JsonValue v && Regex.IsMatch(v.ToString(), rule.Value!.GetValue<string>(), RegexOptions.CultureInvariant) ? [] : new[] { $"{path}: not of the pattern" },
            "required" => value is JsonObject o ? rule.Value!.AsArray().Where(r => !o.ContainsKey((string)r!)).Select(r => $"{path}: {r} is missing") : [],
            "properties" => value is JsonObject o ? rule.Value!.AsObject().Where(p => o.ContainsKey(p.Key)).SelectMany(p => Mistakes(p.Value, o[p.Key], $"{path}/{p.Key}")) : [],
            "propertyNames" => value is JsonObject o ? o.SelectMany(m => Mistakes(rule.Value, JsonValue.Create(m.Key), $"{path}/{m.Key}")) : [],
            "additionalProperties" => value is JsonObject o ? o.Where(m => (rules["properties"] as JsonObject)?.ContainsKey(m.Key) != true).SelectMany(m => Mistakes(rule.Value, m.Value, $"{path}/{m.Key}")) : [],
            "items" => value is JsonArray a ? a.SelectMany((item, i) => Mistakes(rule.Value, item, $"{path}/{i}")) : [],
            "$ref" => Mistakes(Pointed(rule.Value!), value, path),
            _ => throw new InvalidOperationException($"The test does not know the keyword {rule.Key}."),
        });
    }

    private static JsonNode? Pointed(JsonNode reference) =>
        reference.GetValue<string>().TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate((JsonNode?)PolicySchema.Generate(), (n, step) => n![step]);

    private static bool Is(JsonNode? value, string type) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() == JsonValueKind.String,
        "number" => value?.GetValueKind() == JsonValueKind.Number,
        "integer" => value?.GetValueKind() == JsonValueKind.Number && decimal.IsInteger(decimal.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture)),
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        _ => throw new InvalidOperationException($"The test does not know the type {type}."),
    };
}
