using System.Text.RegularExpressions;

namespace SupportCluster.Importing;

/// <summary>Where the columns that the mapping names stand in the log.</summary>
internal sealed partial class LogColumns
{
    private readonly string[] header;
    private readonly List<MappingMistake> mistakes = [];

    /// <exception cref="MappingException">The log does not have them.</exception>
    internal LogColumns(ImportMapping mapping, string[] header)
    {
        this.header = [.. header.Select(h => h.Trim())];
        var c = mapping.Columns;
        Case = Find("$.columns.case", c.Case);
        Stamp = Find("$.columns.stamp", c.Stamp);
        Status = Find("$.columns.status[0]", c.Status[0]);
        SubStatus = c.Status.Count > 1 ? Find("$.columns.status[1]", c.Status[1]) : null;
        Severity = Find("$.columns.severity", c.Severity);
        Customer = Find("$.columns.customer", c.Customer);
        Product = Find("$.columns.product", c.Product);
        Order = FindOptional("$.columns.order", c.Order);
        ProductLine = FindOptional("$.columns.productLine", c.ProductLine);
        Owner = FindOptional("$.columns.owner", c.Owner);
        OwnerCountry = FindOptional("$.columns.ownerCountry", c.OwnerCountry);
        Team = FindOptional("$.columns.team", c.Team);
        Text = FindOptional("$.columns.text", c.Text);
        Contact = FindOptional("$.columns.contact", c.Contact);
        Language = FindOptional("$.columns.language", c.Language);
        Title = [.. Placeholders().Split(mapping.Title).Select((part, i) => i % 2 == 0 ? (part, -1) : ("", Find("$.title", part)))];
        if (mistakes.Count > 0)
        {
            throw new MappingException(mistakes);
        }
    }

    internal int Count => header.Length;

    internal int Case { get; }

    internal int Stamp { get; }

    internal int Status { get; }

    internal int? SubStatus { get; }

    internal int Severity { get; }

    internal int Customer { get; }

    internal int Product { get; }

    internal int? Order { get; }

    internal int? ProductLine { get; }

    internal int? Owner { get; }

    internal int? OwnerCountry { get; }

    internal int? Team { get; }

    internal int? Text { get; }

    internal int? Contact { get; }

    internal int? Language { get; }

    /// <summary>Literal text, or a column's place where that is not negative.</summary>
    internal IReadOnlyList<(string Literal, int Column)> Title { get; }

    private int? FindOptional(string path, string? name) => name is null ? null : Find(path, name);

    private int Find(string path, string name)
    {
        var place = Array.IndexOf(header, name);
        if (place < 0)
        {
            mistakes.Add(new(path, $"the log has no column '{name}'; it has: {string.Join(", ", header)}."));
        }
        else if (Array.LastIndexOf(header, name) != place)
        {
            mistakes.Add(new(path, $"the log has the column '{name}' twice."));
        }

        return place;
    }

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Placeholders();
}
