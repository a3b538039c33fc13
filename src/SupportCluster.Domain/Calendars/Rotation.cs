using NodaTime;

namespace SupportCluster.Domain.Calendars;

/// <summary>How long one shift of a <see cref="Rotation"/> is, times its length.</summary>
public enum RotationUnit
{
    /// <summary>Local hours, at the anchor's minute.</summary>
    Hourly,

    /// <summary>At the anchor's local time of day.</summary>
    Daily,

    /// <summary>On the anchor's day of the week, at its local time.</summary>
    Weekly,

    /// <summary>On the anchor's day of the month (the last one in shorter months), at its local time.</summary>
    Monthly,
}

/// <summary>
/// The changes of shift of a roster: every so many hours, days, weeks or months from a local anchor in a zone. Counted in local time, so that
/// a change stays at 08:00 when the clocks change; each is <see cref="WallClock.First"/> of its local time. One shift ends where the next
/// starts; a shift whose two ends fall into the same gap of the clocks is empty and does not appear (HB-3.5).
/// </summary>
/// <param name="Unit">What is counted.</param>
/// <param name="Length">How many units a shift lasts, 1 or more.</param>
/// <param name="Anchor">Local time of one change; the changes before it are counted back from there.</param>
/// <param name="Zone">The anchor's zone.</param>
public sealed record Rotation(RotationUnit Unit, int Length, LocalDateTime Anchor, DateTimeZone Zone)
{
    /// <summary>How many units a shift lasts, 1 or more.</summary>
    public int Length { get; } = Length > 0 ? Length : throw new ArgumentOutOfRangeException(nameof(Length), Length, "A shift lasts at least one unit.");

    /// <summary>The start of shift <paramref name="number"/>; number 0 starts at the anchor, earlier ones are negative.</summary>
    public Instant StartOf(int number)
    {
        // Always from the anchor: stepping from month to month would turn the 31st into the 28th for good.
        var units = checked(number * Length);
        return WallClock.First(
            Unit switch
            {
                RotationUnit.Hourly => Anchor.PlusHours(units),
                RotationUnit.Daily => Anchor.PlusDays(units),
                RotationUnit.Weekly => Anchor.PlusWeeks(units),
                RotationUnit.Monthly => Anchor.PlusMonths(units),
                _ => throw new InvalidOperationException($"{Unit} is not a unit of rotation."),
            },
            Zone);
    }

    /// <summary>The number of the shift that is on at an instant; it tells whose turn it is (number modulo members).</summary>
    public int NumberAt(Instant at)
    {
        var local = at.InZone(Zone).LocalDateTime;
        var units = Unit switch
        {
            RotationUnit.Hourly => Period.Between(Anchor, local, PeriodUnits.Hours).Hours,
            RotationUnit.Daily => Period.DaysBetween(Anchor.Date, local.Date),
            RotationUnit.Weekly => Period.DaysBetween(Anchor.Date, local.Date) / 7,
            RotationUnit.Monthly => Period.Between(Anchor.Date, local.Date, PeriodUnits.Months).Months,
            _ => throw new InvalidOperationException($"{Unit} is not a unit of rotation."),
        };

        // Close by, but not exact: rounded towards the anchor, and the clocks may have changed since.
        var number = checked((int)(units / Length));
        while (StartOf(number) > at)
        {
            number--;
        }

        while (StartOf(number + 1) <= at)
        {
            number++;
        }

        return number;
    }

    /// <summary>The shift that is on at an instant: start-inclusive, end-exclusive.</summary>
    public Interval ShiftAt(Instant at)
    {
        var number = NumberAt(at);
        return new Interval(StartOf(number), StartOf(number + 1));
    }

    /// <summary>The first change after an instant, not at it.</summary>
    public Instant NextChange(Instant after) => StartOf(NumberAt(after) + 1);

    /// <summary>The changes at or after an instant, in order, without end.</summary>
    public IEnumerable<Instant> ChangesFrom(Instant from)
    {
        var number = NumberAt(from);
        var last = Instant.MinValue;
        for (number = StartOf(number) == from ? number : number + 1; ; number++)
        {
            var change = StartOf(number);
            if (change > last)
            {
                yield return last = change;
            }
        }
    }
}
