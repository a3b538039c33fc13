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

    [Fact]
    public async Task A_check_says_what_a_policy_would_change_and_changes_nothing()
    {
        var admin = server.As("admin");
        var policy = await Present();
        Assert.Empty((await admin.Post("/api/policy/check", policy)).Ok()["changes"].EnumerateArray());
        Set(policy, "targets/essential/1/initialResponse/within", "PT20M");
        policy["warnings"]!["left"] = new JsonArray(0.5);
        policy["regions"]!["emea"]!.AsObject().Remove("manager");

        var comparison = (await admin.Post("/api/policy/check", policy)).Ok();

        Assert.Equal(1, comparison["version"].GetInt32());
        Assert.Equal(
            ["/regions/emea/manager: \"manager-emea\" -> ", "/targets/essential/1/initialResponse/within: \"PT30M\" -> \"PT20M\"", "/warnings/left: [0.25,0.1] -> [0.5]"],
            comparison["changes"].EnumerateArray().Select(c => $"{c.Text("path")}: {Raw(c, "from")} -> {Raw(c, "to")}"));
        var deadlines = comparison["deadlines"].EnumerateArray().ToList();
        Assert.All(deadlines, d => Assert.Equal((1, "initialResponse", "30 min", "20 min"), (d.GetProperty("severity").GetInt32(), d.Text("milestone"), d.Text("fromTarget"), d.Text("toTarget"))));
        Assert.Contains(deadlines, d => d.Text("region") == "emea" && d.Text("zone") == "Europe/Dublin");

        Set(policy, "offers/0/clock", "sundial");
        var refused = (await admin.Post("/api/policy/check", policy)).Refused(400, "policy-malformed");
        Assert.Contains(refused["errors"].EnumerateObject(), e => e.Name.StartsWith("/offers/0/clock", StringComparison.Ordinal));
        Assert.Equal(1, (await admin.Get("/api/policy")).Ok()["version"].GetInt32());

        static string Raw(JsonElement change, string member) => change.TryGetProperty(member, out var value) ? value.GetRawText() : "";
    }

    [Fact]
    public async Task The_policies_so_far_are_listed_page_by_page()
    {
        var admin = server.As("admin");
        var policy = await Present();
        policy["name"] = "second";
        (await admin.Put("/api/policy", policy)).Ok();

        var first = (await server.As("rep").Get("/api/policy/versions?limit=1")).Ok();
        var second = (await server.As("rep").Get($"/api/policy/versions?limit=1&after={first["next"].GetString()}")).Ok();

        Assert.Equal(("default", "system"), (first["items"][0].Text("name"), first["items"][0].Text("by")));
        Assert.Equal(("second", "admin", 2), (second["items"][0].Text("name"), second["items"][0].Text("by"), second["items"][0].GetProperty("version").GetInt32()));
        Assert.False(second.Json.TryGetProperty("next", out _));
        (await server.As("rep").Get("/api/policy/versions?limit=0")).Refused(400, "limit-malformed");
    }

    private async Task<JsonNode> Present() => JsonNode.Parse((await server.As("admin").Get("/api/policy")).Ok()["document"].GetRawText())!;

    private static void Set(JsonNode document, string path, JsonNode? value)
    {
        var parts = path.Split('/');
        var at = parts[..^1].Aggregate(document, (node, part) => node is JsonArray items ? items[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]! : node[part]!);
        at[parts[^1]] = value;
    }
}
