using System.Net;
using NodaTime;
using Npgsql;

namespace SupportCluster.Faults.Servers;

/// <summary>
/// Nodes of one cluster on one PostgreSQL database, each a process of its own. What goes between two nodes, and between a node and the
/// database, goes through wires that can be cut. Their HTTP addresses outlive their processes; the ports for each other do not.
/// </summary>
internal sealed class Cluster : IService, IAsyncDisposable
{
    private const int Dead = 6;
    private readonly Flow[,] between;
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly Uri[] addresses;
    private readonly NpgsqlDataSource database;

    private Cluster(PostgresServer postgres, string databaseName, ClusterPlan plan)
    {
        Plan = plan;
        between = new Flow[plan.Nodes, plan.Nodes];
        foreach (var (a, b) in Pairs())
        {
            between[a, b] = new();
        }

        addresses = new Uri[plan.Nodes];
        database = NpgsqlDataSource.Create(postgres.ConnectionString(databaseName) + ";Timeout=5;Command Timeout=5");
        Nodes = [.. Enumerable.Range(0, plan.Nodes).Select(i => new Node(this, i, postgres, databaseName))];
    }

    internal ClusterPlan Plan { get; }

    internal IReadOnlyList<Node> Nodes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Uri> Addresses => addresses;

    /// <summary>What the nodes wrote last.</summary>
    internal string Output => string.Join(Environment.NewLine, Nodes.Select(n => $"--- node {n.Index}{Environment.NewLine}{n.Output}"));

    /// <summary>Connections between nodes of which nobody knows from which node they came: they are never cut.</summary>
    internal int Unidentified { get; private set; }

    internal static async Task<Cluster> Start(PostgresServer postgres, string databaseName, ClusterPlan plan, CancellationToken cancel)
    {
        var cluster = new Cluster(postgres, databaseName, plan);
        try
        {
            // One after the other: the first makes the tables.
            foreach (var node in cluster.Nodes)
            {
                await node.Start(cancel);
            }

            await cluster.AllReady(cancel);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task Up(CancellationToken cancel)
    {
        while (!Nodes.Any(n => n.IsRunning))
        {
            await RealTime.Think(TimeSpan.FromMilliseconds(100), cancel);
        }
    }

    /// <summary>What goes from one node to another.</summary>
    internal Flow From(int node, int to) => between[node, to];

    /// <summary>The pair of flows of a connection that somebody has made to a node.</summary>
    internal (Flow There, Flow Back) FlowsTo(int node, int port)
    {
        var owner = Sockets.Owner(port, Nodes.Where(n => n.Index != node).Select(n => n.ProcessId).OfType<int>());
        if (Nodes.FirstOrDefault(n => n.ProcessId is { } id && id == owner) is not { } from)
        {
            Unidentified++;
            return (new(), new());
        }

        return (between[from.Index, node], between[node, from.Index]);
    }

    internal void Reached(int node, Uri address) => addresses[node] = address;

    /// <summary>Whether a node says that it can serve, and what it says otherwise; null when it says nothing.</summary>
    internal async Task<(bool Ready, string? Reason)> Health(Node node, CancellationToken cancel)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(addresses[node.Index], "health/ready"), cancel);
            return (answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(cancel));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return (false, null);
        }
    }

    /// <summary>Starts whatever does not run, heals all wires, and waits until every node says that it can serve.</summary>
    /// <exception cref="TimeoutException">That does not come.</exception>
    internal async Task AllReady(CancellationToken cancel)
    {
        foreach (var (a, b) in Pairs())
        {
            between[a, b].Go();
        }

        foreach (var node in Nodes)
        {
            node.Store.There.Go();
            node.Store.Back.Go();
            node.Store.Loses = null;
        }

        var reasons = new Dictionary<int, string?>();
        if (!await RealTime.Until(async () =>
        {
            reasons.Clear();
            foreach (var node in Nodes)
            {
                if (!node.IsRunning)
                {
                    await node.Start(cancel);
                }

                if (await Health(node, cancel) is (false, var reason))
                {
                    reasons[node.Index] = reason;
                }
            }

            return reasons.Count == 0;
        }, Plan.Patience, cancel))
        {
            throw new TimeoutException($"Not all nodes came to serve: {string.Join("; ", reasons.Select(r => $"node {r.Key} says {r.Value ?? "nothing"}"))}");
        }
    }

    /// <summary>Waits until the cluster has declared a silo dead.</summary>
    /// <returns>When that was seen; null when it has not come.</returns>
    internal async Task<Instant?> DeathKnown(int siloPort, CancellationToken cancel)
    {
        Instant? known = null;
        await RealTime.Until(async () =>
        {
            try
            {
                await using var command = database.CreateCommand("SELECT count(*) FROM cluster_nodes WHERE port = $1 AND status = $2");
                command.Parameters.Add(new() { Value = siloPort });
                command.Parameters.Add(new() { Value = Dead });
                if ((long)(await command.ExecuteScalarAsync(cancel))! > 0)
                {
                    known = RealTime.Now;
                }
            }
            catch (Exception e) when (e is NpgsqlException and not PostgresException { SqlState: ['4', '2', ..] })
            {
                // Asked again.
            }

            return known is not null;
        }, Plan.Patience, cancel);
        return known;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        await database.DisposeAsync();
        http.Dispose();
    }

    private IEnumerable<(int From, int To)> Pairs() =>
        from a in Enumerable.Range(0, Plan.Nodes)
        from b in Enumerable.Range(0, Plan.Nodes)
        where a != b
        select (a, b);
}

/// <summary>What a cluster is made of.</summary>
/// <param name="Program">The server.</param>
/// <param name="Switched">Its test build, for nodes with something wrong; null where none is needed.</param>
/// <param name="Next">A later version of it, for upgrades; null where none is needed.</param>
/// <param name="Folder">The data folder that the nodes share.</param>
/// <param name="Logs">A folder for all that the nodes write; null for the last lines only.</param>
/// <param name="Patience">For how long a node may take to come up, and the cluster to notice a death. Nothing is proved by it.</param>
internal sealed record ClusterPlan(string Program, string? Switched, string Folder, string Policy, int Nodes, string? Logs, TimeSpan Patience, string? Without = null, string? Next = null);
