using System.Text.Json;
using SupportCluster.Grains.Live;
using SupportCluster.Protocol.Live;

namespace SupportCluster.Server.Live;

/// <summary>
/// What a server knows of a topic: a state and the changes around it, up to a version. Immutable, but for the views it has rendered,
/// once for each audience. The state may be older than the version; then the changes bridge the difference.
/// </summary>
internal sealed class TopicMemory
{
#if TEST_SWITCHES
    /// <summary>Changes are told as if they followed, also where some between are missing: what the checks for gaps prevent.</summary>
    internal static bool BridgesGaps { get; set; }
#else
    private const bool BridgesGaps = false;
#endif

    private readonly ITopicKind kind;
    private readonly string topic;
    private readonly TopicState state;
    private readonly TopicChange[] tail;
    private readonly Dictionary<Audience, JsonElement> views = [];

    private TopicMemory(ITopicKind kind, string topic, Cursor cursor, TopicState state, TopicChange[] tail)
    {
        this.kind = kind;
        this.topic = topic;
        Cursor = cursor;
        this.state = state;
        this.tail = tail;
    }

    /// <summary>Where the topic stands.</summary>
    public Cursor Cursor { get; }

    /// <summary>How many changes are remembered.</summary>
    public int Tail => tail.Length;

    /// <summary>What a subscription tells, on its own.</summary>
    public static TopicMemory Of(ITopicKind kind, string topic, Subscription subscription) =>
        new(kind, topic, subscription.Cursor, subscription.State, [.. subscription.Tail]);

    /// <summary>A state alone, when the way to it is not known.</summary>
    public static TopicMemory Of(ITopicKind kind, string topic, long epoch, TopicState state) =>
        new(kind, topic, new Cursor(epoch, state.Version), state, []);

    /// <summary>With the next changes.</summary>
    /// <param name="newer">The state after them; null to keep the present one, and the changes since.</param>
    /// <param name="limit">How many changes to remember; more where the state needs them.</param>
    public TopicMemory With(IReadOnlyList<TopicChange> changes, TopicState? newer, int limit)
    {
        var from = newer ?? state;
        TopicChange[] all = [.. tail, .. changes];
        var drop = Math.Min(Math.Max(0, all.Length - limit), all.Count(change => change.Version <= from.Version));
        return new TopicMemory(kind, topic, Cursor with { Version = changes[^1].Version }, from, all[drop..]);
    }

    /// <summary>With a subscription that goes on where this ends: the longer of both tails, the newer state.</summary>
    /// <param name="limit">How many changes to remember, unless somebody asked for more.</param>
    public TopicMemory With(Subscription subscription, int limit)
    {
        var earliest = tail.Length == 0 ? Cursor.Version : tail[0].Version - 1;
        TopicChange[] all = subscription.TailFrom <= earliest
            ? [.. subscription.Tail]
            : [.. tail.Concat(subscription.Tail.Where(change => change.Version > Cursor.Version)).TakeLast(limit)];
        return new TopicMemory(kind, topic, subscription.Cursor, subscription.State, all);
    }

    /// <summary>The audience's cursor.</summary>
    public ReaderCursor CursorOf(Audience audience) => new(Cursor.Epoch, VersionOf(audience), audience);

    /// <summary>The state, and where it is older than the version the changes after it.</summary>
    public IReadOnlyList<Frame> Snapshot(Audience audience, bool reset)
    {
        var at = new ReaderCursor(Cursor.Epoch, kind.VersionOf(state, audience), audience);
        var snapshot = new Frame.Snapshot(topic, at.ToString(), reset, View(audience));
        return at == CursorOf(audience) ? [snapshot]
            : Changes(audience, at.Version) is { } change ? [snapshot, change]
            : throw new InvalidOperationException($"The versions of {topic} for {audience} are not successive.");
    }

    /// <summary>What the audience may see after a version of its own, up to the end; null when nothing, or when it is not remembered.</summary>
    public Frame? Changes(Audience audience, long since)
    {
        var next = since + 1;
        var visible = new List<JsonElement>();
        foreach (var change in tail)
        {
            if (kind.VersionOf(change, audience) is { } version && version > since)
            {
                next = BridgesGaps ? version : next;
                if (version != next++ || kind.JsonOf(change, audience) is not { } json)
                {
                    return null;
                }

                visible.Add(json);
            }
        }

        return visible.Count > 0 && next - 1 == VersionOf(audience) ? Change(audience, since, visible) : null;
    }

    /// <summary>What an audience that has followed up to <paramref name="before"/> is told of this: changes, nothing, or the state where changes are missing.</summary>
    public IReadOnlyList<Frame> After(TopicMemory before, Audience audience)
    {
        var known = before.CursorOf(audience);
        return known == CursorOf(audience) ? []
            : known.Epoch == Cursor.Epoch && Changes(audience, known.Version) is { } change ? [change]
            : Snapshot(audience, reset: true);
    }

    private long VersionOf(Audience audience)
    {
        // The state may be older than the last changes.
        for (var i = tail.Length - 1; i >= 0 && tail[i].Version > state.Version; i--)
        {
            if (kind.VersionOf(tail[i], audience) is { } version)
            {
                return version;
            }
        }

        return kind.VersionOf(state, audience);
    }

    private Frame.Change Change(Audience audience, long since, List<JsonElement> changes) => new(
        topic,
        CursorOf(audience).ToString(),
        new ReaderCursor(Cursor.Epoch, since, audience).ToString(),
        JsonSerializer.SerializeToElement(changes),
        kind.ViewWithChanges ? View(audience) : null);

    private JsonElement View(Audience audience)
    {
        if (!views.TryGetValue(audience, out var view))
        {
            views[audience] = view = kind.ViewOf(state, audience);
        }

        return view;
    }
}
