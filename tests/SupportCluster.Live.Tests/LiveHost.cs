using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.TestingHost;
using SupportCluster.Client;
using SupportCluster.Client.Live;
using SupportCluster.Server.Hosting;
using SupportCluster.Server.Live;

namespace SupportCluster.Live.Tests;

/// <summary>A cluster in this process, and a web server of its own beside the first silo.</summary>
public sealed class LiveHost : IAsyncDisposable
{
    private readonly List<WebApplication> servers = [];

    private LiveHost(InProcessTestCluster cluster) => Cluster = cluster;

    public InProcessTestCluster Cluster { get; }

    public TotalKind Kind { get; private set; } = null!;

    public static async Task<LiveHost> Start(short silos = 1, LiveOptions? options = null)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSiloHost((_, host) =>
        {
            host.Services.AddSingleton(RealClock.Provider);
            host.Services.AddSerializer(DomainSerialization.Add);
            host.Logging.SetMinimumLevel(LogLevel.None);
        });
        builder.ConfigureClientHost(client => client.Services.AddSerializer(DomainSerialization.Add));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        var host = new LiveHost(cluster);
        await host.Serve(options);
        return host;
    }

    /// <summary>Starts another web server; gives its address.</summary>
    public async Task<Uri> Serve(LiveOptions? options = null, string url = "http://127.0.0.1:0")
    {
        var silo = Cluster.Silos[0].ServiceProvider;
        var factory = silo.GetRequiredService<IGrainFactory>();
        Kind = new TotalKind(key => factory.GetGrain<ITotalGrain>(key));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        builder.Services.AddSingleton(RealClock.Provider);
        builder.Services.AddSingleton(factory);
        builder.Services.AddSingleton(silo.GetRequiredService<IClusterMembershipService>());
        builder.Services.AddSingleton<ITopicKind>(Kind);
        builder.Services.AddSingleton(options ?? new LiveOptions());
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, TestTokens>("test", null);
        builder.Services.AddAuthorization();
        builder.Services.AddSupportClusterLive();
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapSupportClusterHub();
        await app.StartAsync();
        servers.Add(app);
        return Address;
    }

    public Uri Address => new(servers[^1].Urls.First());

    public async Task StopServing()
    {
        await servers[^1].DisposeAsync();
        servers.RemoveAt(servers.Count - 1);
    }

    public ITotalGrain Grain(string key) => Cluster.Client.GetGrain<ITotalGrain>(key);

    /// <summary>A grain that lives on the silo beside which no web server stands.</summary>
    public async Task<ITotalGrain> GrainOnTheOtherSilo(string key)
    {
        var other = Cluster.Silos[1].SiloAddress;
        var grain = Grain(key);
        if (await grain.Where() != other)
        {
            await Cluster.MigrateAsync(grain, other);
        }

        Assert.Equal(other, await grain.Where());
        return grain;
    }

    /// <summary>A token that says who comes with it, and until when.</summary>
    public static string Token(string role = "engineer", TimeSpan? life = null) => string.Create(
        CultureInfo.InvariantCulture, $"{role}|{RealClock.Provider.GetUtcNow().Add(life ?? TimeSpan.FromHours(1)).ToUnixTimeMilliseconds()}");

    public LiveClient Client(string role = "engineer", Func<Uri>? address = null) =>
        new(new SupportClusterOptions { Address = (address ?? (() => Address))(), Token = _ => ValueTask.FromResult<string?>(Token(role)) }, RealClock.Provider);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }

        await Cluster.DisposeAsync();
    }
}

/// <summary>The real clock, for tests in which real sockets take their time.</summary>
public static class RealClock
{
#pragma warning disable RS0030 // These tests are hosts.
    public static TimeProvider Provider => TimeProvider.System;
#pragma warning restore RS0030
}

/// <summary>Believes every token.</summary>
public sealed class TestTokens(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var token = Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal).Split('|');
        if (token.Length != 2)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var expires = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(token[1], CultureInfo.InvariantCulture));
        if (expires < RealClock.Provider.GetUtcNow())
        {
            return Task.FromResult(AuthenticateResult.Fail("expired"));
        }

        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Role, token[0])], Scheme.Name));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(user, new AuthenticationProperties { ExpiresUtc = expires }, Scheme.Name)));
    }
}
