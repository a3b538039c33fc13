using NodaTime;
using SupportCluster.Domain.Milestones;
using SupportCluster.Domain.Policy;

namespace SupportCluster.Domain.Cases;

/// <summary>
/// Turns another system's rows into the events of a case: each at its own instant, clocks and holds computed from them, misses of the
/// past as of their instant, no warnings for what is past, no reopen window. See <c>docs/import.md</c>.
/// </summary>
internal static class CaseImport
{
    internal static Decision<CaseEvent> Decide(CaseState? state, CaseCommand.Import import, SupportPolicy policy, Instant present)
    {
        var rows = import.Rows.Where(r => state?.LastSourceRow is not { } last || r.Key > last).ToList();
        if (rows.Count == 0)
        {
            return new List<CaseEvent>();
        }

        if (Case.Severity(import.Severity) is { } wrongSeverity)
        {
            return wrongSeverity;
        }

        var latest = state?.LastAt ?? Instant.MinValue;
        for (var i = 0; i < rows.Count; i++)
        {
            if (i > 0 && rows[i].Key <= rows[i - 1].Key)
            {
                return Row("import-order", "the keys of a case's rows increase", rows[i].Key);
            }

            if (rows[i].At < latest)
            {
                return Row("import-order", state is null || i > 0 ? "a row is not earlier than the row before it" : "a row is not earlier than what has happened to the case here", rows[i].Key);
            }

            if (rows[i].At > present)
            {
                return Row("import-future", "a row lies in the past", rows[i].Key);
            }

            latest = rows[i].At;
        }

        var actor = Actor.System;
        CaseTurn turn;
        if (state is null)
        {
            var report = new ProblemReport(import.Title, "", import.Severity, import.Contact, Channel.Online, [], false, null, null, []);
            turn = CaseTurn.Report(actor, policy, rows[0].At, import.Number, import.Terms, report, [], [], import.SourceKey, present);
            turn.Acknowledge(actor.Id, import.Severity, turn.State.Queue);
        }
        else
        {
            turn = new CaseTurn(state, actor, policy, rows[0].At, history: true) { Present = present };
        }

        foreach (var row in rows)
        {
            turn.Now = row.At;
            turn.CatchUp();
            turn.Add(new CaseEvent.SourceRecorded(row.At, actor.Id, row.Key, row.Step, row.Status, row.Owner, row.OwnerCountry, row.Team, row.Text));
            Step(turn, row);
        }

        turn.Now = Instant.Max(present, turn.State.LastAt);
        turn.CatchUp();
        return turn.Events;
    }

    private static void Step(CaseTurn turn, SourceRow row)
    {
        if (row.Step == SourceStep.Noted)
        {
            return;
        }

        if (row.Step == SourceStep.Ended)
        {
            if (turn.State.ClosedAt is null)
            {
                turn.Meet(MilestoneKind.InitialResponse);
                turn.Meet(MilestoneKind.ServiceRestoration);
                turn.Meet(MilestoneKind.SolutionProposal);
                turn.Close(CloseHow.Imported, row.Status);
            }

            return;
        }

        if (turn.State.ClosedAt is not null)
        {
            turn.Reopen(row.Status);
        }

        var waits = turn.State.Waiting.Any(w => w.Reason == HoldReason.Customer);
        if (row.Step == SourceStep.WaitingForCustomer)
        {
            if (!waits)
            {
                turn.Meet(MilestoneKind.InitialResponse);
                turn.Add(new CaseEvent.CustomerAsked(row.At, turn.Actor.Id, row.Status, turn.Clocks(turn.State.HoldsWith(HoldReason.Customer, row.At))));
            }
        }
        else if (waits)
        {
            turn.Add(new CaseEvent.CustomerAnswered(row.At, turn.Actor.Id, row.Status, turn.Clocks(turn.State.HoldsWithout(HoldReason.Customer, row.At))));
        }

        if (row.Step == SourceStep.Queued)
        {
            if (turn.State.Owner is not null)
            {
                turn.Add(new CaseEvent.Released(row.At, turn.Actor.Id, row.Status));
            }

            return;
        }

        if (row.Owner is { } name && turn.State.Owner is var owner && owner?.Value != Slug.From(name))
        {
            var engineer = EngineerId.Create(Slug.From(name));
            if (owner is not null)
            {
                turn.Add(new CaseEvent.Released(row.At, turn.Actor.Id, row.Status));
            }

            turn.Add(new CaseEvent.Taken(row.At, engineer.Value, engineer, Guid.Empty));
        }

        if (row.Step == SourceStep.Working)
        {
            turn.Meet(MilestoneKind.InitialResponse);
        }
    }

    private static Refusal Row(string code, string rule, int key) => Refusal.ByRule(code, "HB-6.1", $"Row {key}: {rule}.", ("row", $"{key}"));
}
