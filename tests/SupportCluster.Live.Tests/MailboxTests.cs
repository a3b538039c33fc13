using System.Security.Claims;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SupportCluster.Grains.Live;
using SupportCluster.Protocol.Live;
using SupportCluster.Server.Live;

namespace SupportCluster.Live.Tests;

/// <summary>The server's side: one mailbox against a grain whose answers the test gives, so that every order of events can be had.</summary>
public sealed class MailboxTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
    private readonly Grain grain = new();
    private readonly HashSet<SiloAddress> dead = [];
    private readonly List<TopicChange> log = [];
    private readonly TotalKind kind;
    private LiveOptions options = new() { RenewJitter = 0 };
    private LiveTopics? topics;
    private Total total = new(0, 0, 0, 0);

    public MailboxTests() => kind = new TotalKind(_ => grain);

    [Fact]
    public async Task The_first_watch_gets_a_snapshot_and_then_changes()
    {
        var reader = Reader();
        await reader.Watch();
        Write(5);
        await Answer();
        Assert.False((await reader.Next<Frame.Snapshot>()).Reset);
        Write(7);
        await Notify(1, 2);
        await Notify(2, 2);
        Write(8, 9);
        await Notify(2, 4);
        await reader.Reads("1.4");
        Assert.Equal([7, 8, 9], reader.Ledger.Amounts);
    }

    [Fact]
    public async Task A_duplicate_is_dropped()
    {
        var reader = await Following();
        Write(1);
        await Notify(0, 1);
        await Notify(0, 1);
        Write(2);
        await Notify(0, 2);
        await reader.Reads("1.2");
        Assert.Equal([1, 2], reader.Ledger.Amounts);
        reader.Frames.Empty();
        var late = Reader(new Ledger("1.0"));
        await late.Watch("1.0");
        await late.Reads("1.2");
        Assert.Equal([1, 2], late.Ledger.Amounts);
        grain.Asked.Empty();
    }

    [Fact]
    public async Task Without_the_check_for_duplicates_the_tail_would_be_spoilt_for_those_who_come_back()
    {
        options = options with { Guards = LiveGuards.All & ~LiveGuards.Duplicate };
        await Following();
        Write(1, 2);
        await Notify(0, 2);
        await Notify(0, 2);
        var late = Reader();
        await late.Watch("1.0");

        // With the check it is served from the tail.
        await grain.Asked.Next();
    }

    [Fact]
    public async Task A_lost_notification_is_noticed_and_made_up_for()
    {
        var reader = await Following();
        Write(1, 2);
        await Notify(1, 2);
        Assert.Equal(new Cursor(1, 0), await Answer());
        await reader.Reads("1.2");
        Assert.Equal((3, 0), (reader.Ledger.Sum, reader.Ledger.Resets));
    }

    [Fact]
    public async Task Without_the_check_for_gaps_a_lost_notification_would_be_missed()
    {
        options = options with { Guards = LiveGuards.All & ~LiveGuards.Gap };
        var reader = await Following();
        Write(1, 2, 3);
        await Notify(2, 3);
        var frame = await reader.Frames.Next();

        // What remains is that such a change does not fit: the reader is reset. That it was told the change is not so.
        Assert.IsNotType<Frame.Change>(frame);
        grain.Asked.Empty();
    }

    [Fact]
    public async Task Swapped_notifications_lead_to_a_new_subscription_and_nothing_is_missed_or_doubled()
    {
        var reader = await Following();
        Write(1);
        Write(2);
        await Notify(1, 2);
        await Notify(0, 1);
        await Answer();
        await reader.Reads("1.2");
        Assert.Equal([1, 2], reader.Ledger.Amounts);
        reader.Frames.Empty();
    }

    [Fact]
    public async Task A_notification_of_a_former_subscription_is_refused()
    {
        await Following();
        var former = grain.Generation;
        await grain.Observer!.Moved(former);
        await Answer();
        Write(1);
        Assert.Equal(NotifyResult.Stale, await Notify(0, 1, former));
        Assert.Equal(NotifyResult.Ok, await Notify(0, 1));
    }

    [Fact]
    public async Task Without_the_check_of_the_generation_a_former_activation_would_be_believed()
    {
        options = options with { Guards = LiveGuards.All & ~LiveGuards.Generation };
        await Following();
        var former = grain.Generation;
        await grain.Observer!.Moved(former);
        await Answer();
        Write(1);
        Assert.Equal(NotifyResult.Ok, await Notify(0, 1, former));
    }

    [Fact]
    public async Task What_is_notified_before_the_answer_is_told_after_it()
    {
        var reader = Reader();
        await reader.Watch();
        var asked = await grain.Asked.Next();
        var early = Subscription(null);
        Write(1);
        await Notify(0, 1);
        Write(2);
        await Notify(1, 2);
        asked.Reply.SetResult(early);
        await reader.Reads("1.2");
        Assert.Equal([1, 2], reader.Ledger.Amounts);
    }

    [Fact]
    public async Task Too_many_notifications_before_the_answer_lead_to_a_new_subscription()
    {
        options = options with { Buffer = 2 };
        var reader = Reader();
        await reader.Watch();
        var first = await grain.Asked.Next();
        var early = Subscription(null);
        for (var i = 1; i <= 3; i++)
        {
            Write(i);
            await Notify(i - 1, i);
        }

        first.Reply.SetResult(early);
        await Answer();
        await reader.Reads("1.3");
        Assert.Equal(6, reader.Ledger.Sum);
    }

    [Fact]
    public async Task A_moved_topic_is_subscribed_to_again_from_where_it_stood()
    {
        var reader = await Following();
        Write(1);
        await Notify(0, 1);
        Write(2);
        await grain.Observer!.Moved(grain.Generation);
        Assert.Equal(new Cursor(1, 1), await Answer());
        await reader.Reads("1.2");
        Assert.Equal(0, reader.Ledger.Resets);
    }

    [Fact]
    public async Task A_topic_that_moves_while_it_answers_is_asked_again()
    {
        var reader = await Following();
        await grain.Observer!.Moved(grain.Generation);
        var asked = await grain.Asked.Next();
        var old = Subscription(null);
        await grain.Observer.Moved(asked.Generation);
        asked.Reply.SetResult(old);
        Write(1);
        await Answer();
        await reader.Reads("1.1");
    }

    [Fact]
    public async Task Only_topics_whose_home_is_dead_are_subscribed_to_again()
    {
        var reader = await Following();
        topics!.Mailboxes[0].LookAfterHome();
        grain.Asked.Empty();
        dead.Add(FakeActivation.Silo);
        topics.Mailboxes[0].LookAfterHome();
        var asked = await grain.Asked.Next();

        // An answer that the dead one gave before it died is worth nothing.
        asked.Reply.SetResult(Subscription(asked.Since));
        var again = await AdvanceUntil(grain.Asked);
        dead.Clear();
        Write(4);
        again.Reply.SetResult(Subscription(again.Since));
        await reader.Reads("1.1");
    }

    [Fact]
    public async Task A_topic_is_renewed_every_thirty_seconds()
    {
        var reader = await Following();
        time.Advance(TimeSpan.FromSeconds(29));
        grain.Asked.Empty();
        Write(3);
        time.Advance(TimeSpan.FromSeconds(1));
        await Answer();
        await reader.Reads("1.1");
        time.Advance(TimeSpan.FromSeconds(30));
        await Answer();
        reader.Frames.Empty();
    }

    [Fact]
    public async Task After_five_seconds_of_failing_the_readers_are_told_since_when_and_then_that_it_is_over()
    {
        var reader = await Following();
        var since = NodaTime.Instant.FromDateTimeOffset(time.GetUtcNow());
        time.Advance(TimeSpan.FromSeconds(30));
        (await grain.Asked.Next()).Reply.SetException(new IOException("no silo"));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(since, (await reader.Next<Frame.Stale>()).Since);
        var late = Reader();
        await late.Watch();
        await late.Next<Frame.Snapshot>();
        await late.Next<Frame.Stale>();
        var again = await AdvanceUntil(grain.Asked);
        again.Reply.SetResult(Subscription(again.Since));
        Assert.Equal("1.0", (await reader.Next<Frame.UpToDate>()).Cursor);
        Assert.Equal("1.0", (await late.Next<Frame.UpToDate>()).Cursor);
    }

    [Fact]
    public async Task An_activation_that_another_has_overtaken_takes_nobody_back_in_time()
    {
        var reader = await Following();
        var behind = Subscription(null);
        Write(1);
        await Notify(0, 1);
        await reader.Reads("1.1");
        await grain.Observer!.Moved(grain.Generation);
        (await grain.Asked.Next()).Reply.SetResult(behind);
        var again = await AdvanceUntil(grain.Asked);
        Write(2);
        again.Reply.SetResult(Subscription(again.Since));
        await reader.Reads("1.2");
        Assert.Equal([1, 2], reader.Ledger.Amounts);
        Assert.Equal(0, reader.Ledger.Resets);
    }

    [Fact]
    public async Task Another_epoch_is_told_as_a_reset()
    {
        var reader = await Following();
        await grain.Observer!.Moved(grain.Generation);
        var asked = await grain.Asked.Next();
        asked.Reply.SetResult(new Subscription(FakeActivation.Silo, new Cursor(2, 9), new TopicState(9, total with { Version = 9, Sum = 90 }), [], 9));
        var snapshot = await reader.Next<Frame.Snapshot>();
        Assert.Equal((true, "2.9"), (snapshot.Reset, snapshot.Cursor));
    }

    [Fact]
    public async Task A_notification_of_another_epoch_leads_to_a_new_subscription()
    {
        await Following();
        Write(1);
        await grain.Observer!.Notify(grain.Generation, 2, 0, 1, [.. log], State());
        await grain.Asked.Next();
    }

    [Fact]
    public async Task A_cursor_in_the_tail_is_followed_by_the_changes_after_it_and_nothing_else()
    {
        await Following();
        Write(1);
        Write(2);
        await Notify(0, 2);
        var late = Reader(new Ledger("1.1", 1));
        await late.Watch("1.1");
        var change = await late.Next<Frame.Change>();
        Assert.Equal(("1.1", "1.2"), (change.Since, change.Cursor));
        grain.Asked.Empty();
    }

    [Fact]
    public async Task The_newest_cursor_is_up_to_date()
    {
        await Following();
        var late = Reader(new Ledger("1.0"));
        await late.Watch("1.0");
        Assert.Equal("1.0", (await late.Next<Frame.UpToDate>()).Cursor);
    }

    [Fact]
    public async Task A_cursor_before_the_tail_is_asked_of_the_grain()
    {
        Write(1, 2, 3);
        await Following(remembered: 0);
        var late = Reader(new Ledger("1.1", 1));
        await late.Watch("1.1");
        Assert.Equal(new Cursor(1, 1), await Answer());
        await late.Reads("1.3");
        Assert.Equal([2, 3], late.Ledger.Amounts);
    }

    [Fact]
    public async Task A_cursor_that_the_grain_cannot_reach_gets_a_reset()
    {
        Write(1, 2, 3);
        await Following(remembered: 0);
        var late = Reader();
        await late.Watch("1.1");
        await Answer(remembered: 1);
        Assert.True((await late.Next<Frame.Snapshot>()).Reset);
    }

    [Theory]
    [InlineData("1.7")]
    [InlineData("9.0")]
    [InlineData("1.0c")]
    public async Task A_cursor_from_the_future_or_another_epoch_or_audience_gets_a_reset(string cursor)
    {
        await Following();
        var late = Reader();
        await late.Watch(cursor);
        await Answer();
        Assert.True((await late.Next<Frame.Snapshot>()).Reset);
    }

    [Fact]
    public async Task A_cursor_ahead_of_this_server_goes_on_when_the_grain_knows_it()
    {
        var reader = await Following();
        Write(1);
        var late = Reader(new Ledger("1.1"));
        await late.Watch("1.1");
        await Answer();
        Assert.Equal("1.1", (await late.Next<Frame.UpToDate>()).Cursor);
        await reader.Reads("1.1");
    }

    [Fact]
    public async Task One_that_comes_while_the_grain_is_asked_and_wants_more_is_asked_for_again()
    {
        Write(1, 2, 3);
        await Following(remembered: 0);
        time.Advance(TimeSpan.FromSeconds(30));
        var asked = await grain.Asked.Next();
        var late = Reader(new Ledger("1.1", 1));
        await late.Watch("1.1");
        asked.Reply.SetResult(Subscription(asked.Since, remembered: 0));
        Assert.Equal(new Cursor(1, 1), await Answer());
        await late.Reads("1.3");
    }

    [Fact]
    public async Task A_customer_gets_no_internal_change_and_counts_only_its_own()
    {
        var contact = await Following(Audience.Customer);
        var staff = Reader();
        await staff.Watch();
        await staff.Next<Frame.Snapshot>();
        WriteInternal(100);
        await Notify(0, 1);
        await staff.Reads("1.1");
        Write(2);
        WriteInternal(200);
        Write(3);
        await Notify(1, 4);
        await staff.Reads("1.4");
        await contact.Reads("1.2c");
        Assert.Equal([2, 3], contact.Ledger.Amounts);
        Assert.Equal(0, contact.Ledger.Resets);
        contact.Frames.Empty();

        var late = Reader(new Ledger("1.1c", 2), Audience.Customer);
        await late.Watch("1.1c");
        await late.Reads("1.2c");
        Assert.Equal([3], late.Ledger.Amounts);
    }

    [Fact]
    public async Task A_kind_that_does_not_hide_internal_changes_is_noticed()
    {
        kind.Hides = false;
        var contact = await Following(Audience.Customer);
        Write(2);
        WriteInternal(200);
        Write(3);
        await Notify(0, 3);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await contact.Reads("1.2c");
            Assert.Equal([2, 3], contact.Ledger.Amounts);
        });
    }

    [Fact]
    public async Task A_customers_cursor_before_the_tail_is_reached_too()
    {
        WriteInternal(1);
        Write(2, 3);
        await Following(remembered: 0);
        var late = Reader(new Ledger("1.1c", 2), Audience.Customer);
        await late.Watch("1.1c");
        Assert.Equal(new Cursor(1, 1), await Answer());
        await late.Reads("1.2c");
        Assert.Equal([3], late.Ledger.Amounts);
    }

    [Fact]
    public async Task A_view_is_rendered_once_for_all_readers_of_an_audience()
    {
        await Following();
        for (var i = 0; i < 10; i++)
        {
            var reader = Reader();
            await reader.Watch();
            await reader.Next<Frame.Snapshot>();
        }

        Assert.Equal(1, kind.Views);
        Write(1);
        await Notify(0, 1);
        Assert.Equal(2, kind.Views);
    }

    [Fact]
    public async Task An_abandoned_topic_is_kept_for_a_minute_and_then_given_up()
    {
        var reader = await Following();
        await reader.Unwatch();
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Single(topics!.Mailboxes);
        await reader.Watch();
        await reader.Next<Frame.Snapshot>();
        time.Advance(TimeSpan.FromSeconds(59));
        await reader.Unwatch();
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Empty(topics.Mailboxes);
        await grain.Left.Next();
    }

    [Fact]
    public async Task A_topic_that_is_opened_again_does_not_begin_behind_itself()
    {
        var reader = await Following();
        var former = grain.Generation;
        await reader.Unwatch();
        time.Advance(TimeSpan.FromSeconds(90));
        await reader.Watch();
        Assert.True((await AdvanceUntil(grain.Asked)).Generation > former);
    }

    [Fact]
    public async Task A_view_that_cannot_be_rendered_harms_only_its_audience()
    {
        kind.Rendering = total => total.Padding == "poison" ? throw new InvalidOperationException("poison") : total;
        var reader = await Following();
        total = total with { Padding = "poison" };
        Write(1);
        await Notify(0, 1);
        (await grain.Asked.Next()).Reply.SetResult(Subscription(null));
        total = total with { Padding = "" };
        var again = await AdvanceUntil(grain.Asked);
        again.Reply.SetResult(Subscription(again.Since));
        await reader.Reads("1.1");
        Assert.Equal([1], reader.Ledger.Amounts);
    }

    [Fact]
    public async Task Changes_without_a_state_pile_up_only_so_far_and_a_newcomer_gets_state_and_changes()
    {
        options = options with { Tail = 3 };
        kind.ViewWithChanges = false;
        var reader = await Following();
        for (var i = 1; i <= 7; i++)
        {
            if (i == 3)
            {
                var late = Reader();
                await late.Watch();
                Assert.Equal("1.0", (await late.Next<Frame.Snapshot>()).Cursor);
                Assert.Equal("1.2", (await late.Next<Frame.Change>()).Cursor);
            }

            Write(i);
            await grain.Observer!.Notify(grain.Generation, 1, i - 1, i, [log[^1]], null);
        }

        await Answer();
        Write(8);
        await grain.Observer!.Notify(grain.Generation, 1, 7, 8, [log[^1]], null);
        await reader.Reads("1.8");
        var last = Reader();
        await last.Watch();
        Assert.Equal("1.7", (await last.Next<Frame.Snapshot>()).Cursor);
        await last.Reads("1.8");
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

    private void Write(params long[] amounts) => WriteAll(amounts, false);

    private void WriteInternal(params long[] amounts) => WriteAll(amounts, true);

    private void WriteAll(long[] amounts, bool @internal)
    {
        foreach (var amount in amounts)
        {
            var added = total.Next(amount, @internal);
            total = total.With(added);
            log.Add(new TopicChange(total.Version, added));
        }
    }

    private TopicState State() => new(total.Version, total);

    private Task<NotifyResult> Notify(long from, long to, long? generation = null) =>
        grain.Observer!.Notify(generation ?? grain.Generation, 1, from, to, log.GetRange((int)from, (int)(to - from)), State());

    private Subscription Subscription(Cursor? since, int remembered = 128)
    {
        var from = Math.Max(total.Version - remembered, 0);
        from = since is { Epoch: 1 } && since.Version <= total.Version && remembered == 128 ? since.Version : from;
        return new Subscription(FakeActivation.Silo, new Cursor(1, total.Version), State(), log.GetRange((int)from, (int)(total.Version - from)), from);
    }

    /// <summary>Answers the next subscription with the present state; gives what was asked for.</summary>
    private async Task<Cursor?> Answer(int remembered = 128)
    {
        var asked = await grain.Asked.Next();
        asked.Reply.SetResult(Subscription(asked.Since, remembered));
        return asked.Since;
    }

    private FakeReader Reader(Ledger? ledger = null, Audience audience = Audience.Staff)
    {
        topics ??= new LiveTopics([kind], observer => observer, _ => { }, dead.Contains, options, time, NullLogger<LiveTopics>.Instance);
        return new FakeReader(topics, audience, ledger ?? new Ledger());
    }

    private async Task<FakeReader> Following(Audience audience = Audience.Staff, int remembered = 128)
    {
        var reader = Reader(null, audience);
        await reader.Watch();
        await Answer(remembered);
        await reader.Next<Frame.Snapshot>();
        return reader;
    }

    private sealed class FakeReader
    {
        private readonly LiveReader reader;

        public FakeReader(LiveTopics topics, Audience audience, Ledger ledger)
        {
            Ledger = ledger;
            var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Role, audience == Audience.Staff ? "engineer" : "contact")]));
            reader = new LiveReader(topics, user, message => Frames.Writer.WriteAsync(message.Frame), _ => Frames.Writer.Complete());
        }

        public Channel<Frame> Frames { get; } = Channel.CreateUnbounded<Frame>();

        public Ledger Ledger { get; }

        public Task Watch(string? cursor = null) => reader.Watch("total:1", cursor);

        public Task Unwatch() => reader.Unwatch("total:1");

        public async Task<T> Next<T>()
            where T : Frame
        {
            var frame = await Frames.Next<T, Frame>();
            Ledger.Take(frame);
            return frame;
        }

        /// <summary>Reads frames until the reader stands at a cursor.</summary>
        public async Task Reads(string cursor)
        {
            while (Ledger.Cursor != cursor)
            {
                Ledger.Take(await Frames.Next());
            }
        }
    }

    private sealed class Grain : ITopicGrain
    {
        public Channel<Question> Asked { get; } = Channel.CreateUnbounded<Question>();

        public Channel<long> Left { get; } = Channel.CreateUnbounded<long>();

        public ITopicObserver? Observer { get; private set; }

        public long Generation { get; private set; }

        public Task<Subscription?> Subscribe(string server, long generation, ITopicObserver observer, Cursor? since)
        {
            Observer = observer;
            Generation = generation;
            var question = new Question(generation, since, new TaskCompletionSource<Subscription?>(TaskCreationOptions.RunContinuationsAsynchronously));
            Asked.Writer.TryWrite(question);
            return question.Reply.Task;
        }

        public Task Unsubscribe(string server, long generation)
        {
            Left.Writer.TryWrite(generation);
            return Task.CompletedTask;
        }

        internal sealed record Question(long Generation, Cursor? Since, TaskCompletionSource<Subscription?> Reply);
    }
}
