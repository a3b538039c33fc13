using System.Collections.Immutable;
using System.Text.Json.Serialization;
using NodaTime;

namespace SupportCluster.Domain.Centres;

/// <summary>What happened to a centre's opening beside its hours and holidays. Discriminators are stored.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(Closed), "centre-closed.v1")]
[JsonDerivedType(typeof(Reopened), "centre-reopened.v1")]
[JsonDerivedType(typeof(ClosureBegan), "centre-closure-began.v1")]
public abstract record CentreEvent(Instant At, string By)
{
    /// <summary>The centre is closed for a while: an emergency, or a day that is no public holiday.</summary>
    /// <param name="From">Inclusive.</param>
    /// <param name="Until">Exclusive.</param>
    public sealed record Closed(Instant At, string By, string Centre, Instant From, Instant Until, string Reason) : CentreEvent(At, By);

    /// <summary>It opens again before the time that was said, or a closure to come is called off.</summary>
    public sealed record Reopened(Instant At, string By, string Centre) : CentreEvent(At, By);

    /// <summary>The start of a closure that was told ahead has come.</summary>
    public sealed record ClosureBegan(Instant At, string By, string Centre) : CentreEvent(At, By);
}

/// <summary>A stretch in which a centre is closed.</summary>
public sealed record CentreClosure(Instant From, Instant Until, string Reason, string By);

/// <summary>
/// The closures of a centre (HB-3.5, HB-6.5): facts of the day, kept beside the policy. When one begins, everything of those at work there is
/// handed over at once; until it ends nothing is handed to the centre.
/// </summary>
/// <param name="All">In the order in which they were told; past ones stay, so that every past instant can be answered.</param>
public sealed record CentreClosures(string Centre, ImmutableArray<CentreClosure> All, Instant LastAt)
{
    /// <summary>Longest closure, in days: what is longer is a change of the policy.</summary>
    private const int Longest = 92;

    /// <summary>As <see cref="Rosters.Roster"/> and <see cref="SupportCentre"/> take them.</summary>
    public IReadOnlyList<Interval> Intervals => [.. All.Where(c => c.From < c.Until).Select(c => new Interval(c.From, c.Until))];

    /// <summary>When the next closure begins that was told ahead; null when there is none.</summary>
    public Instant? NextDue => All.Where(c => c.From > LastAt && c.From < c.Until).Min(c => (Instant?)c.From);

    /// <summary>Whether it is closed beside its hours and holidays.</summary>
    public bool IsClosed(Instant at) => All.Any(c => c.From <= at && at < c.Until);

    /// <summary>The closures of several centres as <see cref="Rosters.Roster"/> takes them.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<Interval>> ByCentre(IEnumerable<CentreClosures> closures) => closures.ToDictionary(c => c.Centre, c => c.Intervals);

    /// <summary>Closes a centre from an instant on, or from now. Refused for an end that is past or before the start, and for more than 92 days.</summary>
    public static Decision<CentreEvent> Close(CentreClosures? state, SupportCentre centre, Instant? from, Instant until, string reason, Actor actor, Instant clock)
    {
        ArgumentNullException.ThrowIfNull(centre);
        ArgumentNullException.ThrowIfNull(actor);
        var now = Now(state, clock);
        if (actor.Role is not (Role.Manager or Role.Admin or Role.System))
        {
            return Refusal.Forbidden("role-not-allowed", "A centre is closed by a manager.", "HB-3.5");
        }

        if (Cases.Case.Required(reason, "/reason") is { } noReason)
        {
            return noReason;
        }

        var start = Instant.Max(from ?? now, now);
        if (until <= start || until - start > Duration.FromDays(Longest))
        {
            return Refusal.Malformed("closure-malformed", $"A closure ends after now and after it starts, at most {Longest} days later.", "/until", "HB-3.5");
        }

        return state?.All.Any(c => c.From <= start && until <= c.Until) == true
            ? new List<CentreEvent>()
            : new List<CentreEvent> { new CentreEvent.Closed(now, actor.Id, centre.Code, start, until, reason) };
    }

    /// <summary>Ends the closures that run or are to come.</summary>
    public static Decision<CentreEvent> Reopen(CentreClosures? state, SupportCentre centre, Actor actor, Instant clock)
    {
        ArgumentNullException.ThrowIfNull(centre);
        ArgumentNullException.ThrowIfNull(actor);
        var now = Now(state, clock);
        return actor.Role is not (Role.Manager or Role.Admin or Role.System) ? Refusal.Forbidden("role-not-allowed", "A centre is opened again by a manager.", "HB-3.5")
            : state?.All.Any(c => c.Until > now) != true ? Refusal.State("not-closed", $"The centre '{centre.Code}' is not closed beside its hours.", "HB-3.5")
            : new List<CentreEvent> { new CentreEvent.Reopened(now, actor.Id, centre.Code) };
    }

    /// <summary>A closure that was told ahead begins.</summary>
    public static Decision<CentreEvent> FallDue(CentreClosures state, Instant now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.NextDue <= now ? new List<CentreEvent> { new CentreEvent.ClosureBegan(Now(state, now), Actor.System.Id, state.Centre) } : new List<CentreEvent>();
    }

    /// <summary>Folds an event into the state.</summary>
    public static CentreClosures Evolve(CentreClosures? state, CentreEvent happened) => happened switch
    {
        CentreEvent.Closed e => new(e.Centre, [.. state?.All ?? [], new(e.From, e.Until, e.Reason, e.By)], e.At),
        CentreEvent.Reopened e => new(e.Centre, [.. (state?.All ?? []).Select(c => c.Until <= e.At ? c : c with { From = Instant.Min(c.From, e.At), Until = e.At })], e.At),
        CentreEvent.ClosureBegan e => (state ?? throw new InvalidOperationException("A closure was told before it begins.")) with { LastAt = e.At },
        _ => throw new InvalidOperationException($"Unknown event {happened?.GetType().Name}."),
    };

    private static Instant Now(CentreClosures? state, Instant clock) => state is null ? clock : Instant.Max(clock, state.LastAt);
}
