using NodaTime;

namespace SupportCluster.Faults.Servers;

/// <summary>
/// The service that is put under load and killed: one server, or two on one store without a cluster between them, of which each knows
/// nothing of the other's activations. Their addresses outlive their processes.
/// </summary>
internal sealed class Service : IService, IAsyncDisposable
{
    private readonly string program;
    private readonly string folder;
    private readonly string policy;
    private readonly string? without;
    private readonly ServerProcess?[] servers;
    private readonly Uri[] addresses;
    private TaskCompletionSource up = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Service(string program, string folder, string policy, string? without, int count)
    {
        (this.program, this.folder, this.policy, this.without) = (program, folder, policy, without);
        servers = new ServerProcess?[count];
        addresses = new Uri[count];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Uri> Addresses => addresses;

    /// <summary>What the servers wrote last.</summary>
    internal string Output => string.Join(Environment.NewLine, servers.OfType<ServerProcess>().Select(s => s.Output));

    internal static async Task<Service> Start(string program, string folder, string policy, string? without, int count, CancellationToken cancel)
    {
        var service = new Service(program, folder, policy, without, count);
        try
        {
            for (var i = 0; i < count; i++)
            {
                await service.Start(i, "http://127.0.0.1:0", cancel);
            }
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }

        service.up.SetResult();
        return service;
    }

    /// <summary>Completes when all servers are there.</summary>
    public Task Up(CancellationToken cancel) => Volatile.Read(ref up).Task.WaitAsync(cancel);

    /// <summary>kill -9 of every server. Answers the instant of the first.</summary>
    internal async Task<Instant> Kill()
    {
        Instant? at = null;
        foreach (var server in servers.OfType<ServerProcess>())
        {
            at ??= await server.Kill();
        }

        Volatile.Write(ref up, new(TaskCreationOptions.RunContinuationsAsynchronously));
        foreach (var server in servers.OfType<ServerProcess>())
        {
            await server.DisposeAsync();
        }

        Array.Clear(servers);
        return at!.Value;
    }

    /// <summary>Starts the servers again, at the addresses where they were.</summary>
    /// <param name="count">Fewer than before for a service that comes to rest with one.</param>
    internal async Task Restart(CancellationToken cancel, int? count = null)
    {
        for (var i = 0; i < (count ?? servers.Length); i++)
        {
            await Start(i, addresses[i].ToString(), cancel);
        }

        Volatile.Read(ref up).SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers.OfType<ServerProcess>())
        {
            await server.DisposeAsync();
        }
    }

    private async Task Start(int index, string url, CancellationToken cancel)
    {
        var server = await ServerProcess.Start(program, url, folder, policy, without, sharedFolder: servers.Length > 1, cancel);
        (servers[index], addresses[index]) = (server, server.Address);
    }
}
