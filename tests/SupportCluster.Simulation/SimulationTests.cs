using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace SupportCluster.Simulation;

/// <summary>
/// A simulated 2026: both changes of the clocks of each zone, all holidays, 2,000 cases of which 300 continuous, 60 engineers with leave,
/// refusals, silence and lost presence. <c>SUPPORTCLUSTER_SIMULATION_SEEDS</c> plays more than three years.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, int.TryParse(Environment.GetEnvironmentVariable("SUPPORTCLUSTER_SIMULATION_SEEDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var seeds) ? seeds : 3)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_year_follows_the_sun(int seed)
    {
        var watch = Stopwatch.StartNew();
        var outcome = Simulator.Play((ulong)seed);

        output.WriteLine($"seed {seed}: {outcome}; {watch.Elapsed.TotalSeconds:0.0} s");
        Assert.True(outcome.Violations.Count == 0, string.Join(Environment.NewLine, outcome.Violations.Take(20)));
        Assert.True(outcome.Handoffs > 300, $"{outcome}");
        Assert.True(outcome.EscalatedShare < 0.02, $"{outcome}");
    }

    [Fact]
    public void The_same_seed_gives_the_same_journal_and_another_one_another()
    {
        var journal = Simulator.Play(7, 200, 60).Journal;

        Assert.Equal(journal, Simulator.Play(7, 200, 60).Journal);
        Assert.NotEqual(journal, Simulator.Play(8, 200, 60).Journal);
    }

    [Theory]
    [InlineData(Sabotage.NoHandoffs, "nobody is told")]
    [InlineData(Sabotage.NoHandoffs, "nobody else was asked")]
    [InlineData(Sabotage.NobodyAsked, "was not asked")]
    [InlineData(Sabotage.StaleRoster, "which is closed")]
    [InlineData(Sabotage.StaleRoster, "of severity 1")]
    [InlineData(Sabotage.EventsTwice, "has two outcomes")]
    [InlineData(Sabotage.WorkAnyTime, "outside its hours")]
    public void Every_check_bites(Sabotage sabotage, string violation)
    {
        var violations = Simulator.Play(1, 600, 200, sabotage).Violations;

        Assert.Contains(violations, v => v.Contains(violation, StringComparison.Ordinal));
    }
}
