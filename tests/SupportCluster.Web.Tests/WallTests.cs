using Microsoft.Playwright;
using Xunit;

namespace SupportCluster.Web.Tests;

/// <summary>The wallboard in a real browser.</summary>
public sealed class WallTests(Browser browser, WebServer server) : IClassFixture<WebServer>
{
    [Fact]
    public async Task A_wall_shows_what_waits_and_who_is_there_and_changes_by_itself()
    {
        var page = await browser.Open(server.Address);
        await page.SignIn("wall.dublin");
        await Assertions.Expect(page.Locator(".freshness")).ToContainTextAsync("Live");

        var reported = await server.Report(1);
        await Assertions.Expect(page.Locator(".severity.s1 strong")).ToHaveTextAsync("1");
        await Assertions.Expect(page.Locator(".urgent")).ToContainTextAsync($"{reported.Number[..1]} {reported.Number[1..5]}");
        await page.Keep("wall-dublin");
    }
}
