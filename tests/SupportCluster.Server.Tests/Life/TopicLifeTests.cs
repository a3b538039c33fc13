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
