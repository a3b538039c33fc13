using NodaTime;
using SupportCluster.Storage;

namespace SupportCluster.Server.Hosting;

/// <summary>
/// The clock of a cluster is its store's: a node reads it when it starts and every few seconds, and goes on in between by what its machine counts,
/// which does not jump when somebody sets the machine's clock. So no node fires a milestone early or gives an event an instant of its own.
/// </summary>
public sealed class StoreClock : IClock
{
    /// <summary>An answer that took longer says too little.</summary>
    private static readonly Duration LongestAnswer = Duration.FromMilliseconds(200);

    private readonly IStore store;
    private readonly TimeProvider time;
    private volatile Reading reading;

    private StoreClock(IStore store, TimeProvider time, Reading first) => (this.store, this.time, reading) = (store, time, first);

    /// <summary>How far the machine's clock is ahead of the store's; negative when it is behind.</summary>
    public Duration Ahead => Instant.FromDateTimeOffset(time.GetUtcNow()) - GetCurrentInstant();

    /// <summary>Reads the store's clock for the first time.</summary>
    /// <exception cref="StoreException">The store does not answer.</exception>
    public static async Task<StoreClock> Start(IStore store, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(time);
        return new(store, time, (await Ask(store, time)).Reading);
    }

    /// <inheritdoc/>
    public Instant GetCurrentInstant()
    {
        var known = reading;
        return known.At + Duration.FromTimeSpan(time.GetElapsedTime(known.Timestamp));
    }

    /// <summary>Reads the store's clock again.</summary>
    /// <exception cref="StoreException">The store does not answer; the machine goes on counting.</exception>
    public async Task Read()
    {
        var (now, took) = await Ask(store, time);
        if (took <= LongestAnswer)
        {
            reading = now;
        }
    }

    private static async Task<(Reading Reading, Duration Took)> Ask(IStore store, TimeProvider time)
    {
        var before = time.GetTimestamp();
        var at = await store.ReadClock();
        var took = Duration.FromTimeSpan(time.GetElapsedTime(before));

        // The answer was made somewhere in between.
        return (new(at + (took / 2), time.GetTimestamp()), took);
    }

    private sealed record Reading(Instant At, long Timestamp);
}

/// <summary>Keeps the cluster's clock right, and says so when the machine's is off.</summary>
internal sealed partial class StoreClockWatch(StoreClock clock, TimeProvider time, ILogger<StoreClockWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var off = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            if (off != (off = NodeHealth.IsOff(clock.Ahead)))
            {
                LogAhead(off ? LogLevel.Error : LogLevel.Information, clock.Ahead);
            }

            await Task.Delay(Every, time, stoppingToken);
            try
            {
                await clock.Read();
            }
            catch (StoreException)
            {
                // Readiness says what is wrong.
            }
        }
    }

    [LoggerMessage(EventId = 4001, Message = "The machine's clock is {Ahead} ahead of the store's.")]
    private partial void LogAhead(LogLevel level, Duration ahead);
}
