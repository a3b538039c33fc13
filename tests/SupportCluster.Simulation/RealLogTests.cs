using Xunit;

namespace SupportCluster.Simulation;

/// <summary>The real log, played through the same simulator: who had the problem then, how would it follow the sun now?</summary>
public sealed class RealLogTests(ITestOutputHelper output)
{
    /// <summary>
    /// In the log 18.7 % of all cases change region: first, second and third line sit in different countries and push cases to one another. Here only those
    /// move that may not wait for their owner: severity 1 with continuous service, and whatever falls due while the owner is away. So the share is
    /// lower, and bounded by the cases that are promised something within hours of day and night.
    /// </summary>
    [Fact]
    public void Fewer_cases_change_region_than_in_the_log()
    {
        Assert.SkipUnless(File.Exists(RealLog.File), $"There is no log at {RealLog.File}.");
        var chance = new Chance(1);
        var (world, changedInLog) = LoggedWorld.Read(chance);
        var outcome = Simulator.Play(chance, world);
        var share = (double)outcome.ChangedRegion.Count / world.Reports.Count;

        output.WriteLine($"{world.Reports.Count} cases, {world.Engineers.Count} engineers: {100 * share:0.0} % change region, {100 * changedInLog:0.0} % in the log; {outcome}");
        Assert.Equal(0.187, changedInLog, 0.001);
        Assert.True(outcome.Violations.Count == 0, string.Join(Environment.NewLine, outcome.Violations.Take(20)));
        Assert.True(share > 0 && share < changedInLog);
    }
}
