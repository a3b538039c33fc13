using System.CommandLine;
using System.Text.Json;
using SupportCluster.Importing;
using SupportCluster.Protocol.Policies;

namespace SupportCluster.Cli.Commands;

/// <summary>The policy document.</summary>
internal static class PolicyCommands
{
    private const int LongestShown = 60;

    internal static IEnumerable<Command> All(Supportctl cli)
    {
        yield return new Command("policy", "The policy: offers, targets, regions, calendars.") { Apply(cli), Check(cli), Versions(cli), Show(cli) };
    }

    private static Command Apply(Supportctl cli)
    {
        var file = Given.File("The policy document");
        return cli.Command(
            "apply",
            "Apply a policy document as the next version.",
            async call =>
            {
                var document = Parse(await Documents.ReadText(call.Terminal, call.Required(file), call.Cancellation), call.Required(file));
                call.Output.Write(await call.Client.ApplyPolicy(document, call.Cancellation), view => Line(call.Output, view));
            },
            file);
    }

    private static Command Check(Supportctl cli)
    {
        var file = Given.File("The policy document");
        return cli.Command(
            "check",
            "Say what a policy document would change; nothing is changed.",
            async call =>
            {
                var document = Parse(await Documents.ReadText(call.Terminal, call.Required(file), call.Cancellation), call.Required(file));
                call.Output.Write(
                    await call.Client.CheckPolicy(document, call.Cancellation),
                    comparison =>
                    {
                        call.Output.Line(comparison.Changes.Count == 0 ? $"The same as policy version {comparison.Version}, which is in force." : $"Other than policy version {comparison.Version}:");
                        call.Output.Table(["place", "from", "to"], comparison.Changes.Select(c => new[] { c.Path, Short(c.From), Short(c.To) }));
                        call.Output.Line();
                        call.Output.Table(
                            ["offer", "severity", "milestone", "region", "from", "to"],
                            comparison.Deadlines.Select(d => new[] { d.Offer, $"{d.Severity}", Output.Word(d.Milestone), d.Region, d.FromTarget ?? "none", d.ToTarget ?? "none" }));
                    });
            },
            file);
    }

    private static Command Versions(Supportctl cli)
    {
        var limit = Given.Limit();
        var after = Given.After();
        return cli.Command(
            "versions",
            "List the policies so far.",
            async call => call.Output.Write(
                await call.Client.PolicyVersions(call.Get(after), call.Get(limit), call.Cancellation),
                page =>
                {
                    call.Output.Table(["version", "name", "applied", "by"], page.Items.Select(v => new[] { $"{v.Version}", v.Name, Output.Utc(v.At), v.By }));
                    call.Output.More(page.Next);
                }),
            limit, after);
    }

    private static Command Show(Supportctl cli)
    {
        var version = new Argument<int?>("version") { Description = "A version; the one in force by default.", Arity = ArgumentArity.ZeroOrOne };
        return cli.Command(
            "show",
            "Show the policy.",
            async call => call.Output.Write(
                await call.Client.Policy(call.Optional(version), call.Cancellation),
                view =>
                {
                    Line(call.Output, view);
                    call.Output.Write(view.Document);
                }),
            version);
    }

    /// <summary>People write comments into policies; the server gets plain JSON.</summary>
    private static JsonElement Parse(string text, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return document.RootElement.Clone();
        }
        catch (JsonException wrong)
        {
            throw new UsageException($"{file}: line {wrong.LineNumber + 1}: {JsonMistake.Sentence(wrong)}");
        }
    }

    private static string? Short(JsonElement? value) => value is not { } given ? null : given.GetRawText() is { Length: > LongestShown } text ? $"{text[..LongestShown]}..." : given.GetRawText();

    private static void Line(Output output, PolicyView view) => output.Line($"Policy version {view.Version}, applied {Output.Utc(view.At)} by {view.By}");
}
