using System.CommandLine;
using System.Text.Json;
using SupportCluster.Client.Live;
using SupportCluster.Protocol.Cases;
using SupportCluster.Protocol.Centres;
using SupportCluster.Protocol.Engineers;
using SupportCluster.Protocol.Queues;
using SupportCluster.Protocol.Wallboards;

namespace SupportCluster.Cli.Commands;

/// <summary>Follows a topic until it is interrupted.</summary>
internal static class WatchCommand
{
    internal static Command Create(Supportctl cli)
    {
        var topic = new Argument<Topic>("topic")
        {
            Description = "A case number, a queue such as emea/backup, or customer:<support ID>, engineer:<id>, centre:<code>, wallboard:<code>.",
            Arity = new ArgumentArity(1, 4),
            CustomParser = result =>
            {
                var text = string.Join(' ', result.Tokens.Select(t => t.Value));
                if (Parse(text) is { } parsed)
                {
                    return parsed;
                }

                result.AddError($"'{text}' can be none: a case number such as 4 0011 2233 7, a queue such as emea/backup, or {string.Join(", ", Kinds.Select(k => $"{k}:..."))} is expected.");
                return null!;
            },
        };
        var cursor = new Option<string?>("--cursor") { Description = "Of a case or engineer: tell first what happened after this cursor of a former watch." };
        return cli.Command(
            "watch",
            "Follow a case, a queue, a customer, an engineer, a centre or a wallboard, until interrupted.",
            async call =>
            {
                try
                {
                    await Watch(call, call.Get(topic), call.Get(cursor));
                }
                catch (OperationCanceledException) when (call.Cancellation.IsCancellationRequested)
                {
                    // Interrupting is how a watch ends.
                }
            },
            topic, cursor);
    }

    internal static void Print(Output output, CaseUpdate update) => Print(
        output,
        update,
        update.Kind,
        update.Reset,
        update.StaleSince,
        () => CaseText.Short(output, update.Case!),
        update.Changes.Select(CaseText.Entry));

    internal static void Print(Output output, QueueUpdate update) => Print(
        output,
        update,
        update.Kind,
        update.Reset,
        update.StaleSince,
        () =>
        {
            output.Line($"{update.Queue!.Queue}: {update.Queue.Cases.Count} waiting");
            Lines(output, update.Queue.Cases.Select(Entry));
        },
        update.Changes.Select(change => change.Entry is { } entry ? $"+ {Entry(entry)}" : $"- {CaseNumbers.Group(change.Left!)}"));

    internal static void Print(Output output, TopicUpdate<CustomerView, CustomerChange> update) => Print(
        output,
        update,
        () =>
        {
            output.Line($"{update.View!.SupportId}: {update.View.Cases.Count} open");
            Lines(output, update.View.Cases.Select(Entry));
        },
        change => change.Entry is { } entry ? $"+ {Entry(entry)}" : $"- {CaseNumbers.Group(change.Left!)}");

    internal static void Print(Output output, TopicUpdate<EngineerView, EngineerChange> update) => Print(
        output,
        update,
        () => EngineerCommands.Full(output, update.View!),
        change => $"{Output.UtcWithSeconds(change.At)}  {change.Type}{(change.Case is { } number ? $" {CaseNumbers.Group(number)}" : "")} ({change.By})");

    internal static void Print(Output output, TopicUpdate<CentreView, CentreChange> update) => Print(
        output,
        update,
        () =>
        {
            output.Line($"{update.View!.Centre}: {update.View.Engineers.Count} engineers");
            Lines(output, update.View.Engineers.Select(Entry));
        },
        change => change.Engineer is { } engineer ? $"+ {Entry(engineer)}" : $"- {change.Left}");

    internal static void Print(Output output, TopicUpdate<WallboardView, JsonElement> update) => Print(
        output,
        update with { Reset = false },
        () =>
        {
            var (board, by) = (update.View!, update.View!.BySeverity);
            output.Line($"{board.Wallboard}: {board.Open} open; severity 1: {by.Severity1}, 2: {by.Severity2}, 3: {by.Severity3}, 4: {by.Severity4}");
            Lines(output, board.Queues.Select(q => $"{q.Queue}: {q.Waiting} waiting, {q.Severity1} of severity 1{(Output.Utc(q.NextDeadline) is { } due ? $", next due {due}" : "")}"));
            Lines(output, board.Urgent.Select(c => $"{CaseNumbers.Group(c.Number)}  severity {c.Severity}, {c.Queue}, {c.Owner ?? "no owner"}, due {Output.Utc(c.NextDeadline)}"));
        },
        _ => "");

    private static readonly string[] Kinds = ["case", "queue", "customer", "engineer", "centre", "wallboard"];

    /// <summary>A topic: written out, or a case's number or a queue alone.</summary>
    private static Topic? Parse(string text)
    {
        var parts = text.Split(':', 2);
        var (kind, key) = parts.Length == 2 ? (parts[0], parts[1].Trim()) : text.Contains('/', StringComparison.Ordinal) ? ("queue", text) : ("case", text);
        return kind switch
        {
            "case" => CaseNumbers.Parse(key) is { } number ? new(kind, number) : null,
            "queue" => key.Split('/') is [{ Length: > 0 }, { Length: > 0 }] ? new(kind, key) : null,
            _ => Kinds.Contains(kind) && key.Length > 0 ? new(kind, key) : null,
        };
    }

    private static Task Watch(Call call, Topic topic, string? cursor)
    {
        var (output, cancellation) = (call.Output, call.Cancellation);
        return topic.Kind switch
        {
            "queue" => Each(call.Client.WatchQueue(topic.Key, cancellation), update => Print(output, update)),
            "customer" => Each(call.Client.Watch(live => live.WatchCustomer(topic.Key, cancellation)), update => Print(output, update)),
            "engineer" => Each(call.Client.Watch(live => live.WatchEngineer(topic.Key, cursor, cancellation)), update => Print(output, update)),
            "centre" => Each(call.Client.Watch(live => live.WatchCentre(topic.Key, cancellation)), update => Print(output, update)),
            "wallboard" => Each(call.Client.Watch(live => live.WatchWallboard(topic.Key, cancellation)), update => Print(output, update)),
            _ => Each(call.Client.WatchCase(topic.Key, cursor, cancellation), update => Print(output, update)),
        };
    }

    private static async Task Each<T>(IAsyncEnumerable<T> updates, Action<T> print)
    {
        await foreach (var update in updates)
        {
            print(update);
        }
    }

    private static void Print<TView, TChange>(Output output, TopicUpdate<TView, TChange> update, Action whole, Func<TChange, string> line)
        where TView : class => Print(output, update, update.Kind, update.Reset, update.StaleSince, whole, update.Changes.Select(line));

    /// <param name="update">As JSON is written.</param>
    /// <param name="whole">Prints the state.</param>
    /// <param name="changes">A line for each change.</param>
    private static void Print(Output output, object update, UpdateKind kind, bool reset, NodaTime.Instant? since, Action whole, IEnumerable<string> changes)
    {
        if (output.IsJson)
        {
            output.JsonLine(update);
            return;
        }

        switch (kind)
        {
            case UpdateKind.Snapshot:
                Reset(output, reset);
                whole();
                break;
            case UpdateKind.Change:
                foreach (var line in changes)
                {
                    output.Line(line);
                }

                break;
            default:
                Standing(output, kind, since);
                break;
        }
    }

    private static void Lines(Output output, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            output.Line($"  {line}");
        }
    }

    private static void Reset(Output output, bool reset)
    {
        if (reset)
        {
            output.Line("Changes were skipped. The present state:");
        }
    }

    private static void Standing(Output output, UpdateKind kind, NodaTime.Instant? since) =>
        output.Line(kind == UpdateKind.Stale ? $"Not current since {Output.UtcWithSeconds(since!.Value)}: the server is not reached, trying again." : "Current.");

    private static string Entry(QueueEntry e) =>
        $"{CaseNumbers.Group(e.Number)}  severity {e.Severity}{(e.PriorityCall ? ", priority call" : "")}, {e.SupportId}, {e.Product}{(Output.Utc(e.NextDeadline) is { } due ? $", due {due}" : "")}: {e.Title}";

    private static string Entry(CaseSummary c) =>
        $"{CaseNumbers.Group(c.Number)}  severity {c.Severity}, {Output.Word(c.Status)}, {c.Product}{(Output.Utc(c.NextDeadline) is { } due ? $", due {due}" : "")}: {c.Title}";

    private static string Entry(EngineerView e) => $"{e.Id}  {e.Name}, {e.Cases.Count} of {e.Capacity.Cases} cases{(e.Cases.Count == 0 ? "" : $": {string.Join(", ", e.Cases.Select(c => CaseNumbers.Group(c.Number)))}")}";

    /// <summary>What is watched.</summary>
    private sealed record Topic(string Kind, string Key);
}
