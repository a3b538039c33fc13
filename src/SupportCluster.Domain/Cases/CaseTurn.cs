using System.Collections.Immutable;
using NodaTime;
using SupportCluster.Domain.Centres;
using SupportCluster.Domain.Entitlements;
using SupportCluster.Domain.Escalations;
using SupportCluster.Domain.Milestones;
using SupportCluster.Domain.Policy;

namespace SupportCluster.Domain.Cases;

/// <summary>One command's events as they come to be, each folded at once so that the next step sees it.</summary>
internal sealed class CaseTurn
{
    /// <summary>The clocks that wait for the customer (HB-4.9): the initial response never does.</summary>
    internal static readonly ImmutableArray<MilestoneKind> HeldKinds = [MilestoneKind.ServiceRestoration, MilestoneKind.SolutionProposal];

    private readonly bool history;
    private readonly ImmutableArray<DutyOverride> duty;

    /// <param name="history">For imported history: no warnings are given for what is past.</param>
    /// <param name="duty">Who stands in for the duty managers of the case's region.</param>
    internal CaseTurn(CaseState state, Actor actor, SupportPolicy policy, Instant now, bool history = false, ImmutableArray<DutyOverride> duty = default)
    {
        this.duty = duty;
        State = state;
        Actor = actor;
        Policy = policy;
        Now = now;
        this.history = history;
        Deadlines = new(policy, state.Terms.Zone, state.Terms.Country);
    }

    internal CaseState State { get; private set; }

    internal Actor Actor { get; }

    internal SupportPolicy Policy { get; }

    /// <summary>The instant of the step at hand.</summary>
    internal Instant Now { get; set; }

    internal Deadlines Deadlines { get; }

    internal List<CaseEvent> Events { get; } = [];

    /// <summary>Before this instant no warning is set: it would be given for what is past.</summary>
    internal Instant WarnAfter => history ? Instant.Max(Now, Present) : Now;

    /// <summary>The present, where <see cref="Now"/> walks through history.</summary>
    internal Instant Present { get; init; }

    /// <summary>Starts a case with its report; the acknowledgement clock runs.</summary>
    internal static CaseTurn Report(Actor actor, SupportPolicy policy, Instant now, CaseNumber number, CaseTerms terms, ProblemReport report,
        ImmutableArray<string> missing, ImmutableArray<string> flags, string sourceKey, Instant? present = null)
    {
        var deadlines = new Deadlines(policy, terms.Zone, terms.Country);
        var offer = policy.Offer(terms.Offer) ?? throw new InvalidOperationException($"Policy {policy.Version} has no offer '{terms.Offer}'.");
        var clocks = ImmutableArray.CreateBuilder<ClockSetting>(4);
        clocks.Add(deadlines.Set(MilestoneKind.Acknowledgement, 1, policy.Document.Acknowledgement, offer.Clock, now, [], present ?? now));
        foreach (var kind in Enum.GetValues<MilestoneKind>()[1..])
        {
            clocks.Add(Pending(policy, offer, report.Severity, kind, 1));
        }

        var first = new CaseEvent.Reported(now, actor.Id, number, terms, report, missing, flags, clocks.DrainToImmutable(), SupportPolicy.ZoneDataVersion, sourceKey);
        return new(CaseState.Evolve(null, first), actor, policy, now, present is not null) { Present = present ?? now, Events = { first } };
    }

    /// <summary>The case escalates itself; another system's history does not.</summary>
    internal void EscalateBySystem(EscalationCause cause, string reason)
    {
        if (!history && !State.IsImported)
        {
            Escalating.BySystem(this, cause, reason);
        }
    }

    /// <summary>The step of the ladder of the case's region that is told at this instant.</summary>
    internal Rung Rung(int step) => Ladder.At(Policy, State.Terms.Region, State.Severity, step, Now, duty);

    /// <summary>Who is duty manager of the case's region at this instant.</summary>
    internal string DutyManager() => DutyRoster.Of(Policy, State.Terms.Region, duty).At(Now).Manager;

    internal OfferRules Offer(string id) => Policy.Offer(id) ?? throw new InvalidOperationException($"Policy {Policy.Version} has no offer '{id}'.");

    internal void Add(CaseEvent happened)
    {
        Events.Add(happened);
        State = CaseState.Evolve(State, happened);
    }

    /// <summary>Records whatever fell due by now, in the order in which it fell due, each as of its own instant, with what follows from it.</summary>
    internal void CatchUp()
    {
        while (State.NextDue is { } due && due <= Now)
        {
            var now = Now;
            Now = Instant.Max(due, State.LastAt);
            FallDue(due);
            Settle();
            Now = now;
        }
    }

    /// <summary>What follows from the state without anybody's doing. Another system's history is left as it was.</summary>
    internal void Settle()
    {
        if (!history && !State.IsImported)
        {
            OwnHours.Settle(this);
            HandingOff.Settle(this);
            Ringing.Settle(this);
            Escalating.Settle(this);
        }
    }

    private void FallDue(Instant due)
    {
        if (State.Milestones.FirstOrDefault(m => m.NextDue == due) is { } milestone)
        {
            if (milestone.Warned < milestone.Setting.Warnings.Length)
            {
                Add(new CaseEvent.MilestoneWarned(Now, Actor.System.Id, milestone.Kind, milestone.Generation, milestone.Setting.Deadline!.Value));
                if (State.Milestone(milestone.Kind).Warned == milestone.Setting.Warnings.Length)
                {
                    EscalateBySystem(EscalationCause.Warning, $"{milestone.Kind} is about to be missed.");
                }
            }
            else
            {
                var excuse = State.NoKnownFix && HeldKinds.Contains(milestone.Kind) ? new Excuse(ExcuseCause.NoKnownFix, "No workaround or fix is known.", Actor.System.Id, Now) : null;
                Add(new CaseEvent.MilestoneMissed(Now, Actor.System.Id, milestone.Kind, milestone.Generation, due, excuse));
                if (excuse is null)
                {
                    EscalateBySystem(EscalationCause.Miss, $"{milestone.Kind} was missed.");
                }
            }
        }
        else if (State.Ring is { } ring && ring.Until == due)
        {
            Add(new CaseEvent.RingExpired(Now, Actor.System.Id, ring.Engineer, ring.Reservation));
        }
        else if (State.Hours is { } hours && (hours.StopsAt ?? hours.ResumesAt) == due)
        {
            OwnHours.Change(this, hours);
        }
        else if (State.Handoff is { } handoff && State.HandoffDue == due)
        {
            HandingOff.FallDue(this, handoff);
        }
        else if (State.Escalations?.FirstOrDefault(e => e.NextAt == due) is { } escalation)
        {
            Escalating.FallDue(this, escalation);
        }
        else if (State.Solution!.Asked < State.Solution.AskAfter.Length)
        {
            Add(new CaseEvent.SolutionAskedAfter(Now, Actor.System.Id, State.Solution.Asked + 1));
        }
        else
        {
            Close(CloseHow.NoAnswer, "The proposed solution had no answer.", Actor.System.Id);
        }
    }

    /// <summary>The acknowledgement: initial response, restoration and solution clocks start (HB-4.2, HB-4.4).</summary>
    internal void Acknowledge(string by, int severity, QueueKey queue)
    {
        var offer = Offer(State.Terms.Offer);
        var clocks = ImmutableArray.CreateBuilder<ClockSetting>(3);
        foreach (var kind in Enum.GetValues<MilestoneKind>()[1..])
        {
            var holds = kind == MilestoneKind.InitialResponse ? [] : State.Holds;
            clocks.Add(Deadlines.Set(kind, State.Milestone(kind).Generation, Policy.Target(offer, severity, kind), offer.Clock, Now, holds, WarnAfter));
        }

        Add(new CaseEvent.Acknowledged(Now, by, severity, queue, clocks.DrainToImmutable()));
        Meet(MilestoneKind.Acknowledgement, by);
    }

    /// <summary>The clocks that wait for the customer, set anew under other holds.</summary>
    internal ImmutableArray<ClockSetting> Clocks(ImmutableArray<Hold> holds) =>
    [
        .. State.Milestones
            .Where(m => HeldKinds.Contains(m.Kind) && m.State is MilestoneState.Running or MilestoneState.OnHold)
            .Select(m => Deadlines.Set(m.Kind, m.Generation, m.Setting.Target, m.Setting.Clock, m.Setting.Start!.Value, holds, WarnAfter, m.Setting.Cap, m.Setting.CapClock)),
    ];

    /// <summary>
    /// New targets for every milestone not yet met or missed (HB-4.10): after a raise from the change on and never later than the old
    /// deadline; after a lowering from the original start. Time on hold stays excluded.
    /// </summary>
    internal ImmutableArray<ClockSetting> Retarget(CaseTerms terms, int severity, bool raised)
    {
        var offer = Offer(terms.Offer);
        var settings = ImmutableArray.CreateBuilder<ClockSetting>();
        foreach (var milestone in State.Milestones)
        {
            // What acknowledgement is promised depends on the offer's clock alone.
            if (milestone.MetAt is not null || milestone.MissedAt is not null || (milestone.Kind == MilestoneKind.Acknowledgement && milestone.Setting.Clock == offer.Clock))
            {
                continue;
            }

            var target = Policy.Target(offer, severity, milestone.Kind);
            if (target is null && milestone.State == MilestoneState.NotApplicable)
            {
                continue;
            }

            var generation = milestone.Generation + 1;
            if (State.AcknowledgedAt is null && milestone.Kind != MilestoneKind.Acknowledgement)
            {
                settings.Add(Pending(Policy, offer, severity, milestone.Kind, milestone.Generation));
                continue;
            }

            var holds = HeldKinds.Contains(milestone.Kind) ? State.Holds : [];
            var original = State.ReopenedAt ?? (milestone.Kind == MilestoneKind.Acknowledgement ? State.ReportedAt : State.AcknowledgedAt!.Value);
            settings.Add(raised
                ? Raised(milestone, generation, target, offer.Clock, holds)
                : Deadlines.Set(milestone.Kind, generation, target, offer.Clock, original, holds, WarnAfter));
        }

        return settings.DrainToImmutable();
    }

    /// <summary>Meets a milestone unless it is met, out of the question or pending; after a miss it is met late, and stays missed.</summary>
    internal void Meet(MilestoneKind kind, string? by = null)
    {
        var milestone = State.Milestone(kind);
        if (milestone.MetAt is null && milestone.State is MilestoneState.Running or MilestoneState.OnHold or MilestoneState.Missed)
        {
            Add(new CaseEvent.MilestoneMet(Now, by ?? Actor.Id, kind, milestone.Generation, Late: milestone.MissedAt is not null));
        }
    }

    /// <summary>Ends the case; milestones that are still open no longer apply.</summary>
    internal void Close(CloseHow how, string reason, string? by = null) => Add(new CaseEvent.Closed(Now, by ?? Actor.Id, how, reason,
        [.. State.Milestones.Where(m => m.IsOpen).Select(m => m.Setting with { State = MilestoneState.NotApplicable, Deadline = null, Warnings = [] })]));

    /// <summary>
    /// Begins the case anew under its number: restoration and solution are promised again from now on, an outstanding response too. One that was
    /// closed before it was acknowledged waits for its acknowledgement, as at first.
    /// </summary>
    internal void Reopen(string reason)
    {
        var offer = Offer(State.Terms.Offer);
        if (State.AcknowledgedAt is null)
        {
            Add(new CaseEvent.Reopened(Now, Actor.Id, reason,
            [
                .. State.Milestones.Where(m => m.MetAt is null && m.MissedAt is null).Select(m => m.Kind == MilestoneKind.Acknowledgement
                    ? Deadlines.Set(m.Kind, m.Generation + 1, Policy.Document.Acknowledgement, offer.Clock, Now, [], WarnAfter)
                    : Pending(Policy, offer, State.Severity, m.Kind, m.Generation + 1)),
            ]));
            return;
        }

        Add(new CaseEvent.Reopened(Now, Actor.Id, reason,
        [
            .. State.Milestones
                .Where(m => HeldKinds.Contains(m.Kind) || (m.Kind == MilestoneKind.InitialResponse && m.State == MilestoneState.NotApplicable))
                .Select(m => (m.Kind, m.Generation, Target: Policy.Target(offer, State.Severity, m.Kind)))
                .Where(m => m.Target is not null)
                .Select(m => Deadlines.Set(m.Kind, m.Generation + 1, m.Target, offer.Clock, Now, State.Holds, WarnAfter)),
        ]));
    }

    private static ClockSetting Pending(SupportPolicy policy, OfferRules offer, int severity, MilestoneKind kind, int generation)
    {
        var target = policy.Target(offer, severity, kind);
        return new(kind, generation, target is null ? MilestoneState.NotApplicable : MilestoneState.Pending, target, offer.Clock, null, null, []);
    }

    /// <summary>A better target from now on, capped by the deadline up to now: on hold, the one that there would be if the hold ended now.</summary>
    private ClockSetting Raised(MilestoneClock milestone, int generation, TargetRules? target, MilestoneClockKind clock, ImmutableArray<Hold> holds)
    {
        var old = milestone.Setting;
        var ended = holds is [.., { To: null } last] ? holds.SetItem(holds.Length - 1, last with { To = Now }) : holds;
        if (milestone.State == MilestoneState.OnHold)
        {
            old = Deadlines.Set(old.Kind, old.Generation, old.Target, old.Clock, old.Start!.Value, ended, Now, old.Cap, old.CapClock);
        }

        var capClock = Deadlines.CapDecides(old, ended) ? old.CapClock : old.Target?.Within is null ? null : (MilestoneClockKind?)old.Clock;
        return Deadlines.Set(milestone.Kind, generation, target, clock, Now, holds, WarnAfter, old.Deadline, capClock);
    }
}
