using System.Security.Claims;
using SupportCluster.Protocol.Live;

namespace SupportCluster.Server.Live;

/// <summary>One topic watched by one connection.</summary>
/// <param name="topic">The topic as the client wrote it: its frames carry it so.</param>
/// <param name="audience">As whom it is watched.</param>
/// <param name="user">Who watches.</param>
/// <param name="from">Where the client stands, when it said so.</param>
internal sealed class TopicWatch(string topic, Audience audience, ClaimsPrincipal user, ReaderCursor? from, TopicMailbox mailbox, Outbox outbox)
{
    public string Topic { get; } = topic;

    public Audience Audience { get; } = audience;

    public ClaimsPrincipal User { get; } = user;

    /// <summary>Where the client stands, until it is served. Guarded by the mailbox.</summary>
    public ReaderCursor? From { get; set; } = from;

    public TopicMailbox Mailbox { get; } = mailbox;

    public Outbox Outbox { get; } = outbox;

    /// <summary>It has not been given where it stands yet. Guarded by the mailbox.</summary>
    public bool Pending { get; set; } = true;

    /// <summary>A subscription that reaches back to <see cref="From"/> has been asked for. Guarded by the mailbox.</summary>
    public bool Asked { get; set; }

    /// <summary>Frames of it were thrown away; a reset is to come. Guarded by the outbox.</summary>
    public bool Lost { get; set; }

    /// <summary>Nothing more is to be sent. Guarded by the outbox.</summary>
    public bool Ended { get; set; }

    /// <summary>Sends frames that are this watch's alone.</summary>
    public void Send(params IReadOnlyList<Frame> frames) => Send(new Broadcast(frames));

    /// <summary>Sends what others are sent, too.</summary>
    public void Send(Broadcast frames)
    {
        foreach (var frame in frames.For(Topic))
        {
            Outbox.Add(this, frame);
        }
    }
}
