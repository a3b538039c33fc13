namespace SupportCluster.Server.Tests.Isolation;

/// <summary>What contacts see of cases: their own, without what is internal.</summary>
public sealed class WhatContactsSeeTests(Running.Server server) : IClassFixture<Running.Server>
{
    private static readonly string[] InternalTypes =
    [
        "case-reservation-voided", "milestone-warned", "case-source-recorded", "case-hours-limited", "case-hours-unlimited", "case-owner-away", "case-owner-stays",
        "case-ring-started", "case-ring-declined", "case-ring-expired", "case-ring-ended", "case-ring-round-ended",
        "case-handoff-note-asked", "case-handoff-note-given", "case-handoff-sought", "case-handoff-unaccepted", "case-handoff-withdrawn",
    ];

    [Fact]
    public async Task Lists_show_a_contact_its_own_contracts_cases_whatever_it_asks_for()
    {
        await server.Conclude("list-a");
        await server.Conclude("list-b");
        var own = await server.Submit("list-a", title: "Alpha");
        await server.Submit("list-b", title: "Alpha");
        var contact = server.As("contact.list-a");

        foreach (var query in new[] { "", "?text=Alpha", "?queue=emea/backup", "?open=true", "?region=emea", "?severity=3", "?offer=essential", "?product=backup-exec", "?status=queued", "?supportId=list-a", "?limit=1", "?after=999999999" })
        {
            Assert.Equal([own], (await contact.Get($"/api/cases{query}")).Ok().Items().Select(i => i.Text("number")));
        }

        Assert.Empty((await contact.Get("/api/cases?supportId=list-b")).Ok().Items());
        Assert.Empty((await contact.Get("/api/cases?supportId=")).Ok().Items());
        (await contact.Get("/api/cases?supportId=list-a&supportId=list-b")).Items().ToList().ForEach(i => Assert.Equal("list-a", i.Text("supportId")));
    }

    [Fact]
    public async Task A_contact_reports_under_its_own_contract_and_name_only()
    {
        await server.Conclude("own-a", more: "contact.own-a.two");
        await server.Conclude("own-b");
        var contact = server.As("contact.own-a");

        (await contact.Post("/api/cases", new { supportId = "own-b", product = "backup-exec", title = "t", description = "d", severity = 3 })).Refused(403, "not-your-contract");
        (await contact.Post("/api/cases", new { contact = "contact.own-a.two", product = "backup-exec", title = "t", description = "d", severity = 3 })).Refused(403, "not-your-contract");
        (await contact.Put("/api/contracts/own-b/contacts/contact.own-b", World.Contact("contact.own-b"))).Refused(404, "contract-not-found");
        (await contact.Delete("/api/contracts/own-b/contacts/contact.own-b")).Refused(404, "contract-not-found");
    }

    [Fact]
    public async Task A_key_of_one_contact_never_opens_the_case_of_a_namesake_at_another_customer()
    {
        await server.Conclude("name-a", more: "jane");
        await server.Conclude("name-b", more: "jane");
        var (atA, atB) = (Jane("name-a"), Jane("name-b"));
        var key = atA.NewKey();

        var first = (await atA.Post("/api/cases", World.Report(), key)).Ok();
        var second = (await atB.Post("/api/cases", World.Report(), key)).Ok();

        Assert.Equal("name-a", first["supportId"].GetString());
        Assert.Equal("name-b", second["supportId"].GetString());

        Caller Jane(string supportId) => server.With(server.Tokens.With(("sub", "jane"), ("role", "contact"), ("support_id", supportId)));
    }

    [Fact]
    public async Task What_is_internal_never_reaches_a_contact_by_view_history_or_frames()
    {
        await server.Conclude("inside");
        await server.Employ("nora");
        var contact = server.As("contact.inside");
        var (rep, nora, manager) = (server.As("rep"), server.As("eng.nora"), server.As("manager.emea"));
        var number = (await contact.Post("/api/cases", new { product = "backup-exec", title = "t", description = "d", severity = 1, workaroundAvailable = true, criteria = new[] { "limited-effect" } })).Ok()["number"].GetString()!;
        await using var live = await server.Watcher("contact.inside");
        await live.Watch($"case:{number}");
        await live.Frame(f => f.Text("frame") == "snapshot");

        (await nora.Post($"/api/cases/{number}/take")).Ok();
        (await nora.Post($"/api/cases/{number}/note", Internal("secret one"))).Ok();
        (await contact.Post($"/api/cases/{number}/note", new { text = "open one" })).Ok();
        (await nora.Post($"/api/cases/{number}/release", new { reason = "secret two" })).Ok();
        (await rep.Post($"/api/cases/{number}/note", Internal("secret three"))).Ok();
        server.Clock.Leap(NodaTime.Duration.FromMinutes(29));
        (await manager.Post($"/api/cases/{number}/note", Internal("secret four"))).Ok();
        (await manager.Post($"/api/cases/{number}/note", new { text = "the end" })).Ok();

        var staff = (await rep.Get($"/api/cases/{number}/history?limit=200")).Ok().Items().ToList();
        Assert.Equal(4, staff.Count(e => e.Text("text")?.StartsWith("secret", StringComparison.Ordinal) == true));
        Assert.Contains(staff, e => e.Text("type") == "milestone-warned");
        Assert.Equal(Enumerable.Range(1, staff.Count), staff.Select(e => e.GetProperty("version").GetInt32()));

        var history = (await contact.Get($"/api/cases/{number}/history?limit=200")).Ok();
        Assert.DoesNotContain("secret", history.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(history.Items(), e => InternalTypes.Contains(e.Text("type")) || e.Text("internal") == "True");
        Assert.Equal(Enumerable.Range(1, history.Items().Count()), history.Items().Select(e => e.GetProperty("version").GetInt32()));

        var view = (await contact.Get($"/api/cases/{number}")).Ok();
        Assert.Equal(history.Items().Count(), view["version"].GetInt32());
        Assert.False(view.Json.TryGetProperty("flags", out _));
        Assert.True((await rep.Get($"/api/cases/{number}")).Ok().Json.TryGetProperty("flags", out _));

        await live.Frame(f => f.ToString().Contains("the end", StringComparison.Ordinal));
        var changes = live.Seen.Where(f => f.Text("frame") == "change").SelectMany(f => f.GetProperty("changes").EnumerateArray()).ToList();
        Assert.All(live.Seen, f =>
        {
            Assert.DoesNotContain("secret", f.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("\"flags\"", f.ToString(), StringComparison.Ordinal);
            Assert.All(InternalTypes, t => Assert.DoesNotContain(t, f.ToString(), StringComparison.Ordinal));
        });
        Assert.Equal(history.Items().TakeLast(changes.Count).Select(e => e.Text("version")), changes.Select(c => c.Text("version")));
        Assert.Equal(view["version"].GetInt32(), changes[^1].GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task A_contact_pages_through_its_history_without_gap_or_repeat()
    {
        await server.Conclude("pages");
        var contact = server.As("contact.pages");
        var number = await server.Submit("pages");
        for (var i = 0; i < 5; i++)
        {
            (await server.As("rep").Post($"/api/cases/{number}/note", Internal($"inside {i}"))).Ok();
            (await contact.Post($"/api/cases/{number}/note", new { text = $"note {i}" })).Ok();
        }

        foreach (var caller in new[] { contact, server.As("rep") })
        {
            var whole = (await caller.Get($"/api/cases/{number}/history?limit=200")).Ok().Items().Select(e => e.ToString()).ToList();
            var pages = new List<string>();
            string? after = null;
            do
            {
                var page = (await caller.Get($"/api/cases/{number}/history?limit=2{(after is null ? "" : $"&after={after}")}")).Ok();
                pages.AddRange(page.Items().Select(e => e.ToString()));
                after = page.Json.Text("next");
            }
            while (after is not null);

            Assert.Equal(whole, pages);
        }
    }

    private static Dictionary<string, object> Internal(string text) => new() { ["text"] = text, ["internal"] = true };
}
