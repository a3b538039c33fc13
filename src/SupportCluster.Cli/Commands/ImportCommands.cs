using System.CommandLine;
using SupportCluster.Cli.Importing;
using SupportCluster.Importing;
using SupportCluster.Protocol.Importing;

namespace SupportCluster.Cli.Commands;

/// <summary>Brings another system's cases in, and says what is there of it.</summary>
internal static class ImportCommands
{
    internal static IEnumerable<Command> All(Supportctl cli)
    {
        yield return Import(cli);
        yield return Summary(cli);
    }

    private static Command Import(Supportctl cli)
    {
        var log = new Argument<string>("log") { Description = "The log, CSV, gzip-compressed or not." };
        var mapping = new Option<string>("--mapping") { Description = "How the log is read, see docs/import.md.", Required = true };
        var batch = new Option<int>("--batch") { Description = "Cases in one request.", DefaultValueFactory = _ => ImportSending.Batch };
        var check = new Option<bool>("--check") { Description = "Read and report only; nothing is sent." };
        batch.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, out var size) && size is >= 1 and <= 1000))
            {
                result.AddError($"'{token.Value}' is not a batch size: 1 to 1000 is expected.");
            }
        });
        return cli.CommandWithCode(
            "import",
            "Import cases of another system with their history. What is there already stays as it is.",
            async call =>
            {
                var map = MappingFile.Parse(await Documents.ReadText(call.Terminal, call.Required(mapping), call.Cancellation));
                var reading = Read(call.Get(log), map);
                var run = new ImportRun(call, map.Source, reading);
                return call.Get(check) ? run.Check() : await run.Send(call.Get(batch));
            },
            log, mapping, batch, check);
    }

    private static Command Summary(Supportctl cli)
    {
        var source = new Argument<string?>("source") { Description = "The source of the mapping; the known ones are listed when absent.", Arity = ArgumentArity.ZeroOrOne };
        return cli.Command(
            "import-summary",
            "Show what is stored of a source.",
            async call =>
            {
                if (call.Optional(source) is { } given)
                {
                    call.Output.Write(await call.Client.ImportSummary(given, call.Cancellation), s => Print(call.Output, s));
                }
                else
                {
                    call.Output.Write(await call.Client.ImportSources(call.Cancellation), page => call.Output.Table(["source"], page.Items.Select(s => new[] { s.Source })));
                }
            },
            source);
    }

    internal static void Print(Output output, ImportSummary s)
    {
        output.Pairs(
            ("source", s.Source),
            ("cases", $"{s.Cases}"),
            ("open", $"{s.OpenCases}"),
            ("events", $"{s.Events}"),
            ("severities", string.Join(", ", s.BySeverity.OrderBy(b => b.Key, StringComparer.Ordinal).Select(b => $"{b.Key}: {b.Value}"))),
            ("waited for customer", $"{s.WaitedForCustomer} cases, {s.Waits} times"),
            ("reopened", $"{s.Reopened}"),
            ("owners", $"{s.Owners}"),
            ("owner countries", string.Join(", ", s.OwnerCountries.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key} {c.Value}"))),
            ("several countries", $"{s.SeveralCountries} cases"),
            ("region changes", $"{s.RegionChanges}"));
        output.Line();
        output.Table(
            ["offer", "milestone", "met", "missed", "excused", "open", "not applicable"],
            s.Milestones.Select(m => new[] { m.Offer, Output.Word(m.Milestone), $"{m.Met}", $"{m.Missed}", $"{m.Excused}", $"{m.Open}", $"{m.NotApplicable}" }));
    }

    private static ImportReading Read(string log, ImportMapping mapping)
    {
        using var file = File.OpenRead(log);
        return ImportReader.Read(file, mapping);
    }
}
