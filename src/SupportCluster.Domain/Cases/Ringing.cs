using System.Text.Json.Serialization;

namespace SupportCluster.Domain.Cases;

[JsonDerivedType(typeof(Ring), "ring")]
[JsonDerivedType(typeof(DeclineRing), "decline-ring")]
[JsonDerivedType(typeof(EndRing), "end-ring")]
public abstract partial record CaseCommand
{
    /// <summary>Puts the case to an engineer who has reserved room for it; the policy says for how long. Accepting is <see cref="Assign"/> under the same reservation.</summary>
    /// <param name="Severity">The severity that the room was reserved for.</param>
    /// <param name="Centre">Where the engineer works, for the record.</param>
    public sealed record Ring(EngineerId Engineer, Guid Reservation, int Severity, bool FallbackLanguage, string? Centre = null) : CaseCommand;

    public sealed record DeclineRing(EngineerId Engineer, Guid Reservation, string Reason) : CaseCommand;

    /// <summary>The engineer is not reached any more: a ring there ends, none elsewhere.</summary>
    public sealed record EndRing(EngineerId Engineer) : CaseCommand;
}

/// <summary>Putting a case to engineers, one after the other (HB-5.4, HB-5.5).</summary>
internal static class Ringing
{
    internal static Refusal? Start(CaseTurn turn, CaseCommand.Ring c)
    {
        var s = turn.State;
        if (s.Ring is { } ring)
        {
            return ring.Reservation == c.Reservation ? null : Refusal.State("already-ringing", $"The case rings at {ring.Engineer}.", "HB-5.5");
        }

        if (s.Voided.Contains(c.Reservation))
        {
            return Refusal.State("reservation-void", "The reservation is no longer valid.");
        }

        if (s.AcknowledgedAt is null)
        {
            return Refusal.State("not-acknowledged", "The case must be acknowledged first.", "HB-4.2");
        }

        if (s.Owner is { } owner && (s.Handoff is not { Seeking: true } || owner == c.Engineer))
        {
            return Refusal.State("already-owned", $"The case is {owner}'s.", "HB-5.5");
        }

        if (s.IsStopped)
        {
            return Refusal.ByRule("outside-its-hours", "HB-6.4", "The case is not worked on outside local business hours.");
        }

        if (s.Severity != c.Severity)
        {
            return Refusal.State("severity-changed", "The severity changed meanwhile: try again.");
        }

        var length = s.Handoff is null ? turn.Policy.Ring(s.Severity) : turn.Policy.Handoffs.Ring;
        turn.Add(new CaseEvent.RingStarted(turn.Now, turn.Actor.Id, c.Engineer, c.Reservation, c.Severity, turn.Now + length, c.FallbackLanguage ? true : null, c.Centre));
        return null;
    }

    internal static Refusal? Decline(CaseTurn turn, CaseCommand.DeclineRing c)
    {
        if (Case.Required(c.Reason, "/reason") is { } noReason)
        {
            return noReason;
        }

        if (turn.State.Ring is not { } ring || ring.Engineer != c.Engineer || ring.Reservation != c.Reservation)
        {
            return Refusal.State("not-ringing", "The case does not ring there any more.", "HB-5.5");
        }

        turn.Add(new CaseEvent.RingDeclined(turn.Now, turn.Actor.Id, c.Engineer, c.Reservation, c.Reason));
        return null;
    }

    internal static Refusal? End(CaseTurn turn, CaseCommand.EndRing c)
    {
        if (turn.State.Ring is { } ring && ring.Engineer == c.Engineer)
        {
            turn.Add(new CaseEvent.RingEnded(turn.Now, turn.Actor.Id, ring.Engineer, ring.Reservation, RingEnd.PresenceLost));
        }

        return null;
    }

    /// <summary>Ends a ring whose case was taken by somebody else, closed, stopped, or has another severity than room was reserved for.</summary>
    internal static void Settle(CaseTurn turn)
    {
        var s = turn.State;
        if (s.Ring is { } ring && ((s.Owner is not null && s.Handoff is null) || s.ClosedAt is not null || s.IsStopped || s.Severity != ring.Severity))
        {
            turn.Add(new CaseEvent.RingEnded(turn.Now, Actor.System.Id, ring.Engineer, ring.Reservation, RingEnd.Withdrawn));
        }
    }
}
