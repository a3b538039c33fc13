using SupportCluster.Client.Live;

namespace SupportCluster.Client;

public sealed partial class SupportClusterClient
{
    /// <summary>Follows a case over a connection of its own; many watches share one through a <see cref="LiveClient"/>.</summary>
    /// <param name="cursor">From a former update: what happened after it is told first.</param>
    public IAsyncEnumerable<CaseUpdate> WatchCase(string number, string? cursor = null, CancellationToken cancellation = default) => Watch(live => live.WatchCase(number, cursor, cancellation));

    /// <summary>Follows a queue over a connection of its own; many watches share one through a <see cref="LiveClient"/>.</summary>
    /// <param name="queue">Region and product line, <c>emea/backup</c>.</param>
    public IAsyncEnumerable<QueueUpdate> WatchQueue(string queue, CancellationToken cancellation = default) => Watch(live => live.WatchQueue(queue, cancellation));

    /// <summary>Follows any one topic over a connection of its own, which ends with the stream.</summary>
    /// <param name="watch">Such as <c>live => live.WatchCentre("dublin", cancellation)</c>.</param>
    public async IAsyncEnumerable<T> Watch<T>(Func<LiveClient, IAsyncEnumerable<T>> watch)
    {
        ArgumentNullException.ThrowIfNull(watch);
        await using var live = new LiveClient(options, time);
        await foreach (var update in watch(live))
        {
            yield return update;
        }
    }
}
