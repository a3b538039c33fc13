using System.Text.Json.Nodes;

namespace SupportCluster.Server.Tests.Life;

/// <summary>The policy: replaced, pinned, kept over a restart. Each test has a server of its own, because a policy is everybody's.</summary>
public sealed class PolicyLifeTests : IAsyncLifetime
{
    private readonly Running.Server server = new();

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("acknowledgement/within", "\"PT0M\"", "/acknowledgement/within")]
    [InlineData("offers/0/clock", "\"sundial\"", "/offers/0/clock")]
    [InlineData("offers/0/targets", "\"none\"", "/offers/0/targets")]
    [InlineData("regions/emea/caseDigit", "1", "/regions/")]
    [InlineData("businessHours/hours", "\"always\"", "/businessHours/hours")]
    [InlineData("surprise", "1", "/surprise")]
    [InlineData("name", "null", "/name")]
    public async Task A_policy_with_a_mistake_is_refused_with_its_path_and_changes_nothing(string path, string value, string named)
    {
        var admin = server.As("admin");
        var policy = await Present();
        Set(policy, path, JsonNode.Parse(value));

        var answer = (await admin.Put("/api/policy", policy)).Refused(400, "policy-malformed");

        Assert.Contains(answer["errors"].EnumerateObject(), e => e.Name.StartsWith(named, StringComparison.Ordinal));
        (await admin.Put("/api/policy", "{")).Refused(400, "policy-malformed");
        (await admin.Put("/api/policy", "")).Refused(400, "policy-malformed");
        Assert.Equal(1, (await admin.Get("/api/policy")).Ok()["version"].GetInt32());
    }

    [Fact]
    public async Task A_new_policy_binds_contracts_concluded_from_then_on_and_stays_in_force_over_a_restart()
    {
        var admin = server.As("admin");
        await server.Conclude("before");
        var policy = await Present();
        Set(policy, "targets/essential/1/initialResponse/within", "PT20M");

        Assert.Equal(2, (await admin.Put("/api/policy", policy)).Ok()["version"].GetInt32());
        Assert.Equal(2, (await admin.Put("/api/policy", policy)).Ok()["version"].GetInt32());
        await server.Conclude("after");
        await server.Restart();

        Assert.Equal(2, (await server.As("admin").Get("/api/policy")).Ok()["version"].GetInt32());
        await server.Conclude("later");
        foreach (var (supportId, version, target) in new[] { ("before", 1, "30 min"), ("after", 2, "20 min"), ("later", 2, "20 min") })
        {
            Assert.Equal(version, (await server.As("rep").Get($"/api/contracts/{supportId}")).Ok()["policyVersion"].GetInt32());
            var view = (await server.As("rep").Get($"/api/cases/{await server.Submit(supportId, 1)}")).Ok();
            Assert.Equal((version, target), (view["policyVersion"].GetInt32(), view.Milestone("initialResponse").Text("target")));
        }

        Assert.Equal("PT30M", (await server.As("rep").Get("/api/policy/versions/1")).Ok()["document"].GetProperty("targets").GetProperty("essential").GetProperty("1").GetProperty("initialResponse").Text("within"));
    }

    private async Task<JsonNode> Present() => JsonNode.Parse((await server.As("admin").Get("/api/policy")).Ok()["document"].GetRawText())!;

    private static void Set(JsonNode document, string path, JsonNode? value)
    {
        var parts = path.Split('/');
        var at = parts[..^1].Aggregate(document, (node, part) => node is JsonArray items ? items[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]! : node[part]!);
        at[parts[^1]] = value;
    }
}
