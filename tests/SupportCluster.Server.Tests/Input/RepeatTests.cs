using NodaTime;

namespace SupportCluster.Server.Tests.Input;

/// <summary>The same request again, under its key.</summary>
public sealed class RepeatTests(Running.Server server) : IClassFixture<Running.Server>
{
    [Theory]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("0f8fad5b-d9cb-469f-a165-70867728950e")]
    [InlineData("{01890a5d-ac96-774b-bcce-b302099a8057}")]
    [InlineData("01890a5dac96774bbcceb302099a8057")]
    public async Task A_malformed_key_is_a_400_and_nothing_is_done(string key)
    {
        await server.Conclude("keys");

        (await server.As("contact.keys").Post("/api/cases", World.Report(), key)).Refused(400, "key-malformed");

        Assert.Empty((await server.As("rep").Get("/api/cases?supportId=keys")).Ok().Items());
    }

    [Fact]
    public async Task Twenty_repeats_of_a_submission_at_once_open_one_case()
    {
        await server.Conclude("twenty");
        var contact = server.As("contact.twenty");
        var key = contact.NewKey();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => contact.Post("/api/cases", World.Report(), key)));

        var number = Assert.Single(answers.Select(a => a.Ok()["number"].GetString()).Distinct());
        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.Equal(number, Assert.Single((await contact.Get("/api/cases")).Ok().Items()).Text("number"));
    }

    [Fact]
    public async Task A_repeat_answers_with_the_case_and_another_body_under_its_key_is_refused()
    {
        await server.Conclude("again");
        var contact = server.As("contact.again");
        var key = contact.NewKey();

        var first = (await contact.Post("/api/cases", World.Report(), key)).Ok();
        Assert.Equal($"/api/cases/{first["number"].GetString()}", first.Headers.Location!.ToString());
        Assert.Equal(first["number"].GetString(), (await contact.Post("/api/cases", World.Report(), key)).Ok()["number"].GetString());
        (await contact.Post("/api/cases", World.Report(severity: 4), key)).Refused(422, "key-reused");

        Assert.Single((await contact.Get("/api/cases")).Ok().Items());
    }

    [Fact]
    public async Task A_repeated_action_is_done_once_and_another_under_its_key_is_refused()
    {
        await server.Conclude("act");
        var contact = server.As("contact.act");
        var number = await server.Submit("act");
        var key = contact.NewKey();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => contact.Post($"/api/cases/{number}/note", new { text = "once" }, key)));

        Assert.Single(answers.Select(a => a.Ok()["version"].GetInt64()).Distinct());
        Assert.Single((await contact.Get($"/api/cases/{number}/history")).Ok().Items(), e => e.Text("text") == "once");
        (await contact.Post($"/api/cases/{number}/note", new { text = "twice" }, key)).Refused(422, "key-reused");
        (await contact.Post($"/api/cases/{number}/answer", new { text = "once" }, key)).Refused(422, "key-reused");
    }

    [Fact]
    public async Task A_key_older_than_a_day_is_refused_and_nothing_is_done()
    {
        await server.Conclude("old");
        await server.Employ("olga");
        var contact = server.As("contact.old");
        var number = await server.Submit("old");
        var key = contact.NewKey(Duration.FromHours(24));

        (await contact.Post("/api/cases", World.Report(), key)).Refused(409, "request-expired");
        (await contact.Post($"/api/cases/{number}/note", new { text = "t" }, key)).Refused(409, "request-expired");
        (await server.As("eng.olga").Post($"/api/cases/{number}/take", key: key)).Refused(409, "request-expired");
        (await server.As("admin").Put("/api/contracts/old", World.Contract("old", "rps"), key)).Refused(409, "request-expired");

        Assert.Single((await contact.Get("/api/cases")).Ok().Items());
        Assert.False((await contact.Get($"/api/cases/{number}")).Ok().Json.TryGetProperty("owner", out _));
        Assert.Empty((await server.As("admin").Get("/api/engineers/eng-olga")).Ok()["cases"].EnumerateArray());
    }

    [Fact]
    public async Task A_late_repeat_of_a_take_does_not_take_again_what_was_given_back()
    {
        await server.Conclude("late");
        await server.Employ("lara");
        var lara = server.As("eng.lara");
        var number = await server.Submit("late");
        var key = lara.NewKey();
        Assert.Equal("eng-lara", (await lara.Post($"/api/cases/{number}/take", key: key)).Ok()["owner"].GetString());
        Assert.Equal("eng-lara", (await lara.Post($"/api/cases/{number}/take", key: key)).Ok()["owner"].GetString());
        (await lara.Post($"/api/cases/{number}/release", new { reason = "r" })).Ok();
        await lara.Until("/api/engineers/eng-lara", e => e.GetProperty("cases").GetArrayLength() == 0);

        var repeat = (await lara.Post($"/api/cases/{number}/take", key: key)).Ok();

        Assert.False(repeat.Json.TryGetProperty("owner", out _));
        await lara.Until("/api/engineers/eng-lara", e => e.GetProperty("cases").GetArrayLength() == 0);
    }

    [Fact]
    public async Task Contracts_and_contacts_are_applied_once_under_a_key()
    {
        await server.Conclude("twice");
        var admin = server.As("admin");
        var key = admin.NewKey();

        var first = (await admin.Post("/api/contracts/twice/consume", new { name = "onSiteInterventions", reason = "r" }, key)).Refused(422, "entitlement-spent");
        Assert.Equal("HB-1.3", first["rule"].GetString());
        (await admin.Put("/api/contracts/twice", World.Contract("twice", "datacenter"))).Ok();
        var used = (await admin.Post("/api/contracts/twice/consume", new { name = "onSiteInterventions", reason = "r" }, key)).Ok();
        var again = (await admin.Post("/api/contracts/twice/consume", new { name = "onSiteInterventions", reason = "r" }, key)).Ok();

        Assert.Equal(used["version"].GetInt64(), again["version"].GetInt64());
        (await admin.Post("/api/contracts/twice/consume", new { name = "onSiteInterventions", reason = "other" }, key)).Refused(422, "key-reused");
    }

    [Fact]
    public async Task Two_engineers_who_take_a_case_at_once_do_not_both_get_it()
    {
        await server.Conclude("race");
        await server.Employ("one");
        await server.Employ("two");
        var number = await server.Submit("race");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => server.As(i % 2 == 0 ? "eng.one" : "eng.two").Post($"/api/cases/{number}/take")));

        var owner = Assert.Single(answers.Where(a => a.Status == HttpStatusCode.OK).Select(a => a["owner"].GetString()).Distinct());
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => a.Refused(409, "already-owned"));
        var loser = owner == "eng-one" ? "eng-two" : "eng-one";
        await server.As("admin").Until($"/api/engineers/{loser}", e => e.GetProperty("cases").GetArrayLength() == 0);
    }
}
