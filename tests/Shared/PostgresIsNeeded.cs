namespace SupportCluster;

internal sealed partial class PostgresServer
{
    /// <summary>Skips the test where PostgreSQL is not installed, and fails it in CI, where it must be.</summary>
    internal static void Need()
    {
        if (Missing is { } missing)
        {
            Xunit.Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"CI must have PostgreSQL: {missing}");
            Xunit.Assert.Skip($"NOT TESTED: PostgreSQL, because {missing}.");
        }
    }
}
