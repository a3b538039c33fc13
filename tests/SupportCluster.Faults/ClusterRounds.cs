using System.Globalization;
using Xunit;

namespace SupportCluster.Faults;

/// <summary>
/// Three nodes and their database under every fault, each for seconds; <c>FAULTS_ONLY</c>, a part of a fault's sentence, injects that one alone.
/// <c>FAULTS_MINUTES</c> makes a longer run with longer faults, <c>FAULTS_SEED</c> another schedule; <c>FAULTS_LOGS</c> is a folder for what the nodes write.
/// </summary>
public sealed class ClusterRounds(ITestOutputHelper output)
{
    private const int UsualSeed = 7;

    [Fact]
    public async Task No_promise_is_broken_by_the_faults_of_a_cluster()
    {
        PostgresServer.Need();
        var seed = Text("SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : UsualSeed;
        TimeSpan? longRun = Text("MINUTES") is { } minutes ? TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)) : null;
        output.WriteLine($"FAULTS_SEED={seed}");
        var result = await ClusterRun.Run(new(seed, longRun, Text("ONLY"), Say), TestContext.Current.CancellationToken);
        output.WriteLine(result.Report);
        Console.WriteLine(result.Report);
        Assert.True(result.Violations.Count == 0,
            $"Seed {seed}, {result.Violations.Count} violations:{Environment.NewLine}{string.Join(Environment.NewLine, result.Violations.Take(30))}{Environment.NewLine}{result.Report}");
        Assert.Empty(result.Errors);
    }

    private void Say(string what)
    {
        output.WriteLine(what);
        Console.WriteLine(what);
    }

    private static string? Text(string name) => Environment.GetEnvironmentVariable($"FAULTS_{name}") is { Length: > 0 } text ? text : null;
}
