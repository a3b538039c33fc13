using System.Collections.Immutable;
using SupportCluster.Grains.Live;
using SupportCluster.Grains.Rosters;

namespace SupportCluster.Server.Live;

/// <summary>Tells the roster which engineers are connected to this node: cases ring only where somebody hears it (HB-5.5).</summary>
internal sealed class EngineersConnected(LiveReaders readers, IGrainFactory grains, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<EngineersConnected> logger) : NodePoll(time, lifetime, logger)
{
    /// <summary>The roster takes a node that is silent for longer for gone, and forgets everything when it moves.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(3);
    private readonly string node = Guid.CreateVersion7().ToString("N");
    private readonly TimeProvider time = time;
    private ImmutableArray<string> told = [];
    private long toldAt;

    public override async Task Poll()
    {
        var engineers = readers.Engineers();
        var same = engineers.SequenceEqual(told);
        if (same && (engineers.IsEmpty || time.GetElapsedTime(toldAt) < Again))
        {
            return;
        }

        await grains.GetGrain<IRosterGrain>(IRosterGrain.World).Connected(node, engineers);
        (told, toldAt) = (engineers, time.GetTimestamp());
    }
}
