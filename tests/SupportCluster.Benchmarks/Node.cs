using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using SupportCluster.Domain.Cases;
using SupportCluster.Grains.Cases;
using SupportCluster.Grains.Durable;
using SupportCluster.Server.Hosting;
using SupportCluster.Storage;
using SupportCluster.Storage.Sqlite;

namespace SupportCluster.Benchmarks;

/// <summary>A node in this process, put together as the server does it, over a store of its own.</summary>
internal sealed class Node : IAsyncDisposable
{
#pragma warning disable RS0030 // A benchmark is a host: it measures real time.
    internal static readonly TimeProvider Time = TimeProvider.System;
#pragma warning restore RS0030

    internal static readonly IClock Clock = new TimeProviderClock(Time);

    private readonly IHost host;
    private readonly DataFolder? folder;

    private Node(IHost host, IStore store, DataFolder? folder) => (this.host, Store, this.folder) = (host, store, folder);

    internal IStore Store { get; }

    internal IGrainFactory Grains => host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Over an embedded store in a folder.</summary>
    /// <param name="watch">Stands between the grains and the store.</param>
    internal static Task<Node> Start(string path, Func<IStore, IStore>? watch = null)
    {
        var folder = DataFolder.Take(path);
        return Start(path, SqliteStore.Open(folder, Clock), folder, watch);
    }

    /// <summary>Over a store that is open already; it is closed with the node.</summary>
    internal static async Task<Node> Start(string path, IStore store, DataFolder? folder = null, Func<IStore, IStore>? watch = null)
    {
        var host = Host.CreateDefaultBuilder()
            .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
            .ConfigureServices(services => services.AddSupportClusterClock(Time).AddSingleton(watch?.Invoke(store) ?? store))
            .UseSupportClusterNode(new(path, PolicyFile.DefaultPath, Postgres: null, NodeRole.All, DrainFor: TimeSpan.Zero), PolicyFile.Read(PolicyFile.DefaultPath), new GuardSwitches())
            .Build();
        await host.StartAsync();
        return new Node(host, store, folder);
    }

    /// <summary>Has a case carry out a command, which it must not refuse.</summary>
    internal async Task Command(CaseNumber number, CaseCommand command, Domain.Actor actor, bool keyed = true)
    {
        var reply = await Grains.GetGrain<ICaseGrain>(number.Value).Execute(new(command, actor, keyed ? new(Guid.CreateVersion7(Time.GetUtcNow()), 1) : null));
        if (reply.Refusal is { } refusal)
        {
            throw new InvalidOperationException($"{command.GetType().Name} of {number}: {refusal.Code}, {refusal.Detail}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        await ((IAsyncDisposable)Store).DisposeAsync();
        folder?.Dispose();
    }
}
