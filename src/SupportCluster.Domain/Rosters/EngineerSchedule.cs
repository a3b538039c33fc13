using System.Collections.Immutable;
using NodaTime;

namespace SupportCluster.Domain.Rosters;

/// <summary>
/// When an engineer works (HB-3.5): a weekly pattern in the centre's zone, with leave, and with shifts added and dropped on single days. A
/// shift over midnight belongs to the day that it starts on. Presence (being reached at this moment) is not part of it.
/// </summary>
/// <param name="Pattern">Weekly hours such as <c>Mon-Fri 08:00-16:00|Sat 20:00-04:00(+1)</c>; null for none but the extra shifts.</param>
/// <param name="Leave">Days off: shifts of the pattern that start on them are not worked.</param>
/// <param name="Dropped">Single days whose shifts of the pattern are not worked: given to a colleague, as a rule.</param>
/// <param name="Extra">Shifts beside the pattern: a colleague's, as a rule. They are worked on holidays and on days of leave too.</param>
public sealed record EngineerSchedule(string? Pattern, ImmutableArray<Leave>? Leave = null, ImmutableArray<LocalDate>? Dropped = null, ImmutableArray<ExtraShift>? Extra = null)
{
    /// <summary>Whether two schedules say the same: records compare arrays by identity.</summary>
    public static bool Same(EngineerSchedule? one, EngineerSchedule? other) => ReferenceEquals(one, other)
        || (one is not null && other is not null && one.Pattern == other.Pattern
            && List(one.Leave).SequenceEqual(List(other.Leave)) && List(one.Dropped).SequenceEqual(List(other.Dropped)) && List(one.Extra).SequenceEqual(List(other.Extra)));

    internal static ImmutableArray<T> List<T>(ImmutableArray<T>? items) => items is { IsDefault: false } given ? given : [];
}

/// <summary>Days off, local to the centre.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day, inclusive.</param>
public sealed record Leave(LocalDate From, LocalDate To, string? Reason = null);

/// <summary>A shift on one day.</summary>
/// <param name="Date">The local day that it starts on.</param>
/// <param name="Hours">Local times such as <c>20:00-04:00(+1)</c>.</param>
/// <param name="Zone">IANA zone of the times; null for that of the engineer's centre.</param>
/// <param name="For">Whose shift it was.</param>
public sealed record ExtraShift(LocalDate Date, string Hours, string? Zone = null, EngineerId? For = null);
