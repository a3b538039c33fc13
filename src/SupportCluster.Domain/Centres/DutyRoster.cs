using System.Collections.Immutable;
using NodaTime;
using NodaTime.Text;
using SupportCluster.Domain.Calendars;
using SupportCluster.Domain.Policy;

namespace SupportCluster.Domain.Centres;

/// <summary>Somebody else is duty manager for a while: a swap is two of these.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="Until">Exclusive.</param>
public sealed record DutyOverride(Instant From, Instant Until, string Manager);

/// <summary>Who is duty manager, and for how long.</summary>
/// <param name="From">Inclusive; <see cref="Instant.MinValue"/> where nobody takes turns.</param>
/// <param name="Until">Exclusive; <see cref="Instant.MaxValue"/> where nobody takes turns.</param>
/// <param name="StandsIn">For whose turn it is by rotation; null when it is the manager's own.</param>
public sealed record DutyTurn(string Manager, Instant From, Instant Until, string? StandsIn = null);

/// <summary>
/// The duty managers of a region (HB-3.5): for any instant one is named. Turns follow one another without gap; where overrides overlap the
/// later entry counts; a region whose policy names nobody is answered for by its address, <c>duty-manager.</c> and the region's code.
/// </summary>
public sealed class DutyRoster
{
    private readonly string region;
    private readonly IReadOnlyList<string> managers;
    private readonly Rotation? rotation;
    private readonly ImmutableArray<DutyOverride> overrides;

    private DutyRoster(string region, DutyRules? rules, ImmutableArray<DutyOverride> overrides)
    {
        this.region = region;
        this.overrides = overrides.IsDefault ? [] : overrides;
        managers = rules?.Managers ?? [];
        rotation = rules is null ? null : new Rotation(rules.Every, rules.Length, AnchorPattern.Parse(rules.Anchor).Value, SupportPolicy.FindZone(rules.Zone)!);
    }

    internal static LocalDateTimePattern AnchorPattern { get; } = LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm");

    /// <summary>The roster of a region under a policy.</summary>
    public static DutyRoster Of(SupportPolicy policy, string region, ImmutableArray<DutyOverride> overrides = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return new(region, policy.Document.Regions.GetValueOrDefault(region)?.Duty, overrides);
    }

    /// <summary>Who is duty manager at an instant: always somebody.</summary>
    public DutyTurn At(Instant at)
    {
        var turn = ByRotation(at);
        var (from, until, stand) = (turn.From, turn.Until, (DutyOverride?)null);
        foreach (var other in overrides)
        {
            if (other.From <= at && at < other.Until)
            {
                // Whoever stands in does so for this turn; the next is a turn of its own.
                stand = other;
                from = Instant.Max(turn.From, other.From);
                until = Instant.Min(turn.Until, other.Until);
            }
            else if (other.From > at)
            {
                until = Instant.Min(until, other.From);
            }
            else
            {
                from = Instant.Max(from, other.Until);
            }
        }

        return stand is null ? turn with { From = from, Until = until } : new(stand.Manager, from, until, turn.Manager);
    }

    /// <summary>The turns from the one at an instant on, in order, without gap: who comes next.</summary>
    public IEnumerable<DutyTurn> TurnsFrom(Instant at)
    {
        for (var turn = At(at); ; turn = At(turn.Until))
        {
            yield return turn;
            if (turn.Until == Instant.MaxValue)
            {
                yield break;
            }
        }
    }

    private DutyTurn ByRotation(Instant at)
    {
        if (rotation is null)
        {
            return new($"duty-manager.{region}", Instant.MinValue, Instant.MaxValue);
        }

        var number = rotation.NumberAt(at);
        var turn = ((number % managers.Count) + managers.Count) % managers.Count;
        return new(managers[turn], rotation.StartOf(number), rotation.StartOf(number + 1));
    }
}
