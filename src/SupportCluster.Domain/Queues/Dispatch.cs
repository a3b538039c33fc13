using System.Collections.Immutable;
using NodaTime;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Milestones;
using SupportCluster.Domain.Rosters;

namespace SupportCluster.Domain.Queues;

/// <summary>A case for which an engineer is looked for.</summary>
/// <param name="AnyRegion">Engineers of other regions come into question too, after those of its own: for cases that follow the sun.</param>
/// <param name="Excluded">Who has declined, or has let it ring.</param>
public sealed record DispatchCase(string Region, string Product, string ProductLine, string Language, int Severity, bool AnyRegion, ImmutableArray<EngineerId> Excluded)
{
    /// <summary>A case as it stands in its queue. It follows the sun when it is continuous, and when its response is promised within hours of day and night (HB-1.2).</summary>
    public static DispatchCase Of(CaseState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var dayAndNight = state.Milestone(MilestoneKind.InitialResponse).Setting is { Clock: MilestoneClockKind.RoundTheClock, Target.Within: not null };
        return new(state.Terms.Region, state.Terms.Product, state.Terms.ProductLine, state.Terms.Language, state.Severity, state.IsContinuous || dayAndNight, state.Passed ?? []);
    }
}

/// <summary>An engineer who comes into question.</summary>
/// <param name="ByProduct">Knows the product itself, not only its line.</param>
/// <param name="Level">Of that skill.</param>
/// <param name="FallbackLanguage">Speaks the region's main language, but not the customer's (HB-3.4): to be shown.</param>
public sealed record DispatchChoice(Engineer Engineer, bool ByProduct, int Level, bool FallbackLanguage);

/// <summary>
/// Chooses the engineer at whom a case rings (HB-5.4, HB-5.5): on shift in an open centre that serves the product line, reached, skilled, able
/// to speak with the customer, with room. The best comes first: own region, the product before its line, the level, the customer's language
/// before the main one; among equals who waits longest for a case, then who has the fewest, then by id, so that the same facts give the same choice.
/// </summary>
public static class Dispatch
{
    /// <summary>The best engineer, or null when none comes into question.</summary>
    /// <param name="isPresent">Whether an engineer is reached at this moment.</param>
    public static DispatchChoice? Choose(DispatchCase wanted, Roster roster, Func<EngineerId, bool> isPresent, Instant at) => Rank(wanted, roster, isPresent, at).FirstOrDefault();

    /// <summary>All who come into question, the best first.</summary>
    public static IEnumerable<DispatchChoice> Rank(DispatchCase wanted, Roster roster, Func<EngineerId, bool> isPresent, Instant at)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(roster);
        ArgumentNullException.ThrowIfNull(isPresent);
        return roster.Engineers
            .Where(e => (wanted.AnyRegion || e.Profile.Region == wanted.Region) && !wanted.Excluded.Contains(e.Id)
                && e.HasSkillFor(wanted.Product, wanted.ProductLine) && e.RefuseCapacity(wanted.Severity, roster.Policy) is null
                && (e.Profile.Centre is not { } centre || roster.Policy.Centre(centre)?.Serves(wanted.ProductLine) == true)
                && isPresent(e.Id) && roster.IsAvailable(e.Id, at))
            .Select(e => Judge(e, wanted, roster))
            .OfType<DispatchChoice>()
            .OrderByDescending(c => c.Engineer.Profile.Region == wanted.Region)
            .ThenByDescending(c => c.ByProduct)
            .ThenByDescending(c => c.Level)
            .ThenBy(c => c.FallbackLanguage)
            .ThenBy(c => c.Engineer.LastCaseAt ?? Instant.MinValue)
            .ThenBy(c => c.Engineer.Cases.Length)
            .ThenBy(c => c.Engineer.Id.Value, StringComparer.Ordinal);
    }

    private static DispatchChoice? Judge(Engineer engineer, DispatchCase wanted, Roster roster)
    {
        var speaks = engineer.Profile.Languages.Contains(wanted.Language);
        if (!speaks && !engineer.Profile.Languages.Contains(roster.Policy.Document.Regions[wanted.Region].Languages[0]))
        {
            return null;
        }

        var byProduct = engineer.Profile.Level(wanted.Product);
        return new(engineer, byProduct > 0, byProduct > 0 ? byProduct : engineer.Profile.Level(wanted.ProductLine), !speaks);
    }
}
