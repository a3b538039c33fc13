using SupportCluster.Importing;
using SupportCluster.Protocol.Importing;
using Xunit;

namespace SupportCluster.Cli.Tests;

/// <summary>The mapping that is shipped, on a real log that is not: known counts by the same rules, counted independently.</summary>
public sealed class RealLog
{
    [Fact]
    public void The_shipped_mapping_has_25_customers_with_all_six_offers()
    {
        var mapping = Mapping();
        Assert.Equal(25, mapping.Customers.Count);
        Assert.Equal(["basic", "datacenter", "essential", "global", "national", "rps"], mapping.Customers.Values.Select(c => c.Offer).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_counts_are_those_of_the_log()
    {
        var path = Path.Combine(Repository.Root, "..", "shared", "data", "bpi2013_incidents.csv.gz");
        Assert.SkipUnless(File.Exists(path), "The real log is not here (../shared/data): its counts are not checked.");
        using var file = File.OpenRead(path);

        var reading = ImportReader.Read(file, Mapping());

        Assert.Empty(reading.Refused);
        Assert.Equal(65_533, reading.Rows);
        Assert.Equal(7_554, reading.Cases.Count);
        Assert.Equal(65_533, reading.Cases.Sum(c => c.Events.Count));
        Assert.Equal([3, 261, 4_045, 3_245], Enumerable.Range(1, 4).Select(s => reading.Cases.Count(c => c.Severity == s)));
        Assert.Equal(2_495, reading.Cases.Count(c => c.Events.Any(e => e.Step == ImportedStep.WaitingForCustomer)));
        Assert.Equal(4_217, reading.Cases.Sum(c => c.Events.Count(e => e.Step == ImportedStep.WaitingForCustomer)));
        Assert.Equal(13_866, reading.Cases.Sum(c => c.Events.Count(e => e.Step == ImportedStep.Ended)));
        Assert.Equal(510, reading.Cases.Count(c => c.Events.Zip(c.Events.Skip(1)).Any(p => p.First.Step == ImportedStep.Ended && p.Second.Step is ImportedStep.Queued or ImportedStep.Working or ImportedStep.WaitingForCustomer)));
        Assert.Equal(2_473, reading.Cases.Count(c => c.Events.Select(e => e.OwnerCountry).OfType<string>().Distinct().Count() > 1));
        Assert.Equal(1_687, reading.Cases.SelectMany(c => c.Events).Select(e => e.Owner).OfType<string>().Distinct().Count());
        Assert.Equal(25, reading.Contracts.Count);
        Assert.Equal(5_752, reading.Cases.Count(c => c.SupportId == "org-line-c"));
        Assert.All(reading.Cases, c => Assert.Contains(reading.Contracts[c.SupportId].Products, p => p.Id == c.Product && p.Line == c.ProductLine));
    }

    private static ImportMapping Mapping() => MappingFile.Parse(File.ReadAllText(Path.Combine(Repository.Root, "deploy", "import", "incident-log.mapping.json")));
}
