using NodaTime;
using SupportCluster.Domain.Calendars;
using SupportCluster.Domain.Policy;

namespace SupportCluster.Domain.Centres;

/// <summary>
/// A support centre with its opening hours (HB-3.5). Closures are stretches in which it is closed beside its holidays: an emergency, an early
/// evening. They are facts of the day, not policy, and are given by who asks.
/// </summary>
/// <param name="Code">Its code in the policy.</param>
/// <param name="Rules">As the policy states them.</param>
/// <param name="Calendar">Its hours, holidays and zone.</param>
/// <param name="LanguagesOfRegion">Spoken where the rules name none.</param>
public sealed record SupportCentre(string Code, CentreRules Rules, BusinessCalendar Calendar, IReadOnlyList<string> LanguagesOfRegion)
{
    /// <summary>How far ahead a closing or opening is looked for.</summary>
    private static readonly Duration Horizon = Duration.FromDays(60);

    /// <summary>ISO 639 codes.</summary>
    public IReadOnlyList<string> Languages => Rules.Languages ?? LanguagesOfRegion;

    /// <summary>Whether cases of a product line are worked on here.</summary>
    public bool Serves(string productLine) => Rules.ProductLines?.Contains(productLine) != false;

    /// <summary>Whether it is open: at its opening instant yes, at its closing instant no.</summary>
    public bool IsOpen(Instant at, IReadOnlyList<Interval>? closures = null) => Calendar.IsOpen(at) && closures?.Any(c => c.Contains(at)) != true;

    /// <summary>When it closes; null while it is closed, <see cref="Instant.MaxValue"/> when not within 60 days.</summary>
    public Instant? OpenUntil(Instant at, IReadOnlyList<Interval>? closures = null)
    {
        if (!IsOpen(at, closures))
        {
            return null;
        }

        var end = Calendar.OpenWindows(at, at + Horizon, closures).First().End;
        return end == at + Horizon ? Instant.MaxValue : end;
    }

    /// <summary>The first instant, at this one or after it, at which it is open; null when it does not open within 60 days.</summary>
    public Instant? NextOpening(Instant at, IReadOnlyList<Interval>? closures = null) =>
        Calendar.OpenWindows(at, at + Horizon, closures).Select(w => (Instant?)w.Start).FirstOrDefault();

    /// <summary>Whether it is open, and when that changes.</summary>
    public CentreOpening Opening(Instant at, IReadOnlyList<Interval>? closures = null) => OpenUntil(at, closures) is { } until
        ? new(true, until == Instant.MaxValue ? null : until, null)
        : new(false, null, NextOpening(at, closures));
}

/// <summary>Whether a centre is open at an instant, and when that changes.</summary>
/// <param name="Until">When it closes; null while it is closed, and when it does not close within 60 days.</param>
/// <param name="Opens">When it opens next; null while it is open, and when it does not open within 60 days.</param>
public sealed record CentreOpening(bool IsOpen, Instant? Until, Instant? Opens);
