using System.Collections.Immutable;
using System.Text.Json.Serialization;
using NodaTime;
using SupportCluster.Domain.Milestones;

namespace SupportCluster.Domain.Cases;

/// <summary>Why a case is worked on in local business hours only (HB-3.3, HB-6.4).</summary>
public enum WorkLimit
{
    /// <summary>The offer is one of local business hours. Its clocks count no others, so nothing is put on hold.</summary>
    Offer,

    /// <summary>The customer does not need continuous service: restoration and solution are on hold while work is stopped.</summary>
    Declined,

    /// <summary>No contact is available round the clock (HB-2.6): restoration and solution are on hold while work is stopped.</summary>
    Contact,
}

/// <summary>The hours that a case keeps: local business hours at the place of installation.</summary>
/// <param name="StopsAt">The coming close of business, while it is worked on; null when it is stopped, and where business never closes.</param>
/// <param name="ResumesAt">The next opening, while it is stopped.</param>
public sealed record KeptHours(WorkLimit Limit, Instant Since, Instant? StopsAt, Instant? ResumesAt)
{
    /// <summary>Closed: nobody works on the case until <see cref="ResumesAt"/>.</summary>
    public bool IsStopped => ResumesAt is not null;
}

/// <summary>That a case of an offer with continuous service has none.</summary>
/// <param name="Limit"><see cref="WorkLimit.Declined"/> or <see cref="WorkLimit.Contact"/>.</param>
public sealed record NotContinuous(WorkLimit Limit, Instant Since, string? Reason);

[JsonDerivedType(typeof(HoursLimited), "case-hours-limited.v1")]
[JsonDerivedType(typeof(HoursUnlimited), "case-hours-unlimited.v1")]
[JsonDerivedType(typeof(WorkStopped), "case-work-stopped.v1")]
[JsonDerivedType(typeof(WorkResumed), "case-work-resumed.v1")]
[JsonDerivedType(typeof(ContinuousServiceDeclined), "case-continuous-service-declined.v1")]
[JsonDerivedType(typeof(ContinuousServiceTakenBack), "case-continuous-service-taken-back.v1")]
public abstract partial record CaseEvent
{
    /// <summary>From now on the case is worked on in local business hours only; they are open.</summary>
    /// <param name="StopsAt">When they close; null where they never do.</param>
    public sealed record HoursLimited(Instant At, string By, WorkLimit Limit, Instant? StopsAt) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => true;
    }

    /// <summary>From now on the case may be worked on at any hour.</summary>
    public sealed record HoursUnlimited(Instant At, string By) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => true;
    }

    /// <summary>Work stopped at the close of local business hours (HB-6.4).</summary>
    /// <param name="ResumesAt">The next opening.</param>
    /// <param name="Clocks">On hold where the limit says so.</param>
    public sealed record WorkStopped(Instant At, string By, WorkLimit Limit, Instant ResumesAt, ImmutableArray<ClockSetting> Clocks) : CaseEvent(At, By);

    /// <summary>Work goes on: at the opening, or because the case is no longer bound to local hours.</summary>
    /// <param name="Limit">Null when it is no longer bound to them.</param>
    /// <param name="StopsAt">The coming close; null when not bound, or where there is none.</param>
    public sealed record WorkResumed(Instant At, string By, WorkLimit? Limit, Instant? StopsAt, ImmutableArray<ClockSetting> Clocks) : CaseEvent(At, By);

    /// <summary>The customer does not need work round the clock (HB-6.3).</summary>
    public sealed record ContinuousServiceDeclined(Instant At, string By, string Reason) : CaseEvent(At, By);

    /// <summary>The customer wants it after all, and a contact is reachable round the clock.</summary>
    public sealed record ContinuousServiceTakenBack(Instant At, string By, string? Text) : CaseEvent(At, By);
}

public sealed partial record CaseState
{
    /// <summary>The local hours that the case keeps; null for one that may be worked on at any hour.</summary>
    public KeptHours? Hours { get; init; }

    /// <summary>Why continuous service is off although the offer has it; null when it is not.</summary>
    public NotContinuous? NotContinuous { get; init; }

    /// <summary>Worked on day and night until service is restored (HB-6.3): by offer and severity, unless declined or without a contact.</summary>
    public bool IsContinuous => ClosedAt is null && AcknowledgedAt is not null && MayBeContinuous && NotContinuous is null && Waiting.All(w => w.Reason != HoldReason.Contact);

    /// <summary>A severity 1 of an offer with continuous service whose service is not restored yet.</summary>
    internal bool MayBeContinuous => Terms.ContinuousService && Severity == 1 && RestoredAt is null;

    /// <summary>Nobody works on it: local business hours are closed (HB-6.4).</summary>
    public bool IsStopped => Hours?.IsStopped == true;

    private bool IsStoppedOnHold => Hours is { IsStopped: true, Limit: not WorkLimit.Offer };

    /// <summary>The state after an event about hours; null for any other.</summary>
    private CaseState? ApplyHours(CaseEvent happened) => happened switch
    {
        CaseEvent.HoursLimited e => this with { Hours = new(e.Limit, e.At, e.StopsAt, null) },
        CaseEvent.HoursUnlimited => this with { Hours = null },
        CaseEvent.WorkStopped e => (this with
        {
            Hours = new(e.Limit, e.At, null, e.ResumesAt),
            Holds = e.Limit == WorkLimit.Offer ? HoldsWithout(HoldReason.ClosedHours, e.At) : HoldsWith(HoldReason.ClosedHours, e.At),
        }).Set(e.Clocks, e.At),
        CaseEvent.WorkResumed e => (this with
        {
            Hours = e.Limit is { } limit ? new(limit, e.At, e.StopsAt, null) : null,
            Holds = HoldsWithout(HoldReason.ClosedHours, e.At),
        }).Set(e.Clocks, e.At),
        CaseEvent.ContinuousServiceDeclined e => this with { NotContinuous = new(WorkLimit.Declined, e.At, e.Reason) },
        CaseEvent.ContinuousServiceTakenBack => this with { NotContinuous = null },
        _ => null,
    };
}
