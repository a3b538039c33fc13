using System.Collections.Immutable;
using System.Text.Json.Serialization;
using NodaTime;

namespace SupportCluster.Domain.Centres;

/// <summary>What happened to the duty of a region beside the rotation. Discriminators are stored.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(StandInNamed), "duty-stand-in-named.v1")]
[JsonDerivedType(typeof(Swapped), "duty-swapped.v1")]
public abstract record DutyEvent(Instant At, string By)
{
    /// <summary>Somebody has the duty for a while.</summary>
    public sealed record StandInNamed(Instant At, string By, string Region, Instant From, Instant Until, string Manager) : DutyEvent(At, By);

    /// <summary>Two turns were swapped: each has the other's.</summary>
    public sealed record Swapped(Instant At, string By, string Region, DutyOverride First, DutyOverride Second) : DutyEvent(At, By);
}

/// <summary>Who stands in for the duty managers of a region (HB-3.5), kept beside the policy.</summary>
/// <param name="Overrides">In the order in which they were told: the later counts. Past ones stay, so that every past instant can be answered.</param>
public sealed record DutyBook(string Region, ImmutableArray<DutyOverride> Overrides, Instant LastAt)
{
    /// <summary>Names somebody for a stretch. Refused for an end that is past or not after the start.</summary>
    public static Decision<DutyEvent> StandIn(DutyBook? state, string region, Instant from, Instant until, string manager, Actor actor, Instant clock)
    {
        var now = state is null ? clock : Instant.Max(clock, state.LastAt);
        return Forbidden(actor) is { } forbidden ? forbidden
            : string.IsNullOrWhiteSpace(manager) ? Refusal.Malformed("manager-missing", "Somebody is named.", "/manager", "HB-3.5")
            : Name.Check((manager, "/manager")) is { } malformed ? malformed
            : until <= from || until <= now ? Refusal.Malformed("duty-malformed", "A duty ends after now and after it starts.", "/until", "HB-3.5")
            : new List<DutyEvent> { new DutyEvent.StandInNamed(now, actor.Id, region, from, until, manager) };
    }

    /// <summary>Swaps the turns that run at two instants, whole. Refused for turns of the same manager, and for one that is over.</summary>
    public static Decision<DutyEvent> Swap(DutyBook? state, Policy.SupportPolicy policy, string region, Instant first, Instant second, Actor actor, Instant clock)
    {
        var now = state is null ? clock : Instant.Max(clock, state.LastAt);
        if (Forbidden(actor) is { } forbidden)
        {
            return forbidden;
        }

        var roster = DutyRoster.Of(policy, region, state?.Overrides ?? []);
        var (one, other) = (roster.At(first), roster.At(second));
        if (one.Manager == other.Manager)
        {
            return Refusal.State("same-manager", $"Both turns are {one.Manager}'s.", "HB-3.5");
        }

        return one.Until <= now || other.Until <= now
            ? Refusal.State("turn-over", "A turn that is over cannot be swapped.", "HB-3.5")
            : new List<DutyEvent> { new DutyEvent.Swapped(now, actor.Id, region, new(one.From, one.Until, other.Manager), new(other.From, other.Until, one.Manager)) };
    }

    /// <summary>Folds an event into the state.</summary>
    public static DutyBook Evolve(DutyBook? state, DutyEvent happened) => happened switch
    {
        DutyEvent.StandInNamed e => new(e.Region, [.. state?.Overrides ?? [], new(e.From, e.Until, e.Manager)], e.At),
        DutyEvent.Swapped e => new(e.Region, [.. state?.Overrides ?? [], e.First, e.Second], e.At),
        _ => throw new InvalidOperationException($"Unknown event {happened?.GetType().Name}."),
    };

    private static Refusal? Forbidden(Actor actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return actor.Role is Role.Manager or Role.Admin or Role.System ? null : Refusal.Forbidden("role-not-allowed", "Duties are given by managers.", "HB-3.5");
    }
}
