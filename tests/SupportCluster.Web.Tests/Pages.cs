using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace SupportCluster.Web.Tests;

/// <summary>What tests do on every page.</summary>
internal static class Pages
{
    private static readonly string Pictures = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "screens")).FullName;

    internal static async Task SignIn(this IPage page, string persona)
    {
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("Persona").FillAsync(persona);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    /// <summary>axe-core finds nothing serious.</summary>
    internal static async Task Accessible(this IPage page)
    {
        var found = await page.RunAxe();
        var serious = found.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{v.Id}: {v.Help} ({string.Join(", ", v.Nodes.Select(n => n.Html).Take(3))})").ToList();
        Assert.True(serious.Count == 0, $"{page.Url}: {string.Join(Environment.NewLine, serious)}");
    }

    /// <summary>By how many pixels a page is larger than the screen.</summary>
    internal static Task<int> Beyond(this IPage page) =>
        page.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollHeight - innerHeight) + Math.max(0, document.documentElement.scrollWidth - innerWidth)");

    /// <summary>A wall needs no scroll bars, cuts nothing off, and its smallest text has an eightieth of the screen's height.</summary>
    internal static async Task FitsAndCanBeRead(this IPage wall)
    {
        Assert.Equal(0, await wall.Beyond());
        Assert.Equal("", await wall.EvaluateAsync<string>("""
            [...document.querySelectorAll(".wall, .severity, .urgent, .crew, .arrivals, .standing div, .wall aside, .clocks, .wall > header")]
              .filter(e => e.scrollHeight > e.clientHeight + 2 || e.scrollWidth > e.clientWidth + 2)
              .map(e => `${e.className || e.tagName} ${e.scrollWidth}x${e.scrollHeight} in ${e.clientWidth}x${e.clientHeight}`).join(", ")
            """));
        Assert.True(await wall.EvaluateAsync<bool>("""
            [...document.querySelectorAll(".wall *")].filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
              .every(e => parseFloat(getComputedStyle(e).fontSize) >= innerHeight / 80)
            """), "Some text is too small to be read.");
    }

    /// <summary>Keeps how a page looks, as a picture in <c>artifacts/screens</c>.</summary>
    internal static Task Keep(this IPage page, string name) => page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, $"{name}.png") });
}
