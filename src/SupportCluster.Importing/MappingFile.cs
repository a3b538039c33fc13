using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;
using SupportCluster.Protocol;

namespace SupportCluster.Importing;

/// <summary>One mistake in a mapping file.</summary>
/// <param name="Path">Where, as a JSON path: <c>$.customers['Org line C'].zone</c>.</param>
/// <param name="Expected">What is wrong, and what would be right.</param>
internal sealed record MappingMistake(string Path, string Expected);

/// <summary>The mapping cannot be used; nothing was read or sent.</summary>
internal sealed class MappingException(IReadOnlyList<MappingMistake> mistakes)
    : Exception(string.Join(Environment.NewLine, mistakes.Select(m => $"{m.Path}: {m.Expected}")))
{
    internal IReadOnlyList<MappingMistake> Mistakes { get; } = mistakes;
}

/// <summary>Reads a mapping file and checks everything in it that can be checked without the log.</summary>
internal static partial class MappingFile
{
    private static readonly JsonSerializerOptions Strict = CreateStrict();

    /// <exception cref="MappingException">All mistakes found, each with its place.</exception>
    internal static ImportMapping Parse(string json)
    {
        ImportMapping mapping;
        try
        {
            mapping = JsonSerializer.Deserialize<ImportMapping>(json, Strict) ?? throw new MappingException([new("$", "an object is expected.")]);
        }
        catch (JsonException wrong)
        {
            throw new MappingException([new(wrong.Path ?? "$", JsonMistake.Sentence(wrong))]);
        }

        var mistakes = Mistakes(mapping).ToList();
        return mistakes.Count == 0 ? mapping : throw new MappingException(mistakes);
    }

    /// <summary>The encoding of a name, with the code pages of Windows.</summary>
    internal static Encoding? EncodingOf(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>A value as a JSON path names it under a map.</summary>
    internal static string In(string map, string key) => $"$.{map}['{key}']";

    private static IEnumerable<MappingMistake> Mistakes(ImportMapping m)
    {
        if (!Slug().IsMatch(m.Source))
        {
            yield return new("$.source", $"'{m.Source}' is not a slug: lower-case letters, digits, dots and hyphens are expected, at most 64, such as 'incident-log'.");
        }

        if (m.Columns.Status.Count is not (1 or 2))
        {
            yield return new("$.columns.status", $"one or two columns are expected, not {m.Columns.Status.Count}.");
        }

        if (m.OrderBy == RowOrder.Column && m.Columns.Order is null)
        {
            yield return new("$.orderBy", "'column' needs $.columns.order; 'file' and 'stamp' need no column.");
        }

        if (m.File?.Delimiter is { Length: not 1 })
        {
            yield return new("$.file.delimiter", "one character is expected, such as ',' or ';' or '\\t'.");
        }

        if (m.File?.Encoding is { } encoding && EncodingOf(encoding) is null)
        {
            yield return new("$.file.encoding", $"'{encoding}' is not known; such as 'utf-8', 'windows-1252' or 'iso-8859-1' is expected.");
        }

        if (m.Stamp?.Format is { } format && PatternMistake(format, m.Stamp.Zone is not null) is { } reason)
        {
            yield return new("$.stamp.format", $"'{format}' is not a pattern: {reason}");
        }

        if (m.Stamp?.Zone is { } stampZone && !IsZone(stampZone))
        {
            yield return new("$.stamp.zone", ZoneExpected(stampZone));
        }

        if (m.Steps.Count == 0)
        {
            yield return new("$.steps", "at least one status is expected.");
        }

        foreach (var (value, severity) in m.Severities.Where(s => s.Value is < 1 or > 4))
        {
            yield return new(In("severities", value), $"{severity} is not a severity: 1 to 4 is expected.");
        }

        foreach (var (value, code) in (m.Countries ?? new Dictionary<string, string>()).Where(c => c.Value.Length > 0 && !Country().IsMatch(c.Value)))
        {
            yield return new(In("countries", value), CountryExpected(code));
        }

        foreach (var (value, product) in (m.Products ?? new Dictionary<string, string>()).Where(p => !Slug().IsMatch(p.Value)))
        {
            yield return new(In("products", value), $"'{product}' is not a slug.");
        }

        if (m.Term.End < m.Term.Start)
        {
            yield return new("$.term.end", $"a day not before the start, {LocalDatePattern.Iso.Format(m.Term.Start)}, is expected.");
        }

        if (m.Site is { } site && !IsZone(site.Zone))
        {
            yield return new("$.site.zone", ZoneExpected(site.Zone));
        }

        if (m.Site?.Country is { } siteCountry && !Country().IsMatch(siteCountry))
        {
            yield return new("$.site.country", CountryExpected(siteCountry));
        }

        foreach (var mistake in MistakesInDefaults(m).Concat(MistakesInCustomers(m)))
        {
            yield return mistake;
        }
    }

    private static IEnumerable<MappingMistake> MistakesInDefaults(ImportMapping m)
    {
        if (m.Defaults?.Severity is < 1 or > 4)
        {
            yield return new("$.defaults.severity", "1 to 4 is expected.");
        }

        if (m.Defaults?.Customer is { } customer && !m.Customers.ContainsKey(customer))
        {
            yield return new("$.defaults.customer", $"'{customer}' is not a key of $.customers.");
        }

        if (m.Defaults?.Product is { } product && !Slug().IsMatch(product))
        {
            yield return new("$.defaults.product", $"'{product}' is not a slug.");
        }

        if (m.Defaults?.Country is { Length: > 0 } country && !Country().IsMatch(country))
        {
            yield return new("$.defaults.country", CountryExpected(country));
        }
    }

    private static IEnumerable<MappingMistake> MistakesInCustomers(ImportMapping m)
    {
        if (m.Customers.Count == 0)
        {
            yield return new("$.customers", "at least one customer is expected.");
        }

        var supportIds = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, customer) in m.Customers)
        {
            var path = In("customers", key);
            if (customer.SupportId.Length == 0 || customer.SupportId.Any(char.IsWhiteSpace))
            {
                yield return new(path + ".supportId", "a support ID without blanks is expected.");
            }
            else if (!supportIds.TryAdd(customer.SupportId, key))
            {
                yield return new(path + ".supportId", $"'{customer.SupportId}' belongs to '{supportIds[customer.SupportId]}' already.");
            }

            if (!Slug().IsMatch(customer.Offer))
            {
                yield return new(path + ".offer", $"'{customer.Offer}' is not an offer id of a policy: such as 'basic' is expected.");
            }

            if (!Slug().IsMatch(customer.Region))
            {
                yield return new(path + ".region", $"'{customer.Region}' is not a region code of a policy: such as 'emea' is expected.");
            }

            if (!IsZone(customer.Zone))
            {
                yield return new(path + ".zone", ZoneExpected(customer.Zone));
            }

            if (customer.Country is { } country && !Country().IsMatch(country))
            {
                yield return new(path + ".country", CountryExpected(country));
            }
        }
    }

    private static string? PatternMistake(string format, bool local)
    {
        try
        {
            _ = local ? (object)LocalDateTimePattern.CreateWithInvariantCulture(format) : OffsetDateTimePattern.CreateWithInvariantCulture(format);
            return null;
        }
        catch (InvalidPatternException wrong)
        {
            return wrong.Message;
        }
    }

    private static bool IsZone(string zone) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is not null;

    private static string ZoneExpected(string zone) => $"'{zone}' is not a zone: an IANA name such as 'Europe/Stockholm' is expected.";

    private static string CountryExpected(string code) => $"'{code}' is not a country: an ISO 3166 code such as 'SE' is expected.";

    private static JsonSerializerOptions CreateStrict()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        WireJson.ApplyStrict(options);
        return options;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{0,63}$")]
    private static partial Regex Slug();

    [GeneratedRegex("^[A-Z]{2}$")]
    private static partial Regex Country();
}
