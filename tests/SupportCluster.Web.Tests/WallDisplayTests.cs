using Microsoft.Playwright;
using Xunit;

namespace SupportCluster.Web.Tests;

/// <summary>A display that signs in by its link.</summary>
public sealed class WallDisplayTests(Browser browser, WebServer server) : IClassFixture<WebServer>
{
    [Fact]
    public async Task A_manager_makes_a_link_a_display_lives_by_it_until_it_is_revoked()
    {
        var manager = await browser.Open(server.Address, dark: false);
        await manager.SignIn("manager.emea");
        await manager.GetByRole(AriaRole.Link, new() { Name = "Wall displays" }).ClickAsync();
        var link = await Make(manager);
        await manager.GetByRole(AriaRole.Button, new() { Name = "Copy" }).ClickAsync();
        await Assertions.Expect(manager.Locator(".made")).ToContainTextAsync("Copied");
        await Assertions.Expect(manager.Locator("table")).ToContainTextAsync("dublin-lobby");
        await manager.Keep("wall-displays");
        await manager.Accessible();

        // The same name again: refused in place, and what was written is kept.
        await manager.GetByLabel("Name").FillAsync("dublin-lobby");
        await manager.GetByRole(AriaRole.Button, new() { Name = "Make link" }).ClickAsync();
        await Assertions.Expect(manager.GetByRole(AriaRole.Alert)).ToContainTextAsync("already");
        await Assertions.Expect(manager.GetByLabel("Name")).ToHaveValueAsync("dublin-lobby");

        var display = await browser.Open(server.Address);
        await display.GotoAsync(link);
        await Assertions.Expect(display.Locator(".freshness")).ToContainTextAsync("Live");
        Assert.Equal(new Uri(server.Address, "wall/dublin").ToString(), display.Url);
        var kept = await display.Context.StorageStateAsync();
        await display.Context.CloseAsync();

        // Started anew, and at an address that says nothing: the browser has kept the link.
        var started = await browser.Open(server.Address, kept: kept);
        await started.GotoAsync("/");
        await started.WaitForURLAsync("**/wall/dublin");
        await Assertions.Expect(started.Locator(".freshness")).ToContainTextAsync("Live");
        await Assertions.Expect(started.Locator(".severities")).ToBeVisibleAsync();

        await manager.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await manager.GetByRole(AriaRole.Button, new() { Name = "Revoke for ever" }).ClickAsync();
        await Gone(started);
        await started.Keep("wall-revoked");
        await started.Accessible();
        await started.ReloadAsync();
        await Gone(started);

        // Made anew, the old link stays what it is.
        var anew = await Make(manager);
        Assert.NotEqual(link, anew);
        await started.ReloadAsync();
        await Gone(started);
        await started.GotoAsync(anew);
        await started.ReloadAsync();
        await Assertions.Expect(started.Locator(".freshness")).ToContainTextAsync("Live");
        await Assertions.Expect(manager.Locator("tbody tr")).ToHaveCountAsync(2);
    }

    private static async Task<string> Make(IPage manager)
    {
        await manager.GetByLabel("Name").FillAsync("dublin-lobby");
        await manager.GetByLabel("Shows").SelectOptionAsync("dublin");
        await manager.GetByRole(AriaRole.Button, new() { Name = "Make link" }).ClickAsync();
        await Assertions.Expect(manager.Locator("#link")).ToBeVisibleAsync();
        return await manager.Locator("#link").InputValueAsync();
    }

    private static async Task Gone(IPage display)
    {
        await Assertions.Expect(display.GetByRole(AriaRole.Alert)).ToContainTextAsync("This display's link has been revoked");
        foreach (var figures in new[] { ".severities", ".figures", ".urgent", ".crew", ".arrivals", ".freshness" })
        {
            await Assertions.Expect(display.Locator(figures)).ToHaveCountAsync(0);
        }
    }
}
