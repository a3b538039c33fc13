using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace SupportCluster.Server.Tests.StartUp;

/// <summary>Backup and restore of a running server, over REST.</summary>
public sealed class BackupTests
{
    [Fact]
    public async Task The_state_after_a_restore_is_that_of_the_backup_and_the_former_store_is_kept()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.Started(folder.Path);
        using var http = new HttpClient { BaseAddress = server.Address };
        var (admin, contact) = (await Token(http, "admin"), await Token(http, "contact.saved"));
        await Send(http, admin, HttpMethod.Put, "/api/contracts/saved", JsonContent.Create(World.Contract("saved", start: "2026-01-01", end: "2099-12-31")));
        var number = (await Json(await Send(http, contact, HttpMethod.Post, "/api/cases", JsonContent.Create(World.Report())))).GetProperty("number").GetString();

        // Commands go on during the backup.
        using var stop = new CancellationTokenSource();
        var written = 0;
        var writing = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await Send(http, contact, HttpMethod.Post, $"/api/cases/{number}/note", JsonContent.Create(new { text = "during" }));
                Interlocked.Increment(ref written);
            }
        }, TestContext.Current.CancellationToken);
        var answer = await Send(http, admin, HttpMethod.Post, "/api/backup", null);
        var backup = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await writing;
        Assert.Equal("application/vnd.sqlite3", answer.Content.Headers.ContentType!.MediaType);
        Assert.True(written > 0);
        Assert.DoesNotContain(Directory.GetFiles(folder.Path), f => f.EndsWith(".tmp", StringComparison.Ordinal));

        // What happens after the backup is gone after the restore, and only that.
        await Send(http, contact, HttpMethod.Post, $"/api/cases/{number}/note", JsonContent.Create(new { text = "after" }));
        await Send(http, contact, HttpMethod.Post, "/api/cases", JsonContent.Create(World.Report()));
        Assert.Equal(HttpStatusCode.Accepted, (await Send(http, admin, HttpMethod.Post, "/api/restore", new ByteArrayContent(backup))).StatusCode);
        await server.Ready();

        var history = await Json(await Send(http, contact, HttpMethod.Get, $"/api/cases/{number}/history?limit=200", null));
        var texts = history.GetProperty("items").EnumerateArray().Select(e => e.Text("text")).ToList();
        Assert.DoesNotContain("after", texts);
        Assert.InRange(texts.Count(t => t == "during"), 0, written);
        Assert.Single((await Json(await Send(http, contact, HttpMethod.Get, "/api/cases", null))).GetProperty("items").EnumerateArray());
        Assert.Equal(1, (await Json(await Send(http, admin, HttpMethod.Get, "/api/policy", null))).GetProperty("version").GetInt32());
        Assert.Single(Directory.GetFiles(folder.Path, "supportcluster-before-restore-*.db"));

        // It works on: the next number is not one that was given out before.
        var next = (await Json(await Send(http, contact, HttpMethod.Post, "/api/cases", JsonContent.Create(World.Report())))).GetProperty("number").GetString();
        Assert.NotEqual(number, next);
    }

    [Fact]
    public async Task A_file_that_is_no_backup_is_refused_and_nothing_changes()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.Started(folder.Path);
        using var http = new HttpClient { BaseAddress = server.Address };
        var admin = await Token(http, "admin");
        await Send(http, admin, HttpMethod.Put, "/api/contracts/kept", JsonContent.Create(World.Contract("kept", start: "2026-01-01", end: "2099-12-31")));
        var files = Files();

        foreach (var (garbage, code) in new (byte[], string)[] { ([], "store-not-a-store"), (new byte[8192], "store-not-a-store"), ([.. "SQLite format 3\0"u8, .. new byte[8192]], "store-") })
        {
            using var request = Request(admin, HttpMethod.Post, "/api/restore", new ByteArrayContent(garbage));
            using var refused = await http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            var problem = await Json(refused);
            Assert.StartsWith(code, problem.Text("code"), StringComparison.Ordinal);
            Assert.DoesNotContain(folder.Path, problem.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(files, Files());
        Assert.Equal("kept", (await Json(await Send(http, admin, HttpMethod.Get, "/api/contracts/kept", null))).Text("supportId"));

        List<string> Files() => [.. Directory.GetFiles(folder.Path).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
    }

    private static async Task<string> Token(HttpClient http, string persona) =>
        (await Json(await http.PostAsJsonAsync("/dev/token", new { persona }, TestContext.Current.CancellationToken))).GetProperty("token").GetString()!;

    private static async Task<HttpResponseMessage> Send(HttpClient http, string token, HttpMethod method, string path, HttpContent? content)
    {
        using var request = Request(token, method, path, content);
        var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path} {(int)response.StatusCode} {(response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))}");
        return response;
    }

    private static HttpRequestMessage Request(string token, HttpMethod method, string path, HttpContent? content) =>
        new(method, path) { Content = content, Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

    private static async Task<JsonElement> Json(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
}
