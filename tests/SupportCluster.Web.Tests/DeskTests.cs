using Microsoft.Playwright;
using Xunit;

namespace SupportCluster.Web.Tests;

/// <summary>The desk of engineers, and a case that two people look at.</summary>
public sealed class DeskTests(Browser browser, WebServer server) : IClassFixture<WebServer>
{
    [Fact]
    public async Task A_case_rings_is_accepted_and_worked_on_while_the_customer_watches()
    {
        var (desk, customer) = (await browser.Open(server.Address), await browser.Open(server.Address, 360, 740, dark: false));
        await desk.SignIn("eng.aoife");
        await Assertions.Expect(desk.GetByRole(AriaRole.Heading, new() { Name = "My cases" })).ToBeVisibleAsync();
        var reported = await server.Report(2, "Vault does not open");

        var accept = desk.GetByRole(AriaRole.Button, new() { Name = "Accept" });
        await Assertions.Expect(accept).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await desk.Keep("desk-rings");
        await desk.Accessible();
        await accept.ClickAsync();
        await Assertions.Expect(desk.GetByRole(AriaRole.Heading, new() { Name = "Vault does not open" })).ToBeVisibleAsync();

        await customer.SignIn("contact.northwind");
        await customer.GetByRole(AriaRole.Link, new() { Name = "Vault does not open" }).ClickAsync();
        await desk.GetByRole(AriaRole.Button, new() { Name = "Respond", Exact = true }).ClickAsync();
        await desk.GetByLabel("Text").FillAsync("We look at it.");
        await desk.Locator(".actions form button[type=submit]").ClickAsync();
        await Assertions.Expect(customer.Locator(".timeline")).ToContainTextAsync("We look at it.");
        await desk.Keep("case");
        await desk.Accessible();
        await customer.Accessible();

        // What is refused says why, in place, and keeps what was written.
        await desk.GetByRole(AriaRole.Button, new() { Name = "Note", Exact = true }).ClickAsync();
        await desk.Locator(".actions form button[type=submit]").ClickAsync();
        await Assertions.Expect(desk.Locator(".actions [role=alert]")).ToBeVisibleAsync();
        Assert.Equal(reported.Number, new Uri(desk.Url).Segments[^1]);
        Assert.Equal(0, await customer.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
        await customer.Keep("case-phone");
    }

    [Fact]
    public async Task A_customer_reports_a_problem_in_French_on_a_phone_and_accepts_the_solution()
    {
        var page = await browser.Open(server.Address, 360, 740, dark: false, language: "fr-FR");
        await page.SignIn("contact.northwind");
        await page.GetByLabel("En une ligne").FillAsync("La sauvegarde s'arrête");
        await page.GetByLabel("Ce qui se passe, et depuis quand").FillAsync("Depuis ce matin.");
        await page.Keep("customer-phone-fr");
        await page.Accessible();
        await page.GetByRole(AriaRole.Button, new() { Name = "Signaler", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "La sauvegarde s'arrête" })).ToBeVisibleAsync();
        var number = new Uri(page.Url).Segments[^1];

        using var manager = server.As("manager.emea");
        await manager.Acknowledge(number, new(), TestContext.Current.CancellationToken);
        await manager.Propose(number, new(Protocol.SolutionKind.Fix, "Install this."), TestContext.Current.CancellationToken);
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept the solution" }).ClickAsync();
        await page.Locator(".actions form button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator(".status")).ToContainTextAsync("Closed");
    }
}
