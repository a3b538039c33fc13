using NodaTime;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Policy;

namespace SupportCluster.Grains.Engineers;

/// <summary>An engineer as watchers see one.</summary>
/// <param name="Capacity">The engineer's own, or the policy's when it was read.</param>
/// <param name="Present">Whether the engineer is connected; null where nobody looked.</param>
/// <param name="OnShiftUntil">Until when the engineer is at work; null off shift, and where nobody looked.</param>
public sealed record EngineerStanding(Engineer Engineer, long Version, EngineerCapacity Capacity, bool? Present = null, Instant? OnShiftUntil = null)
{
    public static EngineerStanding Of(Engineer engineer, long version, SupportPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(engineer);
        return new(engineer, version, engineer.CapacityUnder(policy));
    }
}
