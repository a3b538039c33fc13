using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Npgsql;
using static SupportCluster.Storage.Postgres.CaseLists;

namespace SupportCluster.Storage.Postgres;

/// <summary>
/// The store on PostgreSQL, for several nodes at once: the same tables and the same semantics as the embedded one, every commit
/// flushed to the server's disk before it is acknowledged. After a failure of the server or the network it works again by itself.
/// </summary>
public sealed partial class PostgresStore : IStore, IAsyncDisposable
{
    private readonly Server _server;
    private readonly Writer _writer;
    private readonly Readers _readers;

    private PostgresStore(Server server, PostgresStoreOptions options, WriterConnection first)
    {
        _server = server;
        _writer = new Writer(server, options, first);
        _readers = new Readers(server, options);
    }

    /// <summary>Connects to a database of encoding UTF8 on PostgreSQL 14 or later.</summary>
    /// <param name="connectionString">As Npgsql reads it: <c>Host=...;Database=...;Username=...;Password=...</c>.</param>
    /// <param name="migrate">Whether a database without our tables, or with older ones, is brought to this version; if not, it is refused.</param>
    /// <exception cref="StoreException">The database is unreachable, of another program, newer, older without <paramref name="migrate"/>, or not durable.</exception>
    public static async Task<PostgresStore> Open(string connectionString, bool migrate, PostgresStoreOptions? options = null, ILogger<PostgresStore>? logger = null, CancellationToken cancel = default)
    {
        options ??= new PostgresStoreOptions();
        var server = new Server(connectionString, options);
        var first = new WriterConnection(server, options.Fence);
        try
        {
            await using (var connection = await server.Connect(cancel))
            {
                if (migrate)
                {
                    await PostgresSchema.Migrate(connection, server, PostgresSchema.Steps, cancel);
                }
                else if (await PostgresSchema.Check(connection, server, PostgresSchema.Version, cancel) is var version && version < PostgresSchema.Version)
                {
                    throw new StoreException(
                        StoreProblem.OlderSchema,
                        $"{server.Name} has {(version == 0 ? "no tables yet" : $"schema version {version}")}, this program needs version {PostgresSchema.Version}: run `supportctl schema`.");
                }

                LogOpened((ILogger?)logger ?? NullLogger.Instance, server.Name, PostgresSchema.Version, connection.PostgreSqlVersion);
            }

            await first.Open();
            return new PostgresStore(server, options, first);
        }
        catch (Exception e)
        {
            await first.DisposeAsync();
            if (e is OperationCanceledException)
            {
                throw;
            }

            throw server.Failure(e);
        }
    }

    /// <inheritdoc/>
    public Task<StoreWriteResult> Write(StoreWrite write) => _writer.Write(write);

    /// <inheritdoc/>
    public async Task<StoredAggregate?> Read(AggregateKey key) => (await _readers.Read(
        """
        SELECT a.version, a.due, a.state, r.ids, r.versions, r.fingerprints, r.instants
        FROM aggregates a CROSS JOIN LATERAL (
            SELECT array_agg(e.request_id ORDER BY e.version) AS ids, array_agg(e.version ORDER BY e.version) AS versions,
                array_agg(e.fingerprint ORDER BY e.version) AS fingerprints, array_agg(e.at ORDER BY e.version) AS instants
            FROM (SELECT request_id, version, fingerprint, at FROM events WHERE seq = a.seq ORDER BY version DESC LIMIT $3) e
            WHERE e.request_id IS NOT NULL) r
        WHERE a.type = $1 AND a.id = $2
        """,
        [Value(key.Type), Value(key.Id), Value(Tables.RememberedEvents)],
        row => new StoredAggregate(row.GetInt64(0), row.GetFieldValue<byte[]>(2), InstantOrNull(row, 1), Requests(row)),
        key.ToString())).SingleOrDefault();

    /// <inheritdoc/>
    public async Task<long> ReadVersion(AggregateKey key) => (await _readers.Read(
        "SELECT version FROM aggregates WHERE type = $1 AND id = $2", [Value(key.Type), Value(key.Id)], row => row.GetInt64(0), key.ToString())).SingleOrDefault();

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredEvent>> ReadEvents(AggregateKey key, long after, int limit) => _readers.Read(
        "SELECT version, at, request_id, fingerprint, json FROM events WHERE seq = (SELECT seq FROM aggregates WHERE type = $1 AND id = $2) AND version > $3 ORDER BY version LIMIT $4",
        [Value(key.Type), Value(key.Id), Value(after), Value(limit)],
        row => new StoredEvent(row.GetInt64(0), Tables.FromTicks(row.GetInt64(1)), row.GetFieldValue<byte[]>(4), row.IsDBNull(2) ? null : row.GetGuid(2), row.GetInt64(3)),
        key.ToString());

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListIds(string type, string? after, int limit)
        => _readers.Read("SELECT id FROM aggregates WHERE type = $1 AND id > $2 ORDER BY id LIMIT $3", [Value(type), Value(after ?? ""), Value(limit)], row => row.GetString(0));

    /// <inheritdoc/>
    public Task<IReadOnlyList<DueAggregate>> Due(Instant until, int limit, (uint Begin, uint End)? range = null)
    {
        var inRange = Tables.InRange(range, "$3", "$4");

        // The index begins with the severity, for what is overdue; here the nearest of each severity are merged.
        return _readers.Read(
            $"{EachSeverity($"due < $1{inRange}")} ORDER BY due LIMIT $2",
            Parameters(until, limit, inRange, range),
            ReadDue);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<DueAggregate>> Overdue(Instant before, int limit, (uint Begin, uint End)? range = null)
    {
        var inRange = Tables.InRange(range, "$3", "$4");
        return _readers.Read($"SELECT * FROM ({EachSeverity($"due <= $1{inRange}")}) o ORDER BY (severity + 4) % 5, due LIMIT $2", Parameters(before, limit, inRange, range), ReadDue);
    }

    private static NpgsqlParameter[] Parameters(Instant at, int limit, string inRange, (uint Begin, uint End)? range) =>
        [Value(Tables.ToTicks(at)), Value(limit), .. inRange.Length > 0 ? (NpgsqlParameter[])[Value((long)range!.Value.Begin), Value((long)range.Value.End)] : []];

    /// <inheritdoc/>
    public Task<DirectoryPage> ListCases(CaseFilter filter, int limit, string? after = null) => List(_readers, filter, limit, after);

    /// <inheritdoc/>
    public Task<IReadOnlyList<CaseDirectoryEntry>> WaitingIn(string queue) => Waiting(_readers, queue);

    /// <inheritdoc/>
    public Task<IReadOnlyList<QueueFigures>> Queues() => CaseLists.Queues(_readers);

    /// <inheritdoc/>
    public Task<CaseBoard> Board(string? region, int urgent, Instant since) => CaseLists.Board(_readers, region, urgent, Tables.ToQuarter(since));

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> FindSourceKeys(IReadOnlyCollection<string> keys)
        => (await _readers.Read("SELECT source_key, number FROM cases WHERE source_key = ANY($1)", [Value(keys.ToArray())], row => (Key: row.GetString(0), Number: row.GetString(1))))
            .ToDictionary(found => found.Key, found => found.Number, StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<string?> NextSourceKey(string after)
        => (await _readers.Read("SELECT source_key FROM cases WHERE source_key > $1 ORDER BY source_key LIMIT 1", [Value(after)], row => row.GetString(0))).SingleOrDefault();

    /// <inheritdoc/>
    public async Task<Instant> ReadClock()
        => (await _readers.Read("SELECT (extract(epoch FROM clock_timestamp()) * 10000000)::bigint", [], row => Tables.FromTicks(row.GetInt64(0)))).Single();

    /// <inheritdoc/>
    public async Task<StoreFigures> Figures() => (await _readers.Read(
        "SELECT coalesce(sum(cases), 0)::bigint, coalesce(sum(open_cases), 0)::bigint, coalesce(sum(open_severity1), 0)::bigint, coalesce(sum(events), 0)::bigint, coalesce(sum(armed), 0)::bigint FROM figures",
        [],
        row => new StoreFigures(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)))).Single();

    /// <summary>Refused: a copy of a PostgreSQL database is taken by its own tools, for all nodes at once.</summary>
    public Task Backup(string path, CancellationToken cancel = default) => Task.FromException(
        new StoreException(StoreProblem.BackupElsewhere, $"{_server.Name} is backed up by PostgreSQL's own tools: run pg_dump, or keep a base backup with its log."));

    /// <summary>Writes what was handed over, then closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _readers.DisposeAsync();
    }

    private static string EachSeverity(string which) => string.Join(
        " UNION ALL ",
        Enumerable.Range(0, 5).Select(severity => $"(SELECT type, id, version, due, severity FROM aggregates WHERE severity = {severity} AND {which} ORDER BY due LIMIT $2)"));

    private static DueAggregate ReadDue(NpgsqlDataReader row)
        => new(new AggregateKey(row.GetString(0), row.GetString(1)), row.GetInt64(2), Tables.FromTicks(row.GetInt64(3)), row.GetInt16(4));

    private static List<RecentRequest> Requests(NpgsqlDataReader row)
    {
        var requests = new List<RecentRequest>();
        if (!row.IsDBNull(3))
        {
            var (ids, versions, fingerprints, instants) = (row.GetFieldValue<Guid[]>(3), row.GetFieldValue<long[]>(4), row.GetFieldValue<long[]>(5), row.GetFieldValue<long[]>(6));
            for (var i = 0; i < ids.Length; i++)
            {
                requests.Add(new RecentRequest(ids[i], versions[i], fingerprints[i], Tables.FromTicks(instants[i])));
            }
        }

        return requests;
    }

    [LoggerMessage(3031, LogLevel.Information, "Opened {Name}, schema {Version}, PostgreSQL {Postgres}")]
    private static partial void LogOpened(ILogger logger, string name, int version, Version postgres);
}
