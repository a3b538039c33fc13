using System.Collections.Immutable;
using NodaTime;
using SupportCluster.Domain.Entitlements;
using SupportCluster.Domain.Milestones;

namespace SupportCluster.Domain.Cases;

/// <summary>Where a case stands.</summary>
public enum CaseStatus
{
    Reported,
    Queued,
    InProgress,
    WaitingForCustomer,
    SolutionProposed,
    Closed,
}

/// <summary>A solution that was proposed and waits for an answer (HB-6.6).</summary>
public sealed record ProposedSolution(SolutionKind Kind, string Text, string? Update, Instant At, ImmutableArray<Instant> AskAfter, int Asked, Instant CloseAt, Instant? AcceptedAt = null);

/// <summary>What the customer is waited for.</summary>
public sealed record Waiting(HoldReason Reason, Instant Since, string Text);

/// <summary>Somebody's last act on a case, and the versions that it led to.</summary>
public sealed record LastAct(string By, long Version, long PublicVersion);

/// <summary>A case: the fold of its events.</summary>
/// <param name="PublicVersion">Counts the events that the customer may see.</param>
/// <param name="Holds">In order, not overlapping; the last may still last.</param>
/// <param name="Voided">Reservations that are refused for ever.</param>
/// <param name="SourceKey">The request or the other system's key that it was opened by.</param>
/// <param name="LastSourceRow">For an imported case the key of the last row that came in.</param>
/// <param name="SourceRows">How many rows came in.</param>
/// <param name="LastAt">Instant of the last event.</param>
public sealed partial record CaseState(
    CaseNumber Number,
    long Version,
    long PublicVersion,
    CaseTerms Terms,
    ProblemReport Report,
    ImmutableArray<string> Missing,
    ImmutableArray<string> Flags,
    int Severity,
    QueueKey Queue,
    Instant ReportedAt,
    Instant? AcknowledgedAt,
    EngineerId? Owner,
    Guid? Reservation,
    ImmutableArray<MilestoneClock> Milestones,
    ImmutableArray<Hold> Holds,
    ImmutableArray<Waiting> Waiting,
    string? Workaround,
    Instant? RestoredAt,
    ProposedSolution? Solution,
    Instant? ClosedAt,
    Instant? ReopenedAt,
    bool NoKnownFix,
    ImmutableArray<Guid> Voided,
    string? SourceKey,
    int? LastSourceRow,
    int SourceRows,
    Instant LastAt)
{
    public CaseStatus Status => ClosedAt is not null ? CaseStatus.Closed
        : AcknowledgedAt is null ? CaseStatus.Reported
        : Solution is { AcceptedAt: null } ? CaseStatus.SolutionProposed
        : !Waiting.IsEmpty ? CaseStatus.WaitingForCustomer
        : Owner is not null ? CaseStatus.InProgress
        : CaseStatus.Queued;

    /// <summary>Brought in from another system.</summary>
    public bool IsImported => LastSourceRow is not null;

    /// <summary>In its queue, to be taken.</summary>
    public bool WaitsForEngineer => ClosedAt is null && AcknowledgedAt is not null && Owner is null;

    public MilestoneClock Milestone(MilestoneKind kind) => Milestones.First(m => m.Kind == kind);

    /// <summary>The nearest deadline of a running milestone.</summary>
    public Instant? NextDeadline => Milestones.Where(m => m.State == MilestoneState.Running).Min(m => m.Setting.Deadline);

    /// <summary>The milestone that was missed first and is still not met (HB-4.8); null when there is none. An excused miss is one too.</summary>
    public MilestoneClock? Breached => Milestones.Where(m => m is { MissedAt: not null, MetAt: null }).MinBy(m => m.MissedAt);

    /// <summary>The milestone that presses most: the breached one, else the running one with the nearest deadline; null without a deadline.</summary>
    public MilestoneClock? Pressing => Breached ?? Milestones.Where(m => m is { State: MilestoneState.Running, Setting.Deadline: not null }).MinBy(m => m.Setting.Deadline);

    /// <summary>When the case must next be woken; null when nothing is due.</summary>
    public Instant? NextDue
    {
        get
        {
            if (ClosedAt is not null)
            {
                return null;
            }

            Instant? due = null;
            foreach (var milestone in Milestones)
            {
                if (milestone.NextDue is { } at && (due is null || at < due))
                {
                    due = at;
                }
            }

            if (Solution is { AcceptedAt: null } solution)
            {
                var at = solution.Asked < solution.AskAfter.Length ? solution.AskAfter[solution.Asked] : solution.CloseAt;
                due = due is null || at < due ? at : due;
            }

            foreach (var at in new[] { Ring?.Until, Hours?.StopsAt, Hours?.ResumesAt, HandoffDue, EscalationDue })
            {
                due = at is not null && (due is null || at < due) ? at : due;
            }

            return due;
        }
    }

    /// <summary>Folds an event into the state.</summary>
    public static CaseState Evolve(CaseState? state, CaseEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var next = happened is CaseEvent.Reported r ? Begin(r) : Apply(state ?? throw new InvalidOperationException("A case starts with its report."), happened);
        return next with
        {
            Version = next.Version + 1,
            PublicVersion = next.PublicVersion + (happened.IsInternal ? 0 : 1),
            LastAt = happened.At,
            LastActs = Acts(next, happened),
        };
    }

    /// <summary>The last act of the person who acted last, and the last one of anybody else; the clocks are nobody.</summary>
    public ImmutableArray<LastAct>? LastActs { get; init; }

    /// <summary>Who else has done something with the case since a reader saw it; null when nobody has.</summary>
    /// <param name="version">The version that was seen, as its reader counts.</param>
    /// <param name="forCustomer">The reader counts what the customer may see.</param>
    public string? ChangedSince(long version, string reader, bool forCustomer) =>
        LastActs?.FirstOrDefault(act => act.By != reader && (forCustomer ? act.PublicVersion : act.Version) > version)?.By;

    private static ImmutableArray<LastAct>? Acts(CaseState before, CaseEvent happened)
    {
        if (happened.By == Actor.System.Id)
        {
            return before.LastActs;
        }

        var act = new LastAct(happened.By, before.Version + 1, before.PublicVersion + (happened.IsInternal ? 0 : 1));
        var other = before.LastActs?.FirstOrDefault(a => a.By != happened.By);
        return other is null ? [act] : [act, other];
    }

    private static CaseState Begin(CaseEvent.Reported r) => new(
        r.Number, 0, 0, r.Terms, r.Report, r.Missing, r.Flags, r.Report.Severity,
        QueueKey.Of(r.Terms.Region, r.Terms.ProductLine), r.At, null, null, null,
        [.. r.Clocks.Select(c => new MilestoneClock(c))], [], [], null, null, null, null, null, false, [], r.SourceKey, null, 0, r.At)
    {
        NotContinuous = r.Terms.ContactRoundTheClock == false ? new(WorkLimit.Contact, r.At, null) : null,
    };

    private static CaseState Apply(CaseState s, CaseEvent happened) => happened switch
    {
        CaseEvent.Acknowledged e => s.Set(e.Clocks, e.At) with { AcknowledgedAt = e.At, Severity = e.Severity, Queue = e.Queue },
        CaseEvent.Taken e => s.Owned(e.Engineer, e.Reservation),
        CaseEvent.Released => s.Owned(null, null),
        CaseEvent.ReservationVoided e => s with { Voided = s.Voided.Add(e.Reservation) },
        CaseEvent.Responded or CaseEvent.NoteAdded => s,
        CaseEvent.CustomerAsked e => s.Hold(HoldReason.Customer, e.At, e.Text).Set(e.Clocks, e.At),
        CaseEvent.CustomerAnswered e => s.Resume(HoldReason.Customer, e.At).Set(e.Clocks, e.At),
        CaseEvent.ContactUnavailable e => s.Hold(HoldReason.Contact, e.At, e.Reason).Set(e.Clocks, e.At),
        CaseEvent.ContactAvailable e => s.Resume(HoldReason.Contact, e.At).Set(e.Clocks, e.At),
        CaseEvent.SeverityChanged e => s.Set(e.Clocks, e.At) with { Severity = e.To },
        CaseEvent.OfferChanged e => s.Set(e.Clocks, e.At) with
        {
            Terms = s.Terms with { Offer = e.To, PriorityCall = e.PriorityCall, ContinuousService = e.ContinuousService, PolicyVersion = e.PolicyVersion },
        },
        CaseEvent.WorkaroundGiven e => s with { Workaround = e.Text },
        CaseEvent.ServiceRestored e => s with { RestoredAt = e.At },
        CaseEvent.SolutionProposed e => s with { Solution = new(e.Kind, e.Text, e.Update, e.At, e.AskAfter, 0, e.CloseAt) },
        CaseEvent.SolutionAskedAfter => s with { Solution = s.Solution! with { Asked = s.Solution.Asked + 1 } },
        CaseEvent.SolutionAccepted e => s with { Solution = s.Solution! with { AcceptedAt = e.At } },
        CaseEvent.SolutionRejected e => s.Set(e.Clocks, e.At) with { Solution = null },
        CaseEvent.Closed e => s.ResumeAll(e.At).Set(e.Clocks, e.At).Owned(null, null) with { ClosedAt = e.At, Escalations = null },
        CaseEvent.Reopened e => s.Set(e.Clocks, e.At) with { ClosedAt = null, ReopenedAt = e.At, Solution = null, RestoredAt = null },
        CaseEvent.NoKnownFix => s with { NoKnownFix = true, Flags = s.Flags.Contains(IntakeFlags.NoKnownFix) ? s.Flags : s.Flags.Add(IntakeFlags.NoKnownFix) },
        CaseEvent.MilestoneWarned e => s.With(e.Milestone, e.Generation, m => m with { Warned = m.Warned + 1 }),
        CaseEvent.MilestoneMet e => s.With(e.Milestone, e.Generation, m => m with { MetAt = e.At }),
        CaseEvent.MilestoneMissed e => s.With(e.Milestone, e.Generation, m => m with { MissedAt = e.Deadline, Excuse = e.Excuse }),
        CaseEvent.MilestoneExcused e => s.With(e.Milestone, e.Generation, m => m with { Excuse = e.Excuse }),
        CaseEvent.SourceRecorded e => s with { LastSourceRow = e.Key, SourceRows = s.SourceRows + 1, Queue = e.Team is null ? s.Queue : QueueKey.Of(s.Terms.Region, Slug.From(e.Team)) },
        _ => s.ApplyRing(happened)
            ?? s.ApplyHours(happened)
            ?? s.ApplyHandoff(happened)
            ?? s.ApplyEscalation(happened)
            ?? throw new InvalidOperationException($"Unknown event {happened.GetType().Name}."),
    };

    /// <summary>The holds, with one more that lasts from an instant on (unless one lasts already).</summary>
    internal ImmutableArray<Hold> HoldsWith(HoldReason reason, Instant at) => Holds is [.., { To: null }] ? Holds : Holds.Add(new(reason, at));

    /// <summary>The holds after one reason for waiting is gone: they end unless another reason lasts.</summary>
    internal ImmutableArray<Hold> HoldsWithout(HoldReason reason, Instant at) => Waiting.Any(w => w.Reason != reason) || (IsStoppedOnHold && reason != HoldReason.ClosedHours) || Holds is not [.., { To: null } last] ? Holds : Holds.SetItem(Holds.Length - 1, last with { To = at });

    private CaseState Hold(HoldReason reason, Instant at, string text) => this with
    {
        Holds = HoldsWith(reason, at),
        Waiting = [.. Waiting.Where(w => w.Reason != reason), new(reason, at, text)],
    };

    private CaseState Resume(HoldReason reason, Instant at) => this with
    {
        Holds = HoldsWithout(reason, at),
        Waiting = [.. Waiting.Where(w => w.Reason != reason)],
    };

    private CaseState ResumeAll(Instant at) => this with
    {
        Holds = Holds is [.., { To: null } last] ? Holds.SetItem(Holds.Length - 1, last with { To = at }) : Holds,
        Waiting = [],
        Hours = null,
    };

    /// <summary>Sets clocks: of the same generation in place, of a later one with the former figures kept.</summary>
    private CaseState Set(ImmutableArray<ClockSetting> clocks, Instant at)
    {
        if (clocks.IsDefaultOrEmpty)
        {
            return this;
        }

        var milestones = Milestones.ToBuilder();
        foreach (var clock in clocks)
        {
            var i = IndexOf(clock.Kind);
            var before = milestones[i];
            milestones[i] = clock.Generation == before.Generation
                ? before with { Setting = clock, Warned = 0 }
                : new MilestoneClock(clock, Earlier: before.Earlier.Add(new(before.Generation, before.Setting.Target, before.Setting.Start, before.Setting.Deadline, at, before.MetAt, before.MissedAt, before.Excuse)));
        }

        return this with { Milestones = milestones.DrainToImmutable() };
    }

    private int IndexOf(MilestoneKind kind)
    {
        var i = 0;
        while (Milestones[i].Kind != kind)
        {
            i++;
        }

        return i;
    }

    private CaseState With(MilestoneKind kind, int generation, Func<MilestoneClock, MilestoneClock> change)
    {
        var i = IndexOf(kind);
        return Milestones[i].Generation == generation ? this with { Milestones = Milestones.SetItem(i, change(Milestones[i])) } : this;
    }
}

/// <summary>Points for the representative that a case carries.</summary>
public static class IntakeFlags
{
    /// <summary>A severity 1 with a workaround at hand (HB-3.2).</summary>
    public const string WorkaroundAtHand = "workaround-at-hand";

    /// <summary>The criteria given imply another severity (HB-3.2).</summary>
    public const string SeverityDiffers = "severity-differs-from-criteria";

    /// <summary>No workaround or fix is known (HB-4.12).</summary>
    public const string NoKnownFix = "no-known-fix";
}
