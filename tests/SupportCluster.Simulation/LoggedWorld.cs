using System.Globalization;
using NodaTime;
using SupportCluster.Domain.Cases;

namespace SupportCluster.Simulation;

/// <summary>The real log as a world: offers go round by customer, product lines by product.</summary>
internal static class LoggedWorld
{
    /// <summary>The cases of April and May 2012, nearly all of the log, with six times the usual staff; and the share of all cases that change region in the log itself.</summary>
    internal static (World World, double ChangedInLog) Read(Chance chance)
    {
        var regions = World.Policy.Document.Regions;
        var (cases, changedInLog) = RealLog.Read(country => regions.FirstOrDefault(r => r.Value.Countries.Contains(country)).Key);
        IReadOnlyList<Report> reports =
        [
            .. cases.Select(c => new Report(c.At, CaseNumber.Of(regions[c.Region].CaseDigit, c.Place + 1),
                World.Terms($"org-line-{c.Customer.ToString(CultureInfo.InvariantCulture)}", World.Offers[c.Customer % World.Offers.Length], chance.Pick(World.Lines, c.Product, "line"), c.Region, c.Zone, c.Country, c.Language, priority: false),
                World.Problem(c.Severity))),
        ];
        return (new(RealLog.From, Instant.FromUtc(2012, 7, 1, 0, 0), World.Staff(chance, 2012, 12), reports), changedInLog);
    }
}
