using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SupportCluster.Grains.Live;

namespace SupportCluster.Live.Tests;

/// <summary>The grain's side: what is pushed to whom, and what is remembered.</summary>
public sealed class FeedTests
{
    private readonly GrainTurns turns = new();
    private readonly FakeTimeProvider time = new();
    private readonly Observer observer = new();
    private Total total = new(0, 0, 0, 0);

    [Fact]
    public async Task What_is_published_is_pushed_with_where_it_begins_and_ends()
    {
        await turns;
        var feed = Feed();
        await feed.Subscribe("a", 1, observer, null);
        Publish(feed, 5, 7);
        var told = await observer.Told.Next();
        Assert.Equal((1, Cursor.Durable, 0, 2), (told.Generation, told.Epoch, told.From, told.To));
        Assert.Equal([5, 7], told.Changes!.Select(change => ((Added)change.Content).Amount));
        Assert.Equal(12, ((Total)told.State!.View).Sum);
    }

    [Fact]
    public async Task What_is_replaced_is_pushed_as_the_state_alone()
    {
        await turns;
        var feed = Feed();
        await feed.Subscribe("a", 1, observer, null);
        total = total.With(total.Next(5));
        feed.Replaced();
        var told = await observer.Told.Next();
        Assert.Equal((0, 1), Range(told));
        Assert.Null(told.Changes);
        Assert.Equal(5, ((Total)told.State!.View).Sum);
    }

    [Fact]
    public async Task What_is_published_during_a_push_goes_into_the_next_one()
    {
        await turns;
        var feed = Feed();
        await feed.Subscribe("a", 1, observer, null);
        observer.Hold();
        Publish(feed, 1);
        Assert.Equal((0, 1), Range(await observer.Told.Next()));
        Publish(feed, 2);
        Publish(feed, 3);
        observer.Told.Empty();
        observer.Answer(NotifyResult.Ok);
        Assert.Equal((1, 3), Range(await observer.Told.Next()));
    }

    [Fact]
    public async Task A_lost_push_is_repeated_from_where_the_server_stands()
    {
        await turns;
        var feed = Feed();
        await feed.Subscribe("a", 1, observer, null);
        observer.Hold();
        Publish(feed, 1);
        await observer.Told.Next();
        observer.Fail();
        Publish(feed, 2);
        Assert.Equal((0, 2), Range(await AdvanceUntil(observer.Told)));
    }

    [Fact]
    public async Task A_push_without_an_answer_is_given_up_after_two_seconds()
    {
        await turns;
        var feed = Feed();
        await feed.Subscribe("a", 1, observer, null);
        observer.Hold();
        Publish(feed, 1);
        await observer.Told.Next();
        Assert.Equal((0, 1), Range(await AdvanceUntil(observer.Told)));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_delays_no_other()
    {
        await turns;
        var feed = Feed();
        var other = new Observer();
        await feed.Subscribe("a", 1, observer, null);
        await feed.Subscribe("b", 1, other, null);
        observer.Hold();
        for (var i = 1; i <= 3; i++)
        {
            Publish(feed, i);
            Assert.Equal((i - 1, i), Range(await other.Told.Next()));
        }
    }

    [Fact]
    public async Task A_server_that_says_stale_is_not_told_again()
    {
        await turns;
        var feed = Feed();
        await feed.Subscribe("a", 1, observer, null);
        observer.Hold();
        Publish(feed, 1);
        await observer.Told.Next();
        observer.Answer(NotifyResult.Stale);
        await Until(() => feed.Watchers == 0);
    }

    [Fact]
    public async Task A_server_that_does_not_renew_for_ninety_seconds_is_not_told_again()
    {
        await turns;
        var feed = Feed();
        await feed.Subscribe("a", 1, observer, null);
        time.Advance(TimeSpan.FromSeconds(90));
        Publish(feed, 1);
        await Until(() => feed.Watchers == 0);
        observer.Told.Empty();
    }

    [Fact]
    public async Task A_later_generation_is_not_replaced_by_an_earlier_one()
    {
        await turns;
        var feed = Feed();
        Assert.NotNull(await feed.Subscribe("a", 2, observer, null));
        Assert.Null(await feed.Subscribe("a", 1, observer, null));
        Assert.NotNull(await feed.Subscribe("b", 1, observer, null));
        feed.Unsubscribe("a", 1);
        Assert.Equal(2, feed.Watchers);
        feed.Unsubscribe("a", 2);
        Assert.Equal(1, feed.Watchers);
    }

    [Fact]
    public async Task The_tail_reaches_back_to_the_cursor_when_it_is_remembered()
    {
        await turns;
        var feed = Feed();
        Publish(feed, 1, 2, 3);
        var answer = await feed.Subscribe("a", 1, observer, new Cursor(Cursor.Durable, 1));
        Assert.Equal(1, answer!.TailFrom);
        Assert.Equal([2, 3], answer.Tail.Select(change => change.Version));
        Assert.Equal(new Cursor(Cursor.Durable, 3), answer.Cursor);
        Assert.Equal(FakeActivation.Silo, answer.Silo);
    }

    [Fact]
    public async Task Only_so_many_changes_are_remembered()
    {
        await turns;
        var feed = Feed(new TopicFeedOptions { Tail = 4 });
        Publish(feed, 1, 2, 3, 4, 5, 6);
        var answer = await feed.Subscribe("a", 1, observer, new Cursor(Cursor.Durable, 1));
        Assert.Equal(2, answer!.TailFrom);
        Assert.Equal(4, answer.Tail.Count);
    }

    [Fact]
    public async Task What_is_no_longer_remembered_is_read_from_the_store()
    {
        await turns;
        var log = new List<TopicChange>();
        var feed = Feed(new TopicFeedOptions { Tail = 2 }, after => Task.FromResult<IReadOnlyList<TopicChange>?>([.. log.Where(change => change.Version > after)]));
        log.AddRange(Publish(feed, 1, 2, 3, 4, 5, 6));
        var answer = await feed.Subscribe("a", 1, observer, new Cursor(Cursor.Durable, 1));
        Assert.Equal(1, answer!.TailFrom);
        Assert.Equal([2, 3, 4, 5, 6], answer.Tail.Select(change => change.Version));
    }

    /// <summary>As when the node of the topic has died, and every server subscribes to its successor.</summary>
    [Fact]
    public async Task The_store_is_read_once_for_all_servers()
    {
        await turns;
        var (log, reads) = (new List<TopicChange>(), new List<TaskCompletionSource<IReadOnlyList<TopicChange>?>>());
        var feed = Feed(new TopicFeedOptions { Tail = 2 }, _ =>
        {
            reads.Add(new());
            return reads[^1].Task;
        });
        log.AddRange(Publish(feed, 1, 2, 3, 4, 5, 6));
        var both = new[] { feed.Subscribe("a", 1, observer, new Cursor(Cursor.Durable, 1)), feed.Subscribe("b", 1, new Observer(), new Cursor(Cursor.Durable, 2)) };
        Assert.Single(reads);
        reads[0].SetResult([.. log.Where(change => change.Version > 1)]);
        Assert.Equal([[2L, 3, 4, 5, 6], [3L, 4, 5, 6]], (await Task.WhenAll(both)).Select(answer => answer!.Tail.Select(change => change.Version).ToArray()));
        var later = await feed.Subscribe("c", 1, new Observer(), new Cursor(Cursor.Durable, 1));
        Assert.Equal([2L, 3, 4, 5, 6], later!.Tail.Select(change => change.Version));
        Assert.Single(reads);
    }

    [Fact]
    public async Task What_is_published_while_the_store_is_read_is_in_the_tail_once()
    {
        await turns;
        var log = new List<TopicChange>();
        var read = new TaskCompletionSource<IReadOnlyList<TopicChange>?>();
        var feed = Feed(new TopicFeedOptions { Tail = 3 }, _ => read.Task);
        log.AddRange(Publish(feed, 1, 2, 3, 4));
        var asked = feed.Subscribe("a", 1, observer, new Cursor(Cursor.Durable, 0));
        Assert.Equal(1, feed.Watchers);
        Publish(feed, 5, 6, 7, 8, 9);
        read.SetResult([.. log]);
        var answer = await asked;
        Assert.Equal(1, feed.Watchers);
        Assert.Equal((0, 9), (answer!.TailFrom, answer.Cursor.Version));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], answer.Tail.Select(change => change.Version));
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_costs_the_tail_and_not_the_subscription()
    {
        await turns;
        var feed = Feed(new TopicFeedOptions { Tail = 1 }, _ => throw new IOException("disk"));
        Publish(feed, 1, 2, 3);
        var answer = await feed.Subscribe("a", 1, observer, new Cursor(Cursor.Durable, 0));
        Assert.Equal(2, answer!.TailFrom);
    }

    [Fact]
    public async Task A_server_behind_the_tail_is_given_the_state()
    {
        await turns;
        var feed = Feed(new TopicFeedOptions { Tail = 2, StateWithChanges = false });
        await feed.Subscribe("a", 1, observer, null);
        Publish(feed, 1, 2, 3, 4);
        var told = await observer.Told.Next();
        Assert.Null(told.Changes);
        Assert.Equal(4, told.State!.Version);
    }

    [Fact]
    public async Task A_grain_that_skips_a_version_gives_the_state_instead()
    {
        await turns;
        var feed = Feed();
        await feed.Subscribe("a", 1, observer, null);
        Publish(feed, 1);
        await observer.Told.Next();
        total = total with { Version = 5 };
        feed.Publish([new TopicChange(5, total.Next(1))]);
        var told = await observer.Told.Next();
        Assert.Null(told.Changes);
        Assert.Equal((1, 5, 5), (told.From, told.To, told.State!.Version));
    }

    [Fact]
    public async Task A_grain_that_goes_away_tells_its_watchers_and_takes_no_more()
    {
        await turns;
        var feed = Feed();
        await feed.Subscribe("a", 7, observer, null);
        await feed.Deactivating();
        Assert.Equal(7, await observer.Gone.Next());
        await Assert.ThrowsAsync<InvalidOperationException>(() => feed.Subscribe("a", 8, observer, null));
    }

    private static (long, long) Range(Observer.Call call) => (call.From, call.To);

    private static async Task Until(Func<bool> holds)
    {
        using var late = new CancellationTokenSource(Await.Limit);
        while (!holds())
        {
            late.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task<T> AdvanceUntil<T>(Channel<T> channel)
    {
        using var late = new CancellationTokenSource(Await.Limit);
        T? item;
        while (!channel.Reader.TryRead(out item))
        {
            late.Token.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        return item;
    }

    private TopicFeed Feed(TopicFeedOptions? options = null, Func<long, Task<IReadOnlyList<TopicChange>?>>? older = null) => new(
        FakeActivation.Create(), Cursor.Durable, () => new TopicState(total.Version, total), time, NullLogger.Instance, options, older);

    private TopicChange[] Publish(TopicFeed feed, params long[] amounts)
    {
        var changes = new List<TopicChange>();
        foreach (var amount in amounts)
        {
            var added = total.Next(amount);
            total = total.With(added);
            changes.Add(new TopicChange(total.Version, added));
        }

        feed.Publish(changes);
        return [.. changes];
    }

    private sealed class Observer : ITopicObserver
    {
        private TaskCompletionSource<NotifyResult>? held;

        public Channel<Call> Told { get; } = Channel.CreateUnbounded<Call>();

        public Channel<long> Gone { get; } = Channel.CreateUnbounded<long>();

        public void Hold() => held = new TaskCompletionSource<NotifyResult>(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Answer(NotifyResult result)
        {
            var answer = held!;
            held = null;
            answer.SetResult(result);
        }

        public void Fail()
        {
            var answer = held!;
            held = null;
            answer.SetException(new IOException("lost"));
        }

        public Task<NotifyResult> Notify(long generation, long epoch, long from, long to, IReadOnlyList<TopicChange>? changes, TopicState? state)
        {
            var answer = held?.Task ?? Task.FromResult(NotifyResult.Ok);
            Told.Writer.TryWrite(new Call(generation, epoch, from, to, changes, state));
            return answer;
        }

        public Task Moved(long generation)
        {
            Gone.Writer.TryWrite(generation);
            return Task.CompletedTask;
        }

        internal sealed record Call(long Generation, long Epoch, long From, long To, IReadOnlyList<TopicChange>? Changes, TopicState? State);
    }
}
