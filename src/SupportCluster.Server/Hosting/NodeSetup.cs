using System.Net;
using System.Net.Sockets;
using NodaTime;
using Orleans.Configuration;
using Orleans.Serialization;
using SupportCluster.Domain.Policy;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Policies;
using SupportCluster.Grains.Waking;
using SupportCluster.Storage;
using SupportCluster.Storage.Reminders;
using SupportCluster.Storage.Sqlite;

namespace SupportCluster.Server.Hosting;

/// <summary>Puts store, clock and silo into the host.</summary>
public static class NodeSetup
{
    /// <summary>The embedded store; opened before the host is built, so that a fault is one clear message.</summary>
    public static IServiceCollection AddSupportClusterStorage(this IServiceCollection services, SqliteStore store)
    {
        services.AddSingleton<IStore>(store);
        return services;
    }

    /// <summary>The one clock of the process: everything else takes time as an argument.</summary>
    public static IServiceCollection AddSupportClusterClock(this IServiceCollection services, TimeProvider time)
    {
        services.AddSingleton(time);
        services.AddSingleton<IClock>(new TimeProviderClock(time));
        return services;
    }

    /// <summary>A silo by itself, on free loopback ports; wakes by our reminder table and the sweep.</summary>
    public static IHostBuilder UseSupportClusterNode(this IHostBuilder host, PolicyDocument policy, GuardSwitches guards) => host.UseOrleans((_, silo) =>
    {
        silo.UseLocalhostClustering(FreePort(), FreePort(), serviceId: "supportcluster", clusterId: "supportcluster");
        // A node by itself has no other that could die, and must never read its own row as a stale one: the row's start is the
        // machine's time and "now" is the host's clock, and a jump between them would end the process.
        silo.Configure<ClusterMembershipOptions>(o =>
        {
            o.LivenessEnabled = false;
            o.EvictWhenMaxJoinAttemptTimeExceeded = false;
            o.DefunctSiloCleanupPeriod = null;
            o.MaxDefunctSiloEntries = null;
        });
        silo.Configure<ReminderOptions>(o =>
        {
            o.RefreshReminderListPeriod = TimeSpan.FromSeconds(5);
            o.ReminderLoadingWindow = TimeSpan.FromMinutes(10);
        });
        silo.AddReminders();
        silo.Configure<GrainCollectionOptions>(o => o.CollectionAge = TimeSpan.FromMinutes(5));
        silo.AddGrainNodeServices(guards);
        silo.Services.AddSingleton(policy);
        silo.AddStartupTask<PolicyAtStart>();
    });

    /// <summary>What grains need, for the server and for tests of a silo.</summary>
    public static void AddGrainNodeServices(this ISiloBuilder silo, GuardSwitches guards)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Services.AddSingleton<IReminderTable, StoreReminderTable>();
        silo.Services.AddSingleton(guards);
        silo.Services.AddSingleton<PolicyBook>();
        silo.Services.AddSingleton<DurableServices>();
        silo.Services.AddHostedService<WakeSweep>();
        silo.Services.AddSerializer(DomainSerialization.Add);
    }

    /// <summary>Ports that silos of this process have been given: several nodes in one process (tests) never get the same, which binds without an error and then serves nobody.</summary>
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<int, bool> GivenPorts = new();

    private static int FreePort()
    {
        while (true)
        {
            using var socket = new TcpListener(IPAddress.Loopback, 0);
            socket.Start();
            var port = ((IPEndPoint)socket.LocalEndpoint).Port;
            if (GivenPorts.TryAdd(port, true))
            {
                return port;
            }
        }
    }
}

/// <summary>NodaTime's clock over the host's time provider.</summary>
public sealed class TimeProviderClock(TimeProvider time) : IClock
{
    public Instant GetCurrentInstant() => Instant.FromDateTimeOffset(time.GetUtcNow());
}
