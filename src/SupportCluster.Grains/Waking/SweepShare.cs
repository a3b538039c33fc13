namespace SupportCluster.Grains.Waking;

/// <summary>
/// What of the overdue work a node looks after: the nodes that live divide the ring of hashes between them, so that no two wake the same
/// aggregate and each is busy with its part only.
/// </summary>
public static class SweepShare
{
    /// <summary>The part (begin, end] of one node; null, which is all of it, when there is no other, or when it is no member itself.</summary>
    public static (uint Begin, uint End)? Of(IEnumerable<SiloAddress> living, SiloAddress self)
    {
        ArgumentNullException.ThrowIfNull(living);
        var ordered = living.Order().ToList();
        var place = ordered.IndexOf(self);
        return place < 0 || ordered.Count == 1 ? null : (Border(place, ordered.Count), Border(place + 1, ordered.Count));
    }

    // The last hash of the part before: the first part begins after the last hash of all.
    private static uint Border(int place, int count) => unchecked((uint)(((1L << 32) * place / count) - 1));
}
