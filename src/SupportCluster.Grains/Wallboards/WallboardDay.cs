using System.Collections.Immutable;
using NodaTime;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Wallboards;

/// <summary>What has happened to the cases of a wallboard since midnight, and hour by hour.</summary>
/// <param name="Began">The local midnight at which today began; the first instant of the day where there is none.</param>
/// <param name="Closed">Cases closed today.</param>
/// <param name="Met">Milestones met in time today.</param>
/// <param name="Missed">Milestones missed today.</param>
/// <param name="HoursFrom">When the first of <paramref name="Opened"/> begins, at a full hour of the local clock.</param>
/// <param name="Opened">Cases opened in each of the last 24 full hours, and in the one that runs.</param>
public sealed record WallboardDay(Instant Began, int Closed, int Met, int Missed, Instant HoursFrom, ImmutableArray<int> Opened)
{
    private const int FullHours = 24;

    /// <summary>The instant from which on the tallies must be known.</summary>
    public static Instant Since(DateTimeZone zone, Instant now) => Instant.Min(Midnight(zone, now), FirstHour(zone, now));

    /// <summary>Sums the tallies of a wallboard.</summary>
    public static WallboardDay Of(IReadOnlyList<CaseTally> tallies, DateTimeZone zone, Instant now)
    {
        ArgumentNullException.ThrowIfNull(tallies);
        var (midnight, from) = (Midnight(zone, now), FirstHour(zone, now));
        var opened = new int[FullHours + 1];
        foreach (var tally in tallies.Where(t => t.Quarter >= from))
        {
            // A clock ahead of this one is no reason to lose a case.
            opened[Math.Min(FullHours, (int)(tally.Quarter - from).TotalHours)] += tally.Opened;
        }

        var today = tallies.Where(t => t.Quarter >= midnight).ToList();
        return new(midnight, today.Sum(t => t.Closed), today.Sum(t => t.Met), today.Sum(t => t.Missed), from, [.. opened]);
    }

    /// <summary>Whether both say the same.</summary>
    public bool Equals(WallboardDay? other) => other is not null
        && (Began, Closed, Met, Missed, HoursFrom) == (other.Began, other.Closed, other.Met, other.Missed, other.HoursFrom) && Opened.SequenceEqual(other.Opened);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Began, Closed, Met, Missed, HoursFrom);

    private static Instant Midnight(DateTimeZone zone, Instant now) => zone.AtStartOfDay(now.InZone(zone).Date).ToInstant();

    private static Instant FirstHour(DateTimeZone zone, Instant now)
    {
        var local = now.InZone(zone);
        return now - Duration.FromNanoseconds(local.TimeOfDay.NanosecondOfDay % NodaConstants.NanosecondsPerHour) - Duration.FromHours(FullHours);
    }
}
