using System.Security.Claims;
using Microsoft.AspNetCore.SignalR;
using SupportCluster.Protocol.Live;

namespace SupportCluster.Server.Live;

/// <summary>One connection: who it is, and what it watches.</summary>
internal sealed class LiveReader(LiveTopics topics, ClaimsPrincipal user, Func<FrameMessage, ValueTask> send, Action<Exception> abort)
{
    private readonly Dictionary<string, TopicWatch> watches = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private bool closed;
    private double calls = CallsAtOnce(topics.Options);
    private long countedAt = topics.Time.GetTimestamp();

    public Outbox Outbox { get; } = new(send, abort, topics.Options.QueueBytes, topics.Options.Guards);

    /// <summary>Carries out <see cref="ISupportHub.Watch"/>. Watching a topic again begins it anew.</summary>
    public async Task Watch(string? topic, string? cursor)
    {
        Count();
        topic ??= "";
        await Leave(topic);
        var colon = topic.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            throw Refused(LiveCodes.MalformedTopic, "A topic is a kind, a colon and a key.");
        }

        var kind = topics.Kind(topic[..colon]) ?? throw Refused(LiveCodes.UnknownTopic, "There is no such kind of topic.");

        // What follows a '#' is the client's own label: it comes back in the frames.
        var label = topic.IndexOf('#', StringComparison.Ordinal);
        var key = kind.Normalise(label < 0 ? topic[(colon + 1)..] : topic[(colon + 1)..label]) ?? throw Refused(LiveCodes.MalformedTopic, "The key of the topic is malformed.");
        ReaderCursor? from = string.IsNullOrEmpty(cursor) ? null
            : ReaderCursor.Parse(cursor) ?? throw Refused(LiveCodes.MalformedCursor, "The cursor is not one that this server gave.");
        var access = await kind.Authorize(user, key);
        if (access.Audience is not { } audience)
        {
            throw Refused(access.Code ?? LiveCodes.Forbidden, access.Message ?? "This topic is not yours to watch.");
        }

        lock (gate)
        {
            if (closed)
            {
                return;
            }

            if (watches.Count >= topics.Options.TopicsPerConnection)
            {
                throw Refused(LiveCodes.TooManyTopics, $"One connection watches at most {topics.Options.TopicsPerConnection} topics.");
            }

            var watch = topics.Watch(kind, key, topic, audience, user, from, Outbox);
            watches[watch.Topic] = watch;
        }
    }

    /// <summary>Carries out <see cref="ISupportHub.Unwatch"/>; a topic that is not watched is none already.</summary>
    public Task Unwatch(string topic)
    {
        Count();
        return Leave(topic);
    }

    private async Task Leave(string topic)
    {
        TopicWatch? watch;
        lock (gate)
        {
            watches.Remove(topic, out watch);
        }

        if (watch is not null)
        {
            await watch.Mailbox.Leave(watch);
        }
    }

    /// <summary>The connection has gone.</summary>
    public void Close()
    {
        TopicWatch[] left;
        lock (gate)
        {
            closed = true;
            left = [.. watches.Values];
            watches.Clear();
        }

        Outbox.Close();
        foreach (var watch in left)
        {
            _ = watch.Mailbox.Leave(watch);
        }
    }

    /// <summary>Calls are refused beyond so many a second; those of ten seconds may come at once, for whoever watches again after a break.</summary>
    private void Count()
    {
        lock (gate)
        {
            var now = topics.Time.GetTimestamp();
            calls = Math.Min(CallsAtOnce(topics.Options), calls + (topics.Time.GetElapsedTime(countedAt, now).TotalSeconds * topics.Options.CallsPerSecond));
            countedAt = now;
            if (calls < 1)
            {
                throw Refused(LiveCodes.TooManyCalls, $"One connection makes at most {topics.Options.CallsPerSecond} calls a second: wait a little.");
            }

            calls--;
        }
    }

    private static double CallsAtOnce(LiveOptions options) => 10.0 * options.CallsPerSecond;

    private static HubException Refused(string code, string message) => new($"{code}: {message}");
}
