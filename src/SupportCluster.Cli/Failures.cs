using System.Net;
using System.Text.Json;
using SupportCluster.Importing;
using SupportCluster.Client;
using SupportCluster.Client.Live;
using SupportCluster.Protocol;

namespace SupportCluster.Cli;

/// <summary>Says on standard error what was wrong, where, by which rule and what would be right; and gives the exit code.</summary>
internal static class Failures
{
    internal static int Report(Exception failure, Terminal terminal, bool json)
    {
        var (problem, code) = failure switch
        {
            SupportClusterException refused => (refused.Problem, CodeOf(refused)),
            WatchRefusedException watch => (Of(watch.Code, "The watch was refused.", watch.Message), watch.Code switch { "unauthorized" or WatchRefusedException.SignInRevoked => ExitCode.SignIn, "not-found" => ExitCode.NotFound, _ => ExitCode.Refused }),
            OutcomeUnknownException unknown => (Of("outcome-unknown", unknown.Message, "Look at what is there before doing it again."), ExitCode.OutcomeUnknown),
            MappingException mapping => (Of("mapping", "The mapping file cannot be used.") with { Errors = mapping.Mistakes.GroupBy(m => m.Path).ToDictionary(m => m.Key, m => m.Select(e => e.Expected).ToArray()) }, ExitCode.Usage),
            Storage.StoreException store => (Of(store.Code, store.Message), ExitCode.Refused),
            UsageException usage => (Of("usage", usage.Message), ExitCode.Usage),
            SignInException signIn => (Of("sign-in", signIn.Message), ExitCode.SignIn),
            OperationCanceledException => (Of("interrupted", "Interrupted. What was sent may have taken effect."), ExitCode.OutcomeUnknown),
            IOException or UnauthorizedAccessException => (Of("file", failure.Message), ExitCode.Usage),
            _ => throw new InvalidOperationException("A failure without a meaning for people is a bug.", failure),
        };
        if (json)
        {
            terminal.Error.WriteLine(JsonSerializer.Serialize(problem, WireJson.Tolerant));
        }
        else
        {
            Write(problem, code, terminal.Error);
        }

        return code;
    }

    private static int CodeOf(SupportClusterException refused) => refused.Status switch
    {
        HttpStatusCode.Unauthorized => ExitCode.SignIn,
        HttpStatusCode.NotFound => ExitCode.NotFound,
        _ when refused.Code == "outcome-unknown" => ExitCode.OutcomeUnknown,
        _ => ExitCode.Refused,
    };

    private static Problem Of(string code, string title, string? detail = null) => new(null, title, null, detail, code);

    private static void Write(Problem problem, int code, TextWriter error)
    {
        var texts = new[] { problem.Title, problem.Detail }.OfType<string>().Where(t => t.Length > 0).Distinct().Select(t => t.TrimEnd('.') + ".").ToList();
        error.WriteLine(Output.Clean($"supportctl: {(texts.Count == 0 ? problem.Code : string.Join(" ", texts))}"));
        foreach (var (place, wrongs) in problem.Errors ?? new Dictionary<string, string[]>())
        {
            foreach (var wrong in wrongs)
            {
                // Often the detail says it already: then the place alone is news.
                var text = wrong == problem.Detail ? "" : wrong;
                var line = place.Length == 0 ? text : text.Length == 0 ? $"at {place}" : $"{place}: {text}";
                if (line.Length > 0)
                {
                    error.WriteLine(Output.Clean($"  {line}"));
                }
            }
        }

        foreach (var (name, value) in problem.Facts ?? new Dictionary<string, string>())
        {
            error.WriteLine(Output.Clean($"  {name}: {value}"));
        }

        if (problem.Rule is { } rule)
        {
            error.WriteLine(Output.Clean($"  rule: {rule}"));
        }

        if (code is ExitCode.Refused or ExitCode.NotFound && problem.Code is { } known)
        {
            error.WriteLine(Output.Clean($"  code: {known}"));
        }

        if (code == ExitCode.SignIn)
        {
            error.WriteLine("  Sign in with: supportctl login --as <persona>, or login --token <token>; or give --as, --token or SUPPORTCTL_TOKEN.");
        }
    }
}

/// <summary>No usable sign-in.</summary>
internal sealed class SignInException(string message) : Exception(message);
