using NodaTime;
using NodaTime.Text;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Faults.Checking;

/// <summary>
/// Walks through the rings and handoffs of a case's history: one ring at a time, and only while an engineer is looked for; a handoff that has begun
/// comes to one of its ends (HB-5.5, HB-6.5). Ownership is the case walk's; this is asked before it.
/// </summary>
internal sealed class RingWalk(Action<string, HistoryEntry?, string> violate)
{
    private Handoff? handoff;

    /// <summary>Spans in which the case rang at somebody; no end while it rings.</summary>
    internal List<(string Engineer, Instant From, Instant? To)> Rung { get; } = [];

    /// <summary>The next owner is looked for: the case stands in its queue, although it is somebody's.</summary>
    internal bool Seeks => handoff is { Seeking: true };

    /// <summary>The ring that is on.</summary>
    private (string Engineer, Instant Until)? Ring { get; set; }

    /// <param name="owner">Before the entry.</param>
    /// <param name="open">Whether the case is acknowledged and not closed before the entry.</param>
    internal void Step(HistoryEntry entry, string? owner, bool open)
    {
        Overdue(entry);
        var engineer = Fact(entry, "engineer");
        switch (entry.Type)
        {
            case "case-ring-started":
                if (Ring is { } other)
                {
                    violate(Promises.OneRing, entry, $"it rings at {other.Engineer} already");
                }

                if (!open || (owner is not null && (!Seeks || owner == engineer)))
                {
                    violate(Promises.OneRing, entry, owner is null ? "no engineer is looked for" : $"the case is {owner}'s and not to be handed to {engineer}");
                }

                Silence(entry.At);
                Ring = (engineer, At(Fact(entry, "until")));
                Rung.Add((engineer, entry.At, null));
                break;
            case "case-ring-declined" or "case-ring-expired" or "case-ring-ended":
                if (Ring?.Engineer != engineer)
                {
                    violate(Promises.OneRing, entry, $"it rings at {Ring?.Engineer ?? "nobody"}, not at {engineer}");
                }
                else if (entry.Type == "case-ring-expired" && entry.At != Ring?.Until)
                {
                    violate(Promises.OneRing, entry, $"it was to ring until {Text(Ring!.Value.Until)}");
                }
                else if (entry.Type == "case-ring-declined" && entry.By != engineer)
                {
                    violate(Promises.MovesByAcceptance, entry, $"{entry.By} declines for {engineer}");
                }

                Silence(entry.At);
                break;
            case "case-taken":
                Accepted(entry, engineer);
                break;
            case "case-handoff-accepted":
                if (!Seeks || owner == engineer)
                {
                    violate(Promises.MovesByAcceptance, entry, handoff is null ? "it was not to be handed off" : $"no engineer but {owner} is looked for yet");
                }

                Accepted(entry, engineer);
                handoff = null;
                break;
            case "case-handoff-note-asked":
                if (owner is null || owner != engineer || (handoff is not null && Fact(entry, "reason") != "centreClosesEarly"))
                {
                    violate(Promises.HandoffEnds, entry, handoff is null ? $"{engineer} is to hand over what is {owner ?? "nobody"}'s" : "a handoff is under way");
                }

                handoff = new(At(Fact(entry, "endsAt")), false, null);
                break;
            case "case-handoff-sought":
                handoff = handoff is { Seeking: false } waits ? waits with { Seeking = true } : Without(entry);
                break;
            case "case-handoff-unaccepted":
                handoff = handoff is { Seeking: true, DutyManager: null } && Fact(entry, "dutyManager") is { Length: > 0 } manager ? handoff with { DutyManager = manager } : Without(entry);
                break;
            case "case-handoff-withdrawn":
                handoff = handoff is null ? Without(entry) : null;
                break;
            case "case-released" or "case-closed":
                handoff = null;
                break;
        }
    }

    /// <summary>What must have come by the instant at which the history was read.</summary>
    internal void End(Instant quietAt, bool closed)
    {
        if (Ring is { } ring && (closed || ring.Until <= quietAt))
        {
            violate(Promises.OneRing, null, $"rings at {ring.Engineer} until {Text(ring.Until)}, at {Text(quietAt)} still");
        }

        if (handoff is { DutyManager: null } running && running.EndsAt <= quietAt)
        {
            violate(Promises.HandoffEnds, null, $"the owner has left at {Text(running.EndsAt)}, and at {Text(quietAt)} nobody else answers for the case");
        }
    }

    /// <summary>What was due before this entry must have been recorded before it.</summary>
    private void Overdue(HistoryEntry entry)
    {
        if (Ring is { } ring && ring.Until < entry.At)
        {
            violate(Promises.OneRing, entry, $"it was to ring at {ring.Engineer} until {Text(ring.Until)}");
            Silence(ring.Until);
        }

        if (handoff is { DutyManager: null } running && running.EndsAt < entry.At)
        {
            violate(Promises.HandoffEnds, entry, $"the owner has left at {Text(running.EndsAt)}, and nobody else answers for the case");
            handoff = running with { DutyManager = "" };
        }
    }

    private void Accepted(HistoryEntry entry, string engineer)
    {
        if (entry.By != engineer)
        {
            violate(Promises.MovesByAcceptance, entry, $"{entry.By} gives it to {engineer}");
        }

        // Taken from the queue by somebody else, it stops ringing by an entry of its own.
        if (Ring?.Engineer == engineer)
        {
            Silence(entry.At);
        }
    }

    private Handoff? Without(HistoryEntry entry)
    {
        violate(Promises.HandoffEnds, entry, $"the handoff is {handoff?.ToString() ?? "none"}");
        return handoff;
    }

    private void Silence(Instant at)
    {
        if (Ring is not null)
        {
            Rung[^1] = Rung[^1] with { To = at };
            Ring = null;
        }
    }

    private static string Fact(HistoryEntry entry, string name) => entry.Facts?.GetValueOrDefault(name) ?? "";

    private static Instant At(string text) => InstantPattern.ExtendedIso.Parse(text).GetValueOrThrow();

    private static string Text(Instant at) => InstantPattern.ExtendedIso.Format(at);

    private sealed record Handoff(Instant EndsAt, bool Seeking, string? DutyManager);
}
