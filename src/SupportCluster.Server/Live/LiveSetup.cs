using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SupportCluster.Grains.Live;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Live;

[assembly: InternalsVisibleTo("SupportCluster.Live.Tests")]

namespace SupportCluster.Server.Live;

/// <summary>Puts the live feed into a server.</summary>
public static class LiveSetup
{
    /// <summary>
    /// Adds the hub and its mailboxes. The host adds its <see cref="ITopicKind"/>s as singletons, a <see cref="TimeProvider"/>,
    /// authentication, and Orleans (a silo, or a client).
    /// </summary>
    public static IServiceCollection AddSupportClusterLive(this IServiceCollection services)
    {
        services.AddSignalR(hub => hub.KeepAliveInterval = HubPings.Every).AddJsonProtocol(options =>
        {
            options.PayloadSerializerOptions.Converters.Add(new FrameJson());
            WireJson.Apply(options.PayloadSerializerOptions);
        });
        services.RemoveAll<IHubProtocol>();
        services.AddSingleton<IHubProtocol>(provider =>
            new LimitedJson(new JsonHubProtocol(provider.GetRequiredService<IOptions<JsonHubProtocolOptions>>()), provider.GetRequiredService<LiveOptions>().MessageBytes));
        services.AddOptions<HubOptions>().Configure<LiveOptions>((hub, live) => hub.MaximumReceiveMessageSize = live.MessageBytes + 1);
        services.AddSingleton<HubLifetimeManager<SupportHub>, LiveConnections>();
        services.TryAddSingleton(new LiveOptions());
        services.AddSingleton<SiloDeaths>();
        services.AddSingleton<LiveReaders>();
        services.AddSingleton(provider =>
        {
            var factory = provider.GetRequiredService<IGrainFactory>();
            var deaths = provider.GetRequiredService<SiloDeaths>();
            return new LiveTopics(
                provider.GetServices<ITopicKind>(),
                factory.CreateObjectReference<ITopicObserver>,
                factory.DeleteObjectReference<ITopicObserver>,
                deaths.IsDead,
                provider.GetRequiredService<LiveOptions>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<LiveTopics>>());
        });
        services.AddHostedService<HomeWatch>();
        services.AddHostedService<EngineersConnected>();
        return services;
    }

    /// <summary>Lets this node know which topics in memory are to be told of changes. For a process that is a silo.</summary>
    public static IServiceCollection AddWatchedTopics(this IServiceCollection services) => services.AddSingleton<WatchedTopics>().AddHostedService<WatchedTopicsPoll>();

    /// <summary>Serves the hub at <c>/hub</c> to signed-in readers. A connection ends with its token.</summary>
    public static IEndpointConventionBuilder MapSupportClusterHub(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapHub<SupportHub>("/hub", options => options.CloseOnAuthenticationExpiration = true).CheckOrigins();
}
