using System.Globalization;
using NodaTime;

namespace SupportCluster.Storage;

/// <summary>What the tables of both engines have in common.</summary>
internal static class Tables
{
    /// <summary>How many of the last events are searched for request ids when an aggregate is read.</summary>
    internal const int RememberedEvents = 256;

    /// <summary>All of <see cref="CaseDirectoryEntry"/> but the number, which is the id, in the order in which the columns are read and written.</summary>
    internal static readonly string[] Directory =
    [
        "support_id", "region", "queue", "product", "offer", "case_severity", "status", "open", "owner",
        "priority_call", "title", "language", "opened_at", "next_deadline", "source_key",
        "breached_since", "clock_start", "clock_milestone", "flags", "escalations", "untaken",
    ];

    internal static readonly string DirectoryList = string.Join(", ", Directory);

    /// <summary>Instants are stored as ticks of 100 ns since 1970.</summary>
    internal static long ToTicks(Instant instant) => instant.ToUnixTimeTicks();

    internal static long? ToTicks(Instant? instant) => instant?.ToUnixTimeTicks();

    internal static Instant FromTicks(long ticks) => Instant.FromUnixTimeTicks(ticks);

    internal static Instant? FromTicks(long? ticks) => ticks is { } value ? FromTicks(value) : null;

    /// <summary>Tallies are stored by quarters of an hour since 1970.</summary>
    internal static long ToQuarter(Instant instant) => (long)Math.Floor((double)instant.ToUnixTimeSeconds() / QuarterSeconds);

    internal static Instant FromQuarter(long quarter) => Instant.FromUnixTimeSeconds(quarter * QuarterSeconds);

    /// <summary>The oldest quarter that need not be removed when there are tallies of <paramref name="newest"/>: a day beyond what is counted, so that a write that took long meets none that is going.</summary>
    internal static long OldestQuarter(long newest) => newest - (long)((CaseTally.Kept + Duration.FromDays(1)).TotalSeconds / QuarterSeconds);

    private const int QuarterSeconds = 15 * 60;

    internal static uint Hash(AggregateKey key) => GrainId.Create(key.Type, key.Id).GetUniformHashCode();

    /// <summary>The condition that <c>hash</c> lies in (begin, end] on the ring: begin = end is all of it, begin &gt; end goes over zero.</summary>
    /// <param name="begin">The parameter that will hold the begin.</param>
    /// <param name="end">The parameter that will hold the end.</param>
    /// <returns>Empty when all of the ring is asked for.</returns>
    internal static string InRange((uint Begin, uint End)? range, string begin, string end) => range switch
    {
        null => "",
        var (from, to) when from == to => "",
        var (from, to) when from < to => $" AND hash > {begin} AND hash <= {end}",
        _ => $" AND (hash > {begin} OR hash <= {end})",
    };

    /// <summary>The columns that a filter asks for, with what it asks: a text, or a number (<c>case_severity</c>), or whether <c>open</c>.</summary>
    internal static IEnumerable<(string Column, object Value)> Conditions(CaseFilter filter)
    {
        IEnumerable<(string Column, object? Value)> all =
        [
            ("support_id", filter.SupportId), ("owner", filter.Owner), ("queue", filter.Queue), ("product", filter.Product), ("region", filter.Region),
            ("status", filter.Status), ("offer", filter.Offer), ("case_severity", filter.Severity), ("open", filter.Open),
        ];
        foreach (var (column, value) in all)
        {
            if (value is not null)
            {
                yield return (column, value);
            }
        }
    }

    /// <summary>Reads the place that a page named as its next; the largest when there is none.</summary>
    /// <exception cref="ArgumentException">No page has named it, or the limit is not positive.</exception>
    internal static long Before(string? after, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return after is null ? long.MaxValue
            : long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? before
            : throw new ArgumentException("The place to go on from is not one that a list has returned.", nameof(after));
    }

    /// <summary>The <c>next</c> of a page, when one position more than its limit was found.</summary>
    internal static string? Next(IReadOnlyList<long> positions, int limit)
        => positions.Count > limit ? positions[limit - 1].ToString(CultureInfo.InvariantCulture) : null;
}
