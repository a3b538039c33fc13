using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace SupportCluster.Benchmarks.Live;

/// <summary>The real server with a contract, and SignalR alone beside it, each in a process of its own: the readers are this one.</summary>
internal sealed class LiveServer : IDisposable
{
    /// <summary>The readers of a benchmark are all the same person.</summary>
    internal static readonly string[] ManyConnections = ["--SupportCluster:Live:ConnectionsPerUser", "100000"];

    private readonly HttpClient http;

    private LiveServer(ServerProcess process, string token, HttpClient http) => (Process, Token, this.http) = (process, token, http);

    internal ServerProcess Process { get; }

    internal string Token { get; }

    /// <param name="more">More of the command line.</param>
    internal static async Task<LiveServer> Start(string folder, params string[] more)
    {
        var process = await ServerProcess.Start(folder, more: [.. ManyConnections, .. more]);
        using var plain = new HttpClient { BaseAddress = new(process.Url) };
        var admin = await TokenOf(plain, "admin");
        var server = new LiveServer(process, await TokenOf(plain, "rep"), new HttpClient { BaseAddress = new(process.Url) });
        await server.Send(HttpMethod.Put, "/api/contracts/northwind", admin, new
        {
            customer = new { name = "Northwind", zone = "Europe/Dublin", region = "emea", country = "IE", language = "en", address = "1 Quay" },
            offer = "essential",
            products = new[] { new { id = "backup-exec", line = "backup" } },
            term = new { start = "2020-01-01", end = "2099-12-31" },
            contacts = new[] { new { id = "contact.northwind", name = "Ada", email = "ada@example.org" } },
        });
        return server;
    }

    /// <summary>SignalR alone, with the key of the real server, so that the same token opens both.</summary>
    internal static Task<ServerProcess> StartBare(string folder) => ServerProcess.StartBare(Path.Combine(folder, "development-sign-in.key"));

    internal async Task<string> Submit() =>
        (await Send(HttpMethod.Post, "/api/cases", Token, new { supportId = "northwind", contact = "contact.northwind", channel = "phone", product = "backup-exec", title = "Backup stops", description = "It stops.", severity = 3 }))
        .GetProperty("number").GetString()!;

    /// <returns>The version that the case came to.</returns>
    internal async Task<long> Note(string number, string text) => (await Send(HttpMethod.Post, $"/api/cases/{number}/note", Token, new { text })).GetProperty("version").GetInt64();

    public void Dispose()
    {
        http.Dispose();
        Process.Dispose();
    }

    private static async Task<string> TokenOf(HttpClient http, string persona)
    {
        using var answer = await http.PostAsJsonAsync(new Uri("/dev/token", UriKind.Relative), new { persona });
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
    }

    private async Task<JsonElement> Send(HttpMethod method, string path, string token, object body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadFromJsonAsync<JsonElement>()
            : throw new InvalidOperationException($"{method} {path}: {await answer.Content.ReadAsStringAsync()}");
    }
}
