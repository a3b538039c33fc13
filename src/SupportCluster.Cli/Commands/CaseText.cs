using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Cli.Commands;

/// <summary>Cases as people read them.</summary>
internal static class CaseText
{
    /// <summary>What an action left behind: where the case stands and what runs.</summary>
    internal static void Short(Output output, CaseView view)
    {
        output.Line($"{CaseNumbers.Group(view.Number)}  {Output.Word(view.Status)}, severity {view.Severity}{(view.Owner is { } owner ? $", owner {owner}" : "")}");
        foreach (var line in new[] { Rings(view), HandedOff(view), Rests(view) }.OfType<string>().Concat((view.Escalations ?? []).Select(e => $"escalated: {Escalated(e, view.Zone)}")))
        {
            output.Line($"  {line}");
        }

        foreach (var milestone in view.Milestones.Where(m => m.State is MilestoneState.Running or MilestoneState.OnHold))
        {
            output.Line($"  {Output.Word(milestone.Milestone)}: {Standing(milestone, view.Zone)}");
        }
    }

    internal static void Full(Output output, CaseView view)
    {
        output.Line($"{CaseNumbers.Group(view.Number)}  {view.Title}");
        output.Pairs(
            ("status", Output.Word(view.Status)),
            ("severity", $"{view.Severity}{(view.PriorityCall ? ", priority call" : "")}"),
            ("customer", $"{view.Customer} ({view.SupportId}), offer {view.Offer}"),
            ("contact", view.Contact),
            ("named contacts", Joined(view.NamedContacts)),
            ("product", $"{view.Product} ({view.ProductLine})"),
            ("queue", view.Queue),
            ("owner", view.Owner),
            ("ring", Rings(view)),
            ("handoff", HandedOff(view)),
            ("work", view.Continuous ? "round the clock" : Rests(view)),
            ("escalations", Joined(view.Escalations?.Select(e => Escalated(e, view.Zone)).ToList())),
            ("language", view.Language),
            ("zone", view.Zone),
            ("reported", Output.In(view.ReportedAt, view.Zone)),
            ("acknowledged", Output.In(view.AcknowledgedAt, view.Zone)),
            ("restored", Output.In(view.RestoredAt, view.Zone)),
            ("closed", Output.In(view.ClosedAt, view.Zone)),
            ("waiting", view.Waiting is { } waiting ? $"for the {waiting.Reason} since {Output.In(waiting.Since, view.Zone)}: {waiting.Text}" : null),
            ("workaround", view.Workaround),
            ("solution", view.Solution is { } solution ? $"{Output.Word(solution.Kind)}{(solution.Update is { } update ? $" ({update})" : "")}: {solution.Text}" : null),
            ("missing", Joined(view.Missing)),
            ("flags", Joined(view.Flags)),
            ("source", view.Source),
            ("version", $"{view.Version}, policy {view.PolicyVersion}"));
        output.Line();
        output.Line(view.Description);
        output.Line();
        output.Table(
            ["milestone", "state", "target", "deadline", "left", "met", "excused"],
            view.Milestones.Select(m => new[]
            {
                Output.Word(m.Milestone), Output.Word(m.State), m.Target, Output.In(m.Deadline, view.Zone),
                m.TimeLeft is { } left ? Output.Elapsed(left) : null, Output.In(m.MetAt, view.Zone),
                m.Excuse is { } excuse ? $"{Output.Word(excuse.Cause)} by {excuse.By}: {excuse.Reason}" : null,
            }));
    }

    private static string? Rings(CaseView view) => view.Ring is { } ring
        ? $"rings at {ring.Engineer} until {Output.In(ring.Until, view.Zone)}{(ring.FallbackLanguage ? ", who does not speak the customer's language" : "")}"
        : null;

    private static string? HandedOff(CaseView view) => view.Handoff is { } handoff
        ? $"handed off by {handoff.From}, who leaves {Output.In(handoff.EndsAt, view.Zone)}{(handoff.DutyManager is { } manager ? $"; nobody has accepted, {manager} is answerable" : handoff.Seeking ? "; the next engineer is looked for" : "; a note is waited for")}"
        : null;

    private static string? Rests(CaseView view) => view.WorkResumesAt is { } at ? $"rests until {Output.In(at, view.Zone)}" : null;

    private static string Escalated(EscalationView e, string zone) =>
        $"{Output.Word(e.Cause)} since {Output.In(e.Since, zone)}, {(e.TakenUpBy is { } manager ? $"taken up by {manager}" : $"{e.Told} was told{(e.NextAt is { } next ? $", the next level is {Output.In(next, zone)}" : "")}")}: {e.Reason}";

    internal static void List(Output output, Page<CaseSummary> page)
    {
        output.Table(
            ["number", "sev", "status", "queue", "owner", "customer", "next deadline", "title"],
            page.Items.Select(c => new[]
            {
                CaseNumbers.Group(c.Number), $"{c.Severity}", Output.Word(c.Status), c.Queue, c.Owner, c.SupportId, Output.Utc(c.NextDeadline), c.Title,
            }));
        output.More(page.Next);
    }

    internal static string Entry(HistoryEntry entry)
    {
        var facts = entry.Facts is { Count: > 0 } given ? $" ({string.Join(", ", given.Select(f => $"{f.Key} {f.Value}"))})" : "";
        return $"{entry.Version,4}  {Output.UtcWithSeconds(entry.At)}  {entry.Type} by {entry.By}{(entry.Internal ? " [internal]" : "")}{facts}{(entry.Text is { } text ? $": {text}" : "")}";
    }

    internal static void Explanations(Output output, IReadOnlyList<DeadlineExplanation> explanations)
    {
        foreach (var e in explanations)
        {
            output.Line($"{Output.Word(e.Milestone)}{(e.State is { } state ? $", {Output.Word(state)}" : "")}: {e.Summary}");
            output.Pairs(
                ("  target", $"{(e.Target.Length == 0 ? "none" : e.Target)} (severity {e.Severity}, offer {e.Offer}, {e.Rule})"),
                ("  calendar", $"{e.Clock}, {e.Hours}, {e.Zone}"),
                ("  start", Output.In(e.StartedAt, e.Zone)),
                ("  deadline", Output.In(e.Deadline, e.Zone)),
                ("  warnings", e.Warnings.Count == 0 ? null : string.Join(", ", e.Warnings.Select(w => Output.In(w, e.Zone)))));
            foreach (var day in e.Days)
            {
                output.Line($"    {day.Date}  {(day.Skipped ?? Output.Elapsed(day.Counted))}");
            }

            if (e.DaysLeftOut is { } leftOut)
            {
                output.Line($"    ({leftOut} days in the middle are not shown)");
            }

            foreach (var hold in e.Holds)
            {
                output.Line($"    not counted: {hold.Reason} from {Output.In(hold.From, e.Zone)} to {Output.In(hold.To, e.Zone) ?? "now"}");
            }
        }
    }

    private static string Standing(MilestoneView m, string zone) => m.State == MilestoneState.OnHold
        ? $"on hold, {m.Target}"
        : $"{(m.Deadline is { } deadline ? $"due {Output.In(deadline, zone)} {zone}" : m.Target)}{(m.TimeLeft is { } left ? $", {Output.Elapsed(left)} left" : "")}";

    private static string? Joined(IReadOnlyList<string>? words) => words is { Count: > 0 } ? string.Join(", ", words) : null;
}
