using Microsoft.Playwright;
using Xunit;

namespace SupportCluster.Web.Tests;

/// <summary>How soon a wall is there that its browser has shown before. Told, not asserted: the machine may be busy, and a server as built gives out more than a published one (<c>SUPPORTCLUSTER_WEB_PROGRAM</c>).</summary>
public sealed class StartTests(Browser browser, WebServer server) : IClassFixture<WebServer>
{
    private const int Times = 7;

    /// <summary>Notes when what happens, in milliseconds after the navigation.</summary>
    private const string Marks = """
        window.marks = {};
        const mark = name => window.marks[name] ??= Math.round(performance.now());
        const Socket = window.WebSocket;
        window.WebSocket = class extends Socket {
          constructor(...given) {
            super(...given);
            mark("socket");
            this.addEventListener("open", () => mark("connected"));
            this.addEventListener("message", e => String(e.data).includes('"snapshot"') && mark("frame"));
          }
        };
        const asked = window.fetch;
        window.fetch = (...given) => {
          if (String(given[0]?.url ?? given[0]).includes("/api/")) mark("asked");
          return asked(...given);
        };
        new MutationObserver(() => {
          if (document.querySelector(".wall")) mark("wall");
          if (document.querySelector(".freshness")?.textContent.includes("Live")) mark("live");
        }).observe(document, { childList: true, subtree: true, characterData: true });
        """;

    [Fact]
    public async Task A_wall_that_was_shown_before_is_live_soon()
    {
        using var manager = server.As("manager.emea");
        await server.Report(2);
        var link = new Uri((await manager.MakeWallDisplay(new("lobby", "dublin"), TestContext.Current.CancellationToken)).Link);
        var page = await browser.Open(server.Address);
        await page.AddInitScriptAsync(Marks);
        await page.GotoAsync($"{link.AbsolutePath}{link.Fragment}");
        for (var time = 0; time < Times; time++)
        {
            await Assertions.Expect(page.Locator(".freshness")).ToContainTextAsync("Live");
            await page.GotoAsync("about:blank");
            await page.GotoAsync(link.AbsolutePath);
            await Assertions.Expect(page.Locator(".freshness")).ToContainTextAsync("Live");
            TestContext.Current.TestOutputHelper?.WriteLine(await page.EvaluateAsync<string>("""
                (() => {
                  const loaded = performance.getEntriesByType("resource").filter(r => r.name.includes("/_framework/"));
                  return JSON.stringify({
                    page: Math.round(performance.getEntriesByType("navigation")[0].responseEnd),
                    script: Math.round(Math.min(...loaded.map(r => r.responseEnd))),
                    runtime: Math.round(Math.min(...loaded.filter(r => r.name.includes("dotnet.native")).map(r => r.responseEnd))),
                    files: loaded.length, fromServer: loaded.filter(r => r.transferSize > 0).length,
                    loaded: Math.round(Math.max(...loaded.map(r => r.responseEnd))),
                    ...window.marks });
                })()
                """));
        }
    }
}
