using System.Collections.Immutable;
using System.Text.Json.Serialization;
using NodaTime;
using SupportCluster.Domain.Escalations;

namespace SupportCluster.Domain.Cases;

[JsonDerivedType(typeof(Escalated), "case-escalated.v1")]
[JsonDerivedType(typeof(EscalationPassedOn), "case-escalation-passed-on.v1")]
[JsonDerivedType(typeof(EscalationTakenUp), "case-escalation-taken-up.v1")]
[JsonDerivedType(typeof(Deescalated), "case-deescalated.v1")]
public abstract partial record CaseEvent
{
    /// <summary>The case is escalated; a level is told (HB-7). The customer is kept informed of the customer's own escalation.</summary>
    /// <param name="NextAt">When the next level is told unless it is taken up.</param>
    public sealed record Escalated(Instant At, string By, EscalationCause Cause, string Reason, EscalationLevel Level, string Told, Instant? NextAt) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => Cause != EscalationCause.Customer;
    }

    /// <summary>Nobody has taken it up in time: the next level is told.</summary>
    public sealed record EscalationPassedOn(Instant At, string By, EscalationCause Cause, int Step, EscalationLevel Level, string Told, Instant? NextAt) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => Cause != EscalationCause.Customer;
    }

    public sealed record EscalationTakenUp(Instant At, string By, EscalationCause Cause) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => Cause != EscalationCause.Customer;
    }

    public sealed record Deescalated(Instant At, string By, EscalationCause Cause, string Reason) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => Cause != EscalationCause.Customer;
    }
}

public sealed partial record CaseState
{
    /// <summary>The open escalations, oldest first, at most one for each cause; null when there is none. They end with the case.</summary>
    public ImmutableArray<Escalation>? Escalations { get; init; }

    /// <summary>The open escalation of a cause.</summary>
    public Escalation? Escalation(EscalationCause cause) => Escalations?.FirstOrDefault(e => e.Cause == cause);

    private Instant? EscalationDue => Escalations?.Min(e => e.NextAt);

    /// <summary>The state after an event about escalations; null for any other.</summary>
    private CaseState? ApplyEscalation(CaseEvent happened) => happened switch
    {
        CaseEvent.Escalated e => this with { Escalations = [.. Escalations ?? [], new(e.Cause, e.At, e.By, e.Reason, 0, e.Level, e.Told, e.NextAt)] },
        CaseEvent.EscalationPassedOn e => With(e.Cause, x => x with { Step = e.Step, Level = e.Level, Told = e.Told, NextAt = e.NextAt }),
        CaseEvent.EscalationTakenUp e => With(e.Cause, x => x with { TakenUpBy = e.By, NextAt = null }),
        CaseEvent.Deescalated e => this with { Escalations = Escalations?.RemoveAll(x => x.Cause == e.Cause) is { IsEmpty: false } left ? left : null },
        _ => null,
    };

    private CaseState With(EscalationCause cause, Func<Escalation, Escalation> change) =>
        this with { Escalations = Escalations is { } open ? [.. open.Select(e => e.Cause == cause ? change(e) : e)] : null };
}
