using System.Globalization;
using System.Text.Json;
using NodaTime;
using SupportCluster.Client;
using SupportCluster.Client.Live;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;
using SupportCluster.Protocol.Live;
using SupportCluster.Protocol.Queues;

namespace SupportCluster.Live.Tests;

/// <summary>What the .NET client makes of servers that come, go, refuse and err.</summary>
public sealed class ClientTests
{
    private readonly CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));

    private CancellationToken Limit => limit.Token;

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    [Fact]
    public async Task A_client_goes_on_from_its_cursor_when_the_server_comes_back()
    {
        await using var host = await LiveHost.Start();
        var address = host.Address;
        var grain = host.Grain("back");
        await using var client = host.Client();
        var ledger = new Ledger();
        await using var frames = client.Watch("total:back", ct: Limit).GetAsyncEnumerator(Limit);
        await Reads(frames, ledger, "1.0");
        for (var round = 1; round <= 3; round++)
        {
            await host.StopServing();
            while (!ledger.Stale)
            {
                await Read(frames, ledger);
            }

            await grain.Add(round);
            await host.Serve(url: address.ToString());
            await grain.Add(round);
            await Reads(frames, ledger, string.Create(CultureInfo.InvariantCulture, $"1.{2 * round}"));
        }

        Assert.Equal((12, 0), (ledger.Sum, ledger.Resets));
    }

    [Fact]
    public async Task A_client_goes_on_from_its_cursor_at_another_address_when_its_node_dies()
    {
        await using var host = await LiveHost.Start();
        var grain = host.Grain("moves");
        var elsewhere = new Uri($"http://127.0.0.1:{FreePort()}");
        await using var client = new LiveClient(
            new SupportClusterOptions { Addresses = [host.Address, new($"http://127.0.0.1:{FreePort()}"), elsewhere], Token = _ => ValueTask.FromResult<string?>(LiveHost.Token()) }, RealClock.Provider);
        var ledger = new Ledger();
        await using var frames = client.Watch("total:moves", ct: Limit).GetAsyncEnumerator(Limit);
        await Reads(frames, ledger, "1.0");
        await host.StopServing();
        await grain.Add(4);
        await host.Serve(url: elsewhere.ToString());
        await grain.Add(5);
        await Reads(frames, ledger, "1.2");
        Assert.Equal((9, 0), (ledger.Sum, ledger.Resets));
    }

    [Fact]
    public async Task The_first_connection_is_tried_for_ever_too()
    {
        await using var host = await LiveHost.Start();
        var address = host.Address;
        await host.StopServing();
        await using var client = host.Client(address: () => address);
        await using var frames = client.Watch("total:first", ct: Limit).GetAsyncEnumerator(Limit);
        Assert.IsType<Frame.Stale>(await Read(frames));
        await host.Serve(url: address.ToString());
        Assert.False(Assert.IsType<Frame.Snapshot>(await Read(frames)).Reset);
    }

    [Fact]
    public async Task A_token_that_ends_is_replaced_and_nothing_is_missed()
    {
        await using var host = await LiveHost.Start();
        var tokens = 0;
        await using var client = new LiveClient(
            new SupportClusterOptions
            {
                Address = host.Address,
                Token = _ =>
                {
                    tokens++;
                    return ValueTask.FromResult<string?>(LiveHost.Token("engineer", TimeSpan.FromSeconds(tokens == 1 ? 2 : 3600)));
                },
            },
            RealClock.Provider);
        var ledger = new Ledger();
        await using var frames = client.Watch("total:token", ct: Limit).GetAsyncEnumerator(Limit);
        await Reads(frames, ledger, "1.0");
        while (!ledger.Stale)
        {
            await Read(frames, ledger);
        }

        await host.Grain("token").Add(7);
        await Reads(frames, ledger, "1.1");
        Assert.Equal((7, 0), (ledger.Sum, ledger.Resets));
        Assert.True(tokens > 1);
    }

    [Fact]
    public async Task Somebody_who_may_not_connect_is_told_and_not_kept_waiting()
    {
        await using var host = await LiveHost.Start();
        await using var client = new LiveClient(new SupportClusterOptions { Address = host.Address }, RealClock.Provider);
        for (var i = 0; i < 2; i++)
        {
            await using var frames = client.Watch("total:1", ct: Limit).GetAsyncEnumerator(Limit);
            Assert.Equal("unauthorized", (await Assert.ThrowsAsync<WatchRefusedException>(() => Read(frames))).Code);
        }
    }

    [Theory]
    [InlineData("total:secret", null, "not-found")]
    [InlineData("total:", null, "malformed-topic")]
    [InlineData("other:1", null, "unknown-topic")]
    [InlineData("total:1", "x", "malformed-cursor")]
    public async Task A_refused_watch_ends_with_its_code(string topic, string? cursor, string code)
    {
        await using var host = await LiveHost.Start();
        await using var client = host.Client();
        await using var frames = client.Watch(topic, cursor, Limit).GetAsyncEnumerator(Limit);
        Assert.Equal(code, (await Assert.ThrowsAsync<WatchRefusedException>(() => Read(frames))).Code);
    }

    [Fact]
    public async Task Several_watches_of_one_topic_share_a_connection_and_are_apart()
    {
        await using var host = await LiveHost.Start();
        var grain = host.Grain("shared");
        await grain.Add(1);
        await using var client = host.Client();
        var (one, two) = (new Ledger(), new Ledger("1.0"));
        await using var first = client.Watch("total:shared", ct: Limit).GetAsyncEnumerator(Limit);
        await Reads(first, one, "1.1");
        var second = client.Watch("total:shared", "1.0", Limit).GetAsyncEnumerator(Limit);
        await Reads(second, two, "1.1");
        await second.DisposeAsync();
        await grain.Add(2);
        await Reads(first, one, "1.2");
        Assert.Equal((3, 1), (one.Sum, two.Sum));
    }

    [Fact]
    public async Task A_change_that_does_not_follow_is_not_believed_but_watched_again()
    {
        await using var hub = await ScriptedHub.Start(async call =>
        {
            if (call.Number == 1)
            {
                await call.Client.Frame(Snapshot(call.Topic, 1));
                await call.Client.Frame(Change(call.Topic, 3));
            }
            else
            {
                await call.Client.Frame(Change(call.Topic, 2));
                await call.Client.Frame(Change(call.Topic, 3));
            }
        });
        await using var client = hub.Client();
        var ledger = new Ledger();
        await using var frames = client.Watch("total:1", ct: Limit).GetAsyncEnumerator(Limit);
        await Reads(frames, ledger, "1.3");
        Assert.Equal([2, 3], ledger.Amounts);
        Assert.Null((await hub.Does.Calls.Next()).Cursor);
        Assert.Equal("1.1", (await hub.Does.Calls.Next()).Cursor);
    }

    [Fact]
    public async Task An_unexpected_error_of_the_server_is_told_as_stale_and_tried_again()
    {
        await using var hub = await ScriptedHub.Start(call => call.Number < 3
            ? throw new InvalidOperationException("the store is away")
            : call.Client.Frame(Snapshot(call.Topic, 1)));
        await using var client = hub.Client();
        await using var frames = client.Watch("total:1", ct: Limit).GetAsyncEnumerator(Limit);
        Assert.IsType<Frame.Stale>(await Read(frames));
        Assert.IsType<Frame.Snapshot>(await Read(frames));
    }

    [Fact]
    public async Task A_consumer_who_is_slow_misses_nothing()
    {
        const int All = 3000;
        await using var hub = await ScriptedHub.Start(async call =>
        {
            var from = call.Cursor is null ? 0 : int.Parse(call.Cursor[2..], CultureInfo.InvariantCulture);
            if (call.Cursor is null)
            {
                await call.Client.Frame(Snapshot(call.Topic, 0));
            }

            for (var version = from + 1; version <= All; version++)
            {
                await call.Client.Frame(Change(call.Topic, version));
            }
        });
        await using var client = hub.Client();
        var ledger = new Ledger();
        await using var frames = client.Watch("total:1", ct: Limit).GetAsyncEnumerator(Limit);
        await Reads(frames, ledger, $"1.{All}");
        Assert.Equal(Enumerable.Range(1, All).Select(i => (long)i), ledger.Amounts);
    }

    [Fact]
    public async Task Whoever_stops_reading_stops_watching()
    {
        await using var hub = await ScriptedHub.Start(call => call.Client.Frame(Snapshot(call.Topic, 1)));
        await using var client = hub.Client();
        var frames = client.Watch("total:1", ct: Limit).GetAsyncEnumerator(Limit);
        await Read(frames);
        await frames.DisposeAsync();
        Assert.Equal((await hub.Does.Calls.Next()).Topic, await hub.Does.Unwatched.Next());
    }

    [Fact]
    public async Task A_client_that_is_disposed_of_ends_its_streams()
    {
        await using var hub = await ScriptedHub.Start(call => call.Client.Frame(Snapshot(call.Topic, 1)));
        var client = hub.Client();
        await using var frames = client.Watch("total:1", ct: Limit).GetAsyncEnumerator(Limit);
        await Read(frames);
        var next = Read(frames);
        await client.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task A_case_is_told_with_its_view_its_changes_and_its_resets()
    {
        var at = Instant.FromUtc(2026, 3, 2, 9, 0);
        var view = new CaseView(
            "4001122337", 1, "S1", "Northwind", "Down", "It is down", "relay", "network", "emea", "emea/network", 1, default, "premium", "Ada", "en",
            false, at, [], 1, "Europe/Dublin");
        var json = JsonSerializer.SerializeToElement(view, WireJson.Tolerant);
        var entry = JsonSerializer.SerializeToElement(new[] { new HistoryEntry(2, at, "case-taken", "eng.aoife") }, WireJson.Tolerant);
        await using var hub = await ScriptedHub.Start(async call =>
        {
            await call.Client.Frame(new Frame.Snapshot(call.Topic, "1.1", false, json));
            await call.Client.Frame(new Frame.Change(call.Topic, "1.2", "1.1", entry, JsonSerializer.SerializeToElement(view with { Version = 2 }, WireJson.Tolerant)));
            await call.Client.Frame(new Frame.Stale(call.Topic, at));
            await call.Client.Frame(new Frame.UpToDate(call.Topic, "1.2"));
            await call.Client.Frame(new Frame.Snapshot(call.Topic, "1.9", true, json));
        });
        await using var client = hub.Client();
        var updates = new List<CaseUpdate>();
        await foreach (var update in client.WatchCase("4001122337", ct: Limit))
        {
            updates.Add(update);
            if (updates.Count == 5)
            {
                break;
            }
        }

        Assert.StartsWith("case:4001122337#", (await hub.Does.Calls.Next()).Topic, StringComparison.Ordinal);
        Assert.Equal([UpdateKind.Snapshot, UpdateKind.Change, UpdateKind.Stale, UpdateKind.UpToDate, UpdateKind.Snapshot], updates.Select(update => update.Kind));
        Assert.Equal(["1.1", "1.2", "1.2", "1.2", "1.9"], updates.Select(update => update.Cursor));
        Assert.Equal([1, 2, 2, 2, 1], updates.Select(update => update.Case!.Version));
        Assert.Equal("case-taken", Assert.Single(updates[1].Changes).Type);
        Assert.Equal(at, updates[2].StaleSince);
        Assert.Equal([false, false, false, false, true], updates.Select(update => update.Reset));
    }

    [Fact]
    public async Task A_queue_is_folded_in_the_handbooks_order()
    {
        var at = Instant.FromUtc(2026, 3, 2, 9, 0);
        QueueEntry Entry(string number, int severity, bool priority = false, int? deadline = null, int age = 0) => new(
            number, "S1", "Down", "relay", severity, priority, "en", at - Duration.FromMinutes(age), deadline is { } minutes ? at + Duration.FromMinutes(minutes) : null);
        JsonElement Json<T>(T value) => JsonSerializer.SerializeToElement(value, WireJson.Tolerant);
        await using var hub = await ScriptedHub.Start(async call =>
        {
            await call.Client.Frame(new Frame.Snapshot(call.Topic, "9.1", false, Json(new QueueView("emea/network", [Entry("b", 2), Entry("gone", 3)]))));
            await call.Client.Frame(new Frame.Change(call.Topic, "9.6", "9.1", Json<QueueChange[]>(
            [
                new(Left: "gone"), new(Entry("old", 2, age: 5)), new(Entry("soon", 2, deadline: 5)), new(Entry("call", 2, priority: true)), new(Entry("worst", 1)),
            ]), null));
            await call.Client.Frame(new Frame.Change(call.Topic, "9.7", "9.6", Json<QueueChange[]>([new(Entry("b", 1, priority: true))]), null));
        });
        await using var client = hub.Client();
        var orders = new List<string>();
        await foreach (var update in client.WatchQueue("emea/network", Limit))
        {
            orders.Add(string.Join(' ', update.Queue!.Cases.Select(entry => entry.Number)));
            if (orders.Count == 3)
            {
                break;
            }
        }

        Assert.Equal(["b gone", "worst call soon old b", "b worst call soon old"], orders);
    }

    private static Frame.Snapshot Snapshot(string topic, int version) =>
        new Frame.Snapshot(topic, $"1.{version}", false, JsonSerializer.SerializeToElement(new { sum = 0 }));

    private static Frame.Change Change(string topic, int version) =>
        new Frame.Change(topic, $"1.{version}", $"1.{version - 1}", JsonSerializer.SerializeToElement(new[] { version }), null);

    private static async Task<Frame> Read(IAsyncEnumerator<Frame> frames, Ledger? ledger = null)
    {
        Assert.True(await frames.MoveNextAsync());
        ledger?.Take(frames.Current);
        return frames.Current;
    }

    private static async Task Reads(IAsyncEnumerator<Frame> frames, Ledger ledger, string cursor)
    {
        while (ledger.Cursor != cursor)
        {
            await Read(frames, ledger);
        }
    }
}
