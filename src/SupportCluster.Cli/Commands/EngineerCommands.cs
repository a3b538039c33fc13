using System.CommandLine;
using SupportCluster.Protocol.Engineers;

namespace SupportCluster.Cli.Commands;

/// <summary>Engineers and what they hold.</summary>
internal static class EngineerCommands
{
    internal static IEnumerable<Command> All(Supportctl cli)
    {
        yield return new Command("engineer", "Engineers.") { Apply(cli), Show(cli), List(cli) };
        yield return new Command("centre", "Support centres.") { Centres(cli) };
    }

    private static Command Apply(Supportctl cli)
    {
        var file = Given.File("One engineer, or an array of engineers with 'id'");
        var id = new Option<string?>("--id") { Description = "The engineer's id, where the document does not name it." };
        return cli.Command(
            "apply",
            "Add or change engineers.",
            async call =>
            {
                foreach (var (engineer, document) in await Documents.ReadMany<EngineerDocument>(call.Terminal, call.Required(file), call.Get(id), keepId: false, call.Cancellation))
                {
                    call.Output.Write(await call.Client.ApplyEngineer(engineer, document, call.Cancellation), view => Full(call.Output, view));
                }
            },
            file, id);
    }

    private static Command Show(Supportctl cli)
    {
        var id = new Argument<string>("id") { Description = "The engineer's id." };
        return cli.Command(
            "show",
            "Show an engineer.",
            async call => call.Output.Write(await call.Client.Engineer(call.Get(id), call.Cancellation), view => Full(call.Output, view)),
            id);
    }

    private static Command List(Supportctl cli)
    {
        var limit = Given.Limit();
        var after = Given.After();
        return cli.Command(
            "list",
            "List engineers.",
            async call => call.Output.Write(
                await call.Client.Engineers(call.Get(limit), call.Get(after), call.Cancellation),
                page =>
                {
                    call.Output.Table(
                        ["id", "name", "region", "skills", "languages", "cases"],
                        page.Items.Select(e => new[] { e.Id, e.Name, e.Region, string.Join(", ", e.Skills), string.Join(", ", e.Languages), $"{e.Cases.Count} of {e.Capacity.Cases}" }));
                    call.Output.More(page.Next);
                }),
            limit, after);
    }

    private static Command Centres(Supportctl cli) => cli.Command(
        "list",
        "List the support centres of the policy.",
        async call => call.Output.Write(
            await call.Client.Centres(call.Cancellation),
            page => call.Output.Table(["code", "name", "region", "zone"], page.Items.Select(c => new[] { c.Code, c.Name, c.Region, c.Zone }))));

    internal static void Full(Output output, EngineerView view)
    {
        output.Line($"{view.Id}  {view.Name}, {view.Region}");
        output.Pairs(
            ("skills", string.Join(", ", view.Skills)),
            ("languages", string.Join(", ", view.Languages)),
            ("centre", view.Centre),
            ("capacity", $"{view.Capacity.Cases} cases, {view.Capacity.Severity1} of them of severity 1"),
            ("cases", view.Cases.Count == 0 ? "none" : string.Join(", ", view.Cases.Select(c => $"{CaseNumbers.Group(c.Number)} (severity {c.Severity}{(c.Reserved ? ", reserved" : "")})"))));
    }
}
