using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using SQLitePCL;
using static SupportCluster.Storage.Sqlite.Statement;

namespace SupportCluster.Storage.Sqlite;

/// <summary>
/// The embedded store: one SQLite file in the data folder, write-ahead log, every commit flushed to disk before it is
/// acknowledged, so that it survives kill -9 and loss of power.
/// </summary>
public sealed partial class SqliteStore : IStore, IAsyncDisposable
{
    private readonly string _path;
    private readonly IClock _clock;
    private readonly Connection _connection;
    private readonly Writer _writer;
    private readonly Readers _readers;
    private readonly Checkpointer _checkpointer;
    private readonly Lock _closing = new();
    private Task? _closed;

    private SqliteStore(string path, Connection connection, IClock clock, SqliteStoreOptions options, ILogger logger)
    {
        _path = path;
        _clock = clock;
        _connection = connection;
        _readers = new Readers(path, options.Readers);
        _checkpointer = new Checkpointer(path, options, logger);
        _writer = new Writer(connection, options, path, _checkpointer.Committed);
        _checkpointer.PauseWriter = _writer.Pause;
    }

    /// <summary>Opens the store of a data folder, creating, restoring or migrating it as needed. The folder stays the caller's to release, after the store.</summary>
    /// <param name="clock">The clock of this process, which is the store's too; it names the former store when one is restored.</param>
    /// <exception cref="StoreException">The file is damaged, not ours or too new, cannot be written, or the disk is full; nothing was overwritten.</exception>
    public static SqliteStore Open(DataFolder folder, IClock clock, SqliteStoreOptions? options = null, ILogger<SqliteStore>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(clock);
        var log = (ILogger?)logger ?? NullLogger.Instance;
        Connection? connection = null;
        try
        {
            Backups.Restore(folder, clock, log);
            connection = Connection.Open(folder.StorePath);
            Schema.Check(connection, folder.StorePath, Schema.Version);
            if (connection.IsReadOnly)
            {
                throw new StoreException(StoreProblem.ReadOnly, $"{folder.StorePath} cannot be written: make the file writable for the user that runs the server.");
            }

            if (connection.Text("PRAGMA journal_mode = WAL") != "wal")
            {
                throw new StoreException(StoreProblem.Failed, $"{folder.StorePath} cannot keep a write-ahead log: put the data folder on a local disk.");
            }

            connection.Execute("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 268435456; PRAGMA cache_size = -65536; PRAGMA foreign_keys = 0; PRAGMA temp_store = MEMORY");
            if (connection.Scalar("PRAGMA synchronous") != 2)
            {
                throw new StoreException(StoreProblem.Failed, $"{folder.StorePath} does not flush each commit to disk: this build of SQLite cannot be used.");
            }

            Schema.Migrate(connection, folder.StorePath, Schema.Steps);
            var sqlite = raw.sqlite3_libversion().utf8_to_string();
            LogOpened(log, folder.StorePath, Schema.Version, sqlite);
            return new SqliteStore(folder.StorePath, connection, clock, options ?? new SqliteStoreOptions(), log);
        }
        catch (Exception e)
        {
            connection?.Dispose();
            throw e switch
            {
                SqliteException failure => failure.ToStoreException(folder.StorePath, folder.FullPath),
                IOException or UnauthorizedAccessException => new StoreException(StoreProblem.Failed, $"{folder.StorePath} cannot be opened ({e.Message}): see the disk and the system log.", e),
                _ => e,
            };
        }
    }

    /// <summary>Reads the whole of a file that is not in use and refuses it when it is damaged, of another program, or of a newer version.</summary>
    /// <returns>Its figures.</returns>
    /// <exception cref="StoreException">It could not be restored.</exception>
    public static StoreFigures Validate(string path) => Backups.Validate(path);

    /// <inheritdoc/>
    public Task<StoreWriteResult> Write(StoreWrite write) => _writer.Write(write);

    /// <inheritdoc/>
    public Task<StoredAggregate?> Read(AggregateKey key) => _readers.Read(
        connection =>
        {
            var select = connection.Kept("SELECT seq, version, due, state FROM aggregates WHERE type = ?1 AND id = ?2").Bind(1, key.Type).Bind(2, key.Id);
            try
            {
                return select.Step()
                    ? new StoredAggregate(select.Long(1), select.Blob(3), Tables.FromTicks(select.LongOrNull(2)), Requests(connection, select.Long(0)))
                    : null;
            }
            finally
            {
                select.Reset();
            }
        },
        key.ToString());

    /// <inheritdoc/>
    public Task<long> ReadVersion(AggregateKey key) => _readers.Read(
        connection =>
        {
            var select = connection.Kept("SELECT version FROM aggregates WHERE type = ?1 AND id = ?2").Bind(1, key.Type).Bind(2, key.Id);
            try
            {
                return select.Step() ? select.Long(0) : 0;
            }
            finally
            {
                select.Reset();
            }
        },
        key.ToString());

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredEvent>> ReadEvents(AggregateKey key, long after, int limit) => _readers.Read<IReadOnlyList<StoredEvent>>(
        connection => Rows(
            connection
                .Kept("SELECT version, at, request_id, fingerprint, json FROM events WHERE seq = (SELECT seq FROM aggregates WHERE type = ?1 AND id = ?2) AND version > ?3 ORDER BY version LIMIT ?4")
                .Bind(1, key.Type).Bind(2, key.Id).Bind(3, after).Bind(4, (long)limit),
            row => new StoredEvent(row.Long(0), Tables.FromTicks(row.Long(1)), row.Blob(4), row.IsNull(2) ? null : new Guid(row.Blob(2), bigEndian: true), row.Long(3))),
        key.ToString());

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListIds(string type, string? after, int limit) => _readers.Read<IReadOnlyList<string>>(
        connection => Rows(
            connection.Kept("SELECT id FROM aggregates WHERE type = ?1 AND id > ?2 ORDER BY id LIMIT ?3").Bind(1, type).Bind(2, after ?? "").Bind(3, (long)limit),
            row => row.Text(0)));

    /// <inheritdoc/>
    public Task<IReadOnlyList<DueAggregate>> Due(Instant until, int limit, (uint Begin, uint End)? range = null) => _readers.Read<IReadOnlyList<DueAggregate>>(
        connection =>
        {
            var inRange = Tables.InRange(range, "?3", "?4");

            // The index begins with the severity, for what is overdue; here the nearest of each severity are merged.
            var each = Enumerable.Range(0, 5).Select(severity =>
                $"SELECT * FROM (SELECT seq, due FROM aggregates INDEXED BY aggregate_wake WHERE severity = {severity} AND due < ?1{inRange} ORDER BY due LIMIT ?2)");
            var select = connection
                .Kept($"SELECT type, id, version, a.due, severity FROM ({string.Join(" UNION ALL ", each)} ORDER BY due LIMIT ?2) n CROSS JOIN aggregates a ON a.seq = n.seq ORDER BY n.due")
                .Bind(1, Tables.ToTicks(until)).Bind(2, (long)limit);
            return Rows(BindRange(select, 3, inRange, range), ReadDue);
        });

    /// <inheritdoc/>
    public Task<IReadOnlyList<DueAggregate>> Overdue(Instant before, int limit, (uint Begin, uint End)? range = null) => _readers.Read<IReadOnlyList<DueAggregate>>(
        connection =>
        {
            var overdue = new List<DueAggregate>();
            var inRange = Tables.InRange(range, "?4", "?5");
            foreach (var severity in (ReadOnlySpan<int>)[1, 2, 3, 4, 0])
            {
                if (overdue.Count < limit)
                {
                    var select = connection
                        .Kept($"SELECT type, id, version, due, severity FROM aggregates INDEXED BY aggregate_wake WHERE severity = ?1 AND due <= ?2{inRange} ORDER BY due LIMIT ?3")
                        .Bind(1, severity).Bind(2, Tables.ToTicks(before)).Bind(3, (long)(limit - overdue.Count));
                    overdue.AddRange(Rows(BindRange(select, 4, inRange, range), ReadDue));
                }
            }

            return overdue;
        });

    /// <inheritdoc/>
    public Task<DirectoryPage> ListCases(CaseFilter filter, int limit, string? after = null)
        => _readers.Read(connection => CaseLists.List(connection, filter, limit, after));

    /// <inheritdoc/>
    public Task<IReadOnlyList<CaseDirectoryEntry>> WaitingIn(string queue)
        => _readers.Read(connection => CaseLists.Waiting(connection, queue));

    /// <inheritdoc/>
    public Task<IReadOnlyList<QueueFigures>> Queues() => _readers.Read<IReadOnlyList<QueueFigures>>(CaseLists.Queues);

    /// <inheritdoc/>
    public Task<CaseBoard> Board(string? region, int urgent, Instant since) => _readers.Read(connection => CaseLists.Board(connection, region, urgent, Tables.ToQuarter(since)));

    /// <inheritdoc/>
    public Task<string?> NextSourceKey(string after) => _readers.Read(
        connection => Rows(connection.Kept("SELECT source_key FROM aggregates WHERE source_key > ?1 ORDER BY source_key LIMIT 1").Bind(1, after), row => row.Text(0)).SingleOrDefault());

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> FindSourceKeys(IReadOnlyCollection<string> keys) => _readers.Read<IReadOnlyDictionary<string, string>>(
        connection =>
        {
            var found = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var key in keys)
            {
                foreach (var id in Rows(connection.Kept("SELECT id FROM aggregates WHERE source_key = ?1").Bind(1, key), row => row.Text(0)))
                {
                    found[key] = id;
                }
            }

            return found;
        });

    /// <inheritdoc/>
    public Task<StoreFigures> Figures() => _readers.Read(Backups.ReadFigures);

    /// <summary>The clock of this process: the store has no other.</summary>
    public Task<Instant> ReadClock() => Task.FromResult(_clock.GetCurrentInstant());

    /// <inheritdoc/>
    public Task Backup(string path, CancellationToken cancel = default) => _readers.Read(
        connection =>
        {
            Backups.Write(connection, path, cancel);
            return true;
        });

    /// <summary>Writes what was handed over, copies the log into the file and closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_closing)
        {
            _closed ??= Task.Run(Close);
        }

        await _closed;
    }

    private static Statement BindRange(Statement select, int first, string inRange, (uint Begin, uint End)? range) =>
        inRange.Length > 0 ? select.Bind(first, range!.Value.Begin).Bind(first + 1, range.Value.End) : select;

    private static DueAggregate ReadDue(Statement row)
        => new(new AggregateKey(row.Text(0), row.Text(1)), row.Long(2), Tables.FromTicks(row.Long(3)), (int)row.Long(4));

    private static List<RecentRequest> Requests(Connection connection, long seq)
    {
        var requests = Rows(
            connection
                .Kept("SELECT request_id, version, fingerprint, at FROM (SELECT request_id, version, fingerprint, at FROM events WHERE seq = ?1 ORDER BY version DESC LIMIT ?2) WHERE request_id IS NOT NULL")
                .Bind(1, seq).Bind(2, (long)Tables.RememberedEvents),
            row => new RecentRequest(new Guid(row.Blob(0), bigEndian: true), row.Long(1), row.Long(2), Tables.FromTicks(row.Long(3))));
        requests.Sort((a, b) => a.Version.CompareTo(b.Version));
        return requests;
    }

    private void Close()
    {
        _writer.Dispose();
        _checkpointer.Dispose();
        _readers.Dispose();
        try
        {
            _connection.Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE);
        }
        catch (SqliteException)
        {
            // Everything is in the log, which the next start reads.
        }

        _connection.Dispose();
    }

    [LoggerMessage(3000, LogLevel.Information, "Opened {Path}, schema {Version}, SQLite {Sqlite}")]
    private static partial void LogOpened(ILogger logger, string path, int version, string sqlite);
}
