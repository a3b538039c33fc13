using SupportCluster.Protocol.Contracts;
using SupportCluster.Protocol.Importing;

namespace SupportCluster.Importing;

/// <summary>How another system's log is read; docs/import.md describes every member.</summary>
/// <param name="Source">Slug that names the other system.</param>
/// <param name="Title">Title of the cases; <c>{column}</c> stands for that column of the case's first row.</param>
/// <param name="Steps">What a status means, by <c>status</c> or, with two columns, <c>status/sub-status</c>; the longer one wins.</param>
/// <param name="Machines">Owners that are machines: rows of theirs have no owner.</param>
/// <param name="Countries">ISO 3166 code of each country as the log writes it; not needed for codes.</param>
/// <param name="Products">Product ids for values whose slug will not do.</param>
/// <param name="Site">Installation site of all products; the customer's home zone when absent.</param>
internal sealed record ImportMapping(
    string Source,
    ImportColumns Columns,
    string Title,
    IReadOnlyDictionary<string, ImportedStep> Steps,
    IReadOnlyDictionary<string, int> Severities,
    ContractTerm Term,
    IReadOnlyDictionary<string, ImportCustomer> Customers,
    ImportFile? File = null,
    ImportStamp? Stamp = null,
    RowOrder? OrderBy = null,
    IReadOnlyList<string>? Machines = null,
    IReadOnlyDictionary<string, string>? Countries = null,
    IReadOnlyDictionary<string, string>? Products = null,
    InstallationSite? Site = null,
    ImportDefaults? Defaults = null);

/// <summary>Which column says what. Absent members are not read.</summary>
/// <param name="Order">A whole number that grows from row to row of a case.</param>
/// <param name="Status">One column, or two: status and sub-status.</param>
/// <param name="ProductLine">The product when absent.</param>
internal sealed record ImportColumns(
    string Case,
    string Stamp,
    IReadOnlyList<string> Status,
    string Severity,
    string Customer,
    string Product,
    string? Order = null,
    string? ProductLine = null,
    string? Owner = null,
    string? OwnerCountry = null,
    string? Team = null,
    string? Text = null,
    string? Contact = null,
    string? Language = null);

/// <summary>How the file is written.</summary>
/// <param name="Delimiter">Comma when absent.</param>
/// <param name="Encoding">IANA name; UTF-8 when absent. A byte order mark wins.</param>
/// <param name="LineBreaksInQuotes">False for logs whose quotation marks do not pair: then each line is a row.</param>
internal sealed record ImportFile(string? Delimiter = null, string? Encoding = null, bool? LineBreaksInQuotes = null);

/// <summary>How stamps are written.</summary>
/// <param name="Format">NodaTime pattern; ISO 8601 when absent.</param>
/// <param name="Zone">IANA zone of stamps that name none; absent when each names its offset.</param>
internal sealed record ImportStamp(string? Format = null, string? Zone = null);

/// <summary>What puts the rows of a case in order.</summary>
internal enum RowOrder
{
    /// <summary>Their place in the file.</summary>
    File,

    /// <summary>The order column.</summary>
    Column,

    /// <summary>Their stamps; the place in the file among equal ones.</summary>
    Stamp,
}

/// <summary>A customer of the other system, and the contract that is concluded for it.</summary>
internal sealed record ImportCustomer(string SupportId, string Name, string Offer, string Zone, string Region, string? Country = null, string? Language = null);

/// <summary>What stands in for values that the maps do not know. Without one, the row is refused.</summary>
/// <param name="Customer">A key of the customers.</param>
/// <param name="Country">ISO 3166 code, or empty to leave the country out.</param>
internal sealed record ImportDefaults(ImportedStep? Step = null, int? Severity = null, string? Customer = null, string? Product = null, string? Country = null);
