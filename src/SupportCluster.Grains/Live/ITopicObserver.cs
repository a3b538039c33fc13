namespace SupportCluster.Grains.Live;

/// <summary>What a server offers to the topics that it watches. Answers at once; delivering to people is not awaited.</summary>
public interface ITopicObserver : IGrainObserver
{
    /// <summary>Tells what happened after version <paramref name="from"/> (exclusive) up to <paramref name="to"/> (inclusive).</summary>
    /// <param name="changes">All changes between; null when they are no longer known, then <paramref name="state"/> is given.</param>
    /// <param name="state">The state at <paramref name="to"/>, for topics whose view goes along with every change; otherwise null.</param>
    Task<NotifyResult> Notify(long generation, long epoch, long from, long to, IReadOnlyList<TopicChange>? changes, TopicState? state);

    /// <summary>The topic's activation goes away: subscribe again.</summary>
    Task Moved(long generation);
}

/// <summary>What became of a notification.</summary>
public enum NotifyResult
{
    /// <summary>Taken, or already known.</summary>
    Ok,

    /// <summary>The server has subscribed anew since, or watches no longer: this subscription is over.</summary>
    Stale,
}
