using Microsoft.AspNetCore.SignalR.Client;

namespace SupportCluster.Server.Tests.Life;

/// <summary>Two people on one case: they see each other, and do not act past each other.</summary>
public sealed class TwoPeopleTests(Running.Server server) : IClassFixture<Running.Server>
{
    [Fact]
    public async Task Whoever_has_a_case_open_is_seen_by_the_others_until_it_is_left()
    {
        await server.Conclude("two-a");
        var number = await server.Submit("two-a");
        await using var rep = await server.Watcher("rep");
        await rep.Watch($"readers:{number}");
        await rep.Frame(f => Readers(f) is ["rep"]);

        await using (var engineer = await server.Watcher("eng.una"))
        {
            await engineer.Watch($"readers:{number}");
            await rep.Frame(f => Readers(f) is ["rep", "eng-una"]);
            await engineer.Frame(f => Readers(f) is ["rep", "eng-una"]);

            // Twice is once.
            await engineer.Watch($"readers:{number}#again");
            await engineer.Connection.InvokeAsync("Unwatch", $"readers:{number}", TestContext.Current.CancellationToken);
            Assert.DoesNotContain(rep.Seen, f => Readers(f) is { Length: > 2 });
        }

        await rep.Frame(f => Readers(f) is ["rep"]);
    }

    [Fact]
    public async Task An_action_on_a_case_that_somebody_else_has_changed_since_it_was_read_is_refused_and_changes_nothing()
    {
        await server.Conclude("two-b");
        await server.Employ("ita");
        var number = await server.SubmitAndTake("two-b", "ita");
        var (ita, manager, contact) = (server.As("eng.ita"), server.As("manager.emea"), server.As("contact.two-b"));
        var seen = $"\"{(await ita.Get($"/api/cases/{number}")).Ok()["version"]}\"";
        var seenByContact = $"\"{(await contact.Get($"/api/cases/{number}")).Ok()["version"]}\"";

        // One's own acts are known, and so is what nobody has changed.
        (await ita.Post($"/api/cases/{number}/note", new { text = "One" }, ifMatch: seen)).Ok();
        var before = (await ita.Post($"/api/cases/{number}/note", new { text = "Two" }, ifMatch: seen)).Ok()["version"].GetInt64();

        var overtaken = (await manager.Post($"/api/cases/{number}/workaround", new { text = "Mine" }, ifMatch: seen)).Refused(409, "case-changed");
        Assert.Equal("eng-ita", overtaken["facts"].Text("by"));
        Assert.Equal(before, (await manager.Get($"/api/cases/{number}")).Ok()["version"].GetInt64());
        (await manager.Post($"/api/cases/{number}/workaround", new { text = "Mine" }, ifMatch: $"\"{before}\"")).Ok();
        (await ita.Post($"/api/cases/{number}/workaround", new { text = "Other" }, ifMatch: seen)).Refused(409, "case-changed");
        (await contact.Post($"/api/cases/{number}/note", new { text = "Three" }, ifMatch: seenByContact)).Refused(409, "case-changed");

        // A contact counts what it may see: an internal note overtakes nobody.
        seenByContact = $"\"{(await contact.Get($"/api/cases/{number}")).Ok()["version"]}\"";
        (await ita.Post($"/api/cases/{number}/note", new { text = "Four", @internal = true })).Ok();
        var key = contact.NewKey();
        (await contact.Post($"/api/cases/{number}/note", new { text = "Three" }, key, seenByContact)).Ok();

        // A repeat is a repeat, whatever has happened since.
        (await ita.Post($"/api/cases/{number}/note", new { text = "Five" })).Ok();
        (await contact.Post($"/api/cases/{number}/note", new { text = "Three" }, key, seenByContact)).Ok();
        (await ita.Post($"/api/cases/{number}/note", new { text = "Six" }, ifMatch: "*")).Ok();
        foreach (var wrong in new[] { "7", "\"seven\"", "W/\"7\"", "\"1\", \"2\"" })
        {
            (await ita.Post($"/api/cases/{number}/note", new { text = "Never" }, ifMatch: wrong)).Refused(400, "version-malformed");
        }
    }

    [Fact]
    public async Task Escalated_cases_are_listed_for_the_support_organisation()
    {
        await server.Conclude("two-c");
        var (escalated, other) = (await server.Submit("two-c"), await server.Submit("two-c"));
        (await server.As("contact.two-c").Post($"/api/cases/{escalated}/escalate", new { reason = "r" })).Ok();

        Assert.Equal([escalated], (await server.As("manager.emea").Get("/api/cases?supportId=two-c&escalated=true")).Ok().Items().Select(c => c.Text("number")));
        Assert.Equal([other], (await server.As("manager.emea").Get("/api/cases?supportId=two-c&escalated=false")).Ok().Items().Select(c => c.Text("number")));
        (await server.As("contact.two-c").Get("/api/cases?escalated=true")).Refused(403, "role-not-allowed");
    }

    private static string[]? Readers(JsonElement frame) =>
        frame.Text("frame") == "snapshot" ? [.. frame.GetProperty("view").GetProperty("readers").EnumerateArray().Select(r => r.Text("person")!)] : null;
}
