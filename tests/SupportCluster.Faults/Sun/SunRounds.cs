using System.Globalization;
using Xunit;

namespace SupportCluster.Faults.Sun;

/// <summary>
/// Cases of the real log follow the sun through two nodes that are killed. <c>FAULTS_SUN</c> is how many, 1000 for the whole proof;
/// <c>FAULTS_SEED</c> another seed, <c>FAULTS_SUN_KILLS</c> another number of kills; <c>FAULTS_LOGS</c> is a folder for what the nodes write.
/// </summary>
public sealed class SunRounds(ITestOutputHelper output)
{
    private const int UsualSeed = 7;
    private const int UsualCases = 200;
    private const int SecondsAKill = 30;
    private const double CasesASecond = 2.2;

    [Fact]
    public async Task Cases_of_the_real_log_follow_the_sun_while_nodes_are_killed()
    {
        PostgresServer.Need();
        Assert.SkipUnless(File.Exists(RealLog.File), $"NOT TESTED: following the sun, because there is no log at {RealLog.File}.");
        var (seed, cases) = (Number("SEED") ?? UsualSeed, Number("SUN") ?? UsualCases);
        var kills = Number("SUN_KILLS") ?? Math.Max(2, (int)(cases / CasesASecond / SecondsAKill));
        var result = await SunRun.Run(new(seed, cases, kills, Say), TestContext.Current.CancellationToken);
        var report = result.Report.ToString();
        Say(report);
        Assert.True(result.Violations.Count == 0,
            $"Seed {seed}, {result.Violations.Count} violations:{Environment.NewLine}{string.Join(Environment.NewLine, result.Violations.Take(30))}{Environment.NewLine}{report}");
        Assert.Empty(result.Errors);
        Assert.Equal((cases, kills), (result.Run.Cases.Count, result.Report.Kills));
        Assert.True(result.Report.Handoffs > 0, "Nothing was handed off.");
    }

    private void Say(string what)
    {
        output.WriteLine(what);
        Console.WriteLine(what);
    }

    private static int? Number(string name) => Environment.GetEnvironmentVariable($"FAULTS_{name}") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
