using NodaTime;
using SupportCluster.Storage;

namespace SupportCluster.Server.Hosting;

/// <summary>
/// The clock of a cluster is its store's: a node reads it when it starts and every few seconds, and goes on in between by what its machine counts,
/// which does not jump when somebody sets the machine's clock. So no node fires a milestone early or gives an event an instant of its own.
/// </summary>
public sealed partial class StoreClock(IStore store, TimeProvider time, ILogger<StoreClock> logger) : BackgroundService, IClock
{
    /// <summary>How often the store is asked.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>An answer that took longer says too little.</summary>
    private static readonly Duration LongestAnswer = Duration.FromMilliseconds(200);

    private volatile Reading? reading;

    /// <inheritdoc/>
    public Instant GetCurrentInstant() => reading is { } known
        ? known.At + Duration.FromTimeSpan(time.GetElapsedTime(known.Timestamp))
        : throw new InvalidOperationException("The store's clock has not been read yet.");

    /// <summary>How far the machine's clock is ahead of the store's.</summary>
    public Duration Ahead => Instant.FromDateTimeOffset(time.GetUtcNow()) - GetCurrentInstant();

    /// <summary>Reads the store's clock before anything else starts.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await Read();
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var off = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Every, time, stoppingToken);
            try
            {
                await Read();
                if (off != (off = NodeHealth.IsOff(Ahead)))
                {
                    LogAhead(off ? LogLevel.Error : LogLevel.Information, Ahead);
                }
            }
            catch (StoreException)
            {
                // The machine goes on counting; readiness says what is wrong.
            }
        }
    }

    private async Task Read()
    {
        var before = time.GetTimestamp();
        var at = await store.ReadClock();
        var took = Duration.FromTimeSpan(time.GetElapsedTime(before));

        // The answer was made somewhere in between. A slow one is taken only where there is no better.
        if (took <= LongestAnswer || reading is null)
        {
            reading = new(at + (took / 2), time.GetTimestamp());
        }
    }

    [LoggerMessage(EventId = 4001, Message = "The machine's clock is {Ahead} ahead of the store's.")]
    private partial void LogAhead(LogLevel level, Duration ahead);

    private sealed record Reading(Instant At, long Timestamp);
}
