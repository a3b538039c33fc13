using NodaTime;
using NodaTime.Text;

namespace SupportCluster.Server.Tests.Life;

/// <summary>What the watchers of customers, engineers, centres and wallboards see.</summary>
public sealed class TopicLifeTests(Running.Server server) : IClassFixture<Running.Server>
{
    private static readonly Dictionary<string, object> Inside = new() { ["text"] = "secret", ["internal"] = true };

    [Fact]
    public async Task A_customer_is_shown_each_change_of_its_open_cases_and_nothing_that_is_internal_causes_a_frame()
    {
        await server.Conclude("topic-a");
        await server.Conclude("topic-b");
        await server.Employ("tara");
        var before = await server.Submit("topic-a", title: "Before");
        await using var contact = await server.Watcher("contact.topic-a");
        await using var staff = await server.Watcher("rep");
        await contact.Watch("customer:topic-a");
        await staff.Watch("customer:topic-a");
        var view = (await contact.Frame(f => f.Text("frame") == "snapshot")).GetProperty("view");
        await staff.Frame(f => f.Text("frame") == "snapshot");
        Assert.Equal([before], view.GetProperty("cases").EnumerateArray().Select(c => c.Text("number")));

        var number = await server.Submit("topic-a", severity: 2);
        await server.Submit("topic-b");
        (await server.As("eng.tara").Post($"/api/cases/{number}/take")).Ok();
        (await server.As("eng.tara").Post($"/api/cases/{number}/note", Inside)).Ok();
        (await server.As("rep").Post($"/api/cases/{before}/note", Inside)).Ok();
        (await server.As("manager.emea").Post($"/api/cases/{before}/escalate", new { reason = "secret" })).Ok();
        (await server.As("contact.topic-a").Post($"/api/cases/{number}/severity", new { severity = 3, reason = "r" })).Ok();
        (await server.As("contact.topic-a").Post($"/api/cases/{number}/close", new { reason = "r" })).Ok();

        foreach (var watcher in new[] { contact, staff })
        {
            await watcher.Frame(f => f.ToString().Contains("\"left\"", StringComparison.Ordinal));
            var changes = watcher.Seen.Where(f => f.Text("frame") == "change").SelectMany(f => f.GetProperty("changes").EnumerateArray()).ToList();
            Assert.Equal([("2", null), ("2", "eng-tara"), ("3", "eng-tara")], changes[..^1].Select(c => c.GetProperty("entry")).Select(e => (e.Text("severity"), e.Text("owner"))));
            Assert.Equal(number, changes[^1].Text("left"));
            Assert.All(watcher.Seen, f => Assert.DoesNotContain("secret", f.ToString(), StringComparison.Ordinal));
            Following(watcher);
        }
    }

    [Fact]
    public async Task An_engineer_is_shown_profile_and_cases_and_told_what_was_missed()
    {
        await server.Conclude("topic-c");
        await server.Employ("ulla", cases: 3, severity1: 1);
        await using var watcher = await server.Watcher("manager.emea");
        await watcher.Watch("engineer:eng-ulla");
        var first = await watcher.Frame(f => f.Text("frame") == "snapshot");
        Assert.Equal("3", first.GetProperty("view").GetProperty("capacity").Text("cases"));

        var number = await server.SubmitAndTake("topic-c", "ulla");
        var taken = await watcher.Frame(f => f.ToString().Contains("engineer-assigned", StringComparison.Ordinal));
        Assert.Equal([number], taken.GetProperty("view").GetProperty("cases").EnumerateArray().Select(c => c.Text("number")));
        Following(watcher);

        await using var later = await server.Watcher("rep");
        await later.Watch("engineer:eng-ulla", first.Text("cursor"));
        var missed = await later.Frame(f => f.Text("frame") == "change");
        Assert.Equal(["engineer-reserved", "engineer-assigned"], missed.GetProperty("changes").EnumerateArray().Select(c => c.Text("type")));
    }

    [Fact]
    public async Task A_centre_is_shown_its_engineers_as_they_come_work_and_leave()
    {
        await server.Conclude("topic-d");
        await Employ("vera", "reading");
        await Employ("will", "dublin");
        await using var wall = await server.Watcher("wall.reading");
        await wall.Watch("centre:reading");
        var view = (await wall.Frame(f => f.Text("frame") == "snapshot")).GetProperty("view");
        Assert.Equal(["eng-vera"], view.GetProperty("engineers").EnumerateArray().Select(e => e.Text("id")));

        var number = await server.SubmitAndTake("topic-d", "vera");
        await Employ("will", "reading");
        await Employ("vera", "dublin");

        await wall.Frame(f => f.ToString().Contains("\"left\":\"eng-vera\"", StringComparison.Ordinal));
        var changes = wall.Seen.Where(f => f.Text("frame") == "change").SelectMany(f => f.GetProperty("changes").EnumerateArray()).ToList();
        Assert.Contains(changes, c => c.Text("engineer")?.Contains(number, StringComparison.Ordinal) == true);
        Assert.Contains(changes, c => c.Text("engineer")?.Contains("eng-will", StringComparison.Ordinal) == true);
        Following(wall);
        Assert.Equal("dublin", (await server.As("rep").Get("/api/engineers/eng-vera")).Ok()["centre"].GetString());
        (await server.As("admin").Put("/api/engineers/eng-xena", new { name = "x", region = "emea", skills = new[] { "backup" }, centre = "tokyo" })).Refused(400, "centre-of-another-region");

        async Task Employ(string name, string centre) =>
            (await server.As("admin").Put($"/api/engineers/eng-{name}", new { name, region = "emea", skills = new[] { "backup" }, centre })).Ok();
    }

    [Fact]
    public async Task A_centre_is_shown_who_is_on_shift_and_connected()
    {
        (await server.As("admin").Put("/api/engineers/eng-yuri", new { name = "yuri", region = "emea", skills = new[] { "backup" }, centre = "dublin", schedule = new { pattern = "Mon-Fri 09:00-17:00" } })).Ok();
        await using var wall = await server.Watcher("wall.dublin");
        await wall.Watch("centre:dublin");
        await wall.Frame(f => Yuri(f) is { } y && y.TryGetProperty("present", out var present) && !present.GetBoolean() && y.Text("onShiftUntil") == "2035-03-05T17:00:00Z");

        await using (var desk = await server.Watcher("eng.yuri"))
        {
            await desk.Watch("engineer:eng-yuri");
            await wall.Frame(f => Yuri(f)?.GetProperty("present").GetBoolean() == true);
        }

        var before = wall.Seen.Count;
        await wall.Frame(f => wall.Seen.ToList().IndexOf(f) >= before && Yuri(f)?.GetProperty("present").GetBoolean() == false);

        static JsonElement? Yuri(JsonElement frame) => (frame.Text("frame") == "snapshot"
                ? frame.GetProperty("view").GetProperty("engineers").EnumerateArray().ToList()
                : frame.TryGetProperty("changes", out var changes) ? [.. changes.EnumerateArray().Where(c => c.TryGetProperty("engineer", out _)).Select(c => c.GetProperty("engineer"))] : [])
            .Where(e => e.Text("id") == "eng-yuri").Select(e => (JsonElement?)e).LastOrDefault();
    }

    [Fact]
    public async Task The_centres_of_the_policy_are_listed() => Assert.Equal(
        ["dublin", "pune", "reading", "sao-paulo", "springfield", "sydney", "tokyo"],
        (await server.As("wall.dublin").Get("/api/centres")).Ok().Items().Select(c => c.Text("code")).Order());

    [Fact]
    public async Task A_wallboard_shows_figures_that_replace_each_other_and_no_word_of_a_customers()
    {
        await server.Conclude("topic-e");
        await using var wall = await server.Watcher("wall.dublin");
        foreach (var topic in new[] { "wallboard:world", "wallboard:emea", "wallboard:dublin", "wallboard:tokyo" })
        {
            await wall.Watch(topic);
        }

        var board = await wall.Frame(f => f.Text("topic") == "wallboard:world");
        Assert.Equal(("snapshot", "False"), (board.Text("frame"), board.Text("reset")));
        var open = board.GetProperty("view").GetProperty("open").GetInt32();

        var number = await server.Submit("topic-e", severity: 1);

        foreach (var topic in new[] { "wallboard:world", "wallboard:emea", "wallboard:dublin" })
        {
            var shown = await Shown(topic, number);
            Assert.Equal(("snapshot", "True"), (shown.Text("frame"), shown.Text("reset")));
            var view = shown.GetProperty("view");
            Assert.True(view.GetProperty("open").GetInt32() > open || topic != "wallboard:world");
            Assert.Contains(view.GetProperty("queues").EnumerateArray(), q => q.Text("queue") == "emea/backup" && q.GetProperty("severity1").GetInt32() > 0);
        }

        Assert.All(wall.Seen, f =>
        {
            Assert.DoesNotContain(Running.Server.Marker, f.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("topic-e", f.ToString(), StringComparison.Ordinal);
            Assert.NotEqual("change", f.Text("frame"));
        });
        Assert.DoesNotContain(wall.Seen, f => f.Text("topic") == "wallboard:tokyo" && f.ToString().Contains(number, StringComparison.Ordinal));

        async Task<JsonElement> Shown(string topic, string what) =>
            wall.Seen.LastOrDefault(f => Shows(f, topic, what)) is { ValueKind: JsonValueKind.Object } seen ? seen : await wall.Frame(f => Shows(f, topic, what));

        static bool Shows(JsonElement f, string topic, string what) => f.Text("topic") == topic && f.ToString().Contains(what, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wallboard_shows_what_waits_what_is_breached_and_escalated_and_what_has_happened_today()
    {
        await server.Conclude("topic-f");
        var number = await server.Submit("topic-f", severity: 2);
        await using var wall = await server.Watcher("wall.dublin");
        await wall.Watch("wallboard:dublin");

        var view = (await wall.Frame(f => Urgent(f, number) is not null)).GetProperty("view");
        var urgent = Urgent(view, number)!.Value;
        Assert.Equal(("initialResponse", "False", "False", "False"), (urgent.Text("milestone"), urgent.Text("breached"), urgent.Text("escalated"), urgent.Text("handoff")));
        Assert.Equal(Duration.FromHours(2), At(urgent, "nextDeadline") - At(urgent, "clockStart"));
        Assert.True(view.GetProperty("waitingBySeverity").GetProperty("severity2").GetInt32() >= 1);
        Assert.True(At(view, "waitingSince") <= At(urgent, "clockStart"));
        var (today, hours, wanted) = (view.GetProperty("today"), view.GetProperty("hours"), view.GetProperty("wanted"));
        Assert.Equal("2035-03-05T00:00:00Z", today.Text("began"));
        Assert.True(today.GetProperty("met").GetInt32() >= 1);
        Assert.Equal(25, hours.GetProperty("opened").GetArrayLength());
        Assert.True(hours.GetProperty("opened")[24].GetInt32() >= 1);
        Assert.Equal(Duration.FromHours(24), CaseHour(server.Clock.Now) - At(hours, "from"));
        Assert.Equal((0.95, 0.95, 0.9), (wanted.GetProperty("target").GetDouble(), wanted.GetProperty("amber").GetDouble(), wanted.GetProperty("red").GetDouble()));

        (await server.As("contact.topic-f").Post($"/api/cases/{number}/escalate", new { reason = "It is getting worse." })).Ok();
        view = (await wall.Frame(f => Urgent(f, number)?.Text("escalated") == "True")).GetProperty("view");
        Assert.True(view.GetProperty("escalations").GetInt32() >= 1 && view.GetProperty("untaken").GetInt32() >= 1);

        server.Clock.Leap(Duration.FromMinutes(121));
        view = (await wall.Frame(f => Urgent(f, number)?.Text("breached") == "True")).GetProperty("view");
        Assert.True(view.GetProperty("breached").GetInt32() >= 1 && view.GetProperty("today").GetProperty("missed").GetInt32() >= 1);
        Assert.Equal("True", view.GetProperty("urgent")[0].Text("breached"));
        Assert.True(At(Urgent(view, number)!.Value, "nextDeadline") < server.Clock.Now);
        Assert.All(wall.Seen, f => Assert.DoesNotContain(Running.Server.Marker, f.ToString(), StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine(view.ToString());

        (await server.As("contact.topic-f").Post($"/api/cases/{number}/close", new { reason = "r" })).Ok();
        await wall.Frame(f => f.GetProperty("view").GetProperty("today").GetProperty("closed").GetInt32() >= 1);

        static JsonElement? Urgent(JsonElement json, string number) => (json.TryGetProperty("view", out var view) ? view : json).GetProperty("urgent").EnumerateArray()
            .Where(c => c.Text("number") == number).Select(c => (JsonElement?)c).FirstOrDefault();

        static Instant CaseHour(Instant at) => Instant.FromUnixTimeSeconds(at.ToUnixTimeSeconds() / 3600 * 3600);
    }

    [Theory]
    [InlineData("wallboard:tokyo", "2035-03-04T15:00:00Z")]
    [InlineData("wallboard:apj", "2035-03-04T18:30:00Z")] // Pune
    [InlineData("wallboard:americas", "2035-03-05T03:00:00Z")] // São Paulo
    [InlineData("wallboard:world", "2035-03-05T00:00:00Z")]
    public async Task The_day_of_a_wallboard_begins_at_midnight_of_its_place(string topic, string began)
    {
        await using var wall = await server.Watcher("wall.dublin");
        await wall.Watch(topic);
        Assert.Equal(began, (await wall.Frame(f => f.Text("frame") == "snapshot")).GetProperty("view").GetProperty("today").Text("began"));
    }

    [Fact]
    public async Task A_centre_is_shown_whether_it_is_open_and_a_closure_changes_that()
    {
        await using var wall = await server.Watcher("wall.dublin");
        await wall.Watch("centre:springfield");
        var opening = (await wall.Frame(f => f.Text("frame") == "snapshot")).GetProperty("view").GetProperty("opening");
        Assert.Equal(("False", null, "2035-03-05T16:00:00Z"), (opening.Text("open"), opening.Text("until"), opening.Text("opens")));
        var listed = (await server.As("wall.dublin").Get("/api/centres")).Ok().Items().ToDictionary(c => c.Text("code")!, c => c.GetProperty("opening"));
        Assert.Equal(opening.ToString(), listed["springfield"].ToString());
        Assert.Equal(("True", "2035-03-05T20:00:00Z", null), (listed["dublin"].Text("open"), listed["dublin"].Text("until"), listed["dublin"].Text("opens")));

        (await server.As("manager.americas").Post("/api/centres/springfield/close", new { until = "2035-03-06T12:00:00Z", reason = "Storm." })).Ok();

        var changed = await wall.Frame(f => f.Text("frame") == "change" && f.GetProperty("changes").EnumerateArray().Any(c => c.TryGetProperty("opening", out _)));
        Assert.Equal("2035-03-06T16:00:00Z", changed.GetProperty("changes").EnumerateArray().Last().GetProperty("opening").Text("opens"));
        Following(wall);
        Assert.Equal("2035-03-06T16:00:00Z", (await server.As("rep").Get("/api/centres")).Ok().Items().Single(c => c.Text("code") == "springfield").GetProperty("opening").Text("opens"));
    }

    private static Instant At(JsonElement json, string member) => InstantPattern.ExtendedIso.Parse(json.Text(member)!).Value;

    /// <summary>Each change follows the frame before.</summary>
    private static void Following(Running.Watcher watcher)
    {
        for (var i = 1; i < watcher.Seen.Count; i++)
        {
            if (watcher.Seen[i].Text("frame") == "change")
            {
                Assert.Equal(watcher.Seen[i - 1].Text("cursor"), watcher.Seen[i].Text("since"));
            }
        }
    }
}
