using System.CommandLine;
using SupportCluster.Client.Live;
using SupportCluster.Protocol.Queues;

namespace SupportCluster.Cli.Commands;

/// <summary>Follows a case or a queue until it is interrupted.</summary>
internal static class WatchCommand
{
    internal static Command Create(Supportctl cli)
    {
        var topic = new Argument<string>("topic")
        {
            Description = "A case number, or a queue such as emea/backup.",
            Arity = new ArgumentArity(1, 4),
            CustomParser = result =>
            {
                var text = string.Join(' ', result.Tokens.Select(t => t.Value));
                if (CaseNumbers.Parse(text) is { } number)
                {
                    return number;
                }

                if (text.Split('/') is [{ Length: > 0 }, { Length: > 0 }])
                {
                    return text;
                }

                result.AddError($"'{text}' can be neither: a case number such as 4 0011 2233 7, or a queue such as emea/backup, is expected.");
                return null!;
            },
        };
        var cursor = new Option<string?>("--cursor") { Description = "Of a case: tell first what happened after this cursor of a former watch." };
        return cli.Command(
            "watch",
            "Follow a case or a queue, until interrupted.",
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

    internal static void Print(Output output, CaseUpdate update)
    {
        if (output.IsJson)
        {
            output.JsonLine(update);
            return;
        }

        switch (update.Kind)
        {
            case UpdateKind.Snapshot:
                Reset(output, update.Reset);
                CaseText.Short(output, update.Case!);
                break;
            case UpdateKind.Change:
                foreach (var entry in update.Changes)
                {
                    output.Line(CaseText.Entry(entry));
                }

                break;
            default:
                Standing(output, update.Kind, update.StaleSince);
                break;
        }
    }

    internal static void Print(Output output, QueueUpdate update)
    {
        if (output.IsJson)
        {
            output.JsonLine(update);
            return;
        }

        switch (update.Kind)
        {
            case UpdateKind.Snapshot:
                Reset(output, update.Reset);
                output.Line($"{update.Queue!.Queue}: {update.Queue.Cases.Count} waiting");
                foreach (var entry in update.Queue.Cases)
                {
                    output.Line($"  {Entry(entry)}");
                }

                break;
            case UpdateKind.Change:
                foreach (var change in update.Changes)
                {
                    output.Line(change.Entry is { } entry ? $"+ {Entry(entry)}" : $"- {CaseNumbers.Group(change.Left!)}");
                }

                break;
            default:
                Standing(output, update.Kind, update.StaleSince);
                break;
        }
    }

    private static async Task Watch(Call call, string topic, string? cursor)
    {
        if (topic.Contains('/', StringComparison.Ordinal))
        {
            await foreach (var update in call.Client.WatchQueue(topic, call.Cancellation))
            {
                Print(call.Output, update);
            }
        }
        else
        {
            await foreach (var update in call.Client.WatchCase(topic, cursor, call.Cancellation))
            {
                Print(call.Output, update);
            }
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
}
