using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SupportCluster.Grains.Live;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Queues;

/// <summary>A queue lives in memory: after the death of its node somebody must ask for it, or the cases that wait there would ring at nobody.</summary>
public sealed class QueuesAwake(IStore store, IGrainFactory grains, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<QueuesAwake> logger) : NodePoll(time, lifetime, logger)
{
    /// <summary>Polls from one look to the next: about five seconds.</summary>
    private const int Every = 10;
    private int polls;

    /// <inheritdoc/>
    public override async Task Poll()
    {
        if (polls++ % Every == 0)
        {
            foreach (var queue in await store.Queues())
            {
                await grains.GetGrain<IQueueGrain>(queue.Queue).StayAwake();
            }
        }
    }
}
