using System.Text;
using CsvHelper;
using SupportCluster.Protocol.Contracts;
using SupportCluster.Protocol.Importing;

namespace SupportCluster.Importing;

/// <summary>What the first row of a case says of the case, or why it says nothing usable.</summary>
internal sealed record CaseHead(ImportCustomer Customer, string Product, string Title, int Severity, string? Contact, string? Language, string? Wrong = null);

/// <summary>Turns the log's values into ours by the maps of the mapping. Each distinct value is looked up once.</summary>
internal sealed class ValueMaps
{
    private const int LongestSlug = 64;

    private readonly ImportMapping mapping;
    private readonly ImportDefaults defaults;
    private readonly HashSet<string> machines;
    private readonly Dictionary<(string, string), (ImportedStep Step, string Status, string? Wrong)> steps = [];
    private readonly Dictionary<string, (string? Code, string? Wrong)> countries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> slugs = new(StringComparer.Ordinal);
    private readonly HashSet<(string, string, string)> seen = [];
    private readonly Dictionary<string, SortedDictionary<string, LicensedProduct>> licensed = new(StringComparer.Ordinal);

    internal ValueMaps(ImportMapping mapping)
    {
        this.mapping = mapping;
        defaults = mapping.Defaults ?? new ImportDefaults();
        machines = new HashSet<string>(mapping.Machines ?? [], StringComparer.Ordinal);
    }

    /// <summary>Reads step, status, owner, country, team and text into a row; what is wrong with them, if anything.</summary>
    internal string? ReadEvent(LogColumns columns, CsvReader log, ImportReader.Row row)
    {
        var (step, status, unknownStatus) = Step(log.GetString(columns.Status), columns.SubStatus is { } sub ? log.GetString(sub) : "");
        if (unknownStatus is not null)
        {
            return unknownStatus;
        }

        var (country, unknownCountry) = columns.OwnerCountry is { } place ? Country(log.GetString(place)) : default;
        if (unknownCountry is not null)
        {
            return unknownCountry;
        }

        row.Step = step;
        row.Status = status;
        row.Country = country;
        row.Owner = Optional(log, columns.Owner) is { } owner && !machines.Contains(owner) ? owner : null;
        row.Team = Optional(log, columns.Team);
        row.Text = Optional(log, columns.Text);
        return null;
    }

    /// <summary>Reads what the row says of the whole case.</summary>
    internal CaseHead ReadHead(LogColumns columns, CsvReader log)
    {
        var customer = Customer(log.GetString(columns.Customer));
        var product = Product(log.GetString(columns.Product));
        var impact = log.GetString(columns.Severity);
        var severity = mapping.Severities.TryGetValue(impact, out var known) ? known : defaults.Severity;
        var wrong = customer is null ? $"'{log.GetString(columns.Customer)}' is not a customer of the mapping"
            : product is null ? $"'{log.GetString(columns.Product)}' is not a product: the mapping's products can name one for it"
            : severity is null ? $"'{impact}' is not a severity of the mapping"
            : null;
        var title = string.Concat(columns.Title.Select(part => part.Column < 0 ? part.Literal : log.GetString(part.Column)));
        return new CaseHead(customer!, product!, title, severity ?? 0, Optional(log, columns.Contact), Optional(log, columns.Language), wrong);
    }

    /// <summary>Remembers which customer has which product.</summary>
    internal void See(LogColumns columns, CsvReader log)
    {
        var line = log.GetString(columns.ProductLine ?? columns.Product);
        if (seen.Add((log.GetString(columns.Customer), log.GetString(columns.Product), line))
            && Customer(log.GetString(columns.Customer)) is { } customer && Product(log.GetString(columns.Product)) is { } id)
        {
            Licensed(customer).TryAdd(id, new LicensedProduct(id, Product(line) ?? id, Site: mapping.Site));
        }
    }

    internal ImportedCase Case(string key, CaseHead head, IReadOnlyList<ImportedEvent> events) =>
        new(key, head.Customer.SupportId, head.Product, Licensed(head.Customer)[head.Product].Line, head.Title, head.Severity, events, head.Contact, head.Language ?? head.Customer.Language);

    internal ContractDocument Contract(ImportCustomer customer) => new(
        new CustomerDetails(customer.Name, customer.Zone, customer.Region, customer.Country, customer.Language),
        customer.Offer,
        [.. Licensed(customer).Values],
        mapping.Term);

    private SortedDictionary<string, LicensedProduct> Licensed(ImportCustomer customer)
    {
        if (!licensed.TryGetValue(customer.SupportId, out var products))
        {
            licensed.Add(customer.SupportId, products = new SortedDictionary<string, LicensedProduct>(StringComparer.Ordinal));
        }

        return products;
    }

    private (ImportedStep Step, string Status, string? Wrong) Step(string status, string subStatus)
    {
        if (!steps.TryGetValue((status, subStatus), out var found))
        {
            var main = status.Trim();
            var whole = subStatus.Trim() is { Length: > 0 } sub ? $"{main}/{sub}" : main;
            found = mapping.Steps.TryGetValue(whole, out var step) || mapping.Steps.TryGetValue(main, out step) ? (step, whole, null)
                : defaults.Step is { } other ? (other, whole, null)
                : (default, whole, $"'{whole}' is not a status of the mapping");
            steps.Add((status, subStatus), found);
        }

        return found;
    }

    private (string? Code, string? Wrong) Country(string value)
    {
        if (!countries.TryGetValue(value, out var found))
        {
            var name = value.Trim();
            var code = name.Length == 0 ? ""
                : mapping.Countries is { } map && map.TryGetValue(name, out var mapped) ? mapped
                : name.Length == 2 && name.All(char.IsAsciiLetterUpper) ? name
                : defaults.Country;
            found = code is null ? (null, $"'{name}' is not a country: an ISO 3166 code is expected, or an entry in the mapping's countries") : (code.Length == 0 ? null : code, null);
            countries.Add(value, found);
        }

        return found;
    }

    private ImportCustomer? Customer(string value) =>
        mapping.Customers.TryGetValue(value.Trim(), out var customer) ? customer
        : defaults.Customer is { } other ? mapping.Customers[other]
        : null;

    private string? Product(string value)
    {
        if (!slugs.TryGetValue(value, out var slug))
        {
            var name = value.Trim();
            slug = mapping.Products is { } map && map.TryGetValue(name, out var mapped) ? mapped : Slug(name) ?? defaults.Product;
            slugs.Add(value, slug);
        }

        return slug;
    }

    private static string? Slug(string name)
    {
        var slug = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            if (slug.Length == LongestSlug)
            {
                break;
            }

            if (char.IsAsciiLetterOrDigit(letter))
            {
                slug.Append(char.ToLowerInvariant(letter));
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        return slug.ToString().Trim('-') is { Length: > 0 } result ? result : null;
    }

    private static string? Optional(CsvReader log, int? column) => column is { } place && log.GetString(place) is { Length: > 0 } text ? text : null;
}
