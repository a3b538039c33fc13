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
        services.AddSignalR();
        return services;
    }

    /// <summary>Serves the hub at <c>/hub</c> to signed-in readers. A connection ends with its token.</summary>
    public static IEndpointConventionBuilder MapSupportClusterHub(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapHub<SupportHub>("/hub", options => options.CloseOnAuthenticationExpiration = true);
}
