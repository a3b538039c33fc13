using NodaTime;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Faults.Checking;

/// <summary>A stretch in which nobody had a case that is worked on day and night: no owner at work, no ring, no manager who was told.</summary>
/// <param name="Owner">Who owns it and is off shift; null when nobody does.</param>
internal sealed record Unattended(string Number, Instant From, Instant To, string? Owner)
{
    internal Duration Length => To - From;
}

/// <summary>Looks for the stretches in which a case in continuous service was left alone (HB-6.3, HB-6.5).</summary>
internal static class ContinuityCheck
{
    /// <param name="offers">With continuous service.</param>
    /// <param name="shifts">By engineer.</param>
    internal static IReadOnlyList<Unattended> Find(IReadOnlyList<RecordedCase> cases, IReadOnlySet<string> offers, IReadOnlyDictionary<string, IReadOnlyList<Interval>> shifts)
    {
        var found = new List<Unattended>();
        foreach (var recorded in cases.Where(c => offers.Contains(c.View.Offer)))
        {
            var now = new Standing();
            Instant? since = null;
            foreach (var entry in recorded.History)
            {
                if (since is { } from && from < entry.At)
                {
                    Add(found, Alone(recorded.View.Number, now, from, entry.At, shifts));
                }

                now = now.After(entry);
                since = entry.At;
            }
        }

        return found;
    }

    private static IEnumerable<Unattended> Alone(string number, Standing standing, Instant from, Instant to, IReadOnlyDictionary<string, IReadOnlyList<Interval>> shifts)
    {
        if (!standing.IsContinuous || standing.IsEscalated || (standing.Owner is null && standing.Rings))
        {
            yield break;
        }

        if (standing.Owner is { } owner)
        {
            foreach (var shift in shifts.GetValueOrDefault(owner, []).Where(s => s.End > from && s.Start < to))
            {
                if (shift.Start > from)
                {
                    yield return new(number, from, shift.Start, owner);
                }

                from = Instant.Max(from, shift.End);
            }
        }

        if (from < to)
        {
            yield return new(number, from, to, standing.Owner);
        }
    }

    /// <summary>Stretches that follow one another are one.</summary>
    private static void Add(List<Unattended> found, IEnumerable<Unattended> more)
    {
        foreach (var next in more)
        {
            if (found is [.., var last] && last.Number == next.Number && last.To == next.From && last.Owner == next.Owner)
            {
                found[^1] = last with { To = next.To };
            }
            else
            {
                found.Add(next);
            }
        }
    }

    /// <summary>How a case stands, as far as it matters here.</summary>
    private sealed record Standing(bool Acknowledged = false, bool Closed = false, bool Restored = false, bool Declined = false, bool NoContact = false, string Severity = "", string? Owner = null, bool Rings = false,
        int Escalations = 0)
    {
        internal bool IsContinuous => Acknowledged && !Closed && !Restored && !Declined && !NoContact && Severity == "1";

        internal bool IsEscalated => Escalations > 0;

        internal Standing After(HistoryEntry entry) => entry.Type switch
        {
            "case-reported" => this with { Severity = Fact(entry, "severity") },
            "case-acknowledged" => this with { Acknowledged = true, Severity = Fact(entry, "severity") },
            "case-severity-changed" => this with { Severity = Fact(entry, "to") },
            "case-service-restored" => this with { Restored = true },
            "case-continuous-service-declined" => this with { Declined = true },
            "case-continuous-service-taken-back" => this with { Declined = false },
            "case-contact-unavailable" => this with { NoContact = true },
            "case-contact-available" => this with { NoContact = false },
            "case-closed" => this with { Closed = true, Owner = null, Escalations = 0 },
            "case-reopened" => this with { Closed = false, Restored = false },
            "case-taken" or "case-handoff-accepted" => this with { Owner = Fact(entry, "engineer"), Rings = false },
            "case-released" => this with { Owner = null },
            "case-ring-started" => this with { Rings = true },
            "case-ring-declined" or "case-ring-expired" or "case-ring-ended" => this with { Rings = false },
            "case-escalated" when AboutEngineers(entry) => this with { Escalations = Escalations + 1 },
            "case-deescalated" when AboutEngineers(entry) => this with { Escalations = Escalations - 1 },
            _ => this,
        };

        private static bool AboutEngineers(HistoryEntry entry) => Fact(entry, "cause") is "ringUnanswered" or "handoffUnaccepted";

        private static string Fact(HistoryEntry entry, string name) => entry.Facts?.GetValueOrDefault(name) ?? "";
    }
}
