using NodaTime;

namespace SupportCluster.Server.Tests.Running;

/// <summary>A wall clock that stands still until a test moves it; timers run in real time, so the silo lives on.</summary>
internal sealed class StandingClock(Instant start) : TimeProvider
{
    private long ticks = start.ToUnixTimeTicks();

    internal Instant Now => Instant.FromUnixTimeTicks(Volatile.Read(ref ticks));

    internal Instant Leap(Duration by) => Instant.FromUnixTimeTicks(Interlocked.Add(ref ticks, by.BclCompatibleTicks));

    public override DateTimeOffset GetUtcNow() => Now.ToDateTimeOffset();
}
