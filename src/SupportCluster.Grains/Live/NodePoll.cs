using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SupportCluster.Grains.Live;

/// <summary>Something small that every node asks for twice a second once the application has started, so that it knows it without asking when it is needed.</summary>
public abstract partial class NodePoll(TimeProvider time, IHostApplicationLifetime lifetime, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Asks once.</summary>
    public abstract Task Poll();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onStart = lifetime.ApplicationStarted.Register(started.SetResult);
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            await started.Task.WaitAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await Poll();
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    LogPollFailed(e, GetType().Name);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops, or has never started.
        }
    }

    [LoggerMessage(2050, LogLevel.Debug, "{Poll} was not answered; it asks again")]
    private partial void LogPollFailed(Exception e, string poll);
}

/// <summary>Learns what is watched on the other nodes.</summary>
public sealed class WatchedTopicsPoll(WatchedTopics watched, IGrainFactory grains, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<WatchedTopicsPoll> logger)
    : NodePoll(time, lifetime, logger)
{
    private long stamp;

    public override async Task Poll()
    {
        if (await grains.GetGrain<IWatchedTopicsGrain>(IWatchedTopicsGrain.Only).Read(stamp) is { } reading)
        {
            watched.Learn(reading.Topics);
            stamp = reading.Stamp;
        }
    }
}
