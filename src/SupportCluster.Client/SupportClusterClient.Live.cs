using System.Runtime.CompilerServices;
using SupportCluster.Client.Live;

namespace SupportCluster.Client;

public sealed partial class SupportClusterClient
{
    /// <summary>Follows a case over a connection of its own; many watches share one through a <see cref="LiveClient"/>.</summary>
    /// <param name="cursor">From a former update: what happened after it is told first.</param>
    public async IAsyncEnumerable<CaseUpdate> WatchCase(string number, string? cursor = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var live = new LiveClient(options, time);
        await foreach (var update in live.WatchCase(number, cursor, cancellation))
        {
            yield return update;
        }
    }

    /// <summary>Follows a queue over a connection of its own; many watches share one through a <see cref="LiveClient"/>.</summary>
    /// <param name="queue">Region and product line, <c>emea/backup</c>.</param>
    public async IAsyncEnumerable<QueueUpdate> WatchQueue(string queue, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var live = new LiveClient(options, time);
        await foreach (var update in live.WatchQueue(queue, cancellation))
        {
            yield return update;
        }
    }
}
