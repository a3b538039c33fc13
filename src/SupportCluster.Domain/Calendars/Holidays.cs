using System.Collections.Immutable;
using NodaTime;

namespace SupportCluster.Domain.Calendars;

/// <summary>
/// Public holidays by name: whole local days, in whatever zone the calendar that uses them has. A holiday on a Sunday stays there; a day in
/// lieu is an entry of its own. A window that starts on the evening before and goes over midnight is not cut by them (HB-3.3).
/// </summary>
/// <param name="Dates">Holidays of one year each.</param>
/// <param name="Yearly">Holidays on the same date every year.</param>
public sealed record Holidays(ImmutableDictionary<LocalDate, string> Dates, ImmutableDictionary<AnnualDate, string> Yearly)
{
    /// <summary>No holiday at all.</summary>
    public static Holidays None { get; } = new(ImmutableDictionary<LocalDate, string>.Empty, ImmutableDictionary<AnnualDate, string>.Empty);

    /// <summary>Whether there is no holiday at all.</summary>
    public bool IsEmpty => Dates.IsEmpty && Yearly.IsEmpty;

    /// <summary>The holiday's name; null on a day that is none.</summary>
    public string? NameOf(LocalDate date) =>
        (!Dates.IsEmpty && Dates.TryGetValue(date, out var name))
        || (!Yearly.IsEmpty && Yearly.TryGetValue(new AnnualDate(date.Month, date.Day), out name))
            ? name
            : null;

    /// <summary>
    /// The holidays of both, for a centre that keeps its country's and its own. Names of one date that differ are joined.
    /// </summary>
    public Holidays And(Holidays other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new Holidays(Join(Dates, other.Dates), Join(Yearly, other.Yearly));
    }

    internal static string JoinNames(string one, string other) =>
        one.Split(" / ").Contains(other, StringComparer.Ordinal) ? one : $"{one} / {other}";

    private static ImmutableDictionary<TDate, string> Join<TDate>(ImmutableDictionary<TDate, string> one, ImmutableDictionary<TDate, string> other)
        where TDate : notnull
    {
        var joined = one.ToBuilder();
        foreach (var (date, name) in other)
        {
            joined[date] = joined.TryGetValue(date, out var known) ? JoinNames(known, name) : name;
        }

        return joined.ToImmutable();
    }
}
