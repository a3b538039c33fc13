using System.CommandLine;
using NodaTime.Text;
using SupportCluster.Protocol.Centres;
using SupportCluster.Protocol.Engineers;

namespace SupportCluster.Cli.Commands;

/// <summary>Engineers and what they hold.</summary>
internal static class EngineerCommands
{
    internal static IEnumerable<Command> All(Supportctl cli)
    {
        yield return new Command("engineer", "Engineers.") { Apply(cli), Show(cli), List(cli), Schedule(cli), GiveShift(cli) };
        yield return new Command("centre", "Support centres.") { Centres(cli), Close(cli), Reopen(cli) };
        yield return new Command("duty", "Duty managers.") { StandIn(cli), Swap(cli) };
        yield return Notifications(cli);
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

    private static Command Schedule(Supportctl cli)
    {
        var id = new Argument<string>("id") { Description = "The engineer's id." };
        var file = new Option<string?>("--file", "-f") { Description = "The new schedule as iCalendar (.ics); '-' reads standard input. The present one is shown when absent." };
        return cli.Command(
            "schedule",
            "Show an engineer's schedule as iCalendar, or set it.",
            async call =>
            {
                if (call.Get(file) is not { } given)
                {
                    call.Output.Write(new { Id = call.Get(id), Schedule = await call.Client.EngineerSchedule(call.Get(id), call.Cancellation) }, shown => call.Terminal.Out.Write(shown.Schedule));
                    return;
                }

                var text = await Documents.ReadText(call.Terminal, given, call.Cancellation);
                call.Output.Write(await call.Client.ApplyEngineerSchedule(call.Get(id), text, call.Cancellation), view => Full(call.Output, view));
            },
            id, file);
    }

    private static Command Close(Supportctl cli)
    {
        var code = new Argument<string>("code") { Description = "The centre's code." };
        var until = Given.Instant("--until", "When it opens again, exclusive.");
        until.Required = true;
        var from = Given.Instant("--from", "Inclusive; now when absent.");
        var reason = Given.Reason();
        return cli.Command(
            "close",
            "Close a centre beside its hours: everything held there is handed over.",
            async call => Closures(call.Output, await call.Client.CloseCentre(call.Get(code), new(call.Get(until)!.Value, call.Required(reason), call.Get(from)), call.Cancellation)),
            code, until, from, reason);
    }

    private static Command Reopen(Supportctl cli)
    {
        var code = new Argument<string>("code") { Description = "The centre's code." };
        return cli.Command(
            "reopen",
            "End the closures of a centre that run or are to come.",
            async call => Closures(call.Output, await call.Client.ReopenCentre(call.Get(code), call.Cancellation)),
            code);
    }

    private static Command StandIn(Supportctl cli)
    {
        var region = new Argument<string>("region") { Description = "The region's code." };
        var from = Given.Instant("--from", "Inclusive.");
        var until = Given.Instant("--until", "Exclusive.");
        (from.Required, until.Required) = (true, true);
        var manager = new Option<string>("--manager") { Description = "Who has the duty.", Required = true };
        return cli.Command(
            "stand-in",
            "Name a duty manager for a while.",
            async call => StandIns(call.Output, await call.Client.NameStandIn(call.Get(region), new(call.Get(from)!.Value, call.Get(until)!.Value, call.Required(manager)), call.Cancellation)),
            region, from, until, manager);
    }

    private static Command Swap(Supportctl cli)
    {
        var region = new Argument<string>("region") { Description = "The region's code." };
        var first = Given.Instant("--first", "Within the one turn.");
        var second = Given.Instant("--second", "Within the other.");
        (first.Required, second.Required) = (true, true);
        return cli.Command(
            "swap",
            "Swap two turns of duty.",
            async call => StandIns(call.Output, await call.Client.SwapDuty(call.Get(region), new(call.Get(first)!.Value, call.Get(second)!.Value), call.Cancellation)),
            region, first, second);
    }

    private static Command Notifications(Supportctl cli)
    {
        var recipient = new Argument<string>("recipient") { Description = "The id by which policy and duty roster name the person, such as manager-emea." };
        return cli.Command(
            "notifications",
            "Show what somebody was told of escalations by mail.",
            async call => call.Output.Write(
                await call.Client.Notifications(call.Get(recipient), call.Cancellation),
                view => call.Output.Table(["case", "cause", "level", "at", "sent"], view.Notifications.Select(n => new[] { n.Case, Output.Word(n.Cause), Output.Word(n.Level), Output.Utc(n.At), n.NotSent is { } why ? $"not: {why}" : Output.Utc(n.SentAt) }))),
            recipient);
    }

    private static Command GiveShift(Supportctl cli)
    {
        var id = new Argument<string>("id") { Description = "Whose shifts they are." };
        var to = new Option<string>("--to") { Description = "Who works them instead.", Required = true };
        var date = Given.Day("--date", "The day that they start on, in the zone of the centre.");
        return cli.Command(
            "give-shift",
            "Give an engineer's shifts of a day to another.",
            async call => call.Output.Write(
                await call.Client.GiveShift(call.Get(id), new(call.Required(to), call.Get(date)!.Value), call.Cancellation),
                view => call.Output.Line($"{call.Required(to)} works instead of {view.Id} on {LocalDatePattern.Iso.Format(call.Get(date)!.Value)}.")),
            id, to, date);
    }

    private static void Closures(Output output, CentreClosuresView answer) => output.Write(
        answer,
        view => output.Table([$"{view.Centre} closed from", "until", "reason", "by"], view.Closures.Select(c => new[] { Output.Utc(c.From), Output.Utc(c.Until), c.Reason, c.By })));

    private static void StandIns(Output output, DutyView answer) => output.Write(
        answer,
        view => output.Table([$"duty of {view.Region} from", "until", "manager"], view.StandIns.Select(s => new[] { Output.Utc(s.From), Output.Utc(s.Until), s.Manager })));

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
