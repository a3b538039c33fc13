namespace SupportCluster.Server.Live;

/// <summary>Watches the cluster: the topics that lived on a silo that died are subscribed to again at once, the others are left alone.</summary>
internal sealed partial class HomeWatch(LiveTopics topics, SiloDeaths deaths, IGrainFactory grains, TimeProvider time, IHostApplicationLifetime lifetime, IServiceProvider services, ILogger<HomeWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await (services.GetService<IClusterMembershipService>() is { } membership ? Follow(membership, stoppingToken) : Ask(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>A member of the cluster is told.</summary>
    private async Task Follow(IClusterMembershipService membership, CancellationToken stoppingToken)
    {
        await foreach (var now in membership.MembershipUpdates.WithCancellation(stoppingToken))
        {
            Learn(now.Members.Values.Where(m => m.Status == SiloStatus.Dead).Select(m => m.SiloAddress));
        }
    }

    /// <summary>A gateway is no member: it asks.</summary>
    private async Task Ask(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onStart = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        while (true)
        {
            try
            {
                var hosts = await grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: false, stoppingToken).WaitAsync(Every * 5, time, stoppingToken);
                Learn(hosts.Where(h => h.Value == SiloStatus.Dead).Select(h => h.Key));
            }
            catch (Exception e) when (e is not OutOfMemoryException && !stoppingToken.IsCancellationRequested)
            {
                LogNotAnswered(e);
            }

            await Task.Delay(Every, time, stoppingToken);
        }
    }

    private void Learn(IEnumerable<SiloAddress> dead)
    {
        if (deaths.Learn(dead))
        {
            foreach (var mailbox in topics.Mailboxes)
            {
                mailbox.LookAfterHome();
            }
        }
    }

    [LoggerMessage(2030, LogLevel.Warning, "The cluster does not tell which silos live; topics whose silo died are found when they are renewed.")]
    private partial void LogNotAnswered(Exception e);
}
