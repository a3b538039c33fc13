using System.IO.Compression;
using NodaTime;
using NodaTime.Text;

namespace SupportCluster;

/// <summary>A case of the log as it is played.</summary>
/// <param name="Place">Its place among all cases of the log, by number.</param>
/// <param name="Customer">The place of its customer (org line) among all of the log.</param>
/// <param name="Region">Of the engineer who had the case first: there the customer stands.</param>
internal sealed record LoggedCase(int Place, Instant At, int Customer, string Product, string Region, string Zone, string Country, string Language, int Severity);

/// <summary>
/// A vendor's log of 2012 as reports: test data that lies beside the repository, never shipped. Impact Major and High are severity 1, Medium
/// and Low 3 and 4.
/// </summary>
internal static class RealLog
{
    /// <summary>Nearly all of the log lies in April and May 2012.</summary>
    internal static readonly Instant From = Instant.FromUtc(2012, 4, 1, 0, 0);

    private static readonly Dictionary<string, (string Zone, string Country, string Language)> Homes = new()
    {
        ["emea"] = ("Europe/Stockholm", "SE", "en"),
        ["americas"] = ("America/New_York", "US", "en"),
        ["apj"] = ("Asia/Kolkata", "IN", "en"),
    };

    internal static string File => Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "data", "bpi2013_incidents.csv.gz"));

    /// <summary>The cases from <see cref="From"/> on, by number; and the share of all cases that change region in the log itself.</summary>
    /// <param name="regionOf">The region of a country; null for one of none.</param>
    internal static (IReadOnlyList<LoggedCase> Cases, double ChangedInLog) Read(Func<string, string?> regionOf)
    {
        var cases = new Dictionary<string, List<string[]>>();
        using (var text = new StreamReader(new GZipStream(System.IO.File.OpenRead(File), CompressionMode.Decompress)))
        {
            text.ReadLine();
            while (text.ReadLine() is { } line)
            {
                var row = line.Split(',');
                (cases.TryGetValue(row[0], out var rows) ? rows : cases[row[0]] = []).Add(row);
            }
        }

        var customers = cases.Values.Select(rows => rows[0][10]).Distinct().Order(StringComparer.Ordinal).ToList();
        var read = new List<LoggedCase>();
        var changed = 0;
        foreach (var (i, rows) in cases.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => c.Value).Index())
        {
            var regions = rows.Select(r => r[7]).Where(country => country.Length > 0)
                .Select(country => country is "RU" or "TR" or "ZA" ? "emea" : regionOf(country) ?? throw new FormatException($"{country} is of no region.")).ToList();
            changed += regions.Zip(regions.Skip(1)).Any(pair => pair.First != pair.Second) ? 1 : 0;
            var at = rows.Min(r => InstantPattern.ExtendedIso.Parse(r[2]).Value);
            if (at < From)
            {
                continue;
            }

            var region = regions.FirstOrDefault() ?? "emea";
            var home = Homes[region];
            var severity = rows[0][12] switch { "Major" or "High" => 1, "Medium" => 3, "Low" => 4, var other => throw new FormatException($"Unknown impact {other}") };
            read.Add(new(i, at, customers.IndexOf(rows[0][10]), rows[0][13], region, home.Zone, home.Country, home.Language, severity));
        }

        return (read, (double)changed / cases.Count);
    }
}
