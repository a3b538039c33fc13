using System.CommandLine;

namespace SupportCluster.Cli.Commands;

/// <summary>Queues, and the figures over all cases.</summary>
internal static class QueueCommands
{
    internal static IEnumerable<Command> All(Supportctl cli)
    {
        yield return new Command("queue", "Queues of waiting cases.") { List(cli), Show(cli), Take(cli) };
        yield return Figures(cli);
    }

    private static Command List(Supportctl cli) => cli.Command(
        "list",
        "List the queues.",
        async call => call.Output.Write(
            await call.Client.Queues(call.Cancellation),
            page => call.Output.Table(
                ["queue", "waiting", "severity 1", "next deadline"],
                page.Items.Select(q => new[] { q.Queue, $"{q.Waiting}", $"{q.Severity1}", Output.Utc(q.NextDeadline) }))));

    private static Command Show(Supportctl cli)
    {
        var queue = Queue();
        return cli.Command(
            "show",
            "Show a queue in the order in which its cases are to be taken.",
            async call => call.Output.Write(
                await call.Client.Queue(call.Get(queue), call.Cancellation),
                view => call.Output.Table(
                    ["number", "sev", "priority", "customer", "product", "language", "reported", "next deadline", "title"],
                    view.Cases.Select(c => new[]
                    {
                        CaseNumbers.Group(c.Number), $"{c.Severity}", c.PriorityCall ? "yes" : "", c.SupportId, c.Product, c.Language, Output.Utc(c.ReportedAt), Output.Utc(c.NextDeadline), c.Title,
                    }))),
            queue);
    }

    private static Command Take(Supportctl cli)
    {
        var queue = Queue();
        return cli.Command(
            "take",
            "Take the next case that matches.",
            async call => call.Output.Write(await call.Client.TakeNext(call.Get(queue), call.Cancellation), view => CaseText.Short(call.Output, view)),
            queue);
    }

    private static Command Figures(Supportctl cli) => cli.Command(
        "figures",
        "Show the figures of the whole service.",
        async call => call.Output.Write(
            await call.Client.Figures(call.Cancellation),
            f => call.Output.Pairs(
                ("cases", $"{f.Cases}"), ("open", $"{f.OpenCases}"), ("open, severity 1", $"{f.OpenSeverity1}"), ("events", $"{f.Events}"), ("armed", $"{f.Armed}"),
                ("at", Output.Utc(f.At)), ("running since", Output.Utc(f.StartedAt)), ("version", f.Version), ("policy", $"{f.PolicyVersion}"))));

    private static Argument<string> Queue()
    {
        var queue = new Argument<string>("queue") { Description = "Region and product line, such as emea/backup." };
        queue.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && token.Value.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
            {
                result.AddError($"'{token.Value}' is not a queue: region/product line is expected, such as emea/backup.");
            }
        });
        return queue;
    }
}
