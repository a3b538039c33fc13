using System.IO.Compression;
using System.Text;
using Microsoft.Playwright;
using Xunit;

namespace SupportCluster.Web.Tests;

/// <summary>The administration in a real browser.</summary>
public sealed class AdministrationTests(Browser browser, WebServer server) : IClassFixture<WebServer>
{
    [Fact]
    public async Task A_contract_is_concluded_changed_and_given_contacts_and_who_changes_it_at_once_is_told()
    {
        var (page, other) = (await Open("rep"), await Open("admin", dark: false));
        await page.GetByRole(AriaRole.Link, new() { Name = "Administration" }).ClickAsync();
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Administration" }).GetByRole(AriaRole.Link, new() { Name = "Contracts" }).ClickAsync();
        await Assertions.Expect(page.Locator(".list")).ToContainTextAsync("Northwind Rail");
        await Look(page, "admin-contracts");

        // Refused in place, with what was typed kept.
        await page.GetByRole(AriaRole.Button, new() { Name = "New contract" }).ClickAsync();
        await page.Fill("Support ID", "South Wind!");
        await page.Fill("Customer", "Southwind Ferries");
        await page.Fill("Home zone", "Europe/Lisbon");
        await page.Fill("First day", "2020-01-01");
        await page.Fill("Last day", "2099-12-31");
        await page.Fill("Id of product 1", "vault");
        await page.Fill("Line of product 1", "backup");
        await page.Press("Conclude");
        await Assertions.Expect(page.Refused()).ToContainTextAsync("support-id-malformed");
        await Assertions.Expect(page.GetByLabel("Customer", new() { Exact = true })).ToHaveValueAsync("Southwind Ferries");
        await Look(page, "admin-contract-new");
        await page.Fill("Support ID", "southwind");
        await page.Press("Conclude");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Southwind Ferries" })).ToBeVisibleAsync();
        await Look(page, "admin-contract");

        await page.Tab("Contacts");
        await page.Press("New contact");
        await page.Fill("Id", "contact.southwind");
        await page.Fill("Name", "Inês");
        await page.Fill("Mail", "ines@example.com");
        await page.Press("Save contact");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Change Inês" })).ToBeVisibleAsync();
        await Look(page, "admin-contacts");

        // Both change it: the second is told what the first did, and decides.
        await other.GotoAsync("/admin/contracts/southwind");
        foreach (var p in new[] { page, other })
        {
            await p.Tab("Change");
        }

        await page.Fill("Customer", "Southwind Ferries and Rail");
        await page.Press("Save");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Southwind Ferries and Rail" })).ToBeVisibleAsync();
        await other.Fill("Last day", "2098-12-31");
        await other.Press("Save");
        await Assertions.Expect(other.Locator(".conflict")).ToContainTextAsync("/customer/name");
        await Look(other, "admin-contract-conflict-light");
        await other.Press("Save mine all the same");
        await Assertions.Expect(other.Locator(".heading")).ToContainTextAsync("2098-12-31");
        await Assertions.Expect(other.Locator(".conflict")).ToHaveCountAsync(0);
        await other.Tab("History");
        await Assertions.Expect(other.Locator(".timeline li")).Not.ToHaveCountAsync(0);

        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".heading")).ToContainTextAsync("2098-12-31");
        await page.Tab("Contacts");
        await page.Press("Remove Inês");
        await page.Locator("form").GetByRole(AriaRole.Button, new() { Name = "Remove Inês" }).ClickAsync();
        await Assertions.Expect(page.Locator("body")).ToContainTextAsync("Nobody is designated");
    }

    [Fact]
    public async Task An_engineer_is_changed_another_manager_sees_it_and_a_shift_goes_to_a_colleague()
    {
        using var admin = server.As("admin");
        await admin.ApplyEngineer("eng-zita", new("Zita", "emea", ["backup"], ["en"], Centre: "dublin", Schedule: new("Mon-Sun 09:00-17:00")), TestContext.Current.CancellationToken);
        await admin.ApplyEngineer("eng-yann", new("Yann", "emea", ["backup"], ["en"], Centre: "dublin", Schedule: new("Mon-Sun 18:00-19:00", [new(new(2035, 6, 6), new(2035, 6, 7))])), TestContext.Current.CancellationToken);
        var (page, other) = (await Open("manager.emea"), await Open("manager.apj", dark: false));
        await page.GotoAsync("/admin/engineers");
        await page.Fill("Name, skill, language, centre or region", "zita");
        await page.Press("Find");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Look(page, "admin-engineers");
        await page.GetByRole(AriaRole.Link, new() { Name = "Zita" }).ClickAsync();
        await other.GotoAsync("/admin/engineers/eng-zita");
        foreach (var p in new[] { page, other })
        {
            await Assertions.Expect(p.GetByRole(AriaRole.Heading, new() { Name = "Zita" })).ToBeVisibleAsync();
        }

        await page.Fill("Skills", "backup 3, archive");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add leave" }).ClickAsync();
        await page.Fill("First day off", "2035-12-24");
        await page.Fill("Last day off", "2035-12-31");
        await page.Press("Save");
        await Assertions.Expect(other.Locator(".heading")).ToContainTextAsync("backup (level 3), archive");
        await Assertions.Expect(other.Locator(".facts")).ToContainTextAsync("2035-12-24 – 2035-12-31");
        await Look(other, "admin-engineer-light");

        // The other one had it open as it was before.
        await other.Fill("Languages", "en, fr");
        await other.Press("Save");
        await Assertions.Expect(other.Locator(".conflict")).ToContainTextAsync("/skills");

        await page.GetByLabel("Colleague").SelectOptionAsync("eng-yann");
        await page.Fill("Day", "2035-06-06");
        await page.Press("Give the shift");
        await Assertions.Expect(page.Refused()).ToContainTextAsync("on-leave · HB-3.5");
        await Assertions.Expect(page.GetByLabel("Day", new() { Exact = true })).ToHaveValueAsync("2035-06-06");
        await page.Fill("Day", "2035-06-05");
        await page.Press("Give the shift");
        await Assertions.Expect(page.Locator(".facts")).ToContainTextAsync("2035-06-05");
        await Look(page, "admin-engineer");

        var download = await page.RunAndWaitForDownloadAsync(() => page.Press("Download .ics"));
        Assert.Equal("eng-zita.ics", download.SuggestedFilename);
        using var saved = new StreamReader(await download.CreateReadStreamAsync());
        Assert.Contains("BEGIN:VCALENDAR", await saved.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await page.GetByLabel("iCalendar file").SetInputFilesAsync(new FilePayload { Name = "bad.ics", MimeType = "text/calendar", Buffer = "no calendar"u8.ToArray() });
        await page.Press("Upload .ics");
        await Assertions.Expect(page.Refused()).ToContainTextAsync("schedule-malformed");
        await page.GetByLabel("iCalendar file").SetInputFilesAsync(new FilePayload
        {
            Name = "shift.ics",
            MimeType = "text/calendar",
            Buffer = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20350101T000000Z\r\nDTSTART:20350604T090000Z\r\nDTEND:20350604T170000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"u8.ToArray(),
        });
        await page.Press("Upload .ics");
        await Assertions.Expect(page.Locator(".facts")).ToContainTextAsync("extra shifts alone");
        await Assertions.Expect(other.Locator(".facts")).ToContainTextAsync("2035-06-04");
    }

    [Fact]
    public async Task A_centre_is_closed_and_opened_again_and_duty_is_given_to_a_stand_in()
    {
        var (page, other) = (await Open("manager.apj"), await Open("admin", dark: false));
        await page.GotoAsync("/admin/roster");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Comes next" })).ToBeVisibleAsync();
        await page.GetByLabel("Where").SelectOptionAsync("dublin");
        await page.Fill("When", "2035-06-05T10:00");
        await page.Press("Show");
        await Assertions.Expect(page.Locator("section[aria-label='On shift']")).ToContainTextAsync("Tue 5 Jun 10:00 Europe/Dublin");
        await Assertions.Expect(page.Locator(".list").First).ToContainTextAsync("Marek");
        await Look(page, "admin-roster");
        await page.Tab("Coverage");
        await Assertions.Expect(page.Locator(".hours")).ToBeVisibleAsync();
        await Look(page, "admin-coverage");

        await page.Tab("Centres");
        await page.Press("Close Sydney");
        await page.Fill("Until", "2020-06-05T10:00");
        await page.Fill("Reason", "Storm.");
        await page.Locator("form").GetByRole(AriaRole.Button, new() { Name = "Close Sydney" }).ClickAsync();
        await Assertions.Expect(page.Refused()).ToContainTextAsync("closure-");
        await Assertions.Expect(page.GetByLabel("Reason", new() { Exact = true })).ToHaveValueAsync("Storm.");
        var until = Instant(2).ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        await page.Fill("Until", until);
        await page.Locator("form").GetByRole(AriaRole.Button, new() { Name = "Close Sydney" }).ClickAsync();
        await Assertions.Expect(page.Locator("tr", new() { HasText = "Sydney" })).ToContainTextAsync("Storm.");
        await Look(page, "admin-centres");
        await other.GotoAsync("/admin/roster");
        await other.Tab("Centres");
        await Assertions.Expect(other.Locator("tr", new() { HasText = "Sydney" })).ToContainTextAsync("manager.apj");
        await other.Press("Reopen Sydney");
        await other.Locator("form").GetByRole(AriaRole.Button, new() { Name = "Reopen Sydney" }).ClickAsync();
        await Assertions.Expect(other.Locator("tr", new() { HasText = "Sydney" })).Not.ToContainTextAsync("Storm.");

        await page.Tab("Duty managers");
        await page.GetByLabel("Region").SelectOptionAsync("apj");
        await page.Fill("Manager", "zoe");
        await page.Fill("From (UTC)", "2035-06-06T08:00");
        await page.Fill("Until (UTC)", "2035-06-05T08:00");
        await page.Press("Name the stand-in");
        await Assertions.Expect(page.Refused()).ToContainTextAsync("duty-malformed");
        await page.Fill("Until (UTC)", "2035-06-07T08:00");
        await page.Press("Name the stand-in");
        await Assertions.Expect(page.Locator("tr", new() { HasText = "zoe" })).ToBeVisibleAsync();
        await page.Fill("Within the one turn (UTC)", "2035-07-04T12:00");
        await page.Fill("Within the other (UTC)", "2035-07-04T13:00");
        await page.Press("Swap");
        await Assertions.Expect(page.Refused()).ToBeVisibleAsync();
        await page.Fill("Within the other (UTC)", "2035-07-11T12:00");
        await page.Press("Swap");
        await Assertions.Expect(page.Locator("body")).ToContainTextAsync("The turns are swapped.");
        await Assertions.Expect(page.Locator("tr", new() { HasText = "deputy-apj" }).First).ToBeVisibleAsync();
        await page.Fill("Recipient", "manager-apj");
        await page.Locator("form[aria-label=Notifications]").GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.Locator("body")).ToContainTextAsync("manager-apj was told nothing yet");
        await Look(page, "admin-duty");
        await other.ReloadAsync();
        await other.Tab("Duty managers");
        await Assertions.Expect(other.Locator("tr", new() { HasText = "zoe" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_policy_is_tried_before_it_is_put_in_force_and_versions_are_compared()
    {
        var (page, other) = (await Open("admin"), await Open("admin", dark: false));
        foreach (var p in new[] { page, other })
        {
            await p.GotoAsync("/admin/policy");
            await Assertions.Expect(p.Locator("tbody tr").First).ToContainTextAsync("in force");
            await p.Tab("Change");
        }

        var text = await page.GetByLabel("Policy document, JSON").InputValueAsync();
        await page.Fill("Policy document, JSON", text.Replace("\"localBusinessHours\"", "\"sundial\"", StringComparison.Ordinal));
        await page.Press("Dry run");
        await Assertions.Expect(page.Refused()).ToContainTextAsync("policy-malformed");
        await Assertions.Expect(page.Refused()).ToContainTextAsync("/offers/0/clock");
        await page.Fill("Policy document, JSON", "{ \"name\": ");
        await page.Press("Dry run");
        await Assertions.Expect(page.Refused()).ToContainTextAsync("Line 1");

        await Change(page, "PT20M");
        await Assertions.Expect(page.Locator(".differences")).ToContainTextAsync("/targets/essential/1/initialResponse/within");
        await Assertions.Expect(page.Locator(".panel")).ToContainTextAsync("20 min");
        await Look(page, "admin-policy-dry-run");
        await Change(other, "PT25M");
        await page.Press("Put in force");
        await Assertions.Expect(page.Locator(".done")).ToContainTextAsync("is in force");
        await other.Press("Put in force");
        await Assertions.Expect(other.Refused()).ToContainTextAsync("was put in force meanwhile");
        await Look(other, "admin-policy-meanwhile-light");

        await other.ReloadAsync();
        await other.Press("Show version 1");
        await Assertions.Expect(other.Locator("pre.document")).ToContainTextAsync("\"offers\"");
        await Look(other, "admin-policy-versions-light");
        await other.Tab("Difference");
        await other.Press("Compare");
        await Assertions.Expect(other.Locator(".differences tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(other.Locator(".differences")).ToContainTextAsync("PT20M");
        await Look(other, "admin-policy-difference-light");

        async Task Change(IPage of, string within)
        {
            var changed = System.Text.Json.Nodes.JsonNode.Parse(text)!;
            changed["targets"]!["essential"]!["1"]!["initialResponse"]!["within"] = within;
            await of.Fill("Policy document, JSON", changed.ToJsonString(new() { WriteIndented = true }));
            await of.Press("Dry run");
            await Assertions.Expect(of.GetByRole(AriaRole.Heading, new() { Name = "What would change" })).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task A_log_is_read_and_sent_with_its_progress_and_a_manager_sees_what_is_stored()
    {
        var (page, manager) = (await Open("admin"), await Open("manager.emea", dark: false));
        await page.GotoAsync("/admin/imports");
        await Assertions.Expect(page.Locator("body")).ToContainTextAsync("Nothing was imported yet");
        await page.GetByLabel("Log, CSV").SetInputFilesAsync(new FilePayload { Name = "log.csv.gz", MimeType = "application/gzip", Buffer = Packed(Log()) });
        await page.GetByLabel("Mapping, JSON").SetInputFilesAsync(new FilePayload { Name = "mapping.json", MimeType = "application/json", Buffer = Encoding.UTF8.GetBytes(Mapping.Replace("\"other\"", "\"Other!\"", StringComparison.Ordinal)) });
        await page.Press("Read the log");
        await Assertions.Expect(page.Refused()).ToContainTextAsync("$.source");
        await page.GetByLabel("Mapping, JSON").SetInputFilesAsync(new FilePayload { Name = "mapping.json", MimeType = "application/json", Buffer = Encoding.UTF8.GetBytes(Mapping) });
        await page.Press("Read the log");
        await Assertions.Expect(page.GetByRole(AriaRole.Table, new() { Name = "Rows left out" })).ToContainTextAsync("'yesterday' is not a stamp");
        await page.Press("Import");
        await Assertions.Expect(page.Locator("body")).ToContainTextAsync("450 of 450 cases sent, created 450, rows added 900");
        await Assertions.Expect(page.Locator(".figures")).ToContainTextAsync("450");
        await Look(page, "admin-import");

        await manager.GotoAsync("/admin/imports");
        await Assertions.Expect(manager.GetByRole(AriaRole.Button, new() { Name = "other" })).ToBeVisibleAsync();
        await Assertions.Expect(manager.Locator(".figures")).ToContainTextAsync("900");
        await Assertions.Expect(manager.GetByRole(AriaRole.Heading, new() { Name = "Import a log" })).ToHaveCountAsync(0);
        await Look(manager, "admin-imports-light");

        static byte[] Packed(string log)
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            {
                gzip.Write(Encoding.UTF8.GetBytes(log));
            }

            return packed.ToArray();
        }

        static string Log()
        {
            var log = new StringBuilder("case,at,status,impact,customer,product,owner\n");
            for (var n = 1; n <= 450; n++)
            {
                log.Append(System.Globalization.CultureInfo.InvariantCulture, $"C{n},2021-03-0{(n % 9) + 1}T09:00:00Z,Accepted,Low,Fabrikam,Vault,ann\nC{n},2021-03-1{n % 9}T09:00:00Z,Completed,Low,Fabrikam,Vault,ann\n");
            }

            return log.Append("C451,yesterday,Accepted,Low,Fabrikam,Vault,ann\n").ToString();
        }
    }

    [Fact]
    public async Task Who_may_not_is_told_so_and_sees_no_link()
    {
        var (engineer, rep) = (await Open("eng.aoife"), await Open("rep"));
        await Assertions.Expect(engineer.GetByRole(AriaRole.Link, new() { Name = "Wallboard" })).ToBeVisibleAsync();
        await Assertions.Expect(engineer.GetByRole(AriaRole.Link, new() { Name = "Administration" })).ToHaveCountAsync(0);
        await engineer.GotoAsync("/admin/contracts");
        await Assertions.Expect(engineer.Locator("main [role=alert]")).ToContainTextAsync("This is not for your role: engineer");
        await engineer.Accessible();

        await rep.GotoAsync("/admin");
        var areas = rep.GetByRole(AriaRole.Navigation, new() { Name = "Administration" }).GetByRole(AriaRole.Link);
        await Assertions.Expect(areas).ToHaveTextAsync(["Contracts"]);
        await Look(rep, "admin-start");
        await rep.GotoAsync("/admin/policy");
        await Assertions.Expect(rep.GetByRole(AriaRole.Alert)).ToContainTextAsync("This is not for your role");
    }

    [Fact]
    public async Task What_the_administration_needs_is_loaded_for_it_alone_and_goes_when_it_is_left()
    {
        var page = await browser.Open(server.Address, 1280, 800);
        var loaded = new List<string>();
        page.Request += (_, e) => loaded.Add(e.Url);
        await page.SignIn("admin");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Queues" })).ToBeVisibleAsync();
        Assert.DoesNotContain(loaded, url => url.Contains("MudBlazor", StringComparison.Ordinal) || url.Contains("CsvHelper", StringComparison.Ordinal));

        await page.GetByRole(AriaRole.Link, new() { Name = "Administration" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Administration" })).ToBeVisibleAsync();
        Assert.Contains(loaded, url => url.Contains("MudBlazor", StringComparison.Ordinal) && url.Contains(".wasm", StringComparison.Ordinal));
        Assert.All(loaded, url => Assert.StartsWith(server.Address.ToString(), url, StringComparison.Ordinal));
        var primary = "getComputedStyle(document.documentElement).getPropertyValue('--mud-palette-primary').trim()";
        var before = await page.EvaluateAsync<string>(primary);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.WaitForFunctionAsync($"{primary} !== '{before}'");

        await page.GetByRole(AriaRole.Link, new() { Name = "Desk" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Queues" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("link[href*=MudBlazor]")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Administration" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Administration" })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("contracts/northwind")]
    [InlineData("engineers/eng-aoife")]
    [InlineData("roster")]
    [InlineData("policy")]
    [InlineData("imports")]
    public async Task Every_page_fits_in_800_pixels(string path)
    {
        var page = await browser.Open(server.Address, 800, 900, dark: false);
        await page.SignIn("admin");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Queues" })).ToBeVisibleAsync();
        await page.GotoAsync($"/admin/{path}");
        await Assertions.Expect(page.Locator("h1")).ToBeVisibleAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.Equal(0, await page.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
        await Look(page, $"admin-800-{path.Replace('/', '-')}");
    }

    private const string Mapping = """
        {
          "source": "other",
          "columns": { "case": "case", "stamp": "at", "status": ["status"], "severity": "impact", "customer": "customer", "product": "product", "owner": "owner" },
          "title": "Case {case}",
          "steps": { "Accepted": "working", "Completed": "ended" },
          "severities": { "Low": 4 },
          "term": { "start": "2020-01-01", "end": "2099-12-31" },
          "customers": { "Fabrikam": { "supportId": "fabrikam", "name": "Fabrikam", "offer": "global", "zone": "Europe/Dublin", "region": "emea" } }
        }
        """;

    private static DateTimeOffset Instant(int daysAhead) => WebServer.Time.GetUtcNow().AddDays(daysAhead);

    private async Task<IPage> Open(string persona, bool dark = true)
    {
        var page = await browser.Open(server.Address, 1280, 900, dark);
        await page.SignIn(persona);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Queues" })).ToBeVisibleAsync();
        return page;
    }

    private static async Task Look(IPage page, string name)
    {
        await page.Keep(name);
        await page.Accessible();
    }
}
