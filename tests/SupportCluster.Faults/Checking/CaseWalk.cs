using System.Globalization;
using NodaTime;
using NodaTime.Text;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Faults.Checking;

/// <summary>
/// Walks through a case's history, entry by entry, and says what is impossible. Written against the handbook and the API alone, so
/// that it does not share the mistakes of the domain's own fold.
/// </summary>
internal sealed class CaseWalk
{
    private static readonly string[] Milestones = ["acknowledgement", "initialResponse", "serviceRestoration", "solutionProposal"];

    private readonly Dictionary<string, Clock> clocks = Milestones.ToDictionary(m => m, _ => new Clock(1, State.Pending, null, default));
    private readonly HashSet<(string Milestone, int Generation)> outcomes = [];
    private readonly HashSet<(string Milestone, int Generation, string Deadline, Instant At)> warnings = [];
    private readonly List<Violation> violations = [];
    private readonly List<string?> owners = [];
    private readonly RingWalk rings;
    private bool acknowledged;

    internal CaseWalk(RecordedCase recorded, Duration acknowledgeWithin, Instant quietAt)
    {
        Recorded = recorded;
        rings = new(Violate);
        var before = Instant.MinValue;
        foreach (var entry in recorded.History)
        {
            if (entry.Version != owners.Count + 1)
            {
                Violate(Promises.VersionsContiguous, entry, $"follows version {owners.Count}");
            }

            if (entry.At < before)
            {
                Violate(Promises.TimeForward, entry, $"is before the entry before it, {before}");
            }

            rings.Step(entry, Owner, acknowledged && !Closed);
            Step(entry, acknowledgeWithin);
            owners.Add(Owner);
            before = Instant.Max(before, entry.At);
        }

        if (recorded.View.Version != recorded.History.Count)
        {
            Violate(Promises.VersionsContiguous, null, $"the case is at version {recorded.View.Version}, its history has {recorded.History.Count} entries");
        }

        rings.End(quietAt, Closed);
        if (recorded.View.Owner != Owner)
        {
            Violate(Promises.OneOwner, null, $"the case says that it is {recorded.View.Owner ?? "nobody"}'s, its history {Owner ?? "nobody"}'s");
        }

        foreach (var (milestone, clock) in clocks)
        {
            if (clock.DueAt is { } due && due <= quietAt)
            {
                Violate(Promises.NoMissForgotten, null, $"{milestone} of generation {clock.Generation} was due {clock.Deadline} and has no miss at {quietAt}");
            }
        }
    }

    private enum State
    {
        Pending,
        Running,
        OnHold,
        Met,
        Missed,
        NotApplicable,
    }

    internal RecordedCase Recorded { get; }

    internal string Number => Recorded.View.Number;

    internal IReadOnlyList<Violation> Violations => violations;

    /// <summary>Who owns the case in the end.</summary>
    internal string? Owner { get; private set; }

    /// <summary>Acknowledged, open, without an owner, or with one whose successor is looked for.</summary>
    internal bool Waits => acknowledged && !Closed && (Owner is null || rings.Seeks);

    internal bool Closed { get; private set; }

    /// <summary>Spans of ownership; no end while it lasts.</summary>
    internal List<(string Engineer, Instant From, Instant? To)> Owned { get; } = [];

    /// <summary>Spans in which it rang at somebody, who had room reserved for it; no end while it rings.</summary>
    internal IReadOnlyList<(string Engineer, Instant From, Instant? To)> Rung => rings.Rung;

    /// <summary>Deadlines that passed while their clocks ran.</summary>
    internal List<Instant> Missed { get; } = [];

    /// <summary>Who owned the case at a version; false for a version that it does not have.</summary>
    internal bool TryOwnerAt(long version, out string? owner)
    {
        var known = version >= 1 && version <= owners.Count;
        owner = known ? owners[(int)version - 1] : null;
        return known;
    }

    private void Step(HistoryEntry entry, Duration acknowledgeWithin)
    {
        Overdue(entry);
        switch (entry.Type)
        {
            case "case-reported":
                clocks["acknowledgement"] = new(1, State.Running, entry.At + acknowledgeWithin, entry.At);
                break;
            case "case-acknowledged":
                if (acknowledged)
                {
                    Violate(Promises.AcknowledgedOnce, entry, "acknowledges an acknowledged case");
                }

                acknowledged = true;
                SetClocks(entry, _ => 0);
                break;
            case "case-customer-asked" or "case-customer-answered" or "case-contact-unavailable" or "case-contact-available" or "case-work-stopped" or "case-work-resumed":
                SetClocks(entry, _ => 0);
                break;
            case "case-severity-changed":
                // Before the acknowledgement the other clocks have not begun: there is nothing to begin anew.
                SetClocks(entry, milestone => acknowledged || milestone == "acknowledgement" ? 1 : 0);
                break;
            case "case-reopened":
                if (!Closed)
                {
                    Violate(Promises.AcknowledgedOnce, entry, "reopens an open case");
                }

                Closed = false;
                SetClocks(entry, _ => 1);
                break;
            case "case-closed":
                if (Closed)
                {
                    Violate(Promises.AcknowledgedOnce, entry, "closes a closed case");
                }

                Closed = true;
                Disown(entry.At);
                foreach (var milestone in Milestones.Where(m => clocks[m].State is State.Pending or State.Running or State.OnHold))
                {
                    clocks[milestone] = clocks[milestone] with { State = State.NotApplicable };
                }

                break;
            case "case-taken":
                if (Owner is not null || Closed || !acknowledged)
                {
                    Violate(Promises.OneOwner, entry, Owner is not null ? $"the case is {Owner}'s" : "the case does not wait for an engineer");
                }

                Disown(entry.At);
                Owner = Fact(entry, "engineer");
                Owned.Add((Owner, entry.At, null));
                break;
            case "case-handoff-accepted":
                if (Owner is null || Owner != Fact(entry, "from"))
                {
                    Violate(Promises.OneOwner, entry, $"{Fact(entry, "from")} hands over what is {Owner ?? "nobody"}'s");
                }

                Disown(entry.At);
                Owner = Fact(entry, "engineer");
                Owned.Add((Owner, entry.At, null));
                break;
            case "case-released":
                if (Owner is null)
                {
                    Violate(Promises.OneOwner, entry, "the case has no owner");
                }

                Disown(entry.At);
                break;
            case "milestone-warned":
                Warned(entry);
                break;
            case "milestone-met":
                Met(entry);
                break;
            case "milestone-missed":
                Miss(entry);
                break;
        }

        if (entry.Type is "case-responded" or "case-solution-proposed" && entry.By.StartsWith("eng-", StringComparison.Ordinal) && entry.By != Owner)
        {
            Violate(Promises.OneOwner, entry, $"{entry.By} works on {Owner ?? "nobody"}'s case");
        }
    }

    /// <summary>What was due before this entry must have been recorded before it.</summary>
    private void Overdue(HistoryEntry entry)
    {
        foreach (var milestone in Milestones)
        {
            var clock = clocks[milestone];
            if (clock.DueAt is { } due && due < entry.At && !(entry.Type == "milestone-missed" && Fact(entry, "milestone") == milestone))
            {
                Violate(Promises.NoMissForgotten, entry, $"{milestone} of generation {clock.Generation} was due {clock.Deadline} and has no miss before this entry");
                clocks[milestone] = clock with { State = State.Missed };
            }
        }
    }

    private void SetClocks(HistoryEntry entry, Func<string, int> step)
    {
        foreach (var milestone in Milestones)
        {
            if (entry.Facts?.GetValueOrDefault(milestone) is { } set)
            {
                var generation = clocks[milestone].Generation + step(milestone);
                clocks[milestone] = set switch
                {
                    "pending" => new(generation, State.Pending, null, entry.At),
                    "onHold" => new(generation, State.OnHold, null, entry.At),
                    "running" => new(generation, State.Running, null, entry.At),
                    "notApplicable" => new(generation, State.NotApplicable, null, entry.At),
                    _ => new(generation, State.Running, At(set), entry.At),
                };
            }
        }
    }

    private void Warned(HistoryEntry entry)
    {
        var (milestone, generation, clock) = Named(entry);
        var deadline = Fact(entry, "deadline");
        if (!warnings.Add((milestone, generation, deadline, entry.At)) || warnings.Count(w => w.Milestone == milestone && w.Generation == generation && w.Deadline == deadline) > 2)
        {
            Violate(Promises.WarnedOnce, entry, $"{milestone} of generation {generation} was warned of before");
        }

        if (clock.Generation != generation || clock.State != State.Running || clock.Deadline != At(deadline) || entry.At > Instant.Max(At(deadline), clock.SetAt))
        {
            Violate(Promises.WarnedOnce, entry, $"{milestone} of generation {generation} is {clock}");
        }
    }

    private void Met(HistoryEntry entry)
    {
        var (milestone, generation, clock) = Named(entry);
        var late = entry.Facts!.GetValueOrDefault("late") == "true";
        if (late ? clock.State != State.Missed : clock.State is not (State.Running or State.OnHold) || !outcomes.Add((milestone, generation)))
        {
            Violate(Promises.OneOutcome, entry, $"{milestone} of generation {generation} is {clock}");
        }
        else if (clock.Generation != generation || (!late && clock.DueAt <= entry.At))
        {
            Violate(Promises.OneOutcome, entry, $"{milestone} of generation {generation} is met too late; it is {clock}");
        }

        clocks[milestone] = clock with { State = late ? State.Missed : State.Met };
    }

    private void Miss(HistoryEntry entry)
    {
        var (milestone, generation, clock) = Named(entry);
        if (!outcomes.Add((milestone, generation)) || clock.Generation != generation || clock.State != State.Running)
        {
            Violate(Promises.OneOutcome, entry, $"{milestone} of generation {generation} is {clock}");
        }
        else if (At(Fact(entry, "deadline")) != clock.Deadline || entry.At != clock.DueAt)
        {
            Violate(Promises.MissedWhenDue, entry, $"{milestone} of generation {generation} was due {clock.Deadline}; the miss says {Fact(entry, "deadline")}");
        }

        Missed.Add(At(Fact(entry, "deadline")));
        clocks[milestone] = clock with { State = State.Missed };
    }

    private (string Milestone, int Generation, Clock Clock) Named(HistoryEntry entry)
    {
        var milestone = Fact(entry, "milestone");
        return (milestone, int.Parse(Fact(entry, "generation"), CultureInfo.InvariantCulture), clocks[milestone]);
    }

    private void Disown(Instant at)
    {
        if (Owner is not null)
        {
            Owned[^1] = Owned[^1] with { To = at };
            Owner = null;
        }
    }

    private void Violate(string promise, HistoryEntry? entry, string what) =>
        violations.Add(new(promise, $"case {Number}", entry is null ? what : $"version {entry.Version}, {entry.Type} at {InstantPattern.ExtendedIso.Format(entry.At)}: {what}"));

    private static string Fact(HistoryEntry entry, string name) => entry.Facts?.GetValueOrDefault(name) ?? "";

    private static Instant At(string text) => InstantPattern.ExtendedIso.Parse(text).GetValueOrThrow();

    /// <param name="SetAt">When it was set: a deadline that was in the past already is missed then.</param>
    private sealed record Clock(int Generation, State State, Instant? Deadline, Instant SetAt)
    {
        /// <summary>When it is missed unless something happens before; null while it does not run.</summary>
        internal Instant? DueAt => State == State.Running && Deadline is { } deadline ? Instant.Max(deadline, SetAt) : null;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{State} in generation {Generation}{(Deadline is { } d ? $", due {InstantPattern.ExtendedIso.Format(d)}" : "")}");
    }
}
