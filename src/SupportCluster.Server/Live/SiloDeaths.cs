using System.Collections.Immutable;

namespace SupportCluster.Server.Live;

/// <summary>The silos that are known to be dead.</summary>
internal sealed class SiloDeaths
{
    private volatile ImmutableHashSet<SiloAddress> dead = [];

    public bool IsDead(SiloAddress silo) => dead.Contains(silo);

    /// <summary>Takes what is known now.</summary>
    /// <returns>Whether one is dead that was not before.</returns>
    public bool Learn(IEnumerable<SiloAddress> now)
    {
        var before = dead;
        dead = [.. now];
        return !dead.IsSubsetOf(before);
    }
}
