using NodaTime;

namespace SupportCluster.Domain.Calendars;

/// <summary>
/// The one rule by which a local date and time in a zone becomes an instant. A local time that does not exist (the clocks were put forward
/// over it, or a whole day was left out) becomes the first valid instant after the gap, so that no opening or handoff vanishes. One that
/// happens twice is its first occurrence for starts and its last for ends: overlap rather than gap.
/// </summary>
public static class WallClock
{
    /// <summary>The instant at which something starts at this local time: the first occurrence, or the end of the gap.</summary>
    public static Instant First(LocalDateTime local, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var mapping = zone.MapLocal(local);
        return mapping.Count == 0 ? mapping.LateInterval.Start : mapping.First().ToInstant();
    }

    /// <summary>The instant at which something ends at this local time: the last occurrence, or the end of the gap.</summary>
    public static Instant Last(LocalDateTime local, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var mapping = zone.MapLocal(local);
        return mapping.Count == 0 ? mapping.LateInterval.Start : mapping.Last().ToInstant();
    }
}
