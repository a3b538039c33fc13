using NodaTime;
using SupportCluster.Faults.Load;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;
using SupportCluster.Protocol.Engineers;
using SupportCluster.Protocol.Queues;

namespace SupportCluster.Faults.Checking;

/// <summary>A run made by hand: one case, reported at 09:00:00 on a Monday with three seconds to acknowledge it, and whatever a test adds.</summary>
internal sealed class GivenRun
{
    internal const string Number = "4001122337";
    internal static readonly Instant Nine = Instant.FromUtc(2026, 3, 2, 9, 0);
    private readonly List<HistoryEntry> history = [];
    private readonly List<Command> commands = [];
    private readonly List<CaseSight> sights = [];
    private readonly List<QueueSight> queueSights = [];
    private IReadOnlyList<HeldCase> held = [];
    private IReadOnlyList<QueueEntry> queue = [];
    private string? owner;
    private double quiet;

    internal static Instant At(double seconds) => Nine + Duration.FromSeconds(seconds);

    internal static string Text(double seconds) => NodaTime.Text.InstantPattern.ExtendedIso.Format(At(seconds));

    /// <summary>The next entry of the history, that many seconds after nine.</summary>
    internal GivenRun Entry(double seconds, string type, string by = "system", string? text = null, params (string Name, string Value)[] facts)
    {
        history.Add(new(history.Count + 1, At(seconds), type, by, Text: text, Facts: facts.ToDictionary(f => f.Name, f => f.Value)));
        quiet = Math.Max(quiet, seconds);
        return this;
    }

    /// <summary>The history without one of its entries, as a store would have it that lost it.</summary>
    internal GivenRun Lost(long version)
    {
        history.RemoveAll(e => e.Version == version);
        return this;
    }

    internal GivenRun Reported() => Entry(0, "case-reported", "rep", "it broke");

    internal GivenRun Acknowledged(double seconds = 1, double response = 10) => Entry(seconds, "case-acknowledged", "rep", facts: ("initialResponse", Text(response)))
        .Entry(seconds, "milestone-met", "rep", facts: [("milestone", "acknowledgement"), ("generation", "1")]);

    internal GivenRun Taken(double seconds, string engineer = "eng-ada") => Entry(seconds, "case-taken", engineer, facts: ("engineer", engineer));

    internal GivenRun Rings(double seconds, double until, string engineer = "eng-ada") => Entry(seconds, "case-ring-started", facts: [("engineer", engineer), ("until", Text(until))]);

    internal GivenRun RingEnds(double seconds, string how, string engineer = "eng-ada", string by = "system") => Entry(seconds, $"case-ring-{how}", by, facts: ("engineer", engineer));

    /// <summary>The owner is about to leave, and asked for a note.</summary>
    internal GivenRun NoteAsked(double seconds, double endsAt, string owner = "eng-ada") =>
        Entry(seconds, "case-handoff-note-asked", facts: [("engineer", owner), ("reason", "shiftEnds"), ("endsAt", Text(endsAt))]);

    internal GivenRun Sought(double seconds) => Entry(seconds, "case-handoff-sought", facts: ("withNote", "false"));

    internal GivenRun HandedOver(double seconds, string from = "eng-ada", string engineer = "eng-bob") => Entry(seconds, "case-handoff-accepted", engineer, facts: [("from", from), ("engineer", engineer)])
        .Command(CommandKind.Take, Outcome.Acknowledged, by: engineer);

    internal GivenRun Missed(double seconds, double deadline, string milestone = "initialResponse", int generation = 1) =>
        Entry(seconds, "milestone-missed", facts: [("milestone", milestone), ("generation", $"{generation}"), ("deadline", Text(deadline))]);

    internal GivenRun Warned(double seconds, double deadline = 10) =>
        Entry(seconds, "milestone-warned", facts: [("milestone", "initialResponse"), ("generation", "1"), ("deadline", Text(deadline))]);

    internal GivenRun Command(CommandKind kind, Outcome outcome, string? marker = null, string by = "rep", long? version = null, string? owner = null, Outcome? again = null)
    {
        commands.Add(new(kind, Guid.Empty, by, Number, marker, outcome, Version: version, Owner: owner, AnsweredAgain: again));
        return this;
    }

    internal GivenRun Owner(string? engineer)
    {
        owner = engineer;
        return this;
    }

    internal GivenRun Held(params HeldCase[] cases)
    {
        held = cases;
        return this;
    }

    internal GivenRun Waiting(params string[] numbers)
    {
        queue = [.. numbers.Select(Entry)];
        return this;
    }

    /// <summary>When the histories were read.</summary>
    internal GivenRun ReadAt(double seconds)
    {
        quiet = seconds;
        return this;
    }

    /// <summary>A watcher's frame: the whole state after a version.</summary>
    internal GivenRun Snapshot(double seconds, long version, bool reset = false)
    {
        sights.Add(new(At(seconds), SightKind.Snapshot, $"1.{version}", Reset: reset, View: View(version)));
        return this;
    }

    /// <summary>A watcher's frame: what came after a version, up to another.</summary>
    internal GivenRun Change(double seconds, long after, long to, Func<HistoryEntry, HistoryEntry>? distorted = null)
    {
        sights.Add(new(At(seconds), SightKind.Change, $"1.{to}", $"1.{after}", Changes: [.. history.Where(e => e.Version > after && e.Version <= to).Select(distorted ?? (e => e))], View: View(to)));
        return this;
    }

    internal GivenRun QueueSnapshot(bool reset, params string[] numbers)
    {
        queueSights.Add(new(Nine, SightKind.Snapshot, $"7.{queueSights.Count}", Reset: reset, View: new("emea/backup", [.. numbers.Select(Entry)])));
        return this;
    }

    internal GivenRun QueueChange(string since, params QueueChange[] changes)
    {
        queueSights.Add(new(Nine, SightKind.Change, $"7.{queueSights.Count}", since, Changes: changes));
        return this;
    }

    internal static QueueEntry Entry(string number) => new(number, "northwind", "It broke", "vault", 2, false, "en", Nine);

    internal RecordedRun Build() => new(
        commands,
        [new(View(history.Count), history)],
        [new("eng-ada", 1, "Ada", "emea", ["backup"], ["en"], new(1, 1), held)],
        [new("emea/backup", queue)],
        sights.Count == 0 ? [] : [new("a watcher", Number, false, sights)],
        queueSights.Count == 0 ? [] : [new("a watcher", "emea/backup", queueSights)],
        Duration.FromSeconds(3),
        At(quiet));

    internal IReadOnlyList<string> Broken() => [.. Checker.Check(Build()).Select(v => v.Promise).Distinct()];

    private CaseView View(long version) => new(
        Number, version, "northwind", "Northwind", "It broke", "it broke", "vault", "backup", "emea", "emea/backup", 2, CaseStatus.InProgress, "essential", "contact.northwind", "en", false, Nine, [], 1, "Europe/Dublin",
        owner);
}
