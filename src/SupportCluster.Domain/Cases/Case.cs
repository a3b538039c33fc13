using System.Collections.Immutable;
using NodaTime;
using SupportCluster.Domain.Centres;
using SupportCluster.Domain.Milestones;
using SupportCluster.Domain.Policy;

namespace SupportCluster.Domain.Cases;

/// <summary>
/// Decides what a command does to a case (HB-3.1, HB-4, HB-5.3, HB-6.1, HB-6.2, HB-6.6). Pure: the same state, policy and instant give the same events.
/// Whatever fell due before the command comes first, each warning and miss as of its own instant.
/// </summary>
public static class Case
{
    /// <summary>Longest text of a note, question or description, in characters.</summary>
    public const int MaxText = 32_000;

    /// <summary>Decides a command.</summary>
    /// <param name="state">Null before the case is opened.</param>
    /// <param name="policy">The policy that the case is, or will be, measured by.</param>
    /// <param name="clock">The present; time never runs backwards in a case, so an earlier one counts as that of the last event.</param>
    /// <param name="duty">Who stands in for the duty managers of the case's region (HB-3.5).</param>
    public static Decision<CaseEvent> Decide(CaseState? state, CaseCommand command, Actor actor, SupportPolicy policy, Instant clock, ImmutableArray<DutyOverride> duty = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(policy);
        if (state is null)
        {
            return command switch
            {
                CaseCommand.Open open => CaseAuthority.CheckOpening(open, actor) ?? Opened(open, actor, policy, clock),
                CaseCommand.Import import => CaseAuthority.CheckImport(actor) ?? CaseImport.Decide(null, import, policy, clock),
                _ => Refusal.NotFound("case-not-found", "There is no such case."),
            };
        }

        if (CaseAuthority.Check(state, command, actor) is { } forbidden)
        {
            return forbidden;
        }

        if (command is CaseCommand.Import more)
        {
            return CaseImport.Decide(state, more, policy, clock);
        }

        var turn = new CaseTurn(state, actor, policy, Instant.Max(clock, state.LastAt), duty: duty);
        turn.CatchUp();
        if (Decide(turn, command) is { } refusal)
        {
            return refusal;
        }

        turn.Settle();
        turn.CatchUp();
        return turn.Events;
    }

    private static Decision<CaseEvent> Opened(CaseCommand.Open open, Actor actor, SupportPolicy policy, Instant now)
    {
        var turn = CaseTurn.Report(actor, policy, now, open.Number, open.Terms, open.Report, open.Missing, open.Flags, open.SourceKey);
        if (open.Automatic)
        {
            turn.Acknowledge(Actor.System.Id, open.Report.Severity, turn.State.Queue);
        }

        turn.Settle();
        return turn.Events;
    }

    /// <summary>Adds the command's events to the turn, or says why not.</summary>
    private static Refusal? Decide(CaseTurn turn, CaseCommand command)
    {
        var (s, now, by) = (turn.State, turn.Now, turn.Actor.Id);
        switch (command)
        {
            case CaseCommand.Tick:
                return null;

            case CaseCommand.Open c:
                // The same request again changes nothing; a number is never used twice.
                return c.SourceKey == s.SourceKey ? null : Refusal.State("case-number-used", "This case number belongs to another case.", "HB-5.6");

            case CaseCommand.Acknowledge c:
                if (s.AcknowledgedAt is not null)
                {
                    return Refusal.State("already-acknowledged", $"The case was acknowledged at {Text(s.AcknowledgedAt.Value)}.", "HB-4.2");
                }

                if (c.Severity is { } given && Severity(given) is { } wrong)
                {
                    return wrong;
                }

                if (c.Queue is { } queue && (queue.Region != s.Terms.Region || !Slug.IsValid(queue.Value[(queue.Region.Length + 1)..])))
                {
                    return Refusal.Malformed("queue-unknown", $"A queue of this case is {s.Terms.Region}/ and a product line.", "/queue", "HB-5.5");
                }

                if (s.ClosedAt is not null)
                {
                    return CaseClosed(s);
                }

                turn.Acknowledge(by, c.Severity ?? s.Severity, c.Queue ?? s.Queue);
                return null;

            case CaseCommand.Assign c:
                return Assign(turn, c);

            case CaseCommand.VoidReservation c:
                if (s.Reservation == c.Reservation && s.Owner == c.Engineer)
                {
                    return Refusal.State("already-assigned", "The reservation was used.");
                }

                if (s.Ring?.Reservation == c.Reservation)
                {
                    return Refusal.State("ringing", "The case rings under this reservation.");
                }

                if (!s.Voided.Contains(c.Reservation))
                {
                    turn.Add(new CaseEvent.ReservationVoided(now, by, c.Reservation));
                }

                return null;

            case CaseCommand.DeclineRing c:
                return Ringing.Decline(turn, c);

            case CaseCommand.EndRing c:
                return Ringing.End(turn, c);

            case CaseCommand.EndShift c:
                return HandingOff.EndShift(turn, c);
            case CaseCommand.StayOnShift c:
                return HandingOff.StayOnShift(turn, c);

            case CaseCommand.AddNote c:
                if (Required(c.Text, "/text") is { } noText)
                {
                    return noText;
                }

                turn.Add(new CaseEvent.NoteAdded(now, by, c.Text, c.Internal));
                return null;

            case CaseCommand.ExcuseMiss c:
                return ExcuseMiss(turn, c);

            case CaseCommand.RecordNoKnownFix c:
                return NoKnownFix(turn, c);

            case CaseCommand.Reopen c:
                return Reopen(turn, c);

            case CaseCommand.ChangeOffer c:
                if (s.ClosedAt is null && c.Offer != s.Terms.Offer && turn.Policy.Rank(c.Offer) > turn.Policy.Rank(s.Terms.Offer))
                {
                    var better = s.Terms with { Offer = c.Offer };
                    turn.Add(new CaseEvent.OfferChanged(now, by, s.Terms.Offer, c.Offer, c.PriorityCall, c.ContinuousService, c.PolicyVersion, turn.Retarget(better, s.Severity, raised: true)));
                }

                return null;
        }

        if (s.ClosedAt is not null)
        {
            return CaseClosed(s);
        }

        switch (command)
        {
            case CaseCommand.Release c:
                if (Required(c.Reason, "/reason") is { } noReason)
                {
                    return noReason;
                }

                if (s.Owner is null)
                {
                    return Refusal.State("not-owner", "The case has no owner.");
                }

                turn.Add(new CaseEvent.Released(now, by, c.Reason));
                return null;

            case CaseCommand.Ring c:
                return Ringing.Start(turn, c);

            case CaseCommand.Escalate c:
                return Escalating.Escalate(turn, c);

            case CaseCommand.TakeUpEscalation c:
                return Escalating.TakeUp(turn, c);

            case CaseCommand.Deescalate c:
                return Escalating.Deescalate(turn, c);

            case CaseCommand.GiveHandoffNote c:
                return HandingOff.Note(turn, c);

            case CaseCommand.NobodyFound:
                return HandingOff.NobodyFound(turn);

            case CaseCommand.DeclineContinuousService c:
                return OwnHours.Decline(turn, c);

            case CaseCommand.TakeBackContinuousService c:
                return OwnHours.TakeBack(turn, c);

            case CaseCommand.ChangeSeverity c:
                return ChangeSeverity(turn, c);

            case CaseCommand.ContactUnavailable c:
                if (Required(c.Reason, "/reason") is { } noWhy)
                {
                    return noWhy;
                }

                turn.Add(new CaseEvent.ContactUnavailable(now, by, c.Reason, turn.Clocks(s.HoldsWith(HoldReason.Contact, now))));
                return null;

            case CaseCommand.ContactAvailable c:
                if (s.Waiting.All(w => w.Reason != HoldReason.Contact))
                {
                    return Refusal.State("contact-not-awaited", "The case does not wait for a qualified contact.", "HB-2.6");
                }

                if (NotTooLong(c.Text, "/text") is { } longText)
                {
                    return longText;
                }

                turn.Add(new CaseEvent.ContactAvailable(now, by, c.Text, turn.Clocks(s.HoldsWithout(HoldReason.Contact, now))));
                return null;

            case CaseCommand.AskCustomer c:
                if (Required(c.Text, "/text") is { } noQuestion)
                {
                    return noQuestion;
                }

                turn.Add(new CaseEvent.CustomerAsked(now, by, c.Text, turn.Clocks(s.HoldsWith(HoldReason.Customer, now))));
                return null;

            case CaseCommand.Answer c:
                if (Required(c.Text, "/text") is { } noAnswer)
                {
                    return noAnswer;
                }

                if (s.Waiting.All(w => w.Reason != HoldReason.Customer))
                {
                    return Refusal.State("not-asked", "The case does not wait for an answer; a note says something unasked.", "HB-4.9");
                }

                turn.Add(new CaseEvent.CustomerAnswered(now, by, c.Text, turn.Clocks(s.HoldsWithout(HoldReason.Customer, now))));
                return null;

            case CaseCommand.Close c:
                return Close(turn, c);
        }

        if (s.AcknowledgedAt is null)
        {
            return Refusal.State("not-acknowledged", "The case must be acknowledged first.", "HB-4.2");
        }

        switch (command)
        {
            case CaseCommand.Respond c:
                return Respond(turn, c);

            case CaseCommand.GiveWorkaround c:
                if (Required(c.Text, "/text") is { } noWorkaround)
                {
                    return noWorkaround;
                }

                turn.Add(new CaseEvent.WorkaroundGiven(now, by, c.Text));
                return null;

            case CaseCommand.RestoreService c:
                if (Required(c.Text, "/text") is { } noRestoration)
                {
                    return noRestoration;
                }

                if (s.RestoredAt is not null)
                {
                    return Refusal.State("already-restored", $"Service was restored at {Text(s.RestoredAt.Value)}.", "HB-4.5");
                }

                turn.Add(new CaseEvent.ServiceRestored(now, by, c.Text));
                turn.Meet(MilestoneKind.ServiceRestoration);
                return null;

            case CaseCommand.ProposeSolution c:
                return Propose(turn, c);

            case CaseCommand.AcceptSolution c:
                if (s.Solution is null)
                {
                    return Refusal.State("no-solution-proposed", "No solution is proposed.", "HB-6.6");
                }

                if (NotTooLong(c.Text, "/text") is { } longAnswer)
                {
                    return longAnswer;
                }

                turn.Add(new CaseEvent.SolutionAccepted(now, by, c.Text));
                turn.Meet(MilestoneKind.ServiceRestoration);
                turn.Close(CloseHow.Agreement, c.Text ?? "Solution accepted.");
                return null;

            case CaseCommand.RejectSolution c:
                if (s.Solution is null)
                {
                    return Refusal.State("no-solution-proposed", "No solution is proposed.", "HB-6.6");
                }

                if (Required(c.Reason, "/reason") is { } noRejection)
                {
                    return noRejection;
                }

                turn.Add(new CaseEvent.SolutionRejected(now, by, c.Reason, []));
                return null;

            default:
                throw new InvalidOperationException($"Unknown command {command.GetType().Name}.");
        }
    }

    private static Refusal? Assign(CaseTurn turn, CaseCommand.Assign c)
    {
        var s = turn.State;
        if (s.Reservation == c.Reservation)
        {
            return null;
        }

        if (s.Voided.Contains(c.Reservation))
        {
            return Refusal.State("reservation-void", "The reservation is no longer valid.");
        }

        if (s.ClosedAt is not null)
        {
            return CaseClosed(s);
        }

        if (s.AcknowledgedAt is null)
        {
            return Refusal.State("not-acknowledged", "The case must be acknowledged first.", "HB-4.2");
        }

        if (s.Owner is { } owner && (s.Handoff is not { Seeking: true } || owner == c.Engineer))
        {
            return Refusal.State("already-owned", $"The case is {owner}'s.", "HB-5.5");
        }

        if (s.Severity != c.Severity)
        {
            return Refusal.State("severity-changed", "The severity changed meanwhile: try again.");
        }

        turn.Add(s.Owner is { } former
            ? new CaseEvent.HandoffAccepted(turn.Now, c.Engineer.Value, former, c.Engineer, c.Reservation)
            : new CaseEvent.Taken(turn.Now, c.Engineer.Value, c.Engineer, c.Reservation));
        return null;
    }

    private static Refusal? Respond(CaseTurn turn, CaseCommand.Respond c)
    {
        if (Required(c.Text, "/text") is { } noText)
        {
            return noText;
        }

        var s = turn.State;
        var first = s.Milestone(MilestoneKind.InitialResponse).MetAt is null;
        var allowed = turn.Policy.Targets(turn.Offer(s.Terms.Offer), s.Severity).ResponseChannels;
        if (first && !allowed.Contains(c.Channel))
        {
            var names = string.Join(" or ", allowed.Select(Word));
            return Refusal.ByRule("channel-not-allowed", "HB-4.3", $"The first response to a severity {s.Severity} case of this offer is given by {names}.", ("allowed", names)) with { Pointer = "/channel" };
        }

        turn.Add(new CaseEvent.Responded(turn.Now, turn.Actor.Id, c.Channel, c.Text));
        turn.Meet(MilestoneKind.InitialResponse);
        return null;
    }

    private static Refusal? Propose(CaseTurn turn, CaseCommand.ProposeSolution c)
    {
        if ((Required(c.Text, "/text") ?? NotTooLong(c.Update, "/update")) is { } noText)
        {
            return noText;
        }

        if (c.Kind == SolutionKind.PlannedForComingVersion && string.IsNullOrWhiteSpace(c.Update))
        {
            return Refusal.ByRule("update-missing", "HB-4.3", "A solution planned for a coming version names the software update.") with { Pointer = "/update" };
        }

        if (turn.State.Solution is not null)
        {
            return Refusal.State("solution-already-proposed", "A proposed solution waits for the contact's answer.", "HB-6.6");
        }

        var hours = turn.Deadlines.LocalHours;
        var rules = turn.Policy.Document.Cases;
        turn.Add(new CaseEvent.SolutionProposed(turn.Now, turn.Actor.Id, c.Kind, c.Text, c.Update,
            [.. rules.RemindAfterBusinessDays.Select(d => hours.AddBusinessDays(turn.Now, d))], hours.AddBusinessDays(turn.Now, rules.CloseAfterBusinessDays)));
        turn.Meet(MilestoneKind.SolutionProposal);
        return null;
    }

    private static Refusal? ChangeSeverity(CaseTurn turn, CaseCommand.ChangeSeverity c)
    {
        if ((Severity(c.Severity) ?? Required(c.Reason, "/reason")) is { } wrong)
        {
            return wrong;
        }

        var s = turn.State;
        if (c.Severity == s.Severity)
        {
            return Refusal.State("severity-unchanged", $"The severity is {s.Severity} already.", "HB-3.1");
        }

        turn.Add(new CaseEvent.SeverityChanged(turn.Now, turn.Actor.Id, s.Severity, c.Severity, c.Reason, turn.Retarget(s.Terms, c.Severity, raised: c.Severity < s.Severity)));
        return null;
    }

    private static Refusal? Close(CaseTurn turn, CaseCommand.Close c)
    {
        if (Required(c.Reason, "/reason") is { } noReason)
        {
            return noReason;
        }

        var how = turn.Actor.Role switch
        {
            Role.Contact => CloseHow.Withdrawn,
            Role.Manager => CloseHow.ByManager,
            _ => (CloseHow?)null,
        };
        if (how is null)
        {
            return Refusal.ByRule("agreement-required", "HB-6.6", "A case is closed with the contact's agreement after a solution: propose one, or ask a manager.");
        }

        turn.Close(how.Value, c.Reason);
        return null;
    }

    private static Refusal? Reopen(CaseTurn turn, CaseCommand.Reopen c)
    {
        var s = turn.State;
        if (Required(c.Reason, "/reason") is { } noReason)
        {
            return noReason;
        }

        if (s.ClosedAt is not { } closed)
        {
            return Refusal.State("not-closed", "Only a closed case can be reopened.", "HB-6.6");
        }

        var until = closed + turn.Policy.Document.Cases.ReopenWithin;
        if (turn.Now >= until)
        {
            return Refusal.ByRule("reopen-window-passed", "HB-6.6", $"The case could be reopened until {Text(until)}; report the problem as a new case.", ("until", Text(until)));
        }

        turn.Reopen(c.Reason);
        return null;
    }

    private static Refusal? ExcuseMiss(CaseTurn turn, CaseCommand.ExcuseMiss c)
    {
        if (Required(c.Reason, "/reason") is { } noReason)
        {
            return noReason;
        }

        var milestone = turn.State.Milestone(c.Milestone);
        if (milestone.State != MilestoneState.Missed)
        {
            return Refusal.State("not-missed", "Only a missed milestone can be excused.", "HB-4.11");
        }

        turn.Add(new CaseEvent.MilestoneExcused(turn.Now, turn.Actor.Id, c.Milestone, milestone.Generation, new(c.Cause, c.Reason, turn.Actor.Id, turn.Now)));
        return null;
    }

    private static Refusal? NoKnownFix(CaseTurn turn, CaseCommand.RecordNoKnownFix c)
    {
        if (Required(c.Reason, "/reason") is { } noReason)
        {
            return noReason;
        }

        turn.Add(new CaseEvent.NoKnownFix(turn.Now, turn.Actor.Id, c.Reason));
        foreach (var missed in turn.State.Milestones.Where(m => CaseTurn.HeldKinds.Contains(m.Kind) && m is { State: MilestoneState.Missed, Excuse: null }))
        {
            turn.Add(new CaseEvent.MilestoneExcused(turn.Now, turn.Actor.Id, missed.Kind, missed.Generation, new(ExcuseCause.NoKnownFix, c.Reason, turn.Actor.Id, turn.Now)));
        }

        return null;
    }

    private static Refusal CaseClosed(CaseState s) => Refusal.State("case-closed", $"The case was closed at {Text(s.ClosedAt!.Value)}.", "HB-6.6");

    internal static Refusal? Severity(int severity) => severity is >= 1 and <= 4 ? null : Refusal.Malformed("severity-malformed", "A severity is 1, 2, 3 or 4.", "/severity", "HB-3.1");

    internal static Refusal? Required(string? text, string pointer) =>
        string.IsNullOrWhiteSpace(text) ? Refusal.Malformed("text-missing", "A text is required here.", pointer)
        : NotTooLong(text, pointer);

    internal static Refusal? NotTooLong(string? text, string pointer) => text?.Length > MaxText ? Refusal.Malformed("text-too-long", $"At most {MaxText} characters.", pointer) : null;

    private static string Text(Instant at) => NodaTime.Text.InstantPattern.General.Format(at);

    private static string Word(Channel channel) => channel switch
    {
        Channel.LiveTransfer => "live transfer",
        Channel.CallBack => "call-back",
        Channel.Email => "e-mail",
        _ => channel.ToString().ToLowerInvariant(),
    };
}
