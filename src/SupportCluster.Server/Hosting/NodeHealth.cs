using NodaTime;
using SupportCluster.Grains.Policies;
using SupportCluster.Storage;

namespace SupportCluster.Server.Hosting;

/// <summary>Whether the node can serve, and in words why it cannot.</summary>
public sealed class NodeHealth(IStore store, IGrainFactory grains, IServiceProvider services, IHostApplicationLifetime lifetime, Draining draining)
{
    private static readonly Duration MostAhead = Duration.FromMilliseconds(250);

    /// <summary>A clock that differs from the store's by more than 250 ms, either way, is off.</summary>
    public static bool IsOff(Duration ahead) => ahead > MostAhead || ahead < -MostAhead;

    /// <summary>Null when the node is ready; otherwise what keeps it from serving.</summary>
    public async Task<string?> WhyNot()
    {
        if (draining.Begun || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return "the node is stopping";
        }

        try
        {
            await store.Figures();
            if (services.GetService<StoreClock>()?.Ahead is { } ahead && IsOff(ahead))
            {
                return FormattableString.Invariant($"the machine's clock is {ahead.TotalSeconds:0.000} s ahead of the store's: set it by a time service");
            }

            return services.GetService<ILocalSiloDetails>() is { } silo && services.GetService<IClusterMembershipService>() is { } membership
                && membership.CurrentSnapshot.GetSiloStatus(silo.SiloAddress) is not SiloStatus.Active and var status
                    ? $"the silo is {status}"
                : await grains.GetGrain<IPolicyGrain>(IPolicyGrain.Current).CurrentVersion() > 0 ? null
                : "no policy is in force yet";
        }
        catch (Exception e) when (e is StoreException or OrleansException or TimeoutException)
        {
            return e is StoreException ? "the store does not answer" : "the silo does not answer";
        }
    }
}
