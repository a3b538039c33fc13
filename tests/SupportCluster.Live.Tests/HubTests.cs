using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Live;
using SupportCluster.Server.Live;

namespace SupportCluster.Live.Tests;

/// <summary>The whole way: grain, silo, mailbox, Kestrel, SignalR client.</summary>
public sealed class HubTests
{
    private static CancellationToken Late => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changes_of_concurrent_writers_reach_every_reader_without_gap_duplicate_or_swap()
    {
        await using var host = await LiveHost.Start();
        var grains = Enumerable.Range(0, 5).Select(i => host.Grain($"t{i}")).ToArray();
        var readers = new List<HubReader>();
        for (var i = 0; i < 8; i++)
        {
            var reader = await HubReader.Connect(host);
            readers.Add(reader);
            foreach (var grain in grains)
            {
                await reader.Watch($"total:{grain.GetPrimaryKeyString()}");
            }
        }

        await Task.WhenAll(grains.SelectMany((grain, g) => Enumerable.Range(0, 4).Select(async writer =>
        {
            for (var i = 0; i < 50; i++)
            {
                await grain.Add((1000 * writer) + i + g);
            }
        })));
        foreach (var reader in readers)
        {
            foreach (var grain in grains)
            {
                var ledger = await reader.Reads($"total:{grain.GetPrimaryKeyString()}", "1.200");
                Assert.Equal((await grain.Read()).Sum, ledger.Sum);
            }

            await reader.DisposeAsync();
        }
    }

    [Fact]
    public async Task Readers_who_come_and_go_under_load_resume_without_a_gap()
    {
        await using var host = await LiveHost.Start(2);
        var grain = await host.GrainOnTheOtherSilo("busy");
        var writing = Task.Run(
            async () =>
            {
                for (var i = 1; i <= 400; i++)
                {
                    await grain.Add(i);
                }
            },
            Late);
        string? cursor = null;
        var sum = 0L;
        while (cursor != "1.400")
        {
            await using var reader = await HubReader.Connect(host);
            var ledger = reader.Ledger("total:busy", cursor, sum);
            await reader.Watch("total:busy", cursor);
            do
            {
                await reader.Read();
            }
            while (ledger.Cursor == cursor && cursor != "1.400");
            Assert.Equal(0, ledger.Resets);
            (cursor, sum) = (ledger.Cursor, ledger.Sum);
        }

        await writing;
        Assert.Equal((await grain.Read()).Sum, sum);
    }

    [Fact]
    public async Task A_cursor_before_the_grains_memory_is_served_from_its_store()
    {
        await using var host = await LiveHost.Start();
        var grain = host.Grain("old");
        for (var i = 1; i <= 40; i++)
        {
            await grain.Add(i);
        }

        await using var reader = await HubReader.Connect(host);
        reader.Ledger("total:old", "1.2", 3);
        await reader.Watch("total:old", "1.2");
        var ledger = await reader.Reads("total:old", "1.40");
        Assert.Equal((820, 0, 38), (ledger.Sum, ledger.Resets, ledger.Amounts.Count));
    }

    [Fact]
    public async Task A_grain_that_moves_to_another_silo_is_followed()
    {
        await using var host = await LiveHost.Start(2);
        var grain = await host.GrainOnTheOtherSilo("mover");
        await using var reader = await HubReader.Connect(host);
        await reader.Watch("total:mover");
        for (var i = 1; i <= 12; i++)
        {
            await Written(() => grain.Add(i));
            if (i % 4 == 0)
            {
                await host.Cluster.MigrateAsync(grain, host.Cluster.Silos[((i / 4) + 1) % 2].SiloAddress);
            }
        }

        var ledger = await reader.Reads("total:mover", "1.12");
        Assert.Equal((78, 0), (ledger.Sum, ledger.Resets));
    }

    [Fact]
    public async Task A_grain_whose_silo_is_killed_is_followed()
    {
        await using var host = await LiveHost.Start(2);
        var grain = await host.GrainOnTheOtherSilo("victim");
        await using var reader = await HubReader.Connect(host);
        await reader.Watch("total:victim");
        await grain.Add(1);
        await reader.Reads("total:victim", "1.1");
        await host.Cluster.KillSiloAsync(host.Cluster.Silos[1], Late);
        for (var i = 2; i <= 10; i++)
        {
            await Written(() => grain.Add(i));
        }

        var ledger = await reader.Reads("total:victim", "1.10");
        Assert.Equal((55, 0), (ledger.Sum, ledger.Resets));
    }

    [Fact]
    public async Task A_slow_reader_is_reset_and_the_others_are_not_held_up()
    {
        await using var host = await LiveHost.Start();
        var grain = host.Grain("wide");
        await grain.Pad(120_000);
        await using var other = await HubReader.Connect(host);
        using var slow = await BareReader.Connect(host, "total:wide");
        await other.Watch("total:wide");
        for (var i = 1; i <= 300; i++)
        {
            await grain.Add(i);
            await other.Reads("total:wide", $"1.{i}");
        }

        var ledger = new Ledger();
        while (ledger.Cursor != "1.300")
        {
            foreach (var frame in await slow.Read())
            {
                ledger.Take(frame);
            }
        }

        Assert.Equal(45150, ledger.Sum);
        Assert.True(ledger.Resets > 0);
        Assert.Equal(0, other.Ledger("total:wide").Resets);
    }

    [Fact]
    public async Task A_contact_sees_only_what_a_customer_may()
    {
        await using var host = await LiveHost.Start();
        var grain = host.Grain("mixed");
        await using var contact = await HubReader.Connect(host, "contact");
        await contact.Watch("total:mixed");
        await contact.Read();
        // Fewer than the grain of this test remembers (16): however late the reader comes, nothing is reset.
        for (var i = 1; i <= 14; i++)
        {
            await grain.Add(i, @internal: i % 2 == 0);
        }

        var ledger = await contact.Reads("total:mixed", "1.7c");
        Assert.Equal((49, 0), (ledger.Sum, ledger.Resets));
        Assert.All(ledger.Amounts, amount => Assert.Equal(1, amount % 2));
    }

    [Fact]
    public async Task After_unwatch_nothing_more_comes()
    {
        await using var host = await LiveHost.Start();
        await using var reader = await HubReader.Connect(host);
        await reader.Watch("total:a");
        await reader.Read();
        var writing = Task.Run(
            async () =>
            {
                for (var i = 1; i <= 100; i++)
                {
                    await host.Grain("a").Add(i);
                }
            },
            Late);
        await reader.Reads("total:a", "1.1", orLater: true);
        await reader.Unwatch("total:a");

        // The client hands out frames later than answers; what comes after a frame of a later watch came after the answer.
        await reader.Watch("total:b");
        await reader.Reads("total:b", "1.0");
        reader.Forbid("total:a");
        await writing;
        await host.Grain("b").Add(1);
        await reader.Reads("total:b", "1.1");
    }

    [Theory]
    [InlineData("total", null, "malformed-topic")]
    [InlineData("total:", null, "malformed-topic")]
    [InlineData("total:ä", null, "malformed-topic")]
    [InlineData("nothing:1", null, "unknown-topic")]
    [InlineData("total:secret1", null, "not-found")]
    [InlineData("total:1", "yesterday", "malformed-cursor")]
    [InlineData("total:1", "1.-5", "malformed-cursor")]
    [InlineData("total:1", "1.99999999999999999999", "malformed-cursor")]
    public async Task A_refusal_has_a_code(string topic, string? cursor, string code)
    {
        await using var host = await LiveHost.Start();
        await using var reader = await HubReader.Connect(host);
        var refused = await Assert.ThrowsAsync<HubException>(() => reader.Watch(topic, cursor));
        Assert.Contains($"HubException: {code}: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_connection_watches_only_so_many_topics()
    {
        await using var host = await LiveHost.Start(1, new LiveOptions { TopicsPerConnection = 2 });
        await using var reader = await HubReader.Connect(host);
        await reader.Watch("total:1");
        await reader.Watch("total:2");
        await reader.Watch("total:2");
        var refused = await Assert.ThrowsAsync<HubException>(() => reader.Watch("total:3"));
        Assert.Contains("too-many-topics", refused.Message, StringComparison.Ordinal);
        await reader.Unwatch("total:1");
        await reader.Watch("total:3");
    }

    [Fact]
    public async Task Nobody_comes_in_without_a_token_and_a_connection_ends_with_it()
    {
        await using var host = await LiveHost.Start();
        await Assert.ThrowsAnyAsync<Exception>(() => HubReader.Connect(host, token: ""));
        await using var reader = await HubReader.Connect(host, token: LiveHost.Token("engineer", TimeSpan.FromSeconds(2)));
        await reader.Watch("total:1");
        await reader.Read();
        await reader.Closed.WaitAsync(Await.Limit, Late);
    }

    [Fact]
    public async Task A_reader_who_has_gone_is_forgotten()
    {
        await using var host = await LiveHost.Start();
        var reader = await HubReader.Connect(host);
        await reader.Watch("total:1");
        await reader.Read();
        await reader.DisposeAsync();
        await host.Grain("1").Add(1);
        await using var next = await HubReader.Connect(host);
        next.Ledger("total:1", "1.0");
        await next.Watch("total:1", "1.0");
        await next.Reads("total:1", "1.1");
    }

    /// <summary>A command may meet the dying activation; its caller repeats it.</summary>
    private static async Task Written(Func<Task<long>> write)
    {
        using var late = new CancellationTokenSource(Await.Limit);
        while (true)
        {
            try
            {
                await write();
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException && !late.IsCancellationRequested)
            {
                await Task.Yield();
            }
        }
    }

    /// <summary>A WebSocket that is read only when the test says so: SignalR's own client reads on, whatever its handlers do.</summary>
    private sealed class BareReader : IDisposable
    {
        private readonly ClientWebSocket socket = new();
        private readonly byte[] buffer = new byte[64 * 1024];
        private readonly List<byte> message = [];

        public static async Task<BareReader> Connect(LiveHost host, string topic)
        {
            var reader = new BareReader();
            reader.socket.Options.SetRequestHeader("Authorization", $"Bearer {LiveHost.Token()}");
            await reader.socket.ConnectAsync(new UriBuilder(host.Address) { Scheme = "ws", Path = "/hub" }.Uri, Late);
            await reader.Send("""{"protocol":"json","version":1}""");
            await reader.Send($$"""{"type":1,"invocationId":"1","target":"Watch","arguments":["{{topic}}",null]}""");
            return reader;
        }

        public async Task<List<Frame>> Read()
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), Late).AsTask().WaitAsync(Await.Limit, RealClock.Provider, Late);
            Assert.NotEqual(WebSocketMessageType.Close, received.MessageType);
            message.AddRange(buffer.AsSpan(0, received.Count));
            List<Frame> frames = [];
            for (var end = message.IndexOf(0x1e); end >= 0; end = message.IndexOf(0x1e))
            {
                using var json = JsonDocument.Parse(message.GetRange(0, end).ToArray());
                message.RemoveRange(0, end + 1);
                if (json.RootElement.TryGetProperty("target", out _))
                {
                    frames.Add(json.RootElement.GetProperty("arguments")[0].Deserialize<Frame>(WireJson.Tolerant)!);
                }
            }

            return frames;
        }

        public void Dispose() => socket.Dispose();

        private Task Send(string text) => socket.SendAsync(Encoding.UTF8.GetBytes(text + '\u001e'), WebSocketMessageType.Text, true, Late);
    }

    /// <summary>A bare SignalR client that checks every frame.</summary>
    private sealed class HubReader : IAsyncDisposable
    {
        private readonly Channel<Frame> frames = System.Threading.Channels.Channel.CreateUnbounded<Frame>();
        private readonly Dictionary<string, Ledger> ledgers = [];
        private readonly HashSet<string> forbidden = [];
        private readonly HubConnection hub;
        private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private HubReader(Uri address, string token)
        {
            var builder = new HubConnectionBuilder().WithUrl(new Uri(address, "hub"), http =>
            {
                http.Transports = HttpTransportType.WebSockets;
                http.SkipNegotiation = true;
                http.AccessTokenProvider = () => Task.FromResult<string?>(token);
            });
            builder.AddJsonProtocol(json => WireJson.Apply(json.PayloadSerializerOptions));
            hub = builder.Build();
            hub.Closed += _ =>
            {
                closed.TrySetResult();
                return Task.CompletedTask;
            };
            hub.On<Frame>("Frame", frame => frames.Writer.TryWrite(frame));
        }

        public Task Closed => closed.Task;

        public static async Task<HubReader> Connect(LiveHost host, string role = "engineer", string? token = null)
        {
            var reader = new HubReader(host.Address, token ?? LiveHost.Token(role));
            await reader.hub.StartAsync(Late);
            return reader;
        }

        public Task Watch(string topic, string? cursor = null) => hub.InvokeAsync("Watch", topic, cursor, Late);

        public Task Unwatch(string topic) => hub.InvokeAsync("Unwatch", topic, Late);

        public Ledger Ledger(string topic, string? cursor = null, long sum = 0)
        {
            if (!ledgers.TryGetValue(topic, out var ledger))
            {
                ledgers[topic] = ledger = new Ledger(cursor, sum);
            }

            return ledger;
        }

        /// <summary>From here on a frame of the topic is a mistake.</summary>
        public void Forbid(string topic) => forbidden.Add(topic);

        public async Task<Frame> Read()
        {
            var frame = await frames.Next();
            Assert.DoesNotContain(frame.Topic, forbidden);
            Ledger(frame.Topic).Take(frame);
            return frame;
        }

        public async Task<Ledger> Reads(string topic, string cursor, bool orLater = false)
        {
            var ledger = Ledger(topic);
            while (ledger.Cursor != cursor && !(orLater && ledger.Amounts.Count > 0))
            {
                await Read();
            }

            return ledger;
        }

        public async ValueTask DisposeAsync() => await hub.DisposeAsync();
    }
}
