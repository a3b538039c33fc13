using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace SupportCluster.Server.Tests.Isolation;

/// <summary>What one connection, one person and one web page may do: each limit is refused with its code.</summary>
public sealed class HubLimitTests(HubLimitTests.Strict server) : IClassFixture<HubLimitTests.Strict>
{
    [Fact]
    public async Task A_connection_watches_so_many_topics()
    {
        await using var watcher = await server.Server.Watcher("admin");
        await watcher.Watch("queue:emea/backup");
        await watcher.Watch("queue:emea/archive");

        Assert.Equal("too-many-topics", await watcher.RefusedToWatch("queue:emea/mail"));
        await watcher.Watch("queue:emea/backup");
    }

    [Fact]
    public async Task A_person_has_so_many_connections_and_another_person_as_many()
    {
        await using var first = await server.Server.Watcher("rep.one");
        await using var second = await server.Server.Watcher("rep.one");
        var third = server.Server.Hub(server.Server.Tokens.Of("rep.one"));
        var closed = new TaskCompletionSource<Exception?>();
        third.Closed += reason =>
        {
            closed.SetResult(reason);
            return Task.CompletedTask;
        };
        await third.StartAsync(TestContext.Current.CancellationToken);

        Assert.Contains("HubException: too-many-connections: ", (await closed.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken))!.Message, StringComparison.Ordinal);
        await using var other = await server.Server.Watcher("rep.two");
        await other.Watch("queue:emea/backup");
        await first.DisposeAsync();
        while (true)
        {
            // The server hears of the end a little later.
            await using var again = await server.Server.Watcher("rep.one");
            try
            {
                await again.Watch("queue:emea/backup");
                break;
            }
            catch (Exception e) when (e is HubException or TaskCanceledException or InvalidOperationException)
            {
                await again.Closed;
            }
        }
    }

    [Fact]
    public async Task A_message_has_so_many_bytes()
    {
        var closed = new TaskCompletionSource<Exception?>();
        await using var watcher = await server.Server.Watcher("manager.emea");
        watcher.Connection.Closed += reason =>
        {
            closed.SetResult(reason);
            return Task.CompletedTask;
        };
        Assert.Equal("malformed-topic", await watcher.RefusedToWatch($"case:{new string('4', 400)}"));

        await Assert.ThrowsAnyAsync<Exception>(() => watcher.Watch($"case:{new string('4', 1000)}"));

        Assert.Contains("HubException: message-too-large: ", (await closed.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_makes_so_many_calls_a_second_and_goes_on_when_it_has_waited()
    {
        await using var watcher = await server.Server.Watcher("eng.aoife");
        for (var i = 0; i < 60; i++)
        {
            try
            {
                await watcher.Connection.InvokeAsync("Unwatch", "case:4001122337", TestContext.Current.CancellationToken);
            }
            catch (HubException e) when (i >= 30)
            {
                Assert.Contains("HubException: too-many-calls: ", e.Message, StringComparison.Ordinal);
                break;
            }

            Assert.True(i < 59);
        }

        Assert.Equal(HubConnectionState.Connected, watcher.Connection.State);
    }

    [Theory]
    [InlineData("same", true)]
    [InlineData("https://desk.example.org", true)]
    [InlineData("HTTPS://DESK.example.org", true)]
    [InlineData("https://desk.example.org:444", false)]
    [InlineData("https://evil.example.org", false)]
    [InlineData("https://desk.example.org.evil.example.org", false)]
    [InlineData("http://localhost:1", false)]
    [InlineData("null", false)]
    public async Task A_web_page_connects_from_this_server_or_a_configured_origin(string origin, bool allowed)
    {
        origin = origin == "same" ? server.Server.Address.GetLeftPart(UriPartial.Authority) : origin;
        var token = server.Server.Tokens.Of("wall.dublin");
        foreach (var transport in new[] { HttpTransportType.WebSockets, HttpTransportType.LongPolling })
        {
            await using var connection = new HubConnectionBuilder().WithUrl(new Uri(server.Server.Address, "/hub"), options =>
            {
                options.Transports = transport;
                options.SkipNegotiation = transport == HttpTransportType.WebSockets;
                options.Headers["Origin"] = origin;
                options.AccessTokenProvider = () => Task.FromResult<string?>(token);
            }).Build();
            if (allowed)
            {
                await connection.StartAsync(TestContext.Current.CancellationToken);
                await connection.StopAsync(TestContext.Current.CancellationToken);
            }
            else
            {
                await Assert.ThrowsAnyAsync<Exception>(() => connection.StartAsync(TestContext.Current.CancellationToken));
            }
        }

        if (!allowed)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/hub/negotiate?negotiateVersion=1") { Headers = { { "Origin", origin }, { "Authorization", $"Bearer {token}" } } };
            using var answer = await server.Server.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Contains("\"origin-not-allowed\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    /// <summary>A server with small limits.</summary>
    public sealed class Strict : IAsyncLifetime
    {
        public Running.Server Server { get; } = new();

        public async ValueTask InitializeAsync()
        {
            await Server.InitializeAsync();
            await Server.Restart(
                "--SupportCluster:Live:TopicsPerConnection", "2", "--SupportCluster:Live:ConnectionsPerUser", "2", "--SupportCluster:Live:MessageBytes", "512",
                "--SupportCluster:Live:CallsPerSecond", "3", "--SupportCluster:Live:Origins:0", "https://desk.example.org");
            await Server.Employ("aoife");
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
