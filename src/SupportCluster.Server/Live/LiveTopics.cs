using System.Security.Claims;
using SupportCluster.Grains.Live;

namespace SupportCluster.Server.Live;

/// <summary>The topics that are watched through this process, and what their mailboxes share.</summary>
/// <param name="reference">Makes the reference by which grains call an observer.</param>
/// <param name="release">Ends such a reference.</param>
/// <param name="isDead">Whether a silo is known to be dead.</param>
internal sealed class LiveTopics(
    IEnumerable<ITopicKind> kinds,
    Func<ITopicObserver, ITopicObserver> reference,
    Action<ITopicObserver> release,
    Func<SiloAddress, bool> isDead,
    LiveOptions options,
    TimeProvider time,
    ILogger<LiveTopics> logger)
{
    private readonly Dictionary<string, ITopicKind> kinds = kinds.ToDictionary(kind => kind.Prefix, StringComparer.Ordinal);
    private readonly Dictionary<string, TopicMailbox> mailboxes = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private long generation;

    /// <summary>Names this life of this process.</summary>
    public string Server { get; } = Guid.CreateVersion7().ToString("N");

    public LiveOptions Options { get; } = options;

    public TimeProvider Time { get; } = time;

    /// <summary>The mailboxes that are open.</summary>
    public IReadOnlyList<TopicMailbox> Mailboxes
    {
        get
        {
            lock (gate)
            {
                return [.. mailboxes.Values];
            }
        }
    }

    /// <summary>The kind of topic with this prefix.</summary>
    public ITopicKind? Kind(string prefix) => kinds.GetValueOrDefault(prefix);

    /// <summary>Counts the subscriptions of this process, so that a mailbox that is opened again does not begin behind its predecessor.</summary>
    public long NextGeneration() => Interlocked.Increment(ref generation);

    public ITopicObserver Reference(TopicMailbox mailbox) => reference(mailbox);

    public void Release(ITopicObserver observer) => release(observer);

    public bool IsDead(SiloAddress silo) => isDead(silo);

    /// <summary>Begins a watch in the topic's mailbox, which is opened when there is none.</summary>
    public TopicWatch Watch(ITopicKind kind, string key, string topic, Audience audience, ClaimsPrincipal user, ReaderCursor? from, Outbox outbox)
    {
        while (true)
        {
            TopicMailbox? mailbox;
            lock (gate)
            {
                if (!mailboxes.TryGetValue($"{kind.Prefix}:{key}", out mailbox))
                {
                    mailbox = new TopicMailbox(this, kind, key, logger);
                    mailboxes.Add(mailbox.Topic, mailbox);
                }
            }

            var watch = new TopicWatch(topic == mailbox.Topic ? mailbox.Topic : topic, audience, user, from, mailbox, outbox);
            if (mailbox.Join(watch))
            {
                return watch;
            }
        }
    }

    /// <summary>Forgets a mailbox that is closing.</summary>
    public void Remove(TopicMailbox mailbox)
    {
        lock (gate)
        {
            mailboxes.Remove(mailbox.Topic);
        }
    }
}
