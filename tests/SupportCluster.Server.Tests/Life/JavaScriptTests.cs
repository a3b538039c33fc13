using System.Diagnostics;

namespace SupportCluster.Server.Tests.Life;

/// <summary>The code of <c>docs/live-javascript.md</c>, run with Node against a real server.</summary>
public sealed class JavaScriptTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "artifacts", "javascript");

    [Fact]
    public async Task The_page_of_the_documentation_follows_a_case_over_a_restart_without_a_gap()
    {
        NeedsThePackage();
        await using var server = new Running.Server();
        await server.InitializeAsync();
        await server.Conclude("javascript");
        var number = await server.Submit("javascript");
        using var node = await Start(server.Address.GetLeftPart(UriPartial.Authority), server.Tokens.Of("contact.javascript"), $"case:{number}");
        try
        {
            var first = await Next(node);
            Assert.Equal(("snapshot", $"case:{number}"), (first.Text("frame"), first.Text("topic")));
            await Note(1);
            var cursor = await Follow(node, first.Text("cursor")!, 1);

            await server.Restart("--urls", server.Address.GetLeftPart(UriPartial.Authority));
            await Note(2);
            await Note(3);
            await Follow(node, cursor, 2, 3);
        }
        finally
        {
            node.Kill(entireProcessTree: true);
        }

        async Task Note(int i) => (await server.As("rep").Post($"/api/cases/{number}/note", new { text = $"note {i}" })).Ok();
    }

    [Fact]
    public async Task A_watch_that_is_refused_ends_with_its_code()
    {
        NeedsThePackage();
        await using var server = new Running.Server();
        await server.InitializeAsync();
        using var node = await Start(server.Address.GetLeftPart(UriPartial.Authority), server.Tokens.Of("wall.dublin"), "customer:northwind");

        var error = await node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.True(error.Contains("HubException: role-not-allowed: ", StringComparison.Ordinal), error);
    }

    private static void NeedsThePackage()
    {
        var there = Directory.Exists(Path.Combine(Folder, "node_modules", "@microsoft", "signalr"));
        if (!there && Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail("Node and the package @microsoft/signalr are needed: run tests/run.sh.");
        }

        Assert.SkipUnless(there, "Node and the package @microsoft/signalr are not here: tests/run.sh installs the package where there is npm.");
    }

    private static async Task<Process> Start(params string[] arguments)
    {
        // Beside the package, where Node looks for it.
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "live-javascript.md"));
        var code = page[(page.IndexOf("```js\n", StringComparison.Ordinal) + 6)..];
        var program = Path.Combine(Folder, $"watch-{Guid.NewGuid():N}.mjs");
        await File.WriteAllTextAsync(program, $"{code[..code.IndexOf("```", StringComparison.Ordinal)]}\nconst [address, token, topic] = process.argv.slice(2);\nawait watch(address, () => token, topic, (frame) => console.log(JSON.stringify(frame)));\n");
        return Process.Start(new ProcessStartInfo("node", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    private static async Task<JsonElement> Next(Process node)
    {
        var line = await node.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.NotNull(line);
        return JsonDocument.Parse(line).RootElement;
    }

    /// <summary>Reads changes, each of which follows the one before, until these notes have come in order.</summary>
    private static async Task<string> Follow(Process node, string cursor, params int[] notes)
    {
        var seen = new List<string?>();
        while (seen.Count < notes.Length)
        {
            var frame = await Next(node);
            Assert.NotEqual("snapshot", frame.Text("frame"));
            if (frame.Text("frame") == "change")
            {
                Assert.Equal(cursor, frame.Text("since"));
                seen.AddRange(frame.GetProperty("changes").EnumerateArray().Where(c => c.Text("type") == "case-note-added").Select(c => c.Text("text")));
            }

            cursor = frame.Text("cursor") ?? cursor;
        }

        Assert.Equal(notes.Select(i => $"note {i}"), seen);
        return cursor;
    }
}
