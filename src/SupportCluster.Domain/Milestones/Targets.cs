using NodaTime;

namespace SupportCluster.Domain.Milestones;

/// <summary>The key actions of a case, in order (HB-4.1).</summary>
public enum MilestoneKind
{
    Acknowledgement,
    InitialResponse,
    ServiceRestoration,
    SolutionProposal,
}

/// <summary>Which hours a clock counts (HB-3.3).</summary>
public enum MilestoneClockKind
{
    RoundTheClock,
    LocalBusinessHours,
}

/// <summary>When a target in business days ends on its last day.</summary>
public enum BusinessDayEnd
{
    /// <summary>At closing.</summary>
    Closing,

    /// <summary>At the time of day at which it started.</summary>
    SameTimeOfDay,
}

/// <summary>A promise. Exactly one of <see cref="Within"/>, <see cref="Days"/>, <see cref="BusinessDays"/> is given, or <see cref="ComingUpdate"/> alone.</summary>
/// <param name="Within">Time on the offer's clock.</param>
/// <param name="Days">Calendar days: the same local time that many days later; weekends and holidays do not move it.</param>
/// <param name="BusinessDays">Business days at the place of installation, whatever the offer's clock.</param>
/// <param name="End">For business days.</param>
/// <param name="ComingUpdate">Naming a coming software update meets it; alone it has no deadline (HB-4.3).</param>
public sealed record TargetRules(Duration? Within = null, int? Days = null, int? BusinessDays = null, BusinessDayEnd? End = null, bool? ComingUpdate = null)
{
    /// <summary>False for a target that only a coming update ends.</summary>
    public bool HasDeadline => Within is not null || Days is not null || BusinessDays is not null;

    /// <summary>The promise in words.</summary>
    public override string ToString()
    {
        var words = this switch
        {
            { Within: { } w } => w.ToTimeSpan() switch
            {
                { TotalHours: >= 1, Minutes: 0, Seconds: 0 } t => $"{t.TotalHours:0} h",
                { TotalMinutes: >= 1, Seconds: 0 } t => $"{t.TotalMinutes:0} min",
                var t => $"{t.TotalSeconds:0.###} s",
            },
            { Days: { } d } => $"{d} days",
            { BusinessDays: 1, End: BusinessDayEnd.SameTimeOfDay } => "next business day, same time of day",
            { BusinessDays: 1 } => "next business day",
            { BusinessDays: { } n, End: BusinessDayEnd.SameTimeOfDay } => $"{n} business days, same time of day",
            { BusinessDays: { } n } => $"within {n} business days",
            _ => "a next software update",
        };
        return HasDeadline && ComingUpdate == true ? words + " and/or next software update" : words;
    }
}
