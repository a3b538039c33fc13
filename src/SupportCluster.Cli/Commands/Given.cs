using System.CommandLine;
using NodaTime;

namespace SupportCluster.Cli.Commands;

/// <summary>Arguments and options that several commands have.</summary>
internal static class Given
{
    /// <summary>A case number: one argument, or the four groups as separate ones.</summary>
    internal static Argument<string> Number() => new("number")
    {
        Description = "The case number, with or without blanks and hyphens.",
        Arity = new ArgumentArity(1, 4),
        CustomParser = result =>
        {
            var text = string.Join(' ', result.Tokens.Select(t => t.Value));
            if (CaseNumbers.Parse(text) is { } number)
            {
                return number;
            }

            result.AddError($"'{text}' is not a case number: ten digits are expected, such as 4 0011 2233 7.");
            return null!;
        },
    };

    internal static Option<string> Text(string description, bool required = true) => new("--text", "-m") { Description = description + " '-' reads it from standard input.", Required = required };

    internal static Option<string> Reason() => new("--reason", "-r") { Description = "Why.", Required = true };

    internal static Option<string> File(string what, bool required = true) => new("--file", "-f") { Description = $"{what} as JSON; '-' reads standard input.", Required = required };

    internal static Option<int?> Limit() => new("--limit") { Description = "At most so many." };

    internal static Option<string?> After() => new("--after") { Description = "Go on after the page before." };

    internal static Option<string[]> Many(string name, string description) =>
        new(name) { Description = description, AllowMultipleArgumentsPerToken = true, Arity = ArgumentArity.ZeroOrMore };

    /// <summary>An instant with its zone, such as <c>2026-03-29T01:00:00Z</c>.</summary>
    internal static Option<Instant?> Instant(string name, string description) => new(name)
    {
        Description = $"{description} Such as 2026-03-29T01:00:00Z.",
        CustomParser = result =>
        {
            if (result.Tokens is [var token] && NodaTime.Text.OffsetDateTimePattern.Rfc3339.Parse(token.Value) is { Success: true } parsed)
            {
                return parsed.Value.ToInstant();
            }

            result.AddError($"'{Said(result)}' is not an instant for {name}: one such as 2026-03-29T01:00:00Z is expected.");
            return null;
        },
    };

    /// <summary>A local day, such as <c>2026-12-24</c>.</summary>
    internal static Option<LocalDate?> Day(string name, string description) => new(name)
    {
        Description = $"{description} Such as 2026-12-24.",
        Required = true,
        CustomParser = result =>
        {
            if (result.Tokens is [var token] && NodaTime.Text.LocalDatePattern.Iso.Parse(token.Value) is { Success: true } parsed)
            {
                return parsed.Value;
            }

            result.AddError($"'{Said(result)}' is not a day for {name}: one such as 2026-12-24 is expected.");
            return null;
        },
    };

    internal static Option<int?> Severity(string description, bool required = false) => new("--severity", "-s")
    {
        Description = description,
        Required = required,
        CustomParser = result =>
        {
            if (result.Tokens is [{ Value: "1" or "2" or "3" or "4" } token])
            {
                return token.Value[0] - '0';
            }

            result.AddError($"'{Said(result)}' is not a severity: 1 to 4 is expected.");
            return null;
        },
    };

    /// <summary>A word of the protocol, written <c>liveTransfer</c> or <c>live-transfer</c>.</summary>
    internal static Option<TWord?> Word<TWord>(string name, string description, bool required = false)
        where TWord : struct, Enum
    {
        var words = Enum.GetValues<TWord>().ToDictionary(w => w.ToString(), StringComparer.OrdinalIgnoreCase);
        var expected = string.Join(", ", Enum.GetNames<TWord>().Select(n => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(n)));
        return new Option<TWord?>(name)
        {
            Description = $"{description} One of: {expected}.",
            Required = required,
            CustomParser = result =>
            {
                if (result.Tokens is [var token] && words.TryGetValue(token.Value.Replace("-", "", StringComparison.Ordinal), out var word))
                {
                    return word;
                }

                result.AddError($"'{Said(result)}' is not known for {name}: one of {expected} is expected.");
                return null;
            },
        };
    }

    private static string Said(System.CommandLine.Parsing.ArgumentResult result) => string.Join(' ', result.Tokens.Select(t => t.Value));
}
