using NodaTime;
using NodaTime.Text;

namespace SupportCluster.Importing;

/// <summary>Reads stamps with an offset, or naive ones in a zone.</summary>
internal sealed class StampReader
{
    private readonly OffsetDateTimePattern? withOffset;
    private readonly LocalDateTimePattern? naive;
    private readonly DateTimeZone? zone;

    internal StampReader(ImportStamp? stamp)
    {
        if (stamp?.Zone is { } id)
        {
            zone = DateTimeZoneProviders.Tzdb[id];
            naive = stamp.Format is { } format ? LocalDateTimePattern.CreateWithInvariantCulture(format) : LocalDateTimePattern.ExtendedIso;
        }
        else
        {
            withOffset = stamp?.Format is { } format ? OffsetDateTimePattern.CreateWithInvariantCulture(format) : OffsetDateTimePattern.ExtendedIso;
        }
    }

    /// <summary>The instant of a stamp, or what is wrong with it.</summary>
    /// <param name="second">For a naive stamp in the hour that the clock shows twice: the later of the two instants, else the same.</param>
    internal string? Read(string text, out Instant at, out Instant second)
    {
        at = second = default;
        if (withOffset is not null)
        {
            var parsed = withOffset.Parse(text);
            if (!parsed.Success)
            {
                return $"'{text}' is not a stamp such as {withOffset.Format(Example.InZoneStrictly(DateTimeZone.Utc).ToOffsetDateTime())}";
            }

            at = second = parsed.Value.ToInstant();
            return null;
        }

        var local = naive!.Parse(text);
        if (!local.Success)
        {
            return $"'{text}' is not a stamp such as {naive.Format(Example)}";
        }

        var mapped = zone!.MapLocal(local.Value);
        if (mapped.Count == 0)
        {
            return $"'{text}' does not exist in {zone.Id}: the clock went forward over it";
        }

        at = mapped.First().ToInstant();
        second = mapped.Last().ToInstant();
        return null;
    }

    private static LocalDateTime Example { get; } = new(2026, 3, 2, 9, 15, 0);
}
