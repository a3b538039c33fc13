using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;
using SupportCluster.Protocol.Queues;

namespace SupportCluster.Client;

public sealed partial class SupportClusterClient
{
    /// <summary>All queues and how many cases wait in each.</summary>
    public Task<Page<QueueSummary>> Queues(CancellationToken cancellation = default) => Get<Page<QueueSummary>>("api/queues", cancellation);

    /// <summary>A queue in the order in which its cases are to be taken (HB-5.4).</summary>
    /// <param name="queue">Region and product line, <c>emea/backup</c>.</param>
    public Task<QueueView> Queue(string queue, CancellationToken cancellation = default) => Get<QueueView>(QueuePath(queue), cancellation);

    /// <summary>Takes the next case of a queue that matches the engineer who asks.</summary>
    /// <param name="queue">Region and product line, <c>emea/backup</c>.</param>
    public Task<CaseView> TakeNext(string queue, CancellationToken cancellation = default) => Post<CaseView>(QueuePath(queue) + "/take", null, cancellation);

    private static string QueuePath(string queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        return queue.Split('/') is [{ Length: > 0 } region, { Length: > 0 } line]
            ? $"api/queues/{Escaped(region)}/{Escaped(line)}"
            : throw new ArgumentException($"'{queue}' is not a queue: region/product line is expected, such as emea/backup.", nameof(queue));
    }
}
