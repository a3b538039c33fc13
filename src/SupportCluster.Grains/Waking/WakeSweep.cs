using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Waking;

/// <summary>
/// Net 3 of waking: whatever is overdue by more than a second is woken, severity first, at most 32 at a time. It is the retry, the
/// catch-up after an outage and the throttle; one a node, each for its share. Started after the application, so that it does not call grains of a silo that is not up.
/// </summary>
/// <param name="share">The hashes that this node looks after at present; null for all.</param>
public sealed partial class WakeSweep(
    IStore store, IGrainFactory grains, IClock clock, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<WakeSweep> logger, Func<(uint Begin, uint End)?>? share = null) : BackgroundService
{
    private const int AtOnce = 32;
    private const int Page = 512;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly Duration Overdue = Duration.FromSeconds(1);

    /// <summary>What is overdue for as long is anybody's: its node may live without reaching the store.</summary>
    private static readonly Duration Anybodys = Duration.FromSeconds(6);
    private static readonly Duration NotAgainWithin = Duration.FromSeconds(2);
    private static readonly Duration LongestPause = Duration.FromMinutes(1);

    /// <summary>The rest of one whose silo dies: another silo has it as soon as that is known, and what was due there must not wait for long.</summary>
    private static readonly Duration WhileSiloDies = Duration.FromMilliseconds(500);

    private readonly ConcurrentDictionary<AggregateKey, Attempt> attempts = [];
    private readonly SemaphoreSlim free = new(AtOnce);

    /// <summary>
    /// One pass over what is overdue; answers how many were woken. It does not wait for the last of them: one that hangs takes one place of the
    /// 32, and holds up nobody else.
    /// </summary>
    public async Task<int> Sweep(CancellationToken cancellation = default)
    {
        var now = clock.GetCurrentInstant();
        var resting = 0;
        foreach (var (key, attempt) in attempts)
        {
            resting += attempt.Underway || now < attempt.NotBefore ? 1 : 0;
            if (!attempt.Underway && attempt.NotBefore + (attempt.Failures == 0 ? Duration.Zero : LongestPause) < now)
            {
                attempts.TryRemove(key, out _);
            }
        }

        // Those that must rest may stand first, so they do not count for the page.
        var mine = share?.Invoke();
        var overdue = await store.Overdue(now - Overdue, Page + resting, mine);
        if (mine is not null && overdue.Count < Page)
        {
            overdue = [.. overdue, .. await store.Overdue(now - Anybodys, Page + resting)];
        }

        var woken = 0;
        foreach (var row in overdue)
        {
            var before = attempts.GetValueOrDefault(row.Key);
            if (before is null || !(before.Underway || (before.Version == row.Version && now < before.NotBefore)))
            {
                await free.WaitAsync(cancellation);
                attempts[row.Key] = new(row.Version, Instant.MaxValue, before?.Failures ?? 0, Underway: true);
                woken++;
                _ = Wake(row, before?.Failures ?? 0);
            }
        }

        return woken;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        free.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onStart = lifetime.ApplicationStarted.Register(started.SetResult);
        try
        {
            await started.Task.WaitAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The application never started: there is nothing to sweep, and nothing wrong here.
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            var woken = 0;
            try
            {
                woken = await Sweep(stoppingToken);
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

    private async Task Wake(DueAggregate row, int failures)
    {
        var dying = false;
        try
        {
            await grains.GetGrain(GrainId.Create(row.Key.Type, row.Key.Id)).AsReference<IWakes>().Wake();
            failures = 0;
        }
        catch (OrleansMessageRejectionException e)
        {
            dying = true;
            LogSiloDies(row.Key, e.Message);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            failures++;
            LogWakeFailed(e, row.Key);
        }

        var rest = dying ? WhileSiloDies : Duration.Min(NotAgainWithin * (1 << Math.Min(failures, 5)), LongestPause);
        attempts[row.Key] = new(row.Version, clock.GetCurrentInstant() + rest, failures, Underway: false);
        try
        {
            free.Release();
        }
        catch (ObjectDisposedException)
        {
            // The node stops.
        }
    }

    [LoggerMessage(1101, LogLevel.Warning, "{Key} could not be woken; it will be tried again.")]
    private partial void LogWakeFailed(Exception exception, AggregateKey key);

    [LoggerMessage(1103, LogLevel.Debug, "{Key} could not be woken, its silo does not answer; it will be tried again: {Reason}")]
    private partial void LogSiloDies(AggregateKey key, string reason);

    [LoggerMessage(1102, LogLevel.Warning, "The store could not say what is overdue; trying again.")]
    private partial void LogSweepFailed(Exception exception);

    /// <summary>Who was woken at which version, when not to try again before, and how often in vain.</summary>
    private sealed record Attempt(long Version, Instant NotBefore, int Failures, bool Underway);
}
