using System.Collections.Immutable;
using NodaTime;
using SupportCluster.Domain.Centres;
using SupportCluster.Domain.Policy;

namespace SupportCluster.Domain.Escalations;

/// <summary>A level that is told of an escalation.</summary>
/// <param name="NextAt">When the next is told unless it is taken up; null after the last.</param>
public sealed record Rung(int Step, EscalationLevel Level, string Told, Instant? NextAt);

/// <summary>
/// Who is told of an escalation, one level after the other, and how long each has to take it up (HB-7.2). The last level is told a second time
/// when its time is over, and then no more. A level that the policy names nobody for is told at its address.
/// </summary>
public static class Ladder
{
    /// <summary>The step of a region's ladder that is told at an instant; from the last on, the last.</summary>
    public static Rung At(SupportPolicy policy, string region, int severity, int step, Instant now, ImmutableArray<DutyOverride> duty = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var rules = policy.Document.Regions.GetValueOrDefault(region);
        var levels = rules?.Ladder ?? policy.Escalations.Levels;
        var level = levels[Math.Min(step, levels.Count - 1)];
        var told = level.Level switch
        {
            EscalationLevel.DutyManager => DutyRoster.Of(policy, region, duty).At(now).Manager,
            EscalationLevel.RegionalManager => rules?.Manager ?? $"regional-manager.{region}",
            EscalationLevel.GlobalManager => policy.Escalations.GlobalManager ?? "global-escalation-manager",
            _ => throw new InvalidOperationException($"Unknown level {level.Level}."),
        };
        return new(step, level.Level, told, step >= levels.Count ? null : now + (severity == 1 ? level.Severity1 : level.Otherwise));
    }
}
