using Microsoft.Playwright;
using Xunit;

namespace SupportCluster.Web.Tests;

/// <summary>How soon a wall is there that its browser has shown before. Told, not asserted: the machine may be busy, and a server as built gives out more than a published one (<c>SUPPORTCLUSTER_WEB_PROGRAM</c>).</summary>
public sealed class StartTests(Browser browser, WebServer server) : IClassFixture<WebServer>, IDisposable
{
    private readonly string profile = Directory.CreateTempSubdirectory("supportcluster-profile-").FullName;

    private const int Times = 5;

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

    public void Dispose() => Directory.Delete(profile, recursive: true);

    [Fact]
    public async Task A_wall_that_was_shown_before_is_live_soon()
    {
        using var manager = server.As("manager.emea");
        await server.Report(2);
        var link = new Uri((await manager.MakeWallDisplay(new("lobby", "dublin"), TestContext.Current.CancellationToken)).Link);
        await using var started = await browser.WithProfile(profile, server.Address);
        var page = started.Pages[0];
        page.SetDefaultTimeout(60_000);
        await page.AddInitScriptAsync(Marks);
        var cdp = await page.Context.NewCDPSessionAsync(page);
        await cdp.SendAsync("Performance.enable");
        await page.GotoAsync($"{link.AbsolutePath}{link.Fragment}");
        for (var time = 0; time < Times; time++)
        {
            await Assertions.Expect(page.Locator(".freshness")).ToContainTextAsync("Live");
            await page.GotoAsync("about:blank");
            var before = await Worked();
            await page.GotoAsync(link.AbsolutePath);
            await Assertions.Expect(page.Locator(".freshness")).ToContainTextAsync("Live");
            TestContext.Current.TestOutputHelper?.WriteLine($"{await Worked() - before:0} ms of work: " + await page.EvaluateAsync<string>("""
                (() => {
                  const loaded = performance.getEntriesByType("resource").filter(r => r.name.includes("/_framework/"));
                  return JSON.stringify({
                    page: Math.round(performance.getEntriesByType("navigation")[0].responseEnd),
                    script: Math.round(Math.min(...loaded.map(r => r.responseEnd))),
                    runtime: Math.round(Math.min(...loaded.filter(r => r.name.includes("dotnet.native")).map(r => r.responseEnd))),
                    files: loaded.length, fromServer: loaded.filter(r => r.transferSize > 0).length,
                    loaded: Math.round(Math.max(...loaded.filter(r => r.name.endsWith(".wasm")).map(r => r.responseEnd))),
                    ...window.marks });
                })()
                """));
        }

        // What the page's thread has worked: the same on a busy machine, or nearly.
        async Task<double> Worked() => (await cdp.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray().Single(m => m.GetProperty("name").GetString() == "ThreadTime").GetProperty("value").GetDouble() * 1000;
    }
}
