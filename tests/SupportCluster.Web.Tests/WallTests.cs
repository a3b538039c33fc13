using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SupportCluster.Protocol;
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
            Assert.Equal(0, await p.Beyond());
            await p.Accessible();
        }

        await page.Keep("wall-dublin");
        await other.Keep("wall-world-light");
    }

    [Fact]
    public async Task A_wall_whose_server_is_gone_for_a_minute_says_so_and_goes_on_by_itself_when_it_is_back()
    {
        var page = await browser.Open(server.Address);
        await page.SignIn("wall.dublin");
        await Assertions.Expect(page.Locator(".freshness")).ToContainTextAsync("Live");

        await server.Kill();
        await Assertions.Expect(page.Locator(".freshness")).ToHaveTextAsync(Reconnecting(), new() { Timeout = 30_000 });
        await Assertions.Expect(page.Locator(".wall.stale")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".freshness")).ToHaveTextAsync(OverAMinute(), new() { Timeout = 120_000 });
        await page.Keep("wall-stale");

        await server.Start();
        await Assertions.Expect(page.Locator(".freshness")).ToContainTextAsync("Live");
        await Assertions.Expect(page.Locator(".wall.stale")).ToHaveCountAsync(0);
        var reported = await server.Report(3);
        await Assertions.Expect(page.Locator(".urgent")).ToContainTextAsync($"{reported.Number[..1]} {reported.Number[1..5]}");
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    public async Task A_display_whose_clock_is_minutes_off_counts_down_by_the_servers(int minutes)
    {
        var page = await browser.Open(server.Address);
        await page.Clock.InstallAsync(new() { TimeDate = (WebServer.Time.GetUtcNow() + TimeSpan.FromMinutes(minutes)).UtcDateTime });
        var deadline = (await server.Report(2)).Milestones.Where(m => m.State == MilestoneState.Running).Min(m => m.Deadline)!.Value;
        await page.SignIn("wall.dublin");
        await Assertions.Expect(page.Locator(".urgent li").First).ToBeVisibleAsync();

        // Of this case or an earlier one: both had the same time from their report on.
        await page.WaitForFunctionAsync("""
            ([deadline, off]) => [...document.querySelectorAll(".urgent .left")].some(left => {
              const [seconds, minutes, hours] = left.textContent.split(":").map(Number).reverse();
              return Math.abs(deadline - (Date.now() - off) - 1000 * (seconds + 60 * minutes + 3600 * (hours ?? 0))) < 3000;
            })
            """, new[] { deadline.ToUnixTimeMilliseconds(), 60_000 * minutes });
    }

    [Theory]
    [InlineData(1280, 720)]
    [InlineData(3840, 2160)]
    public async Task A_wall_fits_the_screen_and_can_be_read(int width, int height)
    {
        var page = await browser.Open(server.Address, width, height);
        await server.Report(1);
        await page.SignIn("wall.world");
        await Assertions.Expect(page.Locator(".urgent li").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".crew").First).ToBeVisibleAsync();
        await page.Keep($"wall-{height}");

        await page.FitsAndCanBeRead();
    }

    [GeneratedRegex("Reconnecting · last update 0[1-9]:[0-9]{2} ago")]
    private static partial Regex OverAMinute();

    [GeneratedRegex("Reconnecting · last update [0-9:]+ ago")]
    private static partial Regex Reconnecting();
}
