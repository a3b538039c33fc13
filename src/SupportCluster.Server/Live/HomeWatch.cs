namespace SupportCluster.Server.Live;

/// <summary>Watches the cluster: the topics that lived on a silo that died are subscribed to again at once, the others are left alone.</summary>
internal sealed class HomeWatch(LiveTopics topics, IServiceProvider services) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A gateway is no member of the cluster; there the renewal finds out.
        if (services.GetService<IClusterMembershipService>() is not { } membership)
        {
            return;
        }

        try
        {
            await foreach (var _ in membership.MembershipUpdates.WithCancellation(stoppingToken))
            {
                foreach (var mailbox in topics.Mailboxes)
                {
                    mailbox.LookAfterHome();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }
}
