using SupportCluster.Grains.Durable;
using SupportCluster.Storage.Sqlite;

namespace SupportCluster.Server.Hosting;

/// <summary>
/// Protections that a test build (<c>-p:TestSwitches=true</c>) can switch off by <c>SupportCluster:Testing:Without</c>, to show that the tests of
/// them bite. In a normal build the setting is refused.
/// </summary>
internal static class TestSwitches
{
#if TEST_SWITCHES
    internal static GuardSwitches Guards(IConfiguration configuration) => new(
        RequestMemory: Without(configuration) != "request-memory",
        EffectCursor: Without(configuration) != "effect-cursor");

    internal static SqliteStoreOptions Store(IConfiguration configuration) => new() { Fence = Without(configuration) != "fence" };

    private static string? Without(IConfiguration configuration) => configuration["SupportCluster:Testing:Without"];
#else
    internal static GuardSwitches Guards(IConfiguration configuration) => configuration.GetSection("SupportCluster:Testing").Exists()
        ? throw new ConfigurationMistakeException("SupportCluster:Testing is not a setting of this build: the settings are DataFolder, Policy and Live.")
        : new();

    internal static SqliteStoreOptions Store(IConfiguration configuration) => new();
#endif
}
