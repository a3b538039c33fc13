using System.Globalization;
using NodaTime.Text;
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

    [Fact]
    public async Task Cases_of_the_real_log_follow_the_sun_while_nodes_are_killed()
    {
        PostgresServer.Need();
        Assert.SkipUnless(File.Exists(RealLog.File), $"NOT TESTED: following the sun, because there is no log at {RealLog.File}.");
        var (seed, cases) = (Number("SEED") ?? UsualSeed, Number("SUN") ?? UsualCases);
        var kills = Number("SUN_KILLS") ?? Math.Max(2, (int)(cases / SunRun.Pace / SunRun.SecondsBetweenKills));
        var result = await SunRun.Run(new(seed, cases, kills, Say), TestContext.Current.CancellationToken);
        var report = result.Report.ToString();
        Say(report);
        Assert.True(result.Violations.Count == 0,
            $"Seed {seed}, {result.Violations.Count} violations:{Environment.NewLine}{string.Join(Environment.NewLine, result.Violations.Take(30))}{Environment.NewLine}{Histories(result)}{report}");
        Assert.Empty(result.Errors);
        Assert.Equal((cases, kills), (result.Run.Cases.Count, result.Report.Kills));
        Assert.True(result.Report.Handoffs > 0, "Nothing was handed off.");
    }

    /// <summary>What happened to the first cases that a violation names.</summary>
    private static string Histories(SunResult result) => string.Concat(result.Run.Cases
        .Where(c => result.Violations.Any(v => v.Where.Contains(c.View.Number, StringComparison.Ordinal))).Take(3)
        .SelectMany(c => c.History.Select(e =>
            $"{c.View.Number} {e.Version} {InstantPattern.ExtendedIso.Format(e.At)} {e.Type} {e.By} {string.Join(' ', (e.Facts ?? new Dictionary<string, string>()).Select(f => $"{f.Key}={f.Value}"))}{Environment.NewLine}")));

    private void Say(string what)
    {
        output.WriteLine(what);
        Console.WriteLine(what);
    }

    private static int? Number(string name) => Environment.GetEnvironmentVariable($"FAULTS_{name}") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
