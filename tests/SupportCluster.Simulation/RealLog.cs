using System.Globalization;
using System.IO.Compression;
using NodaTime;
using NodaTime.Text;
using SupportCluster.Domain.Cases;

namespace SupportCluster.Simulation;

/// <summary>
/// A vendor's log of 2012 as reports: test data that lies beside the repository, never shipped. Impact Major and High are severity 1, Medium
/// and Low 3 and 4. Offers go round by customer (org line); a customer stands in the region of the engineer who had the case first.
/// </summary>
internal static class RealLog
{
    private static readonly Instant From = Instant.FromUtc(2012, 4, 1, 0, 0);

    private static readonly Dictionary<string, (string Zone, string Country, string Language)> Homes = new()
    {
        ["emea"] = ("Europe/Stockholm", "SE", "en"),
        ["americas"] = ("America/New_York", "US", "en"),
        ["apj"] = ("Asia/Kolkata", "IN", "en"),
    };

    internal static string File => Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "data", "bpi2013_incidents.csv.gz"));

    /// <summary>The cases of April and May 2012, nearly all of the log, with six times the usual staff; and the share of all cases that change region in the log itself.</summary>
    internal static (World World, double ChangedInLog) Read(Chance chance)
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
        var reports = new List<Report>();
        var changed = 0;
        foreach (var (i, rows) in cases.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => c.Value).Index())
        {
            var regions = rows.Select(r => r[7]).Where(country => country.Length > 0).Select(RegionOf).ToList();
            changed += regions.Zip(regions.Skip(1)).Any(pair => pair.First != pair.Second) ? 1 : 0;
            var at = rows.Min(r => InstantPattern.ExtendedIso.Parse(r[2]).Value);
            if (at < From)
            {
                continue;
            }

            var region = regions.FirstOrDefault() ?? "emea";
            var home = Homes[region];
            var customer = customers.IndexOf(rows[0][10]);
            var severity = rows[0][12] switch { "Major" or "High" => 1, "Medium" => 3, "Low" => 4, var other => throw new FormatException($"Unknown impact {other}") };
            reports.Add(new(at, CaseNumber.Of(World.Policy.Document.Regions[region].CaseDigit, i + 1),
                World.Terms($"org-line-{customer.ToString(CultureInfo.InvariantCulture)}", World.Offers[customer % World.Offers.Length], chance.Pick(World.Lines, rows[0][13], "line"), region, home.Zone, home.Country, home.Language, priority: false),
                World.Problem(severity)));
        }

        return (new(From, Instant.FromUtc(2012, 7, 1, 0, 0), World.Staff(chance, 2012, 12), reports), (double)changed / cases.Count);
    }

    private static string RegionOf(string country) =>
        country is "RU" or "TR" or "ZA" ? "emea"
        : World.Policy.Document.Regions.FirstOrDefault(r => r.Value.Countries.Contains(country)).Key ?? throw new FormatException($"{country} is of no region.");
}
