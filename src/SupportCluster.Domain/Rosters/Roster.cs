using System.Collections.Immutable;
using NodaTime;
using SupportCluster.Domain.Centres;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Policy;

namespace SupportCluster.Domain.Rosters;

/// <summary>A shift of somebody.</summary>
public sealed record RosteredShift(EngineerId Engineer, Interval Shift);

/// <summary>
/// Who works when, for any instant, past or coming (HB-3.5). Built once from policy and engineers; immutable. On shift is who has a shift;
/// available is who has one in a centre that is open, for nothing is handed to a closed centre.
/// </summary>
public sealed class Roster
{
    private readonly ImmutableArray<Entry> all;
    private readonly ImmutableDictionary<EngineerId, Entry> byId;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<Interval>> closures;

    /// <param name="policy">Its centres and regions.</param>
    /// <param name="engineers">In any order.</param>
    /// <param name="closures">By centre: stretches in which it is closed beside its holidays.</param>
    public Roster(SupportPolicy policy, IEnumerable<Engineer> engineers, IReadOnlyDictionary<string, IReadOnlyList<Interval>>? closures = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        Policy = policy;
        this.closures = closures ?? ImmutableDictionary<string, IReadOnlyList<Interval>>.Empty;
        all = [.. engineers.OrderBy(e => e.Id.Value, StringComparer.Ordinal).Select(e => new Entry(e, EngineerShifts.Of(e.Profile, policy), e.Profile.Centre is { } code ? policy.Centre(code) : null))];
        byId = all.ToImmutableDictionary(e => e.Engineer.Id);
    }

    private Roster(Roster before, Entry was, Entry entry)
    {
        (Policy, closures) = (before.Policy, before.closures);
        all = before.all.Replace(was, entry, ReferenceEqualityComparer.Instance);
        byId = before.byId.SetItem(entry.Engineer.Id, entry);
    }

    /// <summary>The policy whose centres it is about.</summary>
    public SupportPolicy Policy { get; }

    /// <summary>The engineers of the roster, by id.</summary>
    public IEnumerable<Engineer> Engineers => all.Select(e => e.Engineer);

    /// <summary>The roster with another load of an engineer who is on it; shifts are computed anew only for another profile.</summary>
    public Roster With(Engineer engineer)
    {
        ArgumentNullException.ThrowIfNull(engineer);
        var was = byId[engineer.Id];
        return new(this, was, ReferenceEquals(was.Engineer.Profile, engineer.Profile)
            ? was with { Engineer = engineer }
            : new(engineer, EngineerShifts.Of(engineer.Profile, Policy), engineer.Profile.Centre is { } code ? Policy.Centre(code) : null));
    }

    /// <summary>An engineer with the load of the moment; null for somebody who is not on the roster.</summary>
    public Engineer? Engineer(EngineerId engineer) => byId.GetValueOrDefault(engineer)?.Engineer;

    /// <summary>The shifts of an engineer; null for somebody who is not on the roster.</summary>
    public EngineerShifts? Of(EngineerId engineer) => byId.GetValueOrDefault(engineer)?.Shifts;

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

    /// <summary>Whether an engineer is available: on shift, in a centre that is open.</summary>
    public bool IsAvailable(EngineerId engineer, Instant at) =>
        byId.GetValueOrDefault(engineer) is { } entry && entry.Shifts.IsOnShift(at) && entry.Centre?.IsOpen(at, ClosuresOf(entry.Centre)) != false;

    /// <summary>Until when an engineer is available: the end of the shift or the closing of the centre; null when not available now.</summary>
    public Instant? AvailableUntil(EngineerId engineer, Instant at) =>
        byId.GetValueOrDefault(engineer) is not { } entry || entry.Shifts.OnShiftUntil(at) is not { } end ? null
        : entry.Centre is null ? end
        : entry.Centre.OpenUntil(at, ClosuresOf(entry.Centre)) is { } closing ? Instant.Min(end, closing)
        : null;

    /// <summary>Until when a centre is open; null for one that is closed or that there is not.</summary>
    public Instant? OpenUntil(string centre, Instant at) => Policy.Centre(centre) is { } known ? known.OpenUntil(at, ClosuresOf(known)) : null;

    /// <summary>The stretches in which an engineer is available, in order, cut at both ends.</summary>
    public IEnumerable<Interval> Available(EngineerId engineer, Instant from, Instant to)
    {
        if (!byId.TryGetValue(engineer, out var entry))
        {
            return [];
        }

        var shifts = entry.Shifts.Between(from, to);
        return entry.Centre is null ? shifts : shifts.SelectMany(s => entry.Centre.Calendar.OpenWindows(s.Start, s.End, ClosuresOf(entry.Centre)));
    }

    private IReadOnlyList<Interval>? ClosuresOf(SupportCentre centre) => closures.GetValueOrDefault(centre.Code);

    private IEnumerable<Entry> Within(string scope) =>
        all.Where(e => scope == SupportPolicy.World || e.Engineer.Profile.Centre == scope || e.Engineer.Profile.Region == scope);

    private sealed record Entry(Engineer Engineer, EngineerShifts Shifts, SupportCentre? Centre);
}
