using Microsoft.Playwright;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;
using Xunit;

namespace SupportCluster.Web.Tests;

/// <summary>People sign in at an authority, by OpenID Connect.</summary>
public sealed class AuthorityTests(Browser browser, AuthorityTests.AuthorityServer server) : IClassFixture<AuthorityTests.AuthorityServer>
{
    [Fact]
    public async Task A_customer_follows_a_link_to_a_case_signs_in_and_is_there_and_stays_there_and_signs_out()
    {
        server.Authority.Lifetime = TimeSpan.FromSeconds(8);
        var number = (await server.Report(2, "Nightly job hangs")).Number;
        var page = await browser.Open(server.Address);
        await page.GotoAsync($"/cases/{number}");
        await page.GetByRole(AriaRole.Link, new() { Name = "ada", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("Nightly job hangs").First).ToBeVisibleAsync();
        Assert.EndsWith($"/cases/{number}", page.Url, StringComparison.Ordinal);
        await Assertions.Expect(page.Locator(".person")).ToHaveTextAsync("contact.northwind");

        // The sign-in is renewed when it runs out, and the page goes on.
        var before = server.Authority.Renewed;
        await WebServer.Until(() => Task.FromResult(server.Authority.Renewed >= before + 2));
        server.Authority.Lifetime = TimeSpan.FromMinutes(10);
        using (var engineer = server.As("aoife"))
        {
            await engineer.Take(number, TestContext.Current.CancellationToken);
            await engineer.Respond(number, new Respond(Channel.CallBack, "We look at the job."), TestContext.Current.CancellationToken);
        }

        await Assertions.Expect(page.GetByText("We look at the job.").First).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByText("We look at the job.").First).ToBeVisibleAsync();
        await page.Accessible();

        var ended = server.Authority.Ended;
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(page.GetByText("You sign in at 127.0.0.1.")).ToBeVisibleAsync();
        Assert.Equal(ended + 1, server.Authority.Ended);
        Assert.Equal(0, await page.EvaluateAsync<int>("[...Object.keys(sessionStorage), ...Object.keys(localStorage)].filter(k => k.startsWith('oidc.user') || k === 'supportcluster.token').length"));
        await page.Accessible();
        await page.Keep("sign-in-authority");
        await page.GotoAsync("/my");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Who are you?" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_sign_in_that_cannot_be_renewed_is_told_loses_nothing_and_goes_on_when_it_can()
    {
        server.Authority.Lifetime = TimeSpan.FromSeconds(8);
        var number = (await server.Report(3, "Restore is slow")).Number;
        var page = await browser.Open(server.Address);
        await page.GotoAsync($"/cases/{number}");
        await page.GetByRole(AriaRole.Link, new() { Name = "aoife", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".ring")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Note") }).First.ClickAsync();
        await page.Locator("textarea").First.FillAsync("Half a thought");
        await page.EvaluateAsync("window.neverLoadedAnew = true");
        try
        {
            server.Authority.RefusesToRenew = true;
            await Assertions.Expect(page.GetByText("Your sign-in has ended")).ToBeVisibleAsync(new() { Timeout = 90_000 });
            await Assertions.Expect(page.Locator("textarea").First).ToHaveValueAsync("Half a thought");
            await page.Keep("sign-in-ended");
            await page.Accessible();
        }
        finally
        {
            server.Authority.Lifetime = TimeSpan.FromMinutes(10);
            server.Authority.RefusesToRenew = false;
        }

        await Assertions.Expect(page.GetByText("Your sign-in has ended")).ToBeHiddenAsync(new() { Timeout = 90_000 });
        await Assertions.Expect(page.Locator("textarea").First).ToHaveValueAsync("Half a thought");
        await page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator(".timeline, .history, ol").GetByText("Half a thought").First).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("window.neverLoadedAnew"));
    }

    [Fact]
    public async Task Whoever_has_no_role_here_is_told_so()
    {
        var page = await browser.Open(server.Address);
        await page.GotoAsync("/desk");
        await page.GetByRole(AriaRole.Link, new() { Name = "stranger", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("one role of");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "aoife", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".person")).ToHaveTextAsync("eng-aoife");
    }

    [Fact]
    public async Task An_address_that_somebody_made_leads_nowhere_else()
    {
        var page = await browser.Open(server.Address);
        await page.GotoAsync($"/sign-in?then={Uri.EscapeDataString("https://evil.example.org/")}");
        await page.GetByRole(AriaRole.Link, new() { Name = "aoife", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/desk");
    }

    [Fact]
    public async Task Pages_speak_with_the_authority_and_with_nobody_else()
    {
        using var http = new HttpClient();
        var policy = (await http.GetAsync(server.Address, TestContext.Current.CancellationToken)).Headers.GetValues("Content-Security-Policy").Single();
        var origin = server.Authority.Address.GetLeftPart(UriPartial.Authority);
        Assert.Contains($"connect-src 'self' {origin};", policy, StringComparison.Ordinal);
        Assert.Contains($"frame-src 'self' {origin};", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'self'", policy, StringComparison.Ordinal);
    }

    /// <summary>A server whose people sign in at an authority.</summary>
    public sealed class AuthorityServer : WebServer
    {
        internal Authority Authority { get; } = new();

        private protected override string[] Arguments =>
        [
            "--Authentication:Schemes:Bearer:Authority", Authority.Address.ToString(),
            "--Authentication:Schemes:Bearer:ValidAudiences:0", Authority.Audience,
            "--Authentication:Schemes:Bearer:RequireHttpsMetadata", "false",
            "--SupportCluster:SignIn:ClientId", Authority.Client,
        ];

        private protected override Task Prepare() => Authority.Start();

        private protected override Task<string> Token(string persona, CancellationToken cancel) =>
            Task.FromResult(Authority.AccessToken(persona switch { "admin" => "chief", "contact.northwind" => "ada", "eng.aoife" => "aoife", _ => persona }));

        private protected override async ValueTask End()
        {
            await base.End();
            await Authority.DisposeAsync();
        }
    }
}
