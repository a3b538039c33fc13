using System.Security.Claims;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SupportCluster.Grains.Live;
using SupportCluster.Protocol.Live;
using SupportCluster.Server.Live;

namespace SupportCluster.Live.Tests;

/// <summary>A connection whose reader the test holds up.</summary>
public sealed class OutboxTests : ITopicGrain
{
    private readonly Channel<Frame> sent = Channel.CreateUnbounded<Frame>();
    private readonly SemaphoreSlim room = new(0);
    private LiveOptions options = new() { QueueBytes = 2000 };
    private Total total = new(0, 0, 0, 0);
    private ITopicObserver? observer;
    private long generation;
    private bool aborted;

    [Fact]
    public async Task A_full_queue_is_cleared_and_the_reader_gets_one_reset_with_the_present_state()
    {
        var (reader, other) = await TwoReaders();
        for (var i = 1; i <= 100; i++)
        {
            await Write(i);
            await other.Reads($"1.{i}");
            Assert.InRange(reader.Outbox.Bytes, 0, options.QueueBytes);
        }

        Assert.Equal(100, other.Ledger.Amounts.Count);
        Assert.Equal(0, other.Ledger.Resets);

        var ledger = new Ledger();
        room.Release(1000);
        while (ledger.Cursor != "1.100")
        {
            ledger.Take(await sent.Next());
        }

        Assert.Equal((5050, 1), (ledger.Sum, ledger.Resets));
        await Write(1);
        ledger.Take(await sent.Next());
        Assert.Equal((5051, 1), (ledger.Sum, ledger.Resets));
    }

    [Fact]
    public async Task Without_the_mark_a_slow_reader_would_miss_changes_without_being_told()
    {
        options = options with { Guards = LiveGuards.All & ~LiveGuards.Reset };
        await TwoReaders();
        for (var i = 1; i <= 100; i++)
        {
            await Write(i);
        }

        room.Release(1000);
        await Write(1);
        var ledger = new Ledger();
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (ledger.Cursor != "1.101")
            {
                ledger.Take(await sent.Next());
            }
        });
    }

    [Fact]
    public async Task A_frame_that_is_larger_than_the_queue_is_sent_nevertheless()
    {
        total = total with { Padding = new string('x', 10_000) };
        await TwoReaders();
        room.Release(1000);
        Assert.False(Assert.IsType<Frame.Snapshot>(await sent.Next()).Reset);
    }

    [Fact]
    public async Task No_frame_follows_the_answer_to_unwatch()
    {
        var (reader, _) = await TwoReaders();
        await Write(1);
        await Write(2);
        var over = reader.Unwatch("total:1");

        // A frame is being written: the answer waits for it.
        Assert.False(over.IsCompleted);
        room.Release(1000);
        await over;
        var before = sent.Reader.Count;
        await Write(3);
        await reader.Watch("total:2", null);
        while ((await sent.Next()).Topic != "total:2")
        {
            Assert.True(before-- > 0);
        }
    }

    [Fact]
    public async Task Without_the_wait_a_frame_would_follow_the_answer_to_unwatch()
    {
        options = options with { Guards = LiveGuards.All & ~LiveGuards.Final };
        var (reader, _) = await TwoReaders();
        await Write(1);
        var over = reader.Unwatch("total:1");
        Assert.True(over.IsCompleted);
        room.Release(1000);
        await sent.Next();
        Assert.IsType<Frame.Change>(await sent.Next());
    }

    [Fact]
    public async Task The_same_topic_under_another_label_is_watched_apart()
    {
        var (reader, _) = await TwoReaders();
        room.Release(1000);
        await sent.Next();
        await reader.Watch("total:1#x", null);
        Assert.Equal("total:1#x", (await sent.Next()).Topic);
        await reader.Unwatch("total:1");
        await Write(1);
        Assert.Equal("total:1#x", (await sent.Next()).Topic);
    }

    [Fact]
    public async Task All_who_write_a_topic_alike_are_sent_the_very_same_message()
    {
        var topics = Topics();
        var messages = Channel.CreateUnbounded<FrameMessage>();
        foreach (var topic in new[] { "total:1", "total:1", "total:1#x" })
        {
            await new LiveReader(topics, User(), message => messages.Writer.WriteAsync(message), _ => aborted = true).Watch(topic, null);
            await messages.Next();
        }

        await Write(1);
        var sent = new[] { await messages.Next(), await messages.Next(), await messages.Next() }.OrderBy(m => m.Frame.Topic, StringComparer.Ordinal).ToList();

        Assert.Same(sent[0].Message, sent[1].Message);
        Assert.NotSame(sent[1].Message, sent[2].Message);
        Assert.Equal("total:1#x", sent[2].Frame.Topic);
    }

    [Fact]
    public async Task Calls_beyond_so_many_a_second_are_refused_until_time_has_passed()
    {
        options = options with { CallsPerSecond = 2 };
        var time = new FakeTimeProvider();
        var reader = new LiveReader(Topics(time), User(), _ => ValueTask.CompletedTask, _ => aborted = true);
        for (var i = 0; i < 20; i++)
        {
            await reader.Unwatch("total:1");
        }

        Assert.StartsWith("too-many-calls: ", (await Assert.ThrowsAsync<HubException>(() => reader.Watch("total:1", null))).Message, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(1));
        await reader.Watch("total:1", null);
        await reader.Unwatch("total:1");
        await Assert.ThrowsAsync<HubException>(() => reader.Unwatch("total:1"));
    }

    [Fact]
    public async Task A_connection_that_cannot_be_written_to_is_ended()
    {
        var topics = Topics();
        var over = new TaskCompletionSource();
        var reader = new LiveReader(topics, User(), _ => throw new JsonException("broken"), _ => over.SetResult());
        await reader.Watch("total:1", null);
        await over.Task.WaitAsync(Await.Limit, TestContext.Current.CancellationToken);
    }

    Task<Subscription?> ITopicGrain.Subscribe(string server, long generation, ITopicObserver observer, Cursor? since)
    {
        (this.generation, this.observer) = (generation, observer);
        return Task.FromResult<Subscription?>(new Subscription(FakeActivation.Silo, new Cursor(1, total.Version), new TopicState(total.Version, total), [], total.Version));
    }

    Task ITopicGrain.Unsubscribe(string server, long generation) => Task.CompletedTask;

    private static ClaimsPrincipal User() => new(new ClaimsIdentity([new Claim(ClaimTypes.Role, "engineer")]));

    private LiveTopics Topics(TimeProvider? time = null) =>
        new([new TotalKind(_ => this)], made => made, _ => { }, _ => false, options, time ?? new FakeTimeProvider(), NullLogger<LiveTopics>.Instance);

    private async Task<(LiveReader Slow, Other Other)> TwoReaders()
    {
        var topics = Topics();
        var slow = new LiveReader(
            topics,
            User(),
            message => new ValueTask(room.WaitAsync().ContinueWith(_ => sent.Writer.TryWrite(message.Frame), TaskScheduler.Default)),
            _ => aborted = true);
        await slow.Watch("total:1", null);
        var other = new Other();
        await new LiveReader(topics, User(), message => other.Frames.Writer.WriteAsync(message.Frame), _ => aborted = true).Watch("total:1", null);
        await other.Reads($"1.{total.Version}");
        Assert.False(aborted);
        return (slow, other);
    }

    private async Task Write(long amount)
    {
        var added = total.Next(amount);
        total = total.With(added);
        await observer!.Notify(generation, 1, total.Version - 1, total.Version, [new TopicChange(total.Version, added)], new TopicState(total.Version, total));
    }

    private sealed class Other
    {
        public Channel<Frame> Frames { get; } = Channel.CreateUnbounded<Frame>();

        public Ledger Ledger { get; } = new();

        public async Task Reads(string cursor)
        {
            while (Ledger.Cursor != cursor)
            {
                Ledger.Take(await Frames.Next());
            }
        }
    }
}
