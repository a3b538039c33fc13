using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using SupportCluster.Client;
using SupportCluster.Client.Live;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Benchmarks.Live;

/// <summary>
/// Three nodes, watchers with the client library on all of them, and one node is killed: how long after the others know of it everybody is current again, and how often the store
/// was read for it. Current is who has been told of a note that was written to the case after the death was known. Options: <c>--watchers</c> 2,000, <c>--cases</c> 200, <c>--rounds</c> 3.
/// </summary>
internal static class NodeDeathScenario
{
    private const int Nodes = 3;
    private const int Dead = 6;
    private const int NotesAtOnce = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    internal static async Task Run(Options options)
    {
        var (watchers, cases, rounds) = (options.Number("watchers", options.Quick ? 200 : 2000), options.Number("cases", options.Quick ? 20 : 200), options.Number("rounds", 3));
        var root = options.Root();
        using var postgres = PostgresServer.Start(("shared_preload_libraries", "pg_stat_statements"));
        var connection = postgres.CreateDatabase("nodes");
        postgres.Sql("nodes", "CREATE EXTENSION pg_stat_statements");
        await using var database = NpgsqlDataSource.Create(connection);
        var others = new ServerProcess?[Nodes];
        var ports = new int[Nodes];
        try
        {
            using var first = await LiveServer.Start(root, Settings(connection, out ports[0]));
            for (var i = 1; i < Nodes; i++)
            {
                others[i] = await ServerProcess.Start(root, more: [.. LiveServer.ManyConnections, .. Settings(connection, out ports[i])]);
            }

            var numbers = new List<string>();
            for (var i = 0; i < cases; i++)
            {
                numbers.Add(await first.Submit());
            }

            var addresses = others.Skip(1).Select(o => new Uri(o!.Url)).Prepend(new Uri(first.Process.Url)).ToList();
            using var people = new SupportClusterClient(new SupportClusterOptions { Addresses = addresses, Token = _ => ValueTask.FromResult<string?>(first.Token) }, Node.Time);
            await using var audience = new Watchers(watchers, numbers, addresses, first.Token);
            await audience.Current(numbers.ToDictionary(n => n, _ => 1L), Patience);
            var (current, reads) = (new List<double>(), new List<double>());
            for (var round = 0; round < rounds; round++)
            {
                // Never the node that the notes are sent to.
                var killed = (round % (Nodes - 1)) + 1;
                var before = await Reads(database);
                var died = Stopwatch.GetTimestamp();
                others[killed]!.Dispose();
                others[killed] = null;
                await Known(database, ports[killed]);
                var known = Stopwatch.GetTimestamp();
                var written = new Dictionary<string, long>();
                await Parallel.ForEachAsync(numbers, new ParallelOptions { MaxDegreeOfParallelism = NotesAtOnce }, async (number, _) =>
                {
                    var noted = await people.Note(number, new AddNote("After the death."), CancellationToken.None);
                    lock (written)
                    {
                        written[number] = noted.Version;
                    }
                });
                var noted = Stopwatch.GetElapsedTime(known);
                await audience.Current(written, Patience);
                current.Add(Stopwatch.GetElapsedTime(known).TotalSeconds);
                reads.Add((await Reads(database) - before) / (double)cases);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"death known after {Stopwatch.GetElapsedTime(died, known).TotalSeconds:F1} s; {cases} notes written {noted.TotalSeconds:F1} s later, all {watchers} watchers current {current[^1]:F1} s later; {reads[^1]:F2} reads of a record for each topic"));
                others[killed] = await ServerProcess.Start(root, more: [.. LiveServer.ManyConnections, .. Settings(connection, out ports[killed])]);
            }

            Wanted.AtMost("s from the known death until all watchers were current", Wanted.Median(current), 3);
            Wanted.AtMost("reads of the store for each topic", Wanted.Median(reads), 1);
        }
        finally
        {
            foreach (var node in others)
            {
                node?.Dispose();
            }

            options.Clear(root);
        }
    }

    private static string[] Settings(string connection, out int port)
    {
        port = FreePort();
        return
        [
            "--SupportCluster:Postgres", connection,
            "--Orleans:Endpoints:AdvertisedIPAddress", "127.0.0.1",
            "--Orleans:Endpoints:SiloPort", port.ToString(CultureInfo.InvariantCulture),
            "--Orleans:Endpoints:GatewayPort", FreePort().ToString(CultureInfo.InvariantCulture),
        ];
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private static async Task Known(NpgsqlDataSource database, int port)
    {
        while (await Scalar(database, $"SELECT count(*) FROM cluster_nodes WHERE port = {port} AND status = {Dead}") == 0)
        {
            await Task.Delay(Glance, Node.Time);
        }
    }

    /// <summary>How often a record, or the events after a version of it, has been read.</summary>
    private static Task<long> Reads(NpgsqlDataSource database) => Scalar(database,
        "SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements WHERE query LIKE 'SELECT a.version, a.due, a.state%' OR query LIKE 'SELECT version, at, request_id%'");

    private static async Task<long> Scalar(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Each watches one of the cases over a connection of its own, and begins at one of the nodes.</summary>
    private sealed class Watchers : IAsyncDisposable
    {
        private readonly List<LiveClient> clients = [];
        private readonly List<Task> following = [];
        private readonly (string Number, long Version)[] known;

        internal Watchers(int count, IReadOnlyList<string> numbers, IReadOnlyList<Uri> addresses, string token)
        {
            known = new (string, long)[count];
            for (var i = 0; i < count; i++)
            {
                var first = i % addresses.Count;
                var client = new LiveClient(new SupportClusterOptions { Addresses = [.. addresses.Skip(first), .. addresses.Take(first)], Token = _ => ValueTask.FromResult<string?>(token) }, Node.Time);
                clients.Add(client);
                following.Add(Follow(client, i, numbers[i % numbers.Count]));
            }
        }

        /// <summary>Waits until everybody has been told of these versions.</summary>
        internal async Task Current(Dictionary<string, long> versions, TimeSpan limit)
        {
            var started = Stopwatch.GetTimestamp();
            while (known.Any(k => k.Number is null || k.Version < versions[k.Number]))
            {
                if (Stopwatch.GetElapsedTime(started) > limit)
                {
                    throw new TimeoutException($"{known.Count(k => k.Number is null || k.Version < versions[k.Number])} watchers are not current.");
                }

                await Task.Delay(Glance, Node.Time);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Task.WhenAll(clients.Select(c => c.DisposeAsync().AsTask()));
            await Task.WhenAll(following);
        }

        private async Task Follow(LiveClient client, int i, string number)
        {
            known[i] = (number, 0);
            try
            {
                await foreach (var update in client.WatchCase(number))
                {
                    known[i] = (number, update.Case?.Version ?? known[i].Version);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                // The end of the benchmark.
            }
        }
    }
}
