using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace SupportCluster.Web.Tests;

/// <summary>The wallboard in a real browser.</summary>
public sealed partial class WallTests(Browser browser, WebServer server) : IClassFixture<WebServer>
{
    [Fact]
    public async Task A_wall_shows_what_waits_and_who_is_there_and_changes_by_itself()
    {
        var (page, other) = (await browser.Open(server.Address), await browser.Open(server.Address, dark: false));
        await page.SignIn("wall.dublin");
        await other.SignIn("rep");
        await other.GotoAsync("/wall/world");
        foreach (var p in new[] { page, other })
        {
            await Assertions.Expect(p.Locator(".freshness")).ToContainTextAsync("Live");
        }

        var reported = await server.Report(2);
        foreach (var p in new[] { page, other })
        {
            await Assertions.Expect(p.Locator(".urgent")).ToContainTextAsync($"{reported.Number[..1]} {reported.Number[1..5]}");
            Assert.Equal(0, await p.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollHeight - innerHeight) + Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
            await p.Accessible();
        }

        await page.Keep("wall-dublin");
        await other.Keep("wall-world-light");
    }

    [Fact]
    public async Task A_wall_whose_server_is_gone_says_so_and_goes_on_by_itself_when_it_is_back()
    {
        var page = await browser.Open(server.Address);
        await page.SignIn("wall.dublin");
        await Assertions.Expect(page.Locator(".freshness")).ToContainTextAsync("Live");

        await server.Kill();
        await Assertions.Expect(page.Locator(".freshness")).ToHaveTextAsync(Reconnecting(), new() { Timeout = 30_000 });
        await Assertions.Expect(page.Locator(".wall.stale")).ToBeVisibleAsync();
        await page.Keep("wall-stale");

        await server.Start();
        await Assertions.Expect(page.Locator(".freshness")).ToContainTextAsync("Live", new() { Timeout = 60_000 });
        var reported = await server.Report(3);
        await Assertions.Expect(page.Locator(".urgent")).ToContainTextAsync($"{reported.Number[..1]} {reported.Number[1..5]}");
    }

    [GeneratedRegex("Reconnecting · last update [0-9:]+ ago")]
    private static partial Regex Reconnecting();
}
