using NodaTime;

namespace SupportCluster.Faults;

/// <summary>
/// The clock of these tests is the machine's: the servers are processes of their own, which no test clock reaches. The one place in which this
/// project waits: for a condition that can only be asked for again and again, for the instant of a planned kill, or as a person thinks between two commands.
/// </summary>
internal static class RealTime
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(50);

#pragma warning disable RS0030 // The processes that are watched live by this clock too.
    internal static TimeProvider Provider { get; } = TimeProvider.System;
#pragma warning restore RS0030

    internal static Instant Now => Instant.FromDateTimeOffset(Provider.GetUtcNow());

    /// <summary>Waits for a condition; false when it has not come true within the limit.</summary>
    internal static async Task<bool> Until(Func<Task<bool>> condition, TimeSpan limit, CancellationToken cancel)
    {
        var started = Provider.GetTimestamp();
        while (!await condition())
        {
            if (Provider.GetElapsedTime(started) > limit)
            {
                return false;
            }

            await Task.Delay(AskAgain, Provider, cancel);
        }

        return true;
    }

    /// <summary>Waits for an instant.</summary>
    internal static async Task Until(Instant at, CancellationToken cancel)
    {
        while (at - Now is var left && left > Duration.Zero)
        {
            await Task.Delay(left.ToTimeSpan() + TimeSpan.FromMilliseconds(1), Provider, cancel);
        }
    }

    /// <summary>The time between two commands of one person, without which the load would be a flood.</summary>
    internal static Task Think(TimeSpan time, CancellationToken cancel) => Task.Delay(time, Provider, cancel);
}
