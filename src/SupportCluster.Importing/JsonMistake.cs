using System.Text.Json;
using System.Text.RegularExpressions;
using SupportCluster.Protocol;

namespace SupportCluster.Importing;

/// <summary>What a JSON mistake is, in one sentence for people: without the library's type names, with what is expected.</summary>
internal static partial class JsonMistake
{
    internal static string Sentence(JsonException wrong)
    {
        var message = Position().Replace(wrong.Message, "");
        if (Unknown().Match(message) is { Success: true } unknown)
        {
            return $"a member '{unknown.Groups[1].Value}' is not known.";
        }

        if (Missing().Match(message) is { Success: true } missing)
        {
            return $"missing: {missing.Groups[1].Value}";
        }

        return Converted().Match(message) is { Success: true } converted ? Expected(converted.Groups[1].Value, wrong.Path) : message;
    }

    /// <summary>The library names the type of the value, or that of the record which has it as an optional member.</summary>
    private static string Expected(string typeName, string? path)
    {
        var type = Type.GetType(typeName) ?? typeof(Problem).Assembly.GetType(typeName) ?? typeof(JsonMistake).Assembly.GetType(typeName);
        var member = Index().Replace(path ?? "", "").Split('.')[^1];
        if (type is { IsEnum: false } && type.GetProperties().FirstOrDefault(p => string.Equals(p.Name, member, StringComparison.OrdinalIgnoreCase)) is { } property)
        {
            type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        }

        return type is { IsEnum: true } ? $"one of {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName))} is expected."
            : type == typeof(string) ? "a text is expected."
            : type == typeof(bool) ? "true or false is expected."
            : type == typeof(int) ? "a whole number is expected."
            : type is not null && type != typeof(string) && typeof(System.Collections.IEnumerable).IsAssignableFrom(type) ? "a list or map of values is expected."
            : "another kind of value is expected.";
    }

    [GeneratedRegex(@" (Path: .*|LineNumber: .*)$", RegexOptions.Singleline)]
    private static partial Regex Position();

    [GeneratedRegex("^The JSON property '([^']*)' could not be mapped")]
    private static partial Regex Unknown();

    [GeneratedRegex("missing required properties including: (.*)$", RegexOptions.Singleline)]
    private static partial Regex Missing();

    [GeneratedRegex(@"could not be converted to (?:System\.Nullable`1\[)?([\w.]*\w)")]
    private static partial Regex Converted();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Index();
}
