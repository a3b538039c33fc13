using Microsoft.Playwright;
using Xunit;

[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(SupportCluster.Web.Tests.Browser))]

namespace SupportCluster.Web.Tests;

/// <summary>The machine's own Chromium: nothing is downloaded. Without one every test of this project is skipped, and says so.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Paths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    ];

    private IPlaywright? playwright;
    private IBrowser? browser;
    private readonly List<IBrowserContext> opened = [];
    private string? ofTest;

    public async ValueTask InitializeAsync()
    {
        if (Paths.FirstOrDefault(File.Exists) is not { } path)
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout(60_000);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Arguments });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }

    /// <summary>A browser with a profile in a folder, as a display has: what it has compiled and kept is there at the next start.</summary>
    internal async Task<IBrowserContext> WithProfile(string folder, Uri address)
    {
        Assert.SkipWhen(playwright is null, $"There is no browser at {string.Join(", ", Paths)}: install Debian's package chromium.");
        return await playwright!.Chromium.LaunchPersistentContextAsync(folder, new()
        {
            ExecutablePath = Paths.First(File.Exists),
            Args = Arguments,
            BaseURL = address.ToString(),
            ViewportSize = new() { Width = 1920, Height = 1080 },
        });
    }

    /// <summary>A browser of its own: its tokens are no other's.</summary>
    /// <param name="dark">Which of the two the reader's system prefers.</param>
    /// <param name="kept">What a former browser has kept: this is the same one, started anew.</param>
    internal async Task<IPage> Open(Uri address, int width = 1920, int height = 1080, bool dark = true, string language = "en-GB", string? kept = null)
    {
        Assert.SkipWhen(browser is null, $"There is no browser at {string.Join(", ", Paths)}: install Debian's package chromium.");
        await CloseEarlier();
        var context = await browser!.NewContextAsync(new()
        {
            Locale = language,
            BaseURL = address.ToString(),
            ViewportSize = new() { Width = width, Height = height },
            StorageState = kept,
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
        });
        opened.Add(context);
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        var output = TestContext.Current.TestOutputHelper;
        page.Console += (_, e) => Say($"console: {e.Text}");
        page.PageError += (_, e) => Say($"error: {e}");
        return page;

        void Say(string what)
        {
            try
            {
                output?.WriteLine(what);
            }
            catch (InvalidOperationException)
            {
                // The test is over.
            }
        }
    }

    /// <summary>Tests come one after the other: what an earlier one has left open would go on drawing beside this one.</summary>
    private async Task CloseEarlier()
    {
        var test = TestContext.Current.Test?.UniqueID;
        if (test != ofTest)
        {
            ofTest = test;
            foreach (var context in opened)
            {
                await context.CloseAsync();
            }

            opened.Clear();
        }
    }
}
