using System.Text.Json.Serialization;
using SupportCluster.Domain.Milestones;

namespace SupportCluster.Domain.Cases;

[JsonDerivedType(typeof(DeclineContinuousService), "decline-continuous-service")]
[JsonDerivedType(typeof(TakeBackContinuousService), "take-back-continuous-service")]
public abstract partial record CaseCommand
{
    public sealed record DeclineContinuousService(string Reason) : CaseCommand;

    /// <summary>Asks for continuous service after all; a contact is reachable round the clock from now on.</summary>
    public sealed record TakeBackContinuousService(string? Text) : CaseCommand;
}

/// <summary>
/// The hours of a case (HB-3.3, HB-6.3, HB-6.4). Cases of an offer of local business hours keep those; so does a severity 1 that would be
/// worked on continuously but for the customer, who does not need it, or for a contact who is not available. All others have no hours.
/// </summary>
internal static class OwnHours
{
    internal static Refusal? Decline(CaseTurn turn, CaseCommand.DeclineContinuousService c)
    {
        var s = turn.State;
        if ((Case.Required(c.Reason, "/reason") ?? NotOffered(s)) is { } no)
        {
            return no;
        }

        if (s.NotContinuous is { Limit: WorkLimit.Declined })
        {
            return Refusal.State("continuous-service-declined", "Continuous service is declined already.", "HB-6.3");
        }

        turn.Add(new CaseEvent.ContinuousServiceDeclined(turn.Now, turn.Actor.Id, c.Reason));
        return null;
    }

    internal static Refusal? TakeBack(CaseTurn turn, CaseCommand.TakeBackContinuousService c)
    {
        var s = turn.State;
        if ((Case.NotTooLong(c.Text, "/text") ?? NotOffered(s)) is { } no)
        {
            return no;
        }

        if (s.NotContinuous is null)
        {
            return Refusal.State("continuous-service-on", "Continuous service is not declined.", "HB-6.3");
        }

        turn.Add(new CaseEvent.ContinuousServiceTakenBack(turn.Now, turn.Actor.Id, c.Text));
        return null;
    }

    /// <summary>Business hours close, or open, at this instant.</summary>
    internal static void Change(CaseTurn turn, KeptHours hours)
    {
        if (hours.IsStopped)
        {
            Resume(turn, hours.Limit);
        }
        else
        {
            Stop(turn, hours.Limit);
        }
    }

    /// <summary>Brings the hours in line with offer, severity and the customer's wish.</summary>
    internal static void Settle(CaseTurn turn)
    {
        var s = turn.State;
        if (s.ClosedAt is not null || s.AcknowledgedAt is null)
        {
            return;
        }

        var limit = LimitOf(turn);
        if (limit == s.Hours?.Limit)
        {
            return;
        }

        if (limit is not { } bound)
        {
            if (s.IsStopped)
            {
                Resume(turn, null);
            }
            else
            {
                turn.Add(new CaseEvent.HoursUnlimited(turn.Now, Actor.System.Id));
            }
        }
        else if (turn.Deadlines.LocalHours.IsOpen(turn.Now))
        {
            turn.Add(new CaseEvent.HoursLimited(turn.Now, Actor.System.Id, bound, Closing(turn)));
        }
        else
        {
            Stop(turn, bound);
        }
    }

    private static WorkLimit? LimitOf(CaseTurn turn)
    {
        var s = turn.State;
        return turn.Offer(s.Terms.Offer).Clock == MilestoneClockKind.LocalBusinessHours ? WorkLimit.Offer
            : !s.MayBeContinuous ? null
            : s.NotContinuous?.Limit ?? (s.Waiting.Any(w => w.Reason == HoldReason.Contact) ? WorkLimit.Contact : null);
    }

    private static void Stop(CaseTurn turn, WorkLimit limit)
    {
        var holds = limit == WorkLimit.Offer ? turn.State.HoldsWithout(HoldReason.ClosedHours, turn.Now) : turn.State.HoldsWith(HoldReason.ClosedHours, turn.Now);
        turn.Add(new CaseEvent.WorkStopped(turn.Now, Actor.System.Id, limit, turn.Deadlines.LocalHours.NextOpening(turn.Now), limit == WorkLimit.Offer ? [] : turn.Clocks(holds)));
    }

    private static void Resume(CaseTurn turn, WorkLimit? limit)
    {
        var s = turn.State;
        turn.Add(new CaseEvent.WorkResumed(turn.Now, Actor.System.Id, limit, limit is null ? null : Closing(turn),
            s.Hours!.Limit == WorkLimit.Offer ? [] : turn.Clocks(s.HoldsWithout(HoldReason.ClosedHours, turn.Now))));
    }

    private static NodaTime.Instant? Closing(CaseTurn turn) => turn.Deadlines.LocalHours.NextClosing(turn.Now) is var at && at < NodaTime.Instant.MaxValue ? at : null;

    private static Refusal? NotOffered(CaseState s) => s.Terms.ContinuousService ? null
        : Refusal.ByRule("continuous-service-not-included", "HB-6.3", $"The offer '{s.Terms.Offer}' does not include continuous service.", ("offer", s.Terms.Offer));
}
