using System.Globalization;
using SupportCluster.Faults.Servers;
using Xunit;

namespace SupportCluster.Faults;

/// <summary>
/// kill -9, again and again. <c>SUPPORTCLUSTER_KILL_ROUNDS</c> and <c>SUPPORTCLUSTER_KILL_SEED</c> make a longer run, or the same
/// schedule once more.
/// </summary>
public sealed class KillRounds(ITestOutputHelper output)
{
    private const int UsualSeed = 7;
    private const int Rounds = 20;

    /// <summary>A hundred and sixty deadlines are laid around each kill; a busy machine does not keep to the instant.</summary>
    private const int EnoughDue = 80;

    [Fact]
    public async Task No_promise_is_broken_by_twenty_kills()
    {
        var plan = new KillPlan(ServerBuild.Delivered, Number("SEED") ?? UsualSeed, Number("ROUNDS") ?? Rounds, TimeSpan.FromMinutes(2));
        output.WriteLine($"SUPPORTCLUSTER_KILL_SEED={plan.Seed}");
        var result = await KillRun.Run(plan, TestContext.Current.CancellationToken);
        output.WriteLine(result.Report);
        Assert.True(result.Violations.Count == 0, $"Seed {plan.Seed}, {result.Violations.Count} violations:{Environment.NewLine}{string.Join(Environment.NewLine, result.Violations.Take(20))}{Environment.NewLine}{result.Report}");
        Assert.Empty(result.Errors);
        Assert.True(result.DueAtKills.Average() >= EnoughDue, $"On average only {result.DueAtKills.Average()} milestones fell due within two seconds of a kill: too few cases could be opened in four seconds to prove anything.");
    }

    private static int? Number(string name) => Environment.GetEnvironmentVariable($"SUPPORTCLUSTER_KILL_{name}") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
