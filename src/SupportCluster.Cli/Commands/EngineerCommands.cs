using System.CommandLine;
using SupportCluster.Protocol.Centres;
using SupportCluster.Protocol.Engineers;

namespace SupportCluster.Cli.Commands;

/// <summary>Engineers and what they hold.</summary>
internal static class EngineerCommands
{
    internal static IEnumerable<Command> All(Supportctl cli)
    {
        yield return new Command("engineer", "Engineers.") { Apply(cli), Show(cli), List(cli) };
        yield return new Command("centre", "Support centres.") { Centres(cli) };
        yield return Roster(cli);
        yield return Coverage(cli);
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

    private static Command Roster(Supportctl cli)
    {
        var scope = new Option<string?>("--scope") { Description = "A centre, a region or world." };
        var at = Given.Instant("--at", "Any instant; now when absent.");
        return cli.Command(
            "roster",
            "Show who is on shift, who comes next, and who is duty manager.",
            async call => call.Output.Write(
                await call.Client.Roster(call.Get(scope), call.Get(at), call.Cancellation),
                view =>
                {
                    call.Output.Line($"on shift in {view.Scope} at {Output.Utc(view.At)}");
                    call.Output.Table(["engineer", "name", "centre", "until", "present"], view.OnShift.Select(e => new[] { e.Engineer, e.Name, e.Centre, Output.Utc(e.Until), e.Present switch { true => "yes", false => "no", null => null } }));
                    call.Output.Line();
                    call.Output.Table(["comes next", "from", "until"], view.ComesNext.Select(s => new[] { s.Engineer, Output.Utc(s.Start), Output.Utc(s.End) }));
                    call.Output.Line();
                    call.Output.Table(["region", "duty manager", "until"], view.DutyManagers.Select(d => new[] { d.Region, d.Manager, Output.Utc(d.Until) }));
                }),
            scope, at);
    }

    private static Command Coverage(Supportctl cli)
    {
        var from = Given.Instant("--from", "Inclusive; now when absent.");
        var to = Given.Instant("--to", "Exclusive; a day later when absent.");
        return cli.Command(
            "coverage",
            "Show who could take a case, hour by hour, and where a continuous one would find nobody.",
            async call => call.Output.Write(
                await call.Client.Coverage(call.Get(from), call.Get(to), call.Cancellation),
                view =>
                {
                    var columns = view.Hours.SelectMany(h => h.Cells).Select(c => (c.Region, c.ProductLine)).Distinct().ToList();
                    call.Output.Table(
                        ["hour", .. columns.Select(c => $"{c.Region}/{c.ProductLine}")],
                        view.Hours.Select(h => (string?[])[Output.Utc(h.Start), .. columns.Select(c => Cell(h, c.Region, c.ProductLine))]));
                    call.Output.Line();
                    if (view.Gaps.Count == 0)
                    {
                        call.Output.Line("A continuous case finds somebody at any time.");
                    }

                    foreach (var gap in view.Gaps)
                    {
                        call.Output.Line($"nobody for {gap.ProductLine} from {Output.Utc(gap.From)} to {Output.Utc(gap.To)}");
                    }
                }),
            from, to);
    }

    /// <summary>The languages in which there is somebody, with how many.</summary>
    private static string Cell(CoverageHourView hour, string region, string line)
    {
        var spoken = hour.Cells.Where(c => c.Region == region && c.ProductLine == line && c.Least > 0).ToList();
        return spoken.Count == 0 ? "-" : string.Join(' ', spoken.Select(c => $"{c.Language}:{c.Least}"));
    }

    internal static void Full(Output output, EngineerView view)
    {
        output.Line($"{view.Id}  {view.Name}, {view.Region}");
        output.Pairs(
            ("skills", string.Join(", ", view.Skills)),
            ("languages", string.Join(", ", view.Languages)),
            ("centre", view.Centre),
            ("shifts", view.Schedule is { } schedule ? schedule.Pattern ?? "extra shifts alone" : null),
            ("capacity", $"{view.Capacity.Cases} cases, {view.Capacity.Severity1} of them of severity 1"),
            ("cases", view.Cases.Count == 0 ? "none" : string.Join(", ", view.Cases.Select(c => $"{CaseNumbers.Group(c.Number)} (severity {c.Severity}{(c.RingsUntil is { } until ? $", rings until {Output.UtcWithSeconds(until)}" : c.Reserved ? ", reserved" : "")})"))));
    }
}
