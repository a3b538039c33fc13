using System.Text.Json.Serialization;
using NodaTime;
using SupportCluster.Domain.Escalations;
using SupportCluster.Domain.Handoffs;
using SupportCluster.Domain.Milestones;

namespace SupportCluster.Domain.Cases;

[JsonDerivedType(typeof(EndShift), "end-shift")]
[JsonDerivedType(typeof(StayOnShift), "stay-on-shift")]
[JsonDerivedType(typeof(GiveHandoffNote), "handoff-note")]
[JsonDerivedType(typeof(NobodyFound), "nobody-found")]
public abstract partial record CaseCommand
{
    /// <summary>The owner's shift, or the centre, is about to end: told by the engineer ahead of it, as long as the policy says. The case decides whether it waits or is handed off.</summary>
    /// <param name="EndsAt">When the owner leaves; for a centre that closes early, now.</param>
    /// <param name="NextShift">When the owner is back; null when no shift is planned.</param>
    public sealed record EndShift(EngineerId Engineer, Instant EndsAt, Instant? NextShift, bool CentreClosesEarly) : CaseCommand;

    /// <summary>The owner does not leave after all, or is back before it was said: the schedule was changed, or the centre opens again.</summary>
    public sealed record StayOnShift(EngineerId Engineer) : CaseCommand;

    public sealed record GiveHandoffNote(HandoffNote Note) : CaseCommand;

    /// <summary>Of those who come into question nobody is left to ask.</summary>
    public sealed record NobodyFound : CaseCommand;
}

/// <summary>
/// Handing a case from engineer to engineer (HB-6.4, HB-6.5). A continuous case is always handed off at the end of its owner's shift; another
/// one only when a running milestone falls due while the owner is away, or when the centre closes early. The note is asked for first; the next
/// engineer is looked for once it is there, at the latest two rings before the owner leaves. Ownership moves on acceptance and not before.
/// </summary>
internal static class HandingOff
{
    internal static Refusal? EndShift(CaseTurn turn, CaseCommand.EndShift c)
    {
        var s = turn.State;
        if (s.Owner != c.Engineer || s.ClosedAt is not null)
        {
            return null;
        }

        // Who is away already comes back at another time than was said.
        var absence = s.OwnerAbsence is { } known && known.Covers(turn.Now) ? known with { Until = c.NextShift } : new(c.EndsAt, c.NextShift);
        if (s.OwnerAbsence != absence)
        {
            turn.Add(new CaseEvent.OwnerAway(turn.Now, turn.Actor.Id, c.Engineer, absence.From, absence.Until));
        }

        // What was about to be handed over at the end of the shift is so at once.
        if (c.CentreClosesEarly && !s.IsStopped && (s.Handoff is not { } running || c.EndsAt < running.EndsAt))
        {
            Begin(turn, HandoffReason.CentreClosesEarly, c.EndsAt);
        }

        return null;
    }

    internal static Refusal? StayOnShift(CaseTurn turn, CaseCommand.StayOnShift c)
    {
        var s = turn.State;
        if (s.Owner != c.Engineer || s.ClosedAt is not null || s.OwnerAbsence is null)
        {
            return null;
        }

        if (s.Handoff is not null)
        {
            turn.Add(new CaseEvent.HandoffWithdrawn(turn.Now, turn.Actor.Id));
        }

        turn.Add(new CaseEvent.OwnerStays(turn.Now, turn.Actor.Id, c.Engineer));
        return null;
    }

    internal static Refusal? Note(CaseTurn turn, CaseCommand.GiveHandoffNote c)
    {
        var note = c.Note;
        if ((Case.Required(note.State, "/state") ?? Case.Required(note.Plan, "/plan") ?? Case.Required(note.Tried, "/tried") ?? Case.Required(note.Next, "/next") ?? Case.Required(note.Contact, "/contact")) is { } missing)
        {
            return missing with { Rule = "HB-6.5" };
        }

        if (turn.State.Owner is null)
        {
            return Refusal.State("not-owner", "The case has no owner.", "HB-6.5");
        }

        turn.Add(new CaseEvent.HandoffNoteGiven(turn.Now, turn.Actor.Id, note));
        if (turn.State.Handoff is { Seeking: false })
        {
            turn.Add(new CaseEvent.HandoffSought(turn.Now, turn.Actor.Id, WithNote: true));
        }

        return null;
    }

    /// <summary>The search begins anew; of a handoff the duty manager is told at once, not only when the owner leaves.</summary>
    internal static Refusal? NobodyFound(CaseTurn turn)
    {
        var s = turn.State;
        if (!s.SeeksEngineer || s.Ring is not null)
        {
            return Refusal.State("not-sought", "No engineer is looked for.", "HB-5.5");
        }

        if (s.Passed is not null)
        {
            turn.Add(new CaseEvent.RingRoundEnded(turn.Now, turn.Actor.Id));
        }

        if (s.Handoff is { DutyManager: null })
        {
            Unaccepted(turn);
        }
        else if (s.Handoff is null)
        {
            turn.EscalateBySystem(EscalationCause.RingUnanswered, "Nobody takes the case.");
        }

        return null;
    }

    /// <summary>The note is waited for no longer, the owner leaves, or is back.</summary>
    internal static void FallDue(CaseTurn turn, Handoff handoff)
    {
        if (turn.State.OwnerAbsence?.Until <= turn.Now)
        {
            turn.Add(new CaseEvent.HandoffWithdrawn(turn.Now, Actor.System.Id));
        }
        else if (!handoff.Seeking)
        {
            turn.Add(new CaseEvent.HandoffSought(turn.Now, Actor.System.Id, WithNote: false));
        }
        else
        {
            Unaccepted(turn);
        }
    }

    /// <summary>Begins a handoff that has become necessary, withdraws one that is not any more.</summary>
    internal static void Settle(CaseTurn turn)
    {
        var s = turn.State;
        if (s.Owner is null || s.ClosedAt is not null || s.OwnerAbsence is not { } absence)
        {
            return;
        }

        if (s.Handoff is { } handoff)
        {
            if (s.IsStopped || !(handoff.Reason == HandoffReason.CentreClosesEarly || s.IsContinuous || s.Milestones.Any(m => FallsDue(m, absence) || IsStillMissing(m, absence))))
            {
                turn.Add(new CaseEvent.HandoffWithdrawn(turn.Now, Actor.System.Id));
            }
        }
        else if (!s.IsStopped && (absence.Until is null || turn.Now < absence.Until))
        {
            if (s.IsContinuous)
            {
                Begin(turn, HandoffReason.ShiftEnds, Instant.Max(absence.From, turn.Now));
            }
            else if (s.Milestones.Any(m => FallsDue(m, absence)))
            {
                Begin(turn, HandoffReason.MilestoneDue, Instant.Max(absence.From, turn.Now));
            }
        }
    }

    private static bool FallsDue(MilestoneClock milestone, OwnerAbsence absence) =>
        milestone is { State: MilestoneState.Running, Setting.Deadline: { } deadline } && absence.Covers(deadline);

    private static bool IsStillMissing(MilestoneClock milestone, OwnerAbsence absence) =>
        milestone is { MissedAt: { } missed, MetAt: null } && absence.Covers(missed);

    private static void Begin(CaseTurn turn, HandoffReason reason, Instant endsAt)
    {
        var seek = Instant.Max(turn.Now, endsAt - turn.Policy.Handoffs.Ring - turn.Policy.Handoffs.Ring);
        turn.Add(new CaseEvent.HandoffNoteAsked(turn.Now, Actor.System.Id, turn.State.Owner!.Value, reason, seek, endsAt));
    }

    private static void Unaccepted(CaseTurn turn)
    {
        turn.Add(new CaseEvent.HandoffUnaccepted(turn.Now, Actor.System.Id, turn.DutyManager()));
        turn.EscalateBySystem(EscalationCause.HandoffUnaccepted, "Nobody has accepted the handoff in time.");
    }
}
