using System.CommandLine;
using System.Text.Json;
using SupportCluster.Protocol.Policies;

namespace SupportCluster.Cli.Commands;

/// <summary>The policy document.</summary>
internal static class PolicyCommands
{
    internal static IEnumerable<Command> All(Supportctl cli)
    {
        yield return new Command("policy", "The policy: offers, targets, regions, calendars.") { Apply(cli), Show(cli) };
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

    private static void Line(Output output, PolicyView view) => output.Line($"Policy version {view.Version}, applied {Output.Utc(view.At)} by {view.By}");
}
