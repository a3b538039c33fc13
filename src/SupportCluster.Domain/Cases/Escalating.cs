using System.Text.Json.Serialization;
using SupportCluster.Domain.Escalations;
using SupportCluster.Domain.Milestones;

namespace SupportCluster.Domain.Cases;

[JsonDerivedType(typeof(Escalate), "escalate")]
[JsonDerivedType(typeof(TakeUpEscalation), "take-up")]
[JsonDerivedType(typeof(Deescalate), "deescalate")]
public abstract partial record CaseCommand
{
    /// <summary>Asks for the duty manager: as the customer, or a representative for the customer, or from within as engineer or manager.</summary>
    public sealed record Escalate(string Reason) : CaseCommand;

    public sealed record TakeUpEscalation(EscalationCause Cause) : CaseCommand;

    public sealed record Deescalate(EscalationCause Cause, string Reason) : CaseCommand;
}

/// <summary>
/// The escalation procedure (HB-7). Raised by people, or by the case itself at a warning, a miss, a round of rings or a handoff without an answer,
/// as the policy says; what the case has raised about the search for an engineer and about a warning ends when it is over. Under
/// partial support there is none (HB-10.2).
/// </summary>
internal static class Escalating
{
    internal static Refusal? Escalate(CaseTurn turn, CaseCommand.Escalate c)
    {
        if (Case.Required(c.Reason, "/reason") is { } noReason)
        {
            return noReason;
        }

        var s = turn.State;
        if (s.Terms.PartialSupport == true)
        {
            return Refusal.ByRule("partial-support", "HB-10.2", "Under partial support there is no escalation to management or engineering.");
        }

        var cause = turn.Actor.Role is Role.Contact or Role.Representative ? EscalationCause.Customer : EscalationCause.Engineer;
        if (s.Escalation(cause) is { } open)
        {
            return Refusal.State("already-escalated", $"The case was escalated at {NodaTime.Text.InstantPattern.General.Format(open.Since)}; {open.TakenUpBy ?? open.Told} has it.", "HB-7.2");
        }

        Raise(turn, cause, c.Reason, turn.Actor.Id);
        return null;
    }

    internal static Refusal? TakeUp(CaseTurn turn, CaseCommand.TakeUpEscalation c)
    {
        if (turn.State.Escalation(c.Cause) is not { } open)
        {
            return NotEscalated;
        }

        if (open.TakenUpBy is { } manager)
        {
            return manager == turn.Actor.Id ? null : Refusal.State("already-taken-up", $"{manager} has taken it up.", "HB-7.2");
        }

        turn.Add(new CaseEvent.EscalationTakenUp(turn.Now, turn.Actor.Id, c.Cause));
        return null;
    }

    internal static Refusal? Deescalate(CaseTurn turn, CaseCommand.Deescalate c)
    {
        if (Case.Required(c.Reason, "/reason") is { } noReason)
        {
            return noReason;
        }

        if (turn.State.Escalation(c.Cause) is null)
        {
            return NotEscalated;
        }

        turn.Add(new CaseEvent.Deescalated(turn.Now, turn.Actor.Id, c.Cause, c.Reason));
        return null;
    }

    /// <summary>The case escalates itself, unless it is escalated for this cause already.</summary>
    internal static void BySystem(CaseTurn turn, EscalationCause cause, string reason)
    {
        var s = turn.State;
        var rules = turn.Policy.Escalations;
        var severities = cause switch
        {
            EscalationCause.Warning => rules.OnWarning,
            EscalationCause.Miss => rules.OnMiss,
            EscalationCause.RingUnanswered => rules.OnUnanswered,
            _ => null,
        };
        if (s.Terms.PartialSupport != true && s.Escalation(cause) is null && severities?.Contains(s.Severity) != false)
        {
            Raise(turn, cause, reason, Actor.System.Id);
        }
    }

    /// <summary>Who was told has not taken it up: the next level is told.</summary>
    internal static void FallDue(CaseTurn turn, Escalation escalation)
    {
        var rung = turn.Rung(escalation.Step + 1);
        turn.Add(new CaseEvent.EscalationPassedOn(turn.Now, Actor.System.Id, escalation.Cause, rung.Step, rung.Level, rung.Told, rung.NextAt));
    }

    /// <summary>Ends what the case has raised itself when the reason is gone.</summary>
    internal static void Settle(CaseTurn turn)
    {
        var s = turn.State;
        if (s.ClosedAt is not null || s.Escalations is null)
        {
            return;
        }

        End(EscalationCause.RingUnanswered, s.Owner is not null, "The case was taken.");
        End(EscalationCause.HandoffUnaccepted, s.Handoff is not { DutyManager: not null }, "Somebody has the case.");
        End(EscalationCause.Warning, !s.Milestones.Any(m => m is { State: MilestoneState.Running or MilestoneState.OnHold, Warned: > 0 }), "Nothing that was warned of is running.");

        void End(EscalationCause cause, bool gone, string reason)
        {
            if (gone && s.Escalation(cause) is not null)
            {
                turn.Add(new CaseEvent.Deescalated(turn.Now, Actor.System.Id, cause, reason));
            }
        }
    }

    private static Refusal NotEscalated => Refusal.State("not-escalated", "There is no such open escalation.", "HB-7.2");

    private static void Raise(CaseTurn turn, EscalationCause cause, string reason, string by)
    {
        var rung = turn.Rung(0);
        turn.Add(new CaseEvent.Escalated(turn.Now, by, cause, reason, rung.Level, rung.Told, rung.NextAt));
    }
}
