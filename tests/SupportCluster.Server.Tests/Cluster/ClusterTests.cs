using System.Diagnostics;
using Microsoft.AspNetCore.SignalR.Client;
using SupportCluster.Client;
using SupportCluster.Client.Live;
using SupportCluster.Protocol.Cases;
using SupportCluster.Server.Hosting;

namespace SupportCluster.Server.Tests.Cluster;

/// <summary>Nodes of one cluster on one database: two that do everything, one with grains only, and a gateway.</summary>
public sealed class ClusterTests(ClusterTests.Nodes nodes) : IClassFixture<ClusterTests.Nodes>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_done_through_one_node_is_seen_through_every_other()
    {
        var number = (await (await nodes.Client("gateway", "contact.northwind")).Submit(new("backup-server", "Restore stops", "Since last night.", 3), Cancel)).Number;
        foreach (var node in nodes.Doors)
        {
            await (await nodes.Client(node, "manager.emea")).Note(number, new AddNote($"Through {node}."), Cancel);
        }

        foreach (var node in nodes.Doors)
        {
            var history = await (await nodes.Client(node, "rep")).History(number, cancellation: Cancel);
            Assert.Equal(nodes.Doors.Select(n => $"Through {n}."), history.Items.Where(e => e.Type == "case-note-added").Select(e => e.Text));
        }
    }

    [Fact]
    public async Task A_watcher_at_any_node_sees_what_is_done_through_another_in_order()
    {
        var number = (await (await nodes.Client("one", "contact.northwind")).Submit(new("backup-server", "Restore stops", "Since last night.", 3), Cancel)).Number;
        foreach (var node in nodes.Doors)
        {
            await using var live = new LiveClient(nodes.Options(node, await nodes.Token("rep")));
            await using var updates = live.WatchCase(number, ct: Cancel).GetAsyncEnumerator(Cancel);
            await updates.MoveNextAsync();
            var version = updates.Current.Case!.Version;
            foreach (var other in nodes.Doors)
            {
                await (await nodes.Client(other, "manager.emea")).Note(number, new AddNote($"Through {other} for {node}."), Cancel);
            }

            for (var seen = 0; seen < nodes.Doors.Count;)
            {
                await updates.MoveNextAsync();
                Assert.Equal(UpdateKind.Change, updates.Current.Kind);
                Assert.Equal(version + 1, updates.Current.Changes[0].Version);
                version = updates.Current.Changes[^1].Version;
                seen += updates.Current.Changes.Count;
            }
        }
    }

    [Fact]
    public async Task A_wall_display_is_known_at_every_node_at_once_and_goes_dark_within_a_second_wherever_it_is()
    {
        var made = await (await nodes.Client("one", "manager.emea")).MakeWallDisplay(new("lobby", "dublin"), Cancel);
        var token = made.Link.Split("#token=")[1];
        var watching = new List<Watcher>();
        foreach (var node in nodes.Doors)
        {
            watching.Add(new(new HubConnectionBuilder().WithUrl(new Uri(nodes.Address(node), "hub"), o => o.AccessTokenProvider = () => Task.FromResult<string?>(token)).Build()));
            await watching[^1].Connection.StartAsync(Cancel);
        }

        var since = Stopwatch.GetTimestamp();
        await (await nodes.Client("two", "manager.emea")).RevokeWallDisplay("lobby", Cancel);
        foreach (var watcher in watching)
        {
            await watcher.Closed;
            Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(1));
            await watcher.DisposeAsync();
        }

        foreach (var node in nodes.Doors)
        {
            using var client = nodes.ClientWith(node, token);
            Assert.Equal("sign-in-revoked", (await Assert.ThrowsAsync<SupportClusterException>(() => client.Me(Cancel))).Code);
        }
    }

    [Fact]
    public async Task A_node_with_grains_only_tells_its_health_and_nothing_else()
    {
        using var http = new HttpClient { BaseAddress = nodes.Address("silo") };
        http.DefaultRequestHeaders.Authorization = new("Bearer", await nodes.Token("admin"));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/api/me", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsync("/dev/token", null, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/hub", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Backup_is_PostgreSQLs_own()
    {
        var refused = await Assert.ThrowsAsync<SupportClusterException>(async () => await (await nodes.Client("one", "admin")).Backup(Stream.Null, Cancel));
        Assert.Equal("store-backup-elsewhere", refused.Code);
        Assert.Contains("pg_dump", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_database_no_node_is_ready_and_with_it_all_are_again()
    {
        nodes.Database.Kill();
        try
        {
            foreach (var node in nodes.Doors)
            {
                using var http = new HttpClient { BaseAddress = nodes.Address(node) };
                var answer = await http.GetAsync("/health/ready", Cancel);
                Assert.Equal((HttpStatusCode.ServiceUnavailable, "the store does not answer"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel)));
                Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live", Cancel)).StatusCode);
            }
        }
        finally
        {
            nodes.Database.StartAgain();
        }

        await nodes.Ready();
    }

    /// <summary>The nodes, in this process.</summary>
    public sealed class Nodes : IAsyncLifetime
    {
        private readonly TemporaryFolder folder = new();
        private readonly Dictionary<string, ServerHost> hosts = [];
        private PostgresServer? database;

        internal PostgresServer Database => database!;

        /// <summary>The nodes that serve cases.</summary>
        internal IReadOnlyList<string> Doors { get; } = ["one", "two", "gateway"];

#pragma warning disable RS0030 // The nodes live by the machine's clock, as in production.
        private static TimeProvider Time => TimeProvider.System;
#pragma warning restore RS0030

        public async ValueTask InitializeAsync()
        {
            PostgresServer.Need();
            database = PostgresServer.Start();
            var connection = database.CreateDatabase("support");
            foreach (var (name, role) in new[] { ("one", "all"), ("silo", "silo"), ("two", "all"), ("gateway", "gateway") })
            {
                var host = ServerHost.Build(["--urls", "http://127.0.0.1:0", "--SupportCluster:Postgres", connection, "--SupportCluster:Role", role, "--SupportCluster:DataFolder", folder.Path], Time);
                hosts.Add(name, host);
                await host.App.StartAsync(Cancel);
            }

            await Ready();
            var contract = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "samples", "northwind.contract.json"), Cancel);
            using var http = new HttpClient { BaseAddress = Address("two") };
            var body = System.Text.Json.Nodes.JsonNode.Parse(contract)!.AsObject();
            body.Remove("id");
            using var request = new HttpRequestMessage(HttpMethod.Put, "/api/contracts/northwind") { Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json") };
            request.Headers.Authorization = new("Bearer", await Token("admin"));
            var answer = await http.SendAsync(request, Cancel);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var host in hosts.Values.Reverse())
            {
                await host.App.StopAsync(CancellationToken.None);
                await host.DisposeAsync();
            }

            database?.Dispose();
            folder.Dispose();
        }

        internal Uri Address(string node) => new(hosts[node].App.Urls.First());

        internal SupportClusterOptions Options(string node, string token) => new() { Address = Address(node), Token = _ => new(token) };

        internal async Task<string> Token(string persona)
        {
            using var client = new SupportClusterClient(new() { Address = Address("one") }, Time);
            return (await client.DevelopmentToken(new(persona), Cancel)).Token;
        }

        internal async Task<SupportClusterClient> Client(string node, string persona) => ClientWith(node, await Token(persona));

        internal SupportClusterClient ClientWith(string node, string token) => new(Options(node, token), Time);

        /// <summary>Waits until every node is ready.</summary>
        internal async Task Ready()
        {
            foreach (var node in hosts.Keys)
            {
                using var http = new HttpClient { BaseAddress = Address(node) };
                string? last = null;
                for (var attempt = 0; attempt < 300; attempt++)
                {
                    var answer = await http.GetAsync("/health/ready", Cancel);
                    if (answer.IsSuccessStatusCode)
                    {
                        last = null;
                        break;
                    }

                    last = await answer.Content.ReadAsStringAsync(Cancel);
                    await Task.Delay(TimeSpan.FromMilliseconds(100), Time, Cancel);
                }

                Assert.True(last is null, $"{node} is not ready: {last}");
            }
        }
    }
}
