using NodaTime;
using NodaTime.Text;

namespace SupportCluster.Server.Tests.Life;

/// <summary>Cases from the report to the end, over REST.</summary>
public sealed class CaseLifeTests(Running.Server server) : IClassFixture<Running.Server>
{
    [Fact]
    public async Task A_case_lives_from_the_phone_call_to_the_accepted_solution()
    {
        await server.Conclude("life");
        await server.Employ("lia");
        await server.Employ("tom", skills: "mail");
        await server.Employ("zoe");
        var (contact, rep, lia) = (server.As("contact.life"), server.As("rep"), server.As("eng.lia"));
        await using var queue = await server.Watcher("rep");
        await queue.Watch("queue:emea/backup");
        var now = server.Clock.Now;

        // The front desk records what the caller says; what is missing is asked for and does not stop a severity 1 (HB-5.2, HB-5.3).
        var view = (await rep.Post("/api/cases", new { supportId = "life", contact = "contact.life", channel = "phone", product = "backup-exec", title = "Restore fails", description = "All of them.", severity = 1 })).Ok();
        var number = view["number"].GetString()!;
        Assert.StartsWith("4", number, StringComparison.Ordinal);
        Assert.Equal("reported", view["status"].GetString());
        Assert.Contains("revision", view["missing"].EnumerateArray().Select(m => m.GetString()));
        Assert.Equal("running", view.Milestone("acknowledgement").Text("state"));
        Assert.Equal(At(now + Duration.FromMinutes(15)), view.Milestone("acknowledgement").Text("deadline"));
        Assert.Equal("pending", view.Milestone("initialResponse").Text("state"));
        (await lia.Post($"/api/cases/{number}/take")).Refused(409, "not-acknowledged");
        (await lia.Post($"/api/cases/{number}/respond", new { channel = "callBack", text = "t" })).Refused(409, "not-owner");

        // Acknowledged: its clocks run, and it waits in its queue (HB-4.2, HB-4.4).
        view = (await rep.Post($"/api/cases/{number}/acknowledge", new { })).Ok();
        Assert.Equal("queued", view["status"].GetString());
        Assert.Equal("emea/backup", view["queue"].GetString());
        Assert.Equal("met", view.Milestone("acknowledgement").Text("state"));
        Assert.Equal(At(now + Duration.FromMinutes(30)), view.Milestone("initialResponse").Text("deadline"));
        Assert.Equal(At(now + Duration.FromHours(8)), view.Milestone("serviceRestoration").Text("deadline"));
        Assert.Equal(At(now + Duration.FromDays(8)), view.Milestone("solutionProposal").Text("deadline"));
        Assert.Equal("PT30M", view.Milestone("initialResponse").Text("timeLeft"));
        (await rep.Post($"/api/cases/{number}/acknowledge", new { })).Refused(409, "already-acknowledged");
        await queue.Frame(f => f.ToString().Contains(number, StringComparison.Ordinal));

        // Taken by skill, by one (HB-5.5).
        var skill = (await server.As("eng.tom").Post($"/api/cases/{number}/take")).Refused(422, "skill-missing");
        Assert.Equal("HB-5.5", skill["rule"].GetString());
        (await server.As("eng.nobody").Post($"/api/cases/{number}/take")).Refused(404, "engineer-not-found");
        view = (await lia.Post($"/api/cases/{number}/take")).Ok();
        Assert.Equal(("inProgress", "eng-lia"), (view["status"].GetString(), view["owner"].GetString()));
        (await server.As("eng.zoe").Post($"/api/cases/{number}/take")).Refused(409, "already-owned");
        (await server.As("eng.zoe").Post($"/api/cases/{number}/respond", new { channel = "callBack", text = "t" })).Refused(409, "not-owner");
        await queue.Frame(f => f.ToString().Contains($"\"left\":\"{number}\"", StringComparison.Ordinal));

        // The first response goes by live transfer or call-back (HB-4.3).
        var channel = (await lia.Post($"/api/cases/{number}/respond", new { channel = "email", text = "t" })).Refused(422, "channel-not-allowed");
        Assert.Equal(("HB-4.3", true), (channel["rule"].GetString(), channel["errors"].TryGetProperty("/channel", out _)));
        view = (await lia.Post($"/api/cases/{number}/respond", new { channel = "liveTransfer", text = "On it." })).Ok();
        Assert.Equal("met", view.Milestone("initialResponse").Text("state"));
        (await lia.Post($"/api/cases/{number}/respond", new { channel = "email", text = "As said." })).Ok();

        (await lia.Post($"/api/cases/{number}/note", new { text = "Looking." })).Ok();
        (await contact.Post($"/api/cases/{number}/note", new Dictionary<string, object> { ["text"] = "mine", ["internal"] = true })).Refused(403, "role-not-allowed");

        // While the customer is asked, restoration and solution clocks are on hold (HB-4.9).
        view = (await lia.Post($"/api/cases/{number}/ask", new { text = "Which version?" })).Ok();
        Assert.Equal("waitingForCustomer", view["status"].GetString());
        Assert.Equal("Which version?", view["waiting"].GetProperty("text").GetString());
        Assert.Equal("onHold", view.Milestone("serviceRestoration").Text("state"));
        Assert.Null(view.Milestone("serviceRestoration").Text("deadline"));
        now = server.Clock.Leap(Duration.FromHours(1));
        view = (await contact.Post($"/api/cases/{number}/answer", new { text = "7.1" })).Ok();
        Assert.Equal("inProgress", view["status"].GetString());
        Assert.Equal(At(now + Duration.FromHours(8)), view.Milestone("serviceRestoration").Text("deadline"));
        (await contact.Post($"/api/cases/{number}/answer", new { text = "again" })).Refused(409, "not-asked");

        // A workaround, service restored (HB-4.5, HB-4.7).
        Assert.Equal("Use the old driver.", (await lia.Post($"/api/cases/{number}/workaround", new { text = "Use the old driver." })).Ok()["workaround"].GetString());
        view = (await contact.Post($"/api/cases/{number}/restore", new { text = "It runs." })).Ok();
        Assert.Equal("met", view.Milestone("serviceRestoration").Text("state"));
        (await lia.Post($"/api/cases/{number}/restore", new { text = "It runs." })).Refused(409, "already-restored");

        // The customer lowers the severity; the old figures stay in the record (HB-3.1, HB-4.10).
        (await contact.Post($"/api/cases/{number}/severity", new { severity = 1, reason = "r" })).Refused(409, "severity-unchanged");
        view = (await contact.Post($"/api/cases/{number}/severity", new { severity = 2, reason = "It runs, slowly." })).Ok();
        Assert.Equal(2, view["severity"].GetInt32());
        Assert.Equal(2, view.Milestone("solutionProposal").GetProperty("generation").GetInt32());
        Assert.Equal(1, view.Milestone("solutionProposal").GetProperty("earlier").GetArrayLength());

        // Proposed, rejected, proposed, accepted: closed (HB-4.6, HB-6.6).
        (await contact.Post($"/api/cases/{number}/accept", new { })).Refused(409, "no-solution-proposed");
        (await lia.Post($"/api/cases/{number}/propose", new { kind = "plannedForComingVersion", text = "t" })).Refused(422, "update-missing");
        (await lia.Post($"/api/cases/{number}/close", new { reason = "r" })).Refused(422, "agreement-required");
        Assert.Equal("solutionProposed", (await lia.Post($"/api/cases/{number}/propose", new { kind = "fix", text = "Driver 7.1.2." })).Ok()["status"].GetString());
        (await lia.Post($"/api/cases/{number}/propose", new { kind = "fix", text = "Driver 7.1.3." })).Refused(409, "solution-already-proposed");
        Assert.Equal("inProgress", (await contact.Post($"/api/cases/{number}/reject", new { reason = "It does not install." })).Ok()["status"].GetString());
        (await lia.Post($"/api/cases/{number}/propose", new { kind = "fix", text = "Driver 7.1.3." })).Ok();
        view = (await contact.Post($"/api/cases/{number}/accept", new { text = "Thank you." })).Ok();
        Assert.Equal("closed", view["status"].GetString());
        Assert.Equal(At(now), view["closedAt"].GetString());
        Assert.False(view.Json.TryGetProperty("owner", out _));
        Assert.Equal("met", view.Milestone("solutionProposal").Text("state"));
        (await lia.Post($"/api/cases/{number}/respond", new { channel = "callBack", text = "t" })).Problem();
        (await contact.Post($"/api/cases/{number}/severity", new { severity = 1, reason = "r" })).Refused(409, "case-closed");
        await lia.Until("/api/engineers/eng-lia", e => e.GetProperty("cases").GetArrayLength() == 0);

        var types = (await rep.Get($"/api/cases/{number}/history?limit=200")).Ok().Items().Select(e => e.Text("type")!).ToList();
        Assert.Equal(
        [
            "case-reported", "case-acknowledged", "milestone-met", "case-taken", "case-responded", "milestone-met", "case-responded", "case-note-added", "case-customer-asked", "case-customer-answered", "case-workaround-given",
            "case-service-restored", "milestone-met", "case-severity-changed", "case-solution-proposed", "milestone-met", "case-solution-rejected", "case-solution-proposed", "case-solution-accepted", "case-closed",
        ], types);
    }

    [Fact]
    public async Task A_closed_case_is_reopened_within_fourteen_days_under_its_number_and_not_after()
    {
        await server.Conclude("reopen");
        var contact = server.As("contact.reopen");
        var number = await server.Submit("reopen");
        (await contact.Post($"/api/cases/{number}/reopen", new { reason = "r" })).Refused(409, "not-closed");
        (await contact.Post($"/api/cases/{number}/close", new { reason = "Gone by itself." })).Ok();
        server.Clock.Leap(Duration.FromDays(14) - Duration.FromSeconds(1));
        Assert.Equal("queued", (await contact.Post($"/api/cases/{number}/reopen", new { reason = "It is back." })).Ok()["status"].GetString());
        (await contact.Post($"/api/cases/{number}/close", new { reason = "Gone." })).Ok();
        server.Clock.Leap(Duration.FromDays(14));

        var refused = (await contact.Post($"/api/cases/{number}/reopen", new { reason = "It is back." })).Refused(422, "reopen-window-passed");

        Assert.Equal("HB-6.6", refused["rule"].GetString());
        Assert.Equal("closed", (await contact.Get($"/api/cases/{number}")).Ok()["status"].GetString());
    }

    [Fact]
    public async Task A_milestone_is_missed_at_its_own_instant_by_the_clock_alone_and_a_manager_can_excuse_it()
    {
        await server.Conclude("miss");
        await using var live = await server.Watcher("rep");
        var number = await server.Submit("miss", 1);
        var deadline = (await server.As("rep").Get($"/api/cases/{number}")).Ok().Milestone("initialResponse").Text("deadline");
        await live.Watch($"case:{number}");
        (await server.As("manager.emea").Post($"/api/cases/{number}/excuse", new { milestone = "initialResponse", cause = "networkOutage", reason = "r" })).Refused(409, "not-missed");

        server.Clock.Leap(Duration.FromHours(2));

        await live.Frame(f => f.ToString().Contains("milestone-missed", StringComparison.Ordinal));
        var missed = (await server.As("rep").Get($"/api/cases/{number}")).Ok().Milestone("initialResponse");
        Assert.Equal(("missed", deadline), (missed.Text("state"), missed.Text("missedAt")));
        (await server.As("eng.any").Post($"/api/cases/{number}/excuse", new { milestone = "initialResponse", cause = "networkOutage", reason = "r" })).Refused(403, "role-not-allowed");
        (await server.As("manager.emea").Post($"/api/cases/{number}/excuse", new { milestone = "initialResponse", cause = "networkOutage", reason = " " })).Refused(400, "text-missing");
        var excused = (await server.As("manager.emea").Post($"/api/cases/{number}/excuse", new { milestone = "initialResponse", cause = "networkOutage", reason = "The line was cut." })).Ok().Milestone("initialResponse");
        Assert.Equal(("missed", "manager.emea"), (excused.Text("state"), excused.GetProperty("excuse").Text("by")));
    }

    [Fact]
    public async Task Where_no_fix_is_known_misses_of_restoration_and_solution_are_excused()
    {
        await server.Conclude("nofix");
        var manager = server.As("manager.emea");
        var number = await server.Submit("nofix", 1);
        (await manager.Post($"/api/cases/{number}/no-known-fix", new { reason = "Not understood yet." })).Ok();

        server.Clock.Leap(Duration.FromDays(9));

        var view = (await manager.Post($"/api/cases/{number}/note", new { text = "t" })).Ok();
        Assert.Equal("noKnownFix", view.Milestone("serviceRestoration").GetProperty("excuse").Text("cause"));
        Assert.Equal("noKnownFix", view.Milestone("solutionProposal").GetProperty("excuse").Text("cause"));
        Assert.False(view.Milestone("initialResponse").TryGetProperty("excuse", out _));
        Assert.Contains("no-known-fix", view["flags"].EnumerateArray().Select(f => f.GetString()));
    }

    [Fact]
    public async Task An_engineer_has_room_for_so_many_cases_and_so_many_of_severity_1()
    {
        await server.Conclude("room");
        await server.Employ("ron", cases: 2, severity1: 1);
        var ron = server.As("eng.ron");
        var (first, second, third) = (await server.Submit("room", 1), await server.Submit("room", 1), await server.Submit("room", 3));
        (await ron.Post($"/api/cases/{first}/take")).Ok();

        Assert.Equal("1", (await ron.Post($"/api/cases/{second}/take")).Refused(422, "capacity-reached")["facts"].GetProperty("capacity").GetString());
        (await ron.Post($"/api/cases/{third}/take")).Ok();
        Assert.Equal("2", (await ron.Post($"/api/cases/{second}/take")).Refused(422, "capacity-reached")["facts"].GetProperty("capacity").GetString());

        (await ron.Post($"/api/cases/{first}/release", new { reason = "r" })).Ok();
        await ron.Until("/api/engineers/eng-ron", e => e.GetProperty("cases").GetArrayLength() == 1);
        (await ron.Post($"/api/cases/{second}/take")).Ok();
    }

    [Fact]
    public async Task A_queue_is_in_the_order_of_severity_priority_call_deadline_and_age_and_is_taken_from_in_that_order()
    {
        (await server.As("admin").Put("/api/contracts/plain", World.Contract("plain"))).Ok();
        (await server.As("admin").Put("/api/contracts/prior", World.Contract("prior", options: ["priorityCallQueueing"]))).Ok();
        await server.Employ("quinn", skills: "mail");
        var older = await server.Submit("plain", 2, product: "mailer");
        server.Clock.Leap(Duration.FromMinutes(1));
        var plain = await server.Submit("plain", 2, product: "mailer");
        var prior = await server.Submit("prior", 2, product: "mailer");
        var severe = await server.Submit("plain", 1, product: "mailer");
        var mild = await server.Submit("prior", 4, product: "mailer");
        string[] order = [severe, prior, older, plain, mild];

        await server.As("wall.dublin").Until("/api/queues/emea/mail", q => q.GetProperty("cases").EnumerateArray().Select(c => c.Text("number")!).Intersect(order).Count() == 5);

        var queue = (await server.As("rep").Get("/api/queues/emea/mail")).Ok()["cases"].EnumerateArray().Select(c => c.Text("number")!).ToList();
        Assert.Equal(order, queue);
        var summary = (await server.As("wall.dublin").Get("/api/queues")).Ok().Items().Single(q => q.Text("queue") == "emea/mail");
        Assert.Equal((5, 1), (summary.GetProperty("waiting").GetInt32(), summary.GetProperty("severity1").GetInt32()));
        foreach (var next in order)
        {
            Assert.Equal(next, (await server.As("eng.quinn").Post("/api/queues/emea/mail/take")).Ok()["number"].GetString());
        }

        (await server.As("eng.quinn").Post("/api/queues/emea/mail/take")).Refused(409, "nothing-to-take");
        (await server.As("eng.quinn").Post("/api/queues/emea/nothing/take")).Refused(409, "nothing-to-take");
        (await server.As("eng.quinn").Post("/api/queues/mars/mail/take")).Refused(404, "queue-not-found");
    }

    [Fact]
    public async Task A_repeated_take_of_the_next_case_takes_one()
    {
        await server.Conclude("next");
        await server.Employ("nick", skills: "backup");
        await server.Submit("next", 1);
        await server.Submit("next", 1);
        var nick = server.As("eng.nick");
        await nick.Until("/api/queues/emea/backup", q => q.GetProperty("cases").GetArrayLength() >= 2);
        var key = nick.NewKey();

        var first = (await nick.Post("/api/queues/emea/backup/take", key: key)).Ok()["number"].GetString();

        Assert.Equal(first, (await nick.Post("/api/queues/emea/backup/take", key: key)).Ok()["number"].GetString());
        Assert.Single((await nick.Get("/api/engineers/eng-nick")).Ok()["cases"].EnumerateArray());
    }

    [Fact]
    public async Task Cases_are_listed_by_every_filter_and_page_by_page()
    {
        await server.Conclude("filter", "rps");
        await server.Employ("fay");
        var rep = server.As("rep");
        var taken = await server.SubmitAndTake("filter", "fay", 1);
        var closed = await server.Submit("filter", 2);
        (await server.As("contact.filter").Post($"/api/cases/{closed}/close", new { reason = "r" })).Ok();
        var queued = await server.Submit("filter", 4, product: "vault");
        var turkish = await server.Submit("filter", 3, "Şifreleme ÇÖKTÜ: Größe 日本語のバックアップ");

        foreach (var (query, found) in new (string, string[])[]
        {
            ("", [turkish, queued, closed, taken]),
            ("&open=true", [turkish, queued, taken]),
            ("&open=false", [closed]),
            ("&status=closed", [closed]),
            ("&status=inProgress", [taken]),
            ("&status=queued", [turkish, queued]),
            ("&status=waitingForCustomer", []),
            ("&severity=4", [queued]),
            ("&product=vault", [queued]),
            ("&queue=emea/archive", [queued]),
            ("&region=emea", [turkish, queued, closed, taken]),
            ("&region=apj", []),
            ("&owner=eng-fay", [taken]),
            ("&offer=rps", [turkish, queued, closed, taken]),
            ("&offer=basic", []),
            ("&text=sifreleme", [turkish]),
            ("&text=%C3%A7%C3%B6kt%C3%BC", [turkish]),
            ("&text=groesse", []),
            ("&text=gr%C3%B6%C3%9Fe", [turkish]),
            ("&text=%E6%97%A5%E6%9C%AC", [turkish]),
            ("&text=nothing", []),
            ("&text=stops&severity=1", [taken]),
            ("&text=\"%20OR%20*", []),
        })
        {
            var numbers = (await rep.Get($"/api/cases?supportId=filter{query}")).Ok().Items().Select(i => i.Text("number")!).ToArray();
            Assert.True(found.SequenceEqual(numbers), $"{query}: {string.Join(", ", numbers)}");
        }

        var pages = new List<string>();
        string? after = null;
        do
        {
            var page = (await rep.Get($"/api/cases?supportId=filter&limit=1{(after is null ? "" : $"&after={after}")}")).Ok();
            pages.Add(Assert.Single(page.Items()).Text("number")!);
            after = page.Json.Text("next");
        }
        while (after is not null);
        Assert.Equal([turkish, queued, closed, taken], pages);
    }

    [Fact]
    public async Task Every_deadline_explains_itself()
    {
        await server.Conclude("why", "basic");
        var number = await server.Submit("why", 1);
        var view = (await server.As("rep").Get($"/api/cases/{number}")).Ok();

        var explained = (await server.As("contact.why").Get($"/api/cases/{number}/explain")).Ok().Json.EnumerateArray().ToList();

        foreach (var milestone in view["milestones"].EnumerateArray())
        {
            var why = explained.Single(e => e.Text("milestone") == milestone.Text("milestone") && e.Text("generation") == milestone.Text("generation"));
            Assert.Equal((milestone.Text("deadline"), milestone.Text("target")), (why.Text("deadline"), why.Text("target")));
            Assert.StartsWith("HB-", why.Text("rule"), StringComparison.Ordinal);
        }

        var whatIf = (await server.As("contact.why").Post("/api/explain", new { offer = "basic", severity = 1, zone = "Europe/Dublin", country = "IE", at = "2026-03-16T17:45:00Z" })).Ok().Json.EnumerateArray().ToList();
        Assert.Equal("2026-03-18T08:45:00Z", whatIf.Single(e => e.Text("milestone") == "initialResponse").Text("deadline"));
    }

    [Fact]
    public async Task Figures_count_what_was_done()
    {
        await server.Conclude("count");
        var rep = server.As("rep");
        var before = (await rep.Get("/api/figures")).Ok();
        await server.Submit("count", 1);
        var closed = await server.Submit("count", 1);
        (await server.As("contact.count").Post($"/api/cases/{closed}/close", new { reason = "r" })).Ok();

        var after = (await rep.Get("/api/figures")).Ok();

        Assert.Equal(2, after["cases"].GetInt64() - before["cases"].GetInt64());
        Assert.Equal(1, after["openCases"].GetInt64() - before["openCases"].GetInt64());
        Assert.Equal(1, after["openSeverity1"].GetInt64() - before["openSeverity1"].GetInt64());
        Assert.Equal(At(server.Clock.Now), after["at"].GetString());
        Assert.Equal(after["cases"].GetInt64(), (await server.With(null).Get("/figures")).Ok()["cases"].GetInt64());
    }

    private static string At(Instant instant) => InstantPattern.ExtendedIso.Format(instant);
}
