using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Waking;

/// <summary>
/// Net 3 of waking: whatever is overdue by more than a second is woken, severity first, at most 32 at a time. It is the retry, the
/// catch-up after an outage and the throttle; one a node. Started after the application, so that it does not call grains of a silo that is not up.
/// </summary>
public sealed partial class WakeSweep(IStore store, IGrainFactory grains, IClock clock, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<WakeSweep> logger) : BackgroundService
{
    private const int AtOnce = 32;
    private const int Page = 512;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly Duration Overdue = Duration.FromSeconds(1);
    private static readonly Duration NotAgainWithin = Duration.FromSeconds(2);
    private static readonly Duration LongestPause = Duration.FromMinutes(1);

    /// <summary>Who was woken at which version, when not to try again before, and how often in vain.</summary>
    private readonly Dictionary<AggregateKey, (long Version, Instant NotBefore, int Failures)> tried = [];

    /// <summary>One pass over what is overdue; answers how many were woken.</summary>
    public async Task<int> Sweep()
    {
        var now = clock.GetCurrentInstant();
        var overdue = await store.Overdue(now - Overdue, Page);
        var woken = 0;
        foreach (var old in tried.Where(t => t.Value.NotBefore + LongestPause < now).Select(t => t.Key).ToList())
        {
            tried.Remove(old);
        }

        var due = overdue.Where(row => !(tried.TryGetValue(row.Key, out var before) && before.Version == row.Version && now < before.NotBefore)).ToList();
        var failures = new System.Collections.Concurrent.ConcurrentDictionary<AggregateKey, bool>();
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (row, _) =>
        {
            try
            {
                await grains.GetGrain(GrainId.Create(row.Key.Type, row.Key.Id)).AsReference<IWakes>().Wake();
                Interlocked.Increment(ref woken);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failures[row.Key] = true;
                LogWakeFailed(e, row.Key);
            }
        });
        foreach (var row in due)
        {
            var inVain = failures.ContainsKey(row.Key) ? tried.GetValueOrDefault(row.Key).Failures + 1 : 0;
            var pause = inVain == 0 ? NotAgainWithin : Duration.Min(NotAgainWithin * (1 << Math.Min(inVain, 5)), LongestPause);
            tried[row.Key] = (row.Version, now + pause, inVain);
        }

        return woken;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onStart = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var woken = 0;
            try
            {
                woken = await Sweep();
            }
            catch (Exception e) when (e is not OutOfMemoryException && !stoppingToken.IsCancellationRequested)
            {
                LogSweepFailed(e);
            }

            // A full page means that there is more: go on at once.
            if (woken < Page / 2)
            {
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(1101, LogLevel.Warning, "{Key} could not be woken; it will be tried again.")]
    private partial void LogWakeFailed(Exception exception, AggregateKey key);

    [LoggerMessage(1102, LogLevel.Warning, "The store could not say what is overdue; trying again.")]
    private partial void LogSweepFailed(Exception exception);
}
