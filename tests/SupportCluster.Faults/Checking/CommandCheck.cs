using SupportCluster.Faults.Load;

namespace SupportCluster.Faults.Checking;

/// <summary>Looks for every command in the journal: by its text where it has one, by its effect where it has none.</summary>
internal static class CommandCheck
{
    internal static IEnumerable<Violation> Check(IReadOnlyList<Command> commands, IReadOnlyDictionary<string, CaseWalk> cases)
    {
        var byText = cases.Values
            .SelectMany(c => c.Recorded.History.Where(e => e.Text is not null).Select(e => (Found: (c.Number, e.Version), Key: (e.Type, e.Text!))))
            .ToLookup(e => e.Key, e => e.Found);
        foreach (var command in commands)
        {
            var where = $"{command.Kind} {command.Key} of {command.By}{(command.Case is { } number ? $" to case {number}" : "")}";
            if (command.Marker is { } marker)
            {
                var found = byText[(command.EntryType, marker)].ToList();
                if (Counted(command, found.Count) is { } promise)
                {
                    yield return new(promise, where, $"found {found.Count} times ({string.Join(", ", found)}), outcome {command.Outcome} {command.Code} after {command.Attempts} attempts");
                }
                else if (found.Count == 1 && command.Outcome == Outcome.Acknowledged && (found[0].Number != command.Case || found[0].Version > command.Version))
                {
                    yield return new(Promises.AnswerIsInJournal, where, $"is in case {found[0].Number} at version {found[0].Version}, the answer said version {command.Version}");
                }
            }

            if (command is { Outcome: Outcome.Acknowledged, Version: { } version } && (!cases.TryGetValue(command.Case!, out var walk) || !walk.TryOwnerAt(version, out var owner) || owner != command.Owner))
            {
                yield return new(Promises.AnswerIsInJournal, where, $"the answer said version {version} and owner {command.Owner ?? "nobody"}");
            }

            if (command.AnsweredAgain is { } again && again == Outcome.Refused)
            {
                yield return new(Promises.RepeatIsRecognised, where, $"the repeat was refused: {command.CodeAgain}");
            }
        }

        foreach (var violation in Acknowledgements(commands, cases).Concat(Takes(commands, cases)))
        {
            yield return violation;
        }
    }

    private static string? Counted(Command command, int count) => command.Outcome switch
    {
        Outcome.Acknowledged => count == 1 ? null : count == 0 ? Promises.AcknowledgedOnce : Promises.RepeatIsRecognised,
        Outcome.Unknown => count <= 1 ? null : Promises.UnknownAtMostOnce,
        Outcome.Refused => count == 0 ? null : Promises.RefusedNever,
        _ => throw new InvalidOperationException($"Unknown outcome {command.Outcome}."),
    };

    /// <summary>A case is acknowledged once: by whoever was told so.</summary>
    private static IEnumerable<Violation> Acknowledgements(IReadOnlyList<Command> commands, IReadOnlyDictionary<string, CaseWalk> cases) =>
        from command in commands
        where command is { Kind: CommandKind.Acknowledge, Outcome: Outcome.Acknowledged }
        where !cases.TryGetValue(command.Case!, out var walk) || walk.Recorded.History.Count(e => e.Type == command.EntryType && e.By == command.By) != 1
        select new Violation(Promises.AcknowledgedOnce, $"{command.Kind} {command.Key} to case {command.Case}", $"is not in the journal as {command.By}'s");

    /// <summary>An engineer has taken a case, from its queue or from a colleague, as often as the engineer asked for it, at most: once for each acknowledged command, perhaps once for each without an answer.</summary>
    private static IEnumerable<Violation> Takes(IReadOnlyList<Command> commands, IReadOnlyDictionary<string, CaseWalk> cases)
    {
        var takes = commands.Where(c => c.Kind is CommandKind.Take or CommandKind.TakeNext && c.Outcome != Outcome.Refused).ToList();
        var taken = cases.Values.SelectMany(c => c.Recorded.History.Where(e => e.Type is "case-taken" or "case-handoff-accepted").Select(e => (Engineer: e.By, c.Number))).ToList();
        foreach (var engineer in takes.Select(t => t.By).Concat(taken.Select(t => t.Engineer)).Distinct())
        {
            var asked = takes.Where(t => t.By == engineer).ToList();
            var got = taken.Where(t => t.Engineer == engineer).CountBy(t => t.Number).ToDictionary();
            var anyCase = asked.Count(t => t.Case is null);
            foreach (var number in asked.Where(t => t.Outcome == Outcome.Acknowledged).Select(t => t.Case!).Distinct().Where(n => !got.ContainsKey(n)))
            {
                yield return new(Promises.AcknowledgedOnce, $"Take of {engineer}", $"case {number} was never taken");
            }

            foreach (var (number, times) in got.Where(g => g.Value > asked.Count(t => t.Case == g.Key) + anyCase))
            {
                yield return new(Promises.RepeatIsRecognised, $"Take of {engineer}", $"case {number} was taken {times} times, asked for {asked.Count(t => t.Case == number)} times");
            }

            if (got.Values.Sum() > asked.Count)
            {
                yield return new(Promises.RepeatIsRecognised, $"Take of {engineer}", $"{got.Values.Sum()} cases were taken, asked for {asked.Count} times");
            }
        }
    }
}
