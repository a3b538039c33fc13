using System.CommandLine;
using NodaTime;
using NodaTime.Text;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Cli.Commands;

/// <summary>Questions before a case exists: which severity, which deadlines.</summary>
internal static class IntakeCommands
{
    internal static IEnumerable<Command> All(Supportctl cli)
    {
        yield return new Command("intake", "Help with choosing a severity.") { Checklist(cli), Check(cli) };
        yield return WhatIf(cli);
    }

    private static Command Checklist(Supportctl cli) => cli.Command(
        "checklist",
        "Show the severity criteria, and what a report should tell.",
        async call => call.Output.Write(
            await call.Client.IntakeChecklist(call.Cancellation),
            list =>
            {
                call.Output.Table(["criterion", "severity", "text"], list.Criteria.Select(c => new[] { c.Id, $"{c.Severity}", c.Text }));
                call.Output.Line($"To tell: {string.Join(", ", list.Information)}");
            }));

    private static Command Check(Supportctl cli)
    {
        var criteria = Given.Many("--criterion", "Criteria that apply.");
        var workaround = new Option<bool>("--workaround-available") { Description = "A workaround is at hand." };
        var severity = Given.Severity("The severity that the customer names.");
        var subject = Given.Word<ProblemSubject>("--subject", "What it is about.");
        return cli.Command(
            "check",
            "Ask which severity the criteria imply.",
            async call => call.Output.Write(
                await call.Client.CheckIntake(new IntakeCheck(call.List(criteria), call.Given(workaround) ? call.Get(workaround) : null, call.Get(severity), call.Get(subject)), call.Cancellation),
                advice =>
                {
                    call.Output.Line(advice.ProposedSeverity is { } proposed ? $"Proposed severity: {proposed}" : "No severity is implied.");
                    foreach (var remark in advice.Remarks)
                    {
                        call.Output.Line(remark);
                    }
                }),
            criteria, workaround, severity, subject);
    }

    private static Command WhatIf(Supportctl cli)
    {
        var offer = new Option<string>("--offer") { Description = "Offer id of the policy.", Required = true };
        var severity = Given.Severity("1 to 4.", required: true);
        var zone = new Option<string>("--zone") { Description = "IANA zone where the product is installed.", Required = true };
        var country = new Option<string?>("--country") { Description = "ISO 3166 code, for public holidays." };
        var at = new Option<Instant?>("--at")
        {
            Description = "The instant of the report, such as 2026-03-02T09:15:00Z; now by default.",
            CustomParser = result =>
            {
                var text = result.Tokens is [var token, ..] ? token.Value : "";
                if (OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true } parsed)
                {
                    return parsed.Value.ToInstant();
                }

                result.AddError($"'{text}' is not an instant: such as 2026-03-02T09:15:00Z is expected.");
                return null;
            },
        };
        return cli.Command(
            "what-if",
            "Show the deadlines that a problem would have.",
            async call => call.Output.Write(
                await call.Client.WhatIf(new WhatIf(call.Required(offer), call.Required(severity)!.Value, call.Required(zone), call.Get(country), call.Get(at)), call.Cancellation),
                e => CaseText.Explanations(call.Output, e)),
            offer, severity, zone, country, at);
    }
}
