using Orleans.Concurrency;

namespace SupportCluster.Grains.Live;

/// <summary>
/// What a grain that can be watched offers to the servers. Both calls interleave with commands, so that a command that waits
/// for the store does not hold up a subscription, nor a subscription that reads older changes a command; they see committed state only.
/// </summary>
public interface ITopicGrain : IGrainWithStringKey
{
    /// <summary>Subscribes a server, or renews its subscription (which expires after 90 s). The server's former subscription ends.</summary>
    /// <param name="server">Names one life of one server process.</param>
    /// <param name="generation">Counts the server's subscriptions; every notification carries it back.</param>
    /// <param name="observer">Whom to notify.</param>
    /// <param name="since">Where the server stands; the answer's tail reaches back to it when that is possible.</param>
    /// <returns>Null when a later generation of the same server has subscribed already.</returns>
    [AlwaysInterleave]
    Task<Subscription?> Subscribe(string server, long generation, ITopicObserver observer, Cursor? since);

    /// <summary>Ends the subscription of this or an earlier generation.</summary>
    [AlwaysInterleave]
    Task Unsubscribe(string server, long generation);
}
