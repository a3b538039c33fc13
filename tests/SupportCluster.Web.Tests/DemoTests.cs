using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace SupportCluster.Web.Tests;

/// <summary>The demo: a newcomer sees everything alive within a minute.</summary>
public sealed partial class DemoTests(Browser browser, DemoTests.DemoServer server) : IClassFixture<DemoTests.DemoServer>
{
    [Fact]
    public async Task Cases_come_ring_and_are_worked_on_and_a_visitor_joins_in()
    {
        var (wall, desk) = (await browser.Open(server.Address), await browser.Open(server.Address));
        await wall.SignIn("wall.world");
        await desk.SignIn("eng.aoife");
        await Assertions.Expect(wall.Locator(".severities")).ToContainTextAsync(SomeInWork());
        await Assertions.Expect(wall.Locator(".crew").First).ToContainTextAsync("on case");
        await wall.Accessible();
        foreach (var (width, height) in new[] { (1280, 720), (3840, 2160), (1920, 1080) })
        {
            await wall.SetViewportSizeAsync(width, height);
            await wall.Keep($"demo-wall-{height}");
            await wall.FitsAndCanBeRead();
        }

        // Told, not asserted: the machine may be busy.
        await wall.ReloadAsync();
        await Assertions.Expect(wall.Locator(".severities")).ToBeVisibleAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"cached, the wall is there after {await wall.EvaluateAsync<int>("Math.round(performance.now())")} ms");
        await Assertions.Expect(desk.GetByRole(AriaRole.Button, new() { Name = "Accept" }).First).ToBeVisibleAsync(new() { Timeout = 120_000 });
        await desk.Keep("demo-desk");
    }

    [GeneratedRegex("[1-9][0-9]* in work")]
    private static partial Regex SomeInWork();

    /// <summary>A server that makes its organisation up itself.</summary>
    public sealed class DemoServer : WebServer
    {
        private protected override string[] Arguments => ["--demo"];

        private protected override string? Policy => null;

        private protected override Task Found() => Task.CompletedTask;
    }
}
