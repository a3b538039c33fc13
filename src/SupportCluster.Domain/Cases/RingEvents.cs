using System.Collections.Immutable;
using System.Text.Json.Serialization;
using NodaTime;

namespace SupportCluster.Domain.Cases;

/// <summary>A case that is put to an engineer for acceptance. It has at most one at a time (HB-5.5).</summary>
/// <param name="Reservation">The room that the engineer holds for it; accepting is taking the case under it.</param>
/// <param name="Severity">The severity that the room was reserved for.</param>
/// <param name="Until">Exclusive: accepted at this instant it is too late.</param>
/// <param name="FallbackLanguage">The engineer does not speak the customer's language, but the region's main one (HB-3.4).</param>
public sealed record Ring(EngineerId Engineer, Guid Reservation, int Severity, Instant Since, Instant Until, bool? FallbackLanguage = null);

/// <summary>Why a ring ended that was neither answered nor run out.</summary>
public enum RingEnd
{
    /// <summary>The engineer is not reached any more.</summary>
    PresenceLost,

    /// <summary>The case was taken by a colleague, closed, stopped for the night, or has another severity.</summary>
    Withdrawn,
}

[JsonDerivedType(typeof(RingStarted), "case-ring-started.v1")]
[JsonDerivedType(typeof(RingDeclined), "case-ring-declined.v1")]
[JsonDerivedType(typeof(RingExpired), "case-ring-expired.v1")]
[JsonDerivedType(typeof(RingEnded), "case-ring-ended.v1")]
public abstract partial record CaseEvent
{
    /// <summary>The case rings at an engineer (HB-5.4); accepted, it is <see cref="Taken"/>.</summary>
    public sealed record RingStarted(Instant At, string By, EngineerId Engineer, Guid Reservation, int Severity, Instant Until, bool? FallbackLanguage = null, string? Centre = null) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => true;
    }

    public sealed record RingDeclined(Instant At, string By, EngineerId Engineer, Guid Reservation, string Reason) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => true;
    }

    /// <summary>Nobody answered in time.</summary>
    public sealed record RingExpired(Instant At, string By, EngineerId Engineer, Guid Reservation) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => true;
    }

    public sealed record RingEnded(Instant At, string By, EngineerId Engineer, Guid Reservation, RingEnd Why) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => true;
    }
}

public sealed partial record CaseState
{
    /// <summary>The ring that is on; null when the case rings at nobody.</summary>
    public Ring? Ring { get; init; }

    /// <summary>Who declined or let ring since the case was last put into its queue: not rung again in this round.</summary>
    public ImmutableArray<EngineerId>? Passed { get; init; }

    /// <summary>The state after an event about rings; null for any other.</summary>
    private CaseState? ApplyRing(CaseEvent happened) => happened switch
    {
        CaseEvent.RingStarted e => this with { Ring = new(e.Engineer, e.Reservation, e.Severity, e.At, e.Until, e.FallbackLanguage) },
        CaseEvent.RingDeclined e => Unanswered(e.Engineer, e.Reservation),
        CaseEvent.RingExpired e => Unanswered(e.Engineer, e.Reservation),
        CaseEvent.RingEnded { Why: RingEnd.PresenceLost } e => Unanswered(e.Engineer, e.Reservation),
        CaseEvent.RingEnded e => this with { Ring = null, Voided = Voided.Add(e.Reservation) },
        _ => null,
    };

    /// <summary>An acceptance that comes too late is refused for ever: the room is given up.</summary>
    private CaseState Unanswered(EngineerId engineer, Guid reservation) => this with
    {
        Ring = null,
        Voided = Voided.Add(reservation),
        Passed = [.. Passed ?? [], engineer],
    };
}
