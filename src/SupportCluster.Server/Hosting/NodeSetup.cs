using System.Net;
using System.Net.Sockets;
using NodaTime;
using Orleans.Configuration;
using Orleans.Serialization;
using SupportCluster.Domain.Policy;
using SupportCluster.Grains.Centres;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Policies;
using SupportCluster.Grains.Queues;
using SupportCluster.Grains.Waking;
using SupportCluster.Storage.Reminders;

namespace SupportCluster.Server.Hosting;

/// <summary>Puts store, clock and silo into the host.</summary>
public static class NodeSetup
{
    /// <summary>Names the service in Orleans: the same for all clusters of it, and all versions.</summary>
    private const string Service = "supportcluster";

    /// <summary>The store, and with PostgreSQL the clock of the cluster, which is the store's.</summary>
    public static IServiceCollection AddSupportClusterStorage(this IServiceCollection services, NodeStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        services.AddSingleton(store.Store);
        // Not disposed of with the host: whoever opened it closes it.
        services.AddSingleton(store);
        services.AddSingleton<NodeHealth>();
        if (store.Clock is { } clock)
        {
            services.AddSingleton<IClock>(clock);
            services.AddSingleton(clock);
            services.AddHostedService<StoreClockWatch>();
        }

        return services;
    }

    /// <summary>The one clock of the process: everything else takes time as an argument.</summary>
    public static IServiceCollection AddSupportClusterClock(this IServiceCollection services, TimeProvider time)
    {
        services.AddSingleton(time);
        services.AddSingleton<IClock>(new TimeProviderClock(time));
        return services;
    }

    /// <summary>A node by itself, one of a cluster, or a gateway to one, as configured.</summary>
    public static IHostBuilder UseSupportClusterNode(this IHostBuilder host, ServerOptions options, PolicyDocument policy, GuardSwitches guards)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options switch
        {
            { Role: NodeRole.Gateway } => host.UseGateway(options.Postgres!),
            { Postgres: { } postgres } => host.UseSilo((context, silo) => silo.JoinCluster(context.Configuration, postgres), policy, guards),
            _ => host.UseSilo((_, silo) => silo.StandAlone(), policy, guards),
        };
    }

    /// <summary>A silo that wakes by our reminder table and the sweep.</summary>
    private static IHostBuilder UseSilo(this IHostBuilder host, Action<HostBuilderContext, ISiloBuilder> join, PolicyDocument policy, GuardSwitches guards) => host.UseOrleans((context, silo) =>
    {
        join(context, silo);
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

    /// <summary>On free loopback ports. A node by itself has no other that could die, and must never read its own row as a stale one: the row's start is the
    /// machine's time and "now" is the host's clock, and a jump between them would end the process.</summary>
    private static void StandAlone(this ISiloBuilder silo)
    {
        silo.UseLocalhostClustering(FreePort(), FreePort(), serviceId: Service, clusterId: Service);
        silo.Configure<ClusterMembershipOptions>(o =>
        {
            o.LivenessEnabled = false;
            o.EvictWhenMaxJoinAttemptTimeExceeded = false;
            o.DefunctSiloCleanupPeriod = null;
            o.MaxDefunctSiloEntries = null;
        });
    }

    /// <summary>
    /// One of several nodes that find each other in the database. A node that was killed is known to be dead after about a second, one that
    /// hangs after about four. Listens on free loopback ports unless <c>Orleans:Endpoints</c> says where the others reach it.
    /// </summary>
    private static void JoinCluster(this ISiloBuilder silo, IConfiguration configuration, string postgres)
    {
        silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (AdoNetInvariant, postgres));
        silo.Configure<ClusterOptions>(o => (o.ServiceId, o.ClusterId) = (Service, configuration["Orleans:ClusterId"] ?? Service));
        if (!configuration.GetSection("Orleans:Endpoints").Exists())
        {
            silo.ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort());
        }

        silo.Configure<ClusterMembershipOptions>(o =>
        {
            o.ProbeTimeout = TimeSpan.FromSeconds(1);
            o.NumMissedProbesLimit = 2;
            o.TableRefreshTimeout = TimeSpan.FromSeconds(5);

            // After an outage of all nodes the first one to start waits until the rows of the dead ones have not been renewed three times: a quarter of a
            // minute, not the minute and a half that it is by default.
            o.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);

            // By it a node compares when another began to join with its own clock: one whose clock is ahead would declare dead whoever joins, itself first.
            o.EvictWhenMaxJoinAttemptTimeExceeded = false;
        });
        silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = ResponseTimeout);
    }

    private const string AdoNetInvariant = "Npgsql";

    /// <summary>Longer than it takes to learn that a silo hangs: whoever called it hears of its death rather than nothing.</summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);

    private static IHostBuilder UseGateway(this IHostBuilder host, string postgres) => host.UseOrleansClient((context, client) =>
    {
        client.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (AdoNetInvariant, postgres));
        client.Configure<ClusterOptions>(o => (o.ServiceId, o.ClusterId) = (Service, context.Configuration["Orleans:ClusterId"] ?? Service));
        client.Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
        client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = ResponseTimeout);
        client.Services.AddSingleton<PolicyBook>();
        client.Services.AddSerializer(DomainSerialization.Add);
    });

    /// <summary>What grains need, for the server and for tests of a silo.</summary>
    public static void AddGrainNodeServices(this ISiloBuilder silo, GuardSwitches guards)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Services.AddSingleton<IReminderTable, StoreReminderTable>();
        silo.Services.AddSingleton(guards);
        silo.Services.AddSingleton<PolicyBook>().AddSingleton<DutyBooks>();
        silo.Services.AddSingleton<DurableServices>();
        silo.Services.AddHostedService(provider => ActivatorUtilities.CreateInstance<WakeSweep>(provider, Share(provider)));
        silo.Services.AddHostedService<QueuesAwake>().AddHostedService<DutyPoll>();
        silo.Services.AddSerializer(DomainSerialization.Add);
    }

    private static Func<(uint Begin, uint End)?> Share(IServiceProvider provider)
    {
        var membership = provider.GetRequiredService<IClusterMembershipService>();
        var self = provider.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        return () => SweepShare.Of(membership.CurrentSnapshot.Members.Values.Where(m => m.Status == SiloStatus.Active).Select(m => m.SiloAddress), self);
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
