using System.Text;
using NodaTime;

namespace SupportCluster.Server.Tests.Life;

/// <summary>Centres that close early, stand-ins of duty managers and schedules as files, over REST (HB-3.5).</summary>
public sealed class CentreLifeTests(Running.Server server) : IClassFixture<Running.Server>
{
    private static readonly string[] Everything = ["backup"];

    [Fact]
    public async Task A_centre_is_closed_for_a_while_and_the_roster_knows()
    {
        await Employ("cora", "reading");
        var manager = server.As("manager.emea");
        var day = server.Clock.Now.InUtc().Date;
        var from = day.PlusDays(7 + (int)IsoDayOfWeek.Wednesday - (int)day.DayOfWeek).AtMidnight().InUtc().ToInstant() + Duration.FromHours(9);
        var at = (from + Duration.FromHours(1)).ToString();
        Assert.True(Shift(await manager.Get($"/api/roster?scope=reading&at={at}"), "eng-cora").TryGetProperty("until", out _));

        var closed = (await manager.Post("/api/centres/reading/close", new { from = from.ToString(), until = (from + Duration.FromHours(4)).ToString(), reason = "Storm." })).Ok();

        Assert.Equal(("Storm.", "manager.emea"), (closed["closures"][0].Text("reason"), closed["closures"][0].Text("by")));
        await manager.Until($"/api/roster?scope=reading&at={at}", roster => !roster.GetProperty("onShift").EnumerateArray().Single(s => s.Text("engineer") == "eng-cora").TryGetProperty("until", out _));
        Assert.Equal("Storm.", Centre(await server.As("rep").Get("/api/centres"), "reading").GetProperty("closures")[0].Text("reason"));
        Assert.False(Centre(await server.As("wall.dublin").Get("/api/centres"), "reading").TryGetProperty("closures", out _));
        var coverage = (await manager.Get($"/api/coverage?from={at}&to={from + Duration.FromHours(2)}")).Ok();
        Assert.All(coverage["hours"][0].GetProperty("cells").EnumerateArray().Where(c => c.Text("productLine") == "tape"), c => Assert.Equal(0, c.GetProperty("least").GetInt32()));

        Assert.Empty((await manager.Post("/api/centres/reading/reopen")).Ok()["closures"].EnumerateArray());
        (await manager.Post("/api/centres/reading/reopen")).Refused(409, "not-closed");
        await manager.Until($"/api/roster?scope=reading&at={at}", roster => roster.GetProperty("onShift").EnumerateArray().Single(s => s.Text("engineer") == "eng-cora").TryGetProperty("until", out _));
    }

    [Fact]
    public async Task A_closure_that_makes_no_sense_is_refused()
    {
        var manager = server.As("manager.emea");
        Assert.Contains("/until", (await manager.Post("/api/centres/dublin/close", new { until = "2020-01-01T00:00:00Z", reason = "r" })).Refused(400, "closure-malformed")["errors"].EnumerateObject().Select(e => e.Name));
        (await manager.Post("/api/centres/dublin/close", new { until = (server.Clock.Now + Duration.FromHours(1)).ToString(), reason = " " })).Refused(400, "text-missing");
        (await manager.Post("/api/centres/dublin/close", new { until = "tomorrow", reason = "r" })).Refused(400, "malformed");
        (await manager.Post("/api/centres/atlantis/close", new { until = (server.Clock.Now + Duration.FromHours(1)).ToString(), reason = "r" })).Refused(404, "centre-not-found");
        (await manager.Post("/api/centres/atlantis/reopen")).Refused(404, "centre-not-found");
    }

    [Fact]
    public async Task Somebody_stands_in_and_two_turns_are_swapped()
    {
        var manager = server.As("manager.emea");
        var now = server.Clock.Now;
        var (from, until) = (now + Duration.FromDays(100), now + Duration.FromDays(101));

        var named = (await manager.Post("/api/duty/apj/stand-in", new { from = from.ToString(), until = until.ToString(), manager = "zoe" })).Ok();

        Assert.Equal("zoe", named["standIns"][0].Text("manager"));
        var at = $"/api/roster?at={from + Duration.FromHours(1)}";
        await manager.Until(at, roster => Duty(roster, "apj") == "zoe");
        Assert.Equal(("apj", "zoe"), (await manager.Get("/api/roster")).Ok()["standIns"].EnumerateArray().Select(d => (d.Text("region"), d.GetProperty("standIns")[0].Text("manager"))).Single());
        Assert.Empty((await manager.Get($"/api/roster?at={until}")).Ok()["standIns"].EnumerateArray());

        (await manager.Post("/api/duty/apj/stand-in", new { from = until.ToString(), until = from.ToString(), manager = "zoe" })).Refused(400, "duty-malformed");
        (await manager.Post("/api/duty/moon/stand-in", new { from = from.ToString(), until = until.ToString(), manager = "zoe" })).Refused(404, "region-not-found");
        (await manager.Post("/api/duty/apj/swap", new { first = from.ToString(), second = from.ToString() })).Refused(409, "same-manager");
        (await manager.Post("/api/duty/moon/swap", new { first = from.ToString(), second = until.ToString() })).Refused(404, "region-not-found");
        (await manager.Post("/api/duty/apj/swap", new { first = from.ToString() })).Refused(400, "malformed");

        // Yolanda's stretch for Zoe's: each has the other's.
        (await manager.Post("/api/duty/apj/stand-in", new { from = (from + Duration.FromDays(7)).ToString(), until = (until + Duration.FromDays(7)).ToString(), manager = "yolanda" })).Ok();
        (await manager.Post("/api/duty/apj/swap", new { first = (from + Duration.FromHours(1)).ToString(), second = (from + Duration.FromDays(7) + Duration.FromHours(1)).ToString() })).Ok();
        await manager.Until(at, roster => Duty(roster, "apj") == "yolanda");
        await manager.Until($"/api/roster?at={from + Duration.FromDays(7) + Duration.FromHours(1)}", roster => Duty(roster, "apj") == "zoe");
    }

    [Fact]
    public async Task A_shift_is_given_to_a_colleague_once_however_often_it_is_told()
    {
        await Employ("gina", "dublin", new { pattern = "Mon-Fri 08:00-16:00" });
        await Employ("hugo", "dublin", new { pattern = "Sat-Sun 08:00-16:00" });
        var manager = server.As("manager.emea");
        var given = new { to = "eng-hugo", date = "2035-06-05" };

        Assert.Equal("2035-06-05", (await manager.Post("/api/engineers/eng-gina/give-shift", given)).Ok()["schedule"].GetProperty("dropped")[0].GetString());
        (await manager.Post("/api/engineers/eng-gina/give-shift", given)).Ok();
        var extra = (await manager.Get("/api/engineers/eng-hugo")).Ok()["schedule"].GetProperty("extra");
        Assert.Equal(1, extra.GetArrayLength());
        Assert.Equal(("2035-06-05", "eng-gina"), (extra[0].Text("date"), extra[0].Text("for")));
        await manager.Until("/api/roster?scope=dublin&at=2035-06-05T10:00:00Z", roster => roster.GetProperty("onShift").EnumerateArray().Any(s => s.Text("engineer") == "eng-hugo")
            && roster.GetProperty("onShift").EnumerateArray().All(s => s.Text("engineer") != "eng-gina"));

        (await manager.Post("/api/engineers/eng-gina/give-shift", new { to = "eng-hugo", date = "2035-06-09" })).Refused(409, "no-shift");
        (await manager.Post("/api/engineers/eng-gina/give-shift", new { to = "eng-gina", date = "2035-06-06" })).Refused(400, "swap-with-oneself");
        (await manager.Post("/api/engineers/eng-gina/give-shift", new { to = "eng-nobody", date = "2035-06-06" })).Refused(400, "engineer-unknown");
        (await manager.Post("/api/engineers/eng-nobody/give-shift", given)).Refused(404, "engineer-not-found");
        (await manager.Post("/api/engineers/eng-gina/give-shift", new { to = "eng-hugo", date = "6 June" })).Refused(400, "malformed");
    }

    [Fact]
    public async Task A_schedule_goes_out_as_a_file_and_comes_back_the_same()
    {
        await Employ("dora", "dublin", new { pattern = "Mon-Fri 08:00-16:00", leave = new[] { new { from = "2035-07-02", to = "2035-07-06" } }, dropped = new[] { "2035-06-25" } });
        var manager = server.As("manager.emea");
        var before = (await manager.Get("/api/engineers/eng-dora")).Ok();

        var file = (await server.As("eng.dora").Get("/api/engineers/eng-dora/schedule.ics")).Ok();
        Assert.Equal("text/calendar", file.MediaType);
        var after = (await manager.Send(HttpMethod.Put, "/api/engineers/eng-dora/schedule.ics", Calendar(file.Text))).Ok();
        Assert.Equal(before["schedule"].ToString(), after["schedule"].ToString());

        after = (await manager.Send(HttpMethod.Put, "/api/engineers/eng-dora/schedule.ics", Calendar("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20350604T090000\r\nDTEND:20350604T170000\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"))).Ok();
        Assert.Equal("Mon-Tue 09:00-17:00", after["schedule"].Text("pattern"));
        Assert.Equal("dora", after["name"].GetString());
    }

    [Theory]
    [InlineData("no calendar")]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20350604T090000\r\nDTEND:20350604T170000\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")]
    public async Task A_file_that_is_no_schedule_is_refused(string text)
    {
        await Employ("emma", "dublin");
        (await server.As("manager.emea").Send(HttpMethod.Put, "/api/engineers/eng-emma/schedule.ics", Calendar(text))).Refused(400, "schedule-malformed");
        (await server.As("manager.emea").Send(HttpMethod.Put, "/api/engineers/eng-nobody/schedule.ics", Calendar(text))).Refused(404, "engineer-not-found");
        (await server.As("rep").Get("/api/engineers/eng-nobody/schedule.ics")).Refused(404, "engineer-not-found");
    }

    private static StringContent Calendar(string text) => new(text, Encoding.UTF8, "text/calendar");

    private static JsonElement Centre(Answer centres, string code) => centres.Ok()["items"].EnumerateArray().Single(c => c.Text("code") == code);

    private static JsonElement Shift(Answer roster, string engineer) => roster.Ok()["onShift"].EnumerateArray().Single(s => s.Text("engineer") == engineer);

    private static string? Duty(JsonElement roster, string region) => roster.GetProperty("dutyManagers").EnumerateArray().Single(d => d.Text("region") == region).Text("manager");

    private async Task Employ(string name, string centre, object? schedule = null)
    {
        var skills = name == "cora" ? ["tape"] : Everything;
        (await server.As("admin").Put($"/api/engineers/eng-{name}", schedule is null ? new { name, region = "emea", skills, centre } : new { name, region = "emea", skills, centre, schedule })).Ok();
        await server.As("rep").Until("/api/roster", roster => roster.GetProperty("comesNext").EnumerateArray().Any(s => s.Text("engineer") == $"eng-{name}"));
    }
}
