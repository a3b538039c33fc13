using System.Collections.Immutable;
using NodaTime;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Policy;

namespace SupportCluster.Domain.Rosters;

/// <summary>A shift of somebody.</summary>
public sealed record RosteredShift(EngineerId Engineer, Interval Shift);

/// <summary>Who works when, for any instant, past or coming (HB-3.5). Built once from policy and engineers; immutable.</summary>
/// <param name="policy">Its centres and regions.</param>
public sealed class Roster(SupportPolicy policy, IEnumerable<Engineer> engineers)
{
    private readonly ImmutableArray<(Engineer Engineer, EngineerShifts Shifts)> all =
        [.. engineers.OrderBy(e => e.Id.Value, StringComparer.Ordinal).Select(e => (e, EngineerShifts.Of(e.Profile, policy)))];

    /// <summary>The engineers of the roster, by id.</summary>
    public IEnumerable<Engineer> Engineers => all.Select(e => e.Engineer);

    /// <summary>The shifts of an engineer; null for somebody who is not on the roster.</summary>
    public EngineerShifts? Of(EngineerId engineer) => all.FirstOrDefault(e => e.Engineer.Id == engineer).Shifts;

    /// <summary>Who is on shift, by id.</summary>
    /// <param name="scope">Code of a centre or region, or <c>world</c>.</param>
    public IEnumerable<Engineer> OnShift(Instant at, string scope = SupportPolicy.World) => Within(scope).Where(e => e.Shifts.IsOnShift(at)).Select(e => e.Engineer);

    /// <summary>The shifts that start after an instant, each engineer's next, the soonest first: who comes next.</summary>
    /// <param name="scope">Code of a centre or region, or <c>world</c>.</param>
    public IEnumerable<RosteredShift> ComesNext(Instant after, string scope = SupportPolicy.World) => Within(scope)
        .Select(e => (e.Engineer, Shift: e.Shifts.NextShift(after)))
        .Where(e => e.Shift is not null)
        .Select(e => new RosteredShift(e.Engineer.Id, e.Shift!.Value))
        .OrderBy(s => s.Shift.Start)
        .ThenBy(s => s.Engineer.Value, StringComparer.Ordinal);

    private IEnumerable<(Engineer Engineer, EngineerShifts Shifts)> Within(string scope) =>
        all.Where(e => scope == SupportPolicy.World || e.Engineer.Profile.Centre == scope || e.Engineer.Profile.Region == scope);
}
