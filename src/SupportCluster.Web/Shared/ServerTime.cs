using NodaTime;

namespace SupportCluster.Web.Shared;

/// <summary>
/// The server's clock, estimated from what its answers say: a display's own may be minutes off, and what is left until a deadline must be right all the same.
/// Everything on the pages lives by it. Until the first answer it is the machine's.
/// </summary>
public sealed class ServerTime : TimeProvider
{
    /// <summary>The server says the second, and says it anew once a second, give or take.</summary>
    private static readonly Duration Spread = Duration.FromMilliseconds(1500);

    private readonly TimeProvider machine;
    private long offset;

    /// <param name="machine">The machine's clock, which also runs the timers.</param>
    public ServerTime(TimeProvider machine) => this.machine = machine;

    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow().AddTicks(Volatile.Read(ref offset));

    public override long GetTimestamp() => machine.GetTimestamp();

    public override long TimestampFrequency => machine.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => machine.CreateTimer(callback, state, dueTime, period);

    /// <summary>Takes an answer: the clock is moved when it cannot be right, into the middle of what can, and else left alone, so that nothing that counts down jumps.</summary>
    /// <param name="date">What the server's clock said, cut off to the second.</param>
    /// <param name="asked">Between which instants of this clock that was.</param>
    public void Learn(Instant date, Interval asked)
    {
        var (least, most) = (date - asked.End, date + Spread - asked.Start);
        if (least > Duration.Zero || most < Duration.Zero)
        {
            Interlocked.Add(ref offset, ((least + most) / 2).BclCompatibleTicks);
        }
    }
}
