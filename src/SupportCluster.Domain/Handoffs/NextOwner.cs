using NodaTime;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Queues;
using SupportCluster.Domain.Rosters;

namespace SupportCluster.Domain.Handoffs;

/// <summary>
/// Chooses who is asked next in a handoff (HB-6.5): of all the world, first those who stay long enough not to hand it on at once, then by the
/// centre that is open longest, and within it as for any ring: skill, level, language with the main one as fallback, fairness. Who has
/// declined or let it ring is passed over, so one engineer after the other is asked, then the next centre.
/// </summary>
public static class NextOwner
{
    /// <summary>The next engineer to ask; null when nobody is left.</summary>
    public static DispatchChoice? Choose(CaseState state, Roster roster, Func<EngineerId, bool> isPresent, Instant at)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(roster);
        var wanted = DispatchCase.Of(state) with { AnyRegion = true };
        if (state.Owner is { } owner)
        {
            wanted = wanted with { Excluded = wanted.Excluded.Add(owner) };
        }

        // Ordering is stable: among equals the order of dispatch remains.
        var soon = at + roster.Policy.Handoffs.Notice + roster.Policy.Handoffs.Notice;
        return Dispatch.Rank(wanted, roster, isPresent, at)
            .OrderByDescending(c => roster.AvailableUntil(c.Engineer.Id, at) > soon)
            .ThenByDescending(c => c.Engineer.Profile.Centre is { } centre ? roster.OpenUntil(centre, at) : roster.AvailableUntil(c.Engineer.Id, at))
            .FirstOrDefault();
    }
}
