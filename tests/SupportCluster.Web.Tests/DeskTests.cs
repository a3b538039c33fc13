using Microsoft.Playwright;
using SupportCluster.Protocol.Cases;
using Xunit;

namespace SupportCluster.Web.Tests;

/// <summary>The desk of engineers, representatives and managers, and a case that two people look at.</summary>
public sealed class DeskTests(Browser browser, WebServer server) : IClassFixture<WebServer>
{
    [Fact]
    public async Task A_case_rings_is_accepted_and_worked_on_while_the_customer_watches()
    {
        var (desk, customer) = (await browser.Open(server.Address), await browser.Open(server.Address, 360, 740, dark: false));
        await desk.SignIn("eng.aoife");
        await Assertions.Expect(desk.GetByRole(AriaRole.Heading, new() { Name = "My cases" })).ToBeVisibleAsync();
        var reported = await server.Report(2, "Vault does not open");

        var accept = Ring(desk, reported.Number).GetByRole(AriaRole.Button, new() { Name = "Accept" });
        await Assertions.Expect(accept).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await desk.Keep("desk-rings");
        await desk.Accessible();
        await accept.ClickAsync();
        await Assertions.Expect(desk.GetByRole(AriaRole.Heading, new() { Name = "Vault does not open" })).ToBeVisibleAsync();

        await customer.SignIn("contact.northwind");
        await customer.GetByRole(AriaRole.Link, new() { Name = "Vault does not open" }).ClickAsync();
        await desk.GetByRole(AriaRole.Button, new() { Name = "Respond" }).ClickAsync();
        await desk.GetByLabel("Text").FillAsync("We look at it.");
        await desk.Locator(".actions form button[type=submit]").ClickAsync();
        await Assertions.Expect(customer.Locator(".timeline")).ToContainTextAsync("We look at it.");
        await desk.Keep("case");
        await desk.Accessible();
        await customer.Accessible();

        // Why a deadline is what it is.
        await desk.Locator(".milestones > li").Nth(2).HoverAsync();
        await Assertions.Expect(desk.Locator(".milestones > li").Nth(2).Locator(".why")).ToContainTextAsync("Europe/Dublin");
        await desk.Keep("case-why");
        await desk.Accessible();

        // What is refused says why, in place, and keeps what was written.
        await desk.GetByRole(AriaRole.Button, new() { Name = "Note", Exact = true }).ClickAsync();
        await desk.Locator(".actions form button[type=submit]").ClickAsync();
        await Assertions.Expect(desk.Locator(".actions [role=alert]")).ToBeVisibleAsync();
        Assert.Equal(reported.Number, new Uri(desk.Url).Segments[^1]);
        Assert.Equal(0, await customer.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
        await customer.Keep("case-phone");
    }

    [Fact]
    public async Task A_ring_is_declined_with_a_reason_and_muted_for_good()
    {
        var desk = await browser.Open(server.Address);
        await desk.SignIn("eng.rhys");
        await Assertions.Expect(desk.GetByRole(AriaRole.Heading, new() { Name = "My cases" })).ToContainTextAsync("on shift until");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Sound on" }).ClickAsync();
        await desk.ReloadAsync();
        await Assertions.Expect(desk.GetByRole(AriaRole.Button, new() { Name = "Muted" })).ToHaveAttributeAsync("aria-pressed", "true");

        var number = (await server.Report(2, "Vault is slow")).Number;
        var ring = Ring(desk, number);
        await ring.GetByRole(AriaRole.Button, new() { Name = "Decline" }).ClickAsync(new() { Timeout = 30_000 });
        await ring.GetByRole(AriaRole.Button, new() { Name = "Decline" }).ClickAsync();
        await Assertions.Expect(desk.Locator(".rings .refusal")).ToBeVisibleAsync();
        await ring.GetByLabel("Reason").FillAsync("In a call.");
        await desk.Keep("desk-declines");
        await ring.GetByRole(AriaRole.Button, new() { Name = "Decline" }).ClickAsync();
        await Assertions.Expect(ring).ToHaveCountAsync(0);
        using var manager = server.As("manager.emea");
        Assert.Contains((await manager.History(number, limit: 200, cancellation: TestContext.Current.CancellationToken)).Items, e => e is { Type: "case-ring-declined", Text: "In a call." });
    }

    [Fact]
    public async Task Two_people_on_a_case_see_each_other_and_neither_acts_past_the_other()
    {
        var number = (await server.Report(3, "Archive is empty")).Number;
        var (rep, manager) = (await browser.Open(server.Address), await browser.Open(server.Address));
        await rep.SignIn("rep");
        await manager.SignIn("manager.emea");
        foreach (var page in new[] { rep, manager })
        {
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Queues" })).ToBeVisibleAsync();
            await page.Go($"cases/{number}");
        }

        await Assertions.Expect(rep.Locator(".here")).ToContainTextAsync("manager.emea");
        await Assertions.Expect(manager.Locator(".here")).ToContainTextAsync("rep");
        await rep.Keep("case-two-people");
        await rep.Accessible();

        // Both write; the second is told of the first before anything of it is done.
        await manager.Keyboard.PressAsync("w");
        await manager.GetByLabel("Text").FillAsync("Restart it.");
        await rep.Keyboard.PressAsync("a");
        await rep.GetByLabel("Text").FillAsync("Which version?");
        await rep.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(manager.Locator(".timeline")).ToContainTextAsync("Which version?");
        await manager.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(manager.Locator(".actions [role=alert]")).ToContainTextAsync("rep has done something");
        Assert.Null((await Case(number)).Workaround);
        await manager.Keep("case-changed");
        await manager.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(manager.Locator(".timeline")).ToContainTextAsync("Restart it.");

        await manager.Go("desk");
        await Assertions.Expect(rep.Locator(".here")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_representative_reports_for_a_customer_from_the_support_id_and_acknowledges()
    {
        var page = await browser.Open(server.Address);
        await page.SignIn("rep");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "To acknowledge" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("n");
        await page.GetByLabel("Support ID").FillAsync("nobody");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[role=alert]")).ToContainTextAsync("no such contract");
        await page.GetByLabel("Support ID").FillAsync("northwind");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByLabel("In one line").FillAsync("Phone: nothing is saved");
        await page.GetByLabel("What happens, and since when").FillAsync("Since noon.");
        await page.GetByLabel("Production or another mission-critical system is down.").CheckAsync();
        await Assertions.Expect(page.GetByLabel("Severity")).ToHaveValueAsync("1");
        await page.GetByLabel("A workaround is at hand").CheckAsync();
        await page.Keep("report");
        await page.Accessible();
        await page.GetByRole(AriaRole.Button, new() { Name = "Report", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Phone: nothing is saved" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).ClickAsync();
        await Assertions.Expect(page.Locator(".status")).Not.ToContainTextAsync("Reported");
        Assert.Equal("contact.northwind", (await Case(new Uri(page.Url).Segments[^1])).Contact);
    }

    [Fact]
    public async Task A_manager_sees_the_region_and_what_is_escalated_live_takes_it_up_and_reassigns()
    {
        var page = await browser.Open(server.Address);
        await page.SignIn("manager.emea");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "To acknowledge" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("r");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Dublin" })).ToBeVisibleAsync();

        // Another region, and the manager's own again.
        await page.GetByRole(AriaRole.Link, new() { Name = "apj", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Tokyo" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Region", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Dublin" })).ToBeVisibleAsync(new() { Timeout = 15_000 });
        var number = (await server.Report(3, "Nobody calls")).Number;
        using (var contact = server.As("contact.northwind"))
        {
            await contact.Escalate(number, new("Nobody calls."), TestContext.Current.CancellationToken);
        }

        using (var engineer = server.As("eng.marek"))
        {
            await engineer.Take(number, TestContext.Current.CancellationToken);
        }

        var escalated = page.GetByLabel("Escalated").GetByRole(AriaRole.Link);
        await Assertions.Expect(escalated.First).ToBeVisibleAsync();
        await page.Keep("region");
        await page.Accessible();
        await escalated.First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Take the escalation up" }).ClickAsync();
        await page.Locator(".actions form button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator(".warning").First).ToContainTextAsync("manager.emea has taken it up");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reassign" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("Marek is ill.");
        await page.Locator(".actions form button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator(".status")).Not.ToContainTextAsync("eng-marek");
    }

    [Fact]
    public async Task A_customer_reports_a_problem_in_French_on_a_phone_and_accepts_the_solution()
    {
        var page = await browser.Open(server.Address, 360, 740, dark: false, language: "fr-FR");
        await page.SignIn("contact.northwind");
        await Assertions.Expect(page.GetByLabel("L’activité est gravement perturbée.")).ToBeVisibleAsync();
        await page.GetByLabel("En une ligne").FillAsync("La sauvegarde s'arrête");
        await page.GetByLabel("Ce qui se passe, et depuis quand").FillAsync("Depuis ce matin.");
        await page.Keep("customer-phone-fr");
        await page.Accessible();
        await page.GetByRole(AriaRole.Button, new() { Name = "Signaler", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "La sauvegarde s'arrête" })).ToBeVisibleAsync();
        var number = new Uri(page.Url).Segments[^1];

        using var manager = server.As("manager.emea");
        await manager.Acknowledge(number, new(), TestContext.Current.CancellationToken);
        await page.Locator(".milestones > li").Nth(3).FocusAsync();
        await Assertions.Expect(page.Locator(".milestones > li").Nth(3).GetByRole(AriaRole.Tooltip)).ToContainTextAsync("« 20 jours et/ou prochaine mise à jour logicielle » à partir du");
        await page.Keep("clocks-phone-fr");
        await page.GetByRole(AriaRole.Button, new() { Name = "Gravité" }).ClickAsync();
        await page.Locator(".actions form button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator(".actions [role=alert]")).ToContainTextAsync("Un texte est nécessaire ici.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Demander le responsable de permanence" }).ClickAsync();
        await page.GetByLabel("Motif").FillAsync("C'est urgent.");
        await page.Locator(".actions form button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator(".warning").First).ToContainTextAsync("Escalade");
        await manager.Propose(number, new(Protocol.SolutionKind.Fix, "Install this."), TestContext.Current.CancellationToken);
        await page.GetByRole(AriaRole.Button, new() { Name = "Accepter la solution" }).ClickAsync();
        await page.Locator(".actions form button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator(".status")).ToContainTextAsync("Clos");
        Assert.Equal(0, await page.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
        await page.Accessible();
        await page.Keep("case-phone-fr");
    }

    [Fact]
    public async Task A_customer_has_the_work_stop_at_night_and_takes_it_back()
    {
        var number = (await server.Report(1, "Everything is down")).Number;
        var page = await browser.Open(server.Address, 360, 740, dark: false);
        await page.SignIn("contact.northwind");
        await page.GetByRole(AriaRole.Link, new() { Name = "Everything is down" }).First.ClickAsync();
        Assert.EndsWith(number, page.Url, StringComparison.Ordinal);
        await Assertions.Expect(page.GetByText("Work goes on round the clock.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop at the close of business" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("We sleep as well.");
        await page.Locator(".actions form button[type=submit]").ClickAsync();
        await Assertions.Expect(page.GetByText("Work goes on round the clock.")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on round the clock" }).ClickAsync();
        await page.Locator(".actions form button[type=submit]").ClickAsync();
        await Assertions.Expect(page.GetByText("Work goes on round the clock.")).ToBeVisibleAsync();
        await page.Accessible();
    }

    [Fact]
    public async Task Five_hundred_cases_in_lists_scroll_and_change_without_a_long_task()
    {
        using (var contact = server.As("contact.northwind"))
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, 500), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, async (i, cancel) =>
                await contact.Submit(new SubmitCase("vault", $"Case {i} of many", "As the others.", 4, Environment: new("server", "Debian 13", "ethernet", "PostgreSQL 18", "default", "7.1", Evidence: ["job.log"]), SerialNumber: "SN-0001"), cancel));
        }

        var page = await browser.Open(server.Address);
        await page.SignIn("rep");
        await page.GetByRole(AriaRole.Button, new() { Name = "emea/backup" }).ClickAsync();
        await Assertions.Expect(page.Locator(".scrolled.long tbody tr a").First).ToBeVisibleAsync();
        await page.EvaluateAsync("() => { window.tasks = []; new PerformanceObserver(l => window.tasks.push(...l.getEntries().map(e => Math.round(e.duration)))).observe({ entryTypes: ['longtask'] }); }");
        for (var i = 0; i < 10; i++)
        {
            await page.Locator("[aria-label=Queues] .scrolled.long").EvaluateAsync($"e => e.scrollTop = e.scrollHeight * {i}.0 / 10");
            await server.Report(3, $"While it is scrolled {i}");
            await Assertions.Expect(page.Locator("[aria-label=Queues] .scrolled.long tbody tr a").First).ToBeVisibleAsync();
        }

        await Assertions.Expect(page.Locator("[aria-label=Queues] button[aria-pressed=true] b")).Not.ToHaveTextAsync("500");
        await page.Keep("desk-many");
        await page.Accessible();

        // Told, not asserted: the machine may be busy.
        TestContext.Current.TestOutputHelper?.WriteLine($"long tasks (ms) while 500 cases were scrolled and 10 came: {await page.EvaluateAsync<string>("() => window.tasks.join(' ')")}");
    }

    [Fact]
    public async Task Whoever_signs_out_is_gone_and_the_next_person_at_this_browser_sees_with_its_own_rights()
    {
        var number = (await server.Report(3, "Two people, one browser")).Number;
        using var manager = server.As("manager.emea");
        await manager.Note(number, new AddNote("Nothing for the customer.", Internal: true), TestContext.Current.CancellationToken);
        var page = await browser.Open(server.Address);
        await page.SignIn("eng.rhys");
        await page.Go($"cases/{number}");
        await Assertions.Expect(page.GetByText("Nothing for the customer.")).ToBeVisibleAsync();
        await WebServer.Until(async () => await IsConnected());

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Persona")).ToBeVisibleAsync();
        await WebServer.Until(async () => !await IsConnected());
        await page.GetByLabel("Persona").FillAsync("contact.northwind");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "My cases" })).ToBeVisibleAsync();
        await page.Go($"cases/{number}");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Two people, one browser" })).ToBeVisibleAsync();
        await manager.Note(number, new AddNote("For the customer."), TestContext.Current.CancellationToken);
        await Assertions.Expect(page.GetByText("For the customer.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Nothing for the customer.")).ToHaveCountAsync(0);

        async Task<bool> IsConnected() => (await manager.Roster(cancellation: TestContext.Current.CancellationToken)).OnShift.Any(e => e is { Engineer: "eng-rhys", Present: true });
    }

    [Fact]
    public async Task Signing_in_says_what_is_wrong_and_begins_at_the_page_of_the_role()
    {
        var page = await browser.Open(server.Address, 360, 740, dark: false);
        await page.SignIn("nobody");
        await Assertions.Expect(page.Locator("[role=alert]")).ToContainTextAsync("A persona is");
        await page.Accessible();
        await page.Keep("sign-in");
        await page.SignIn("contact.northwind");
        await page.WaitForURLAsync("**/my");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync("**/sign-in");
    }

    private static ILocator Ring(IPage page, string number) => page.Locator($".ring:has(a[href='cases/{number}'])");

    private async Task<CaseView> Case(string number)
    {
        using var manager = server.As("manager.emea");
        return await manager.Case(number, TestContext.Current.CancellationToken);
    }
}
