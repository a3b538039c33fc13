using System.Collections.Immutable;
using NodaTime;
using NodaTime.Text;
using SupportCluster.Domain.Calendars;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Policy;

namespace SupportCluster.Domain.Milestones;

/// <summary>Explains deadlines: those of a case as they stand, and those that a problem would have. Pure, like everything that it rests on.</summary>
public static class Explain
{
    /// <summary>The milestones of a case, in order.</summary>
    /// <param name="policy">The policy that the case is measured by.</param>
    public static IReadOnlyList<DeadlineExplained> OfCase(CaseState state, SupportPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(policy);
        var place = new Deadlines(policy, state.Terms.Zone, state.Terms.Country);
        return [.. state.Milestones.Select(milestone => Of(
            place,
            milestone,
            state.Severity,
            state.Terms.Offer,
            milestone.Kind is MilestoneKind.ServiceRestoration or MilestoneKind.SolutionProposal ? state.Holds : [],
            changed: !milestone.Earlier.IsDefaultOrEmpty && milestone.Earlier[^1].EndedAt != state.ReopenedAt))];
    }

    /// <summary>The milestones of a problem reported and acknowledged at <paramref name="at"/>; a refusal for an offer, severity or zone that does not exist.</summary>
    /// <param name="zone">IANA zone of the place of installation.</param>
    /// <param name="country">ISO 3166 code, for its public holidays.</param>
    public static (IReadOnlyList<DeadlineExplained> Deadlines, Refusal? Refusal) WhatIf(SupportPolicy policy, string offer, int severity, string zone, string? country, Instant at)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.Offer(offer) is not { } rules)
        {
            return ([], Refusal.Malformed("offer-unknown", $"'{offer}' is not one of {string.Join(", ", policy.Document.Offers.Select(o => o.Id))}.", "/offer", "HB-1.1"));
        }

        if (Case.Severity(severity) is { } wrong)
        {
            return ([], wrong);
        }

        if (SupportPolicy.FindZone(zone) is null)
        {
            return ([], Refusal.Malformed("zone-unknown", $"'{zone}' is not an IANA time zone such as Europe/Dublin.", "/zone"));
        }

        var place = new Deadlines(policy, zone, country);
        return ([.. Enum.GetValues<MilestoneKind>().Select(kind => Of(
            place,
            new MilestoneClock(place.Set(kind, 1, policy.Target(rules, severity, kind), rules.Clock, at, [], at)),
            severity,
            offer,
            [],
            changed: false))], null);
    }

    private static DeadlineExplained Of(Deadlines place, MilestoneClock milestone, int severity, string offer, ImmutableArray<Hold> holds, bool changed)
    {
        var set = milestone.Setting;
        var clock = set.Target is { } target ? place.ClockOf(target, set.Clock) : set.Clock;
        var calendar = place.Policy.Calendar(clock, place.Zone, place.Country);

        // A hold after the outcome moved nothing any more.
        var until = Instant.Min(Instant.Min(milestone.MetAt ?? Instant.MaxValue, milestone.MissedAt ?? Instant.MaxValue), set.Deadline ?? Instant.MaxValue);
        holds = set.Start is not { } started ? [] : [.. holds.Where(h => (h.To is null || h.To > started) && h.From < until)];
        var counted = set is { Start: { } start, Deadline: { } deadline, Target.Days: null } ? calendar.Explain(start, deadline, Deadlines.Pauses(holds)) : null;
        var explained = new DeadlineExplained(
            milestone.Kind,
            severity,
            offer,
            set.Target?.ToString() ?? "",
            milestone.Kind == MilestoneKind.Acknowledgement ? "HB-4.2" : changed ? "HB-4.10" : "HB-4.3",
            clock,
            place.Zone,
            calendar.Hours.ToString(),
            milestone.State,
            milestone.Generation,
            set.Start,
            set.Deadline,
            counted,
            holds,
            set.Warnings.IsDefault ? [] : set.Warnings,
            set.Cap,
            place.CapDecides(set, holds),
            "");
        return explained with { Summary = Summary(explained, milestone, place.Policy.Offer(offer)?.Name ?? offer, calendar) };
    }

    private static string Summary(DeadlineExplained e, MilestoneClock milestone, string offer, BusinessCalendar calendar)
    {
        var name = Name(e.Milestone);
        if (milestone.Setting.Target is null)
        {
            return $"{offer} promises no {name} for severity {e.Severity}.";
        }

        var subject = char.ToUpperInvariant(name[0]) + name[1..];
        if (e.Start is not { } start)
        {
            return e.State == MilestoneState.NotApplicable
                ? $"{subject} no longer applies: the case was closed before its clock started."
                : $"{subject} is promised as \"{e.Target}\" and its clock starts at acknowledgement.";
        }

        if (e.Deadline is not { } deadline)
        {
            return e.State switch
            {
                MilestoneState.NotApplicable => $"{subject} no longer applies: the case was closed first.",
                MilestoneState.Met => $"{subject} was met at {Local(milestone.MetAt!.Value, calendar)}; \"{e.Target}\" from {Local(start, calendar)} was promised.",
                MilestoneState.OnHold => $"{subject} is on hold since {Local(e.Holds.IsEmpty ? start : e.Holds[^1].From, calendar)} ({Reason(e.Holds)}): \"{e.Target}\" from {Local(start, calendar)} goes on when the hold ends.",
                _ => $"{subject} has no deadline: {e.Target} meets it.",
            };
        }

        var summary = $"{subject} is due at {Local(deadline, calendar)}: \"{e.Target}\" from {Local(start, calendar)}, {Counting(e, milestone.Setting.Target)}";
        var skipped = e.Days.Count(d => d.Skipped is not null and not "on hold");
        var holidays = e.Calendar?.Days.Where(d => d.Kind == DayKind.Holiday).Select(d => d.Holiday!).Distinct().ToList() ?? [];
        summary += skipped == 0 ? "" : $", {skipped} closed {(skipped == 1 ? "day" : "days")} passed over";
        summary += holidays.Count == 0 ? "" : $" ({string.Join(", ", holidays)})";
        summary += e.Holds.IsEmpty ? "" : $", time on hold excluded ({Reason(e.Holds)})";
        summary += e.CapApplied ? ", but not later than the deadline before the change" : "";
        summary += e.State switch
        {
            MilestoneState.Missed => milestone.MetAt is { } late ? $"; it was missed, and met late at {Local(late, calendar)}" : "; it was missed",
            MilestoneState.Met => $"; it was met at {Local(milestone.MetAt!.Value, calendar)}",
            _ => "",
        };
        return summary + ".";
    }

    private static string Counting(DeadlineExplained e, TargetRules target) => target switch
    {
        { Days: not null } => "in calendar days at the same local time",
        { BusinessDays: not null } => $"in business days ({e.Hours})",
        _ when e.Clock == MilestoneClockKind.LocalBusinessHours => $"in local business hours ({e.Hours})",
        _ => "round the clock",
    };

    private static string Reason(ImmutableArray<Hold> holds) => string.Join(", ", holds.Select(h => h.Reason).Distinct().Select(r => r switch
    {
        HoldReason.Customer => "the customer was asked",
        HoldReason.Contact => "no qualified contact was available",
        HoldReason.ClosedHours => "work had stopped until the next business day",
        _ => throw new InvalidOperationException($"Unknown reason {r}."),
    }));

    private static string Name(MilestoneKind kind) => kind switch
    {
        MilestoneKind.Acknowledgement => "acknowledgement",
        MilestoneKind.InitialResponse => "initial response",
        MilestoneKind.ServiceRestoration => "service restoration",
        MilestoneKind.SolutionProposal => "solution proposal",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static readonly ZonedDateTimePattern Minutes = ZonedDateTimePattern.CreateWithInvariantCulture("ddd uuuu'-'MM'-'dd HH':'mm z", null);
    private static readonly ZonedDateTimePattern Seconds = ZonedDateTimePattern.CreateWithInvariantCulture("ddd uuuu'-'MM'-'dd HH':'mm':'ss z", null);

    private static string Local(Instant at, BusinessCalendar calendar)
    {
        var local = at.InZone(calendar.Zone);
        return (local.Second == 0 ? Minutes : Seconds).Format(local);
    }
}
