using System.Net;
using System.Net.Sockets;
using Microsoft.Playwright;
using Xunit;

namespace SupportCluster.Web.Tests;

/// <summary>A wall at a cluster of two nodes on one database, behind one address.</summary>
public sealed class FailOverTests(Browser browser, FailOverTests.Cluster cluster) : IClassFixture<FailOverTests.Cluster>
{
    [Fact]
    public async Task A_wall_whose_node_dies_goes_on_by_itself_at_the_other_and_back()
    {
        using var manager = cluster.One.As("manager.emea");
        var link = new Uri((await manager.MakeWallDisplay(new("lobby", "dublin"), TestContext.Current.CancellationToken)).Link);
        var page = await browser.Open(cluster.Door);
        await page.GotoAsync($"{link.AbsolutePath}{link.Fragment}");
        await Assertions.Expect(page.Locator(".freshness")).ToContainTextAsync("Live");
        await page.EvaluateAsync("window.neverLoadedAnew = true");
        await Shows(await cluster.One.Report(2));

        await cluster.One.Kill();
        await Shows(await cluster.Two.Report(2));
        await cluster.One.Start();
        await cluster.Two.Kill();
        await Shows(await cluster.One.Report(1));
        await Assertions.Expect(page.Locator(".freshness")).ToContainTextAsync("Live");
        await Assertions.Expect(page.Locator(".wall.stale")).ToHaveCountAsync(0);
        Assert.True(await page.EvaluateAsync<bool>("window.neverLoadedAnew"));

        async Task Shows(Protocol.Cases.CaseView reported) =>
            await Assertions.Expect(page.Locator(".urgent")).ToContainTextAsync($"{reported.Number[..1]} {reported.Number[1..5]} {reported.Number[5..9]} {reported.Number[9..]}");
    }

    /// <summary>Two nodes, each a process, and a balancer before them that knows which of them lives by trying.</summary>
    public sealed class Cluster : IAsyncLifetime
    {
        private readonly CancellationTokenSource stop = new();
        private readonly TcpListener balancer = new(IPAddress.Loopback, 0);
        private PostgresServer? database;

        internal WebServer One { get; private set; } = null!;

        internal WebServer Two { get; private set; } = null!;

        /// <summary>The one address that browsers know.</summary>
        internal Uri Door => new($"http://127.0.0.1:{((IPEndPoint)balancer.LocalEndpoint).Port}");

        public async ValueTask InitializeAsync()
        {
            PostgresServer.Need();
            database = PostgresServer.Start();
            var connection = database.CreateDatabase("support");
            (One, Two) = (new Node(connection, found: true), new Node(connection, found: false));
            await One.InitializeAsync();
            await Two.InitializeAsync();
            balancer.Start();
            _ = Balance();
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            balancer.Dispose();
            foreach (var node in new[] { One, Two })
            {
                if (node is not null)
                {
                    await node.DisposeAsync();
                }
            }

            database?.Dispose();
            stop.Dispose();
        }

        private async Task Balance()
        {
            while (!stop.IsCancellationRequested)
            {
                _ = Forward(await balancer.AcceptTcpClientAsync(stop.Token));
            }
        }

        private async Task Forward(TcpClient client)
        {
            using var _ = client;
            foreach (var node in new[] { One, Two })
            {
                using var server = new TcpClient();
                try
                {
                    await server.ConnectAsync(IPAddress.Loopback, node.Address.Port, stop.Token);
                }
                catch (SocketException)
                {
                    continue;
                }

                try
                {
                    await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream(), stop.Token), server.GetStream().CopyToAsync(client.GetStream(), stop.Token));
                }
                catch (Exception e) when (e is IOException or OperationCanceledException)
                {
                    // Either side has gone: the other is closed.
                }

                return;
            }
        }
    }

    private sealed class Node(string connection, bool found) : WebServer
    {
        private protected override string[] Arguments => ["--SupportCluster:Postgres", connection];

        private protected override Task Found() => found ? base.Found() : Task.CompletedTask;
    }
}
