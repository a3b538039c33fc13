using System.Globalization;
using Xunit;

namespace SupportCluster.Faults;

/// <summary>
/// Three nodes and their database under faults. <c>FAULTS_MINUTES</c> makes a longer run with longer faults, <c>FAULTS_SEED</c> the same
/// schedule once more; <c>FAULTS_ONLY</c> names a part of one fault's sentence, <c>FAULTS_LOGS</c> a folder for what the nodes write.
/// </summary>
public sealed class ClusterRounds(ITestOutputHelper output)
{
    [Fact]
    public async Task No_promise_is_broken_by_any_fault_of_a_cluster()
    {
        NeedPostgres();
        var seed = Text("SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next(1_000_000);
        TimeSpan? longRun = Text("MINUTES") is { } minutes ? TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)) : null;
        output.WriteLine($"FAULTS_SEED={seed}");
        var result = await ClusterRun.Run(new(seed, longRun, Text("ONLY"), Say), TestContext.Current.CancellationToken);
        output.WriteLine(result.Report);
        Console.WriteLine(result.Report);
        Assert.True(result.Violations.Count == 0,
            $"Seed {seed}, {result.Violations.Count} violations:{Environment.NewLine}{string.Join(Environment.NewLine, result.Violations.Take(30))}{Environment.NewLine}{result.Report}");
        Assert.Empty(result.Errors);
    }

    /// <summary>Skips a test where PostgreSQL is not installed, and fails it in CI, where it must be.</summary>
    internal static void NeedPostgres()
    {
        if (PostgresServer.Missing is { } missing)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"CI must have PostgreSQL: {missing}");
            Assert.Skip($"NOT TESTED: a cluster, because {missing}.");
        }
    }

    private void Say(string what)
    {
        output.WriteLine(what);
        Console.WriteLine(what);
    }

    private static string? Text(string name) => Environment.GetEnvironmentVariable($"FAULTS_{name}") is { Length: > 0 } text ? text : null;
}
