using SupportCluster.Grains.Durable;
using SupportCluster.Server.Live;
using SupportCluster.Storage.Postgres;
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
        EffectCursor: Without(configuration) != "effect-cursor",
        WriteFirst: Without(configuration) != "write-first");

    internal static SqliteStoreOptions Store(IConfiguration configuration) => new() { Fence = Without(configuration) != "fence" };

    internal static PostgresStoreOptions Postgres(IConfiguration configuration) => new() { Fence = Without(configuration) != "fence" };

    /// <summary>Without the checks for gaps, of which there are two, and with every third notification lost between a topic and its watchers.</summary>
    internal static LiveOptions Live(IConfiguration configuration, LiveOptions options)
    {
        TopicMemory.BridgesGaps = Without(configuration) == "gap-check";
        return TopicMemory.BridgesGaps ? options with { LosesEvery = 3, Guards = LiveGuards.All & ~LiveGuards.Gap } : options;
    }

    /// <summary>The process' clock: ahead of the machine's by <c>SupportCluster:Testing:ClockAhead</c>.</summary>
    internal static TimeProvider Clock(IConfiguration configuration, TimeProvider time) =>
        configuration["SupportCluster:Testing:ClockAhead"] is { Length: > 0 } ahead ? new ClockAhead(time, System.Xml.XmlConvert.ToTimeSpan(ahead)) : time;

    /// <summary>A clock that somebody has set wrong: what it counts is right, what it shows is not.</summary>
    private sealed class ClockAhead(TimeProvider time, TimeSpan ahead) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp() => time.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + ahead;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);
    }

    private static string? Without(IConfiguration configuration) => configuration["SupportCluster:Testing:Without"];
#else
    internal static GuardSwitches Guards(IConfiguration configuration) => configuration.GetSection("SupportCluster:Testing").Exists()
        ? throw new ConfigurationMistakeException($"SupportCluster:Testing is not a setting of this build: the settings are {ServerOptions.Settings}.")
        : new();

    internal static SqliteStoreOptions Store(IConfiguration configuration) => new();

    internal static PostgresStoreOptions Postgres(IConfiguration configuration) => new();

    internal static LiveOptions Live(IConfiguration configuration, LiveOptions options) => options;

    internal static TimeProvider Clock(IConfiguration configuration, TimeProvider time) => time;
#endif
}
