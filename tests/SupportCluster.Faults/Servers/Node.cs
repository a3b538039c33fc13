using System.Globalization;
using NodaTime;
using Npgsql;

namespace SupportCluster.Faults.Servers;

/// <summary>One node of a cluster, over all the processes that it is in the course of a run.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly Cluster cluster;
    private readonly Wire storeWire;
    private readonly string connection;
    private ServerProcess? process;
    private Wire? siloWire;
    private int starts;

    internal Node(Cluster cluster, int index, PostgresServer postgres, string database)
    {
        (this.cluster, Index) = (cluster, index);
        storeWire = new Wire(postgres.Port, _ => (Store.There, Store.Back)) { LosesAnswer = () => Store.Loses?.Invoke() == true };
        connection = new NpgsqlConnectionStringBuilder(postgres.ConnectionString(database)) { Port = storeWire.Port }.ConnectionString;
    }

    internal int Index { get; }

    /// <summary>What goes between the node and the database.</summary>
    internal StoreLine Store { get; } = new();

    internal bool IsRunning => process is { Ended.IsCompleted: false };

    /// <summary>Known from its first moment: it connects to the others before it serves anybody.</summary>
    internal int? ProcessId { get; private set; }

    /// <summary>Whether its processes are of the later version from the next start on.</summary>
    internal bool IsUpgraded { get; set; }

    internal string Output => process?.Output ?? "";

    /// <summary>The port by which the others know the present process.</summary>
    internal int SiloPort => siloWire?.Port ?? 0;

    /// <summary>Starts a process, which the others reach at another port than the one before.</summary>
    /// <param name="clockAhead">How far its clock is ahead of the machine's, as an ISO 8601 duration: of a test build.</param>
    internal async Task Start(CancellationToken cancel, string? clockAhead = null)
    {
        await Clear();
        var plan = cluster.Plan;
        var real = Wire.FreePort();
        siloWire = new Wire(real, port => cluster.FlowsTo(Index, port));
        List<string> settings =
        [
            "--SupportCluster:Postgres", connection,
            "--Orleans:Endpoints:AdvertisedIPAddress", "127.0.0.1",
            "--Orleans:Endpoints:SiloPort", siloWire.Port.ToString(CultureInfo.InvariantCulture),
            "--Orleans:Endpoints:GatewayPort", Wire.FreePort().ToString(CultureInfo.InvariantCulture),
            "--Orleans:Endpoints:SiloListeningEndpoint", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{real}"),
        ];
        if (clockAhead is not null)
        {
            settings.AddRange(["--SupportCluster:Testing:ClockAhead", clockAhead]);
        }

        var program = clockAhead is not null ? plan.Switched! : IsUpgraded ? plan.Next! : plan.Program;
        var log = plan.Logs is null ? null : Path.Combine(plan.Logs, string.Create(CultureInfo.InvariantCulture, $"node-{Index}-{++starts:00}.log"));
        process = await ServerProcess.Start(program, cluster.Addresses[Index]?.ToString() ?? "http://127.0.0.1:0", plan.Folder, plan.Policy, plan.Without, sharedFolder: false, cancel, settings, log, id => ProcessId = id);
        cluster.Reached(Index, process.Address);
    }

    /// <summary>kill -9. Answers the last instant at which it was surely alive.</summary>
    internal async Task<Instant> Kill()
    {
        var at = await process!.Kill();
        await Clear();
        return at;
    }

    /// <summary>SIGTERM, as an operator or an orchestrator ends a process.</summary>
    /// <exception cref="TimeoutException">It does not end.</exception>
    internal async Task Stop(CancellationToken cancel)
    {
        await process!.Signal("TERM");
        await process.Ended.WaitAsync(cluster.Plan.Patience, RealTime.Provider, cancel);
        await Clear();
    }

    /// <summary>SIGSTOP: it keeps its connections and does nothing.</summary>
    internal Task Freeze() => process!.Signal("STOP");

    /// <summary>SIGCONT.</summary>
    internal Task Thaw() => process!.Signal("CONT");

    /// <summary>Whether it ends by itself within the limit, as one does that finds itself declared dead.</summary>
    internal async Task<bool> Ends(TimeSpan limit, CancellationToken cancel)
    {
        try
        {
            await process!.Ended.WaitAsync(limit, RealTime.Provider, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Clear();
        await storeWire.DisposeAsync();
    }

    private async Task Clear()
    {
        if (process is not null)
        {
            await process.DisposeAsync();
            process = null;
            ProcessId = null;
            storeWire.Drop();
        }

        if (siloWire is not null)
        {
            await siloWire.DisposeAsync();
            siloWire = null;
        }
    }

    /// <summary>The line between a node and the database.</summary>
    internal sealed class StoreLine
    {
        internal Flow There { get; } = new();

        internal Flow Back { get; } = new();

        /// <summary>Whether the next answer is lost together with its connection.</summary>
        internal Func<bool>? Loses { get; set; }
    }
}
