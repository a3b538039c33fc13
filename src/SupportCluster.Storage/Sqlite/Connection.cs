using SQLitePCL;

namespace SupportCluster.Storage.Sqlite;

/// <summary>A connection to a SQLite file, used by one thread at a time. Thin over the C interface: a write must not cost more than its pages.</summary>
internal sealed class Connection : IDisposable
{
    private readonly sqlite3 _db;
    private readonly Dictionary<string, Statement> _kept = [];

    static Connection() => Batteries_V2.Init();

    private Connection(sqlite3 db) => _db = db;

    internal sqlite3 Handle => _db;

    internal bool InTransaction => raw.sqlite3_get_autocommit(_db) == 0;

    internal bool IsReadOnly => raw.sqlite3_db_readonly(_db, "main") == 1;

    /// <summary>Rows changed by the last INSERT, UPDATE or DELETE.</summary>
    internal int Changes => raw.sqlite3_changes(_db);

    internal long LastRowId => raw.sqlite3_last_insert_rowid(_db);

    /// <summary>Pages written since the connection was opened.</summary>
    internal long PagesWritten
    {
        get
        {
            Check(raw.sqlite3_db_status(_db, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var written, out _, 0));
            return (uint)written;
        }
    }

    internal static Connection Open(string path, bool create = true, int busyMilliseconds = 5_000)
        => OpenWith(path, raw.SQLITE_OPEN_READWRITE | (create ? raw.SQLITE_OPEN_CREATE : 0), busyMilliseconds);

    /// <summary>Opens a file that nobody writes to: takes no locks, makes no files beside it, ignores a log.</summary>
    internal static Connection OpenImmutable(string path)
        => OpenWith($"{new Uri(Path.GetFullPath(path)).AbsoluteUri}?immutable=1", raw.SQLITE_OPEN_READONLY | raw.SQLITE_OPEN_URI, 0);

    /// <summary>The statement for this text, prepared once per connection.</summary>
    internal Statement Kept(string sql)
    {
        if (!_kept.TryGetValue(sql, out var statement))
        {
            _kept.Add(sql, statement = Prepare(sql));
        }

        return statement;
    }

    internal Statement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_db, sql, out var statement));
        return new Statement(this, statement);
    }

    /// <summary>Runs statements that return nothing of interest.</summary>
    internal void Execute(string sql) => Check(raw.sqlite3_exec(_db, sql));

    internal long Scalar(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Long(0) : 0;
    }

    internal string Text(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Text(0) : "";
    }

    internal void RollBack()
    {
        if (InTransaction)
        {
            raw.sqlite3_exec(_db, "ROLLBACK");
        }
    }

    /// <summary>Copies the log into the database file.</summary>
    /// <returns>Pages in the log, and how many of them have been copied; null when a reader or writer was in the way.</returns>
    internal (int Logged, int Copied)? Checkpoint(int mode)
    {
        var result = raw.sqlite3_wal_checkpoint_v2(_db, "main", mode, out var logged, out var copied);
        if ((result & 0xff) == raw.SQLITE_BUSY)
        {
            return null;
        }

        Check(result);
        return (logged, copied);
    }

    internal void Check(int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw new SqliteException(raw.sqlite3_extended_errcode(_db) is var extended && (extended & 0xff) == (result & 0xff) ? extended : result, raw.sqlite3_errmsg(_db).utf8_to_string());
        }
    }

    public void Dispose()
    {
        foreach (var statement in _kept.Values)
        {
            statement.Dispose();
        }

        _db.Dispose();
    }

    private static Connection OpenWith(string path, int flags, int busyMilliseconds)
    {
        var result = raw.sqlite3_open_v2(path, out var db, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        var connection = new Connection(db);
        try
        {
            connection.Check(result);
            raw.sqlite3_extended_result_codes(db, 1);
            raw.sqlite3_busy_timeout(db, busyMilliseconds);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}

/// <summary>A prepared statement; parameters count from 1, columns from 0.</summary>
internal sealed class Statement(Connection connection, sqlite3_stmt statement) : IDisposable
{
    internal Statement Bind(int index, long value)
    {
        connection.Check(raw.sqlite3_bind_int64(statement, index, value));
        return this;
    }

    internal Statement Bind(int index, long? value)
    {
        connection.Check(value is { } number ? raw.sqlite3_bind_int64(statement, index, number) : raw.sqlite3_bind_null(statement, index));
        return this;
    }

    internal Statement Bind(int index, string? value)
    {
        connection.Check(value is null ? raw.sqlite3_bind_null(statement, index) : raw.sqlite3_bind_text(statement, index, value));
        return this;
    }

    internal Statement Bind(int index, ReadOnlySpan<byte> value)
    {
        connection.Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(statement, index, 0) : raw.sqlite3_bind_blob(statement, index, value));
        return this;
    }

    /// <summary>True when there is a row.</summary>
    internal bool Step()
    {
        var result = raw.sqlite3_step(statement);
        connection.Check(result);
        return result == raw.SQLITE_ROW;
    }

    /// <summary>Runs to the end and makes it ready for the next use.</summary>
    internal void Run()
    {
        try
        {
            while (Step())
            {
            }
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Makes it ready for the next use; what was bound stays bound.</summary>
    /// <summary>Reads all rows of a query, which can be run again afterwards.</summary>
    internal static List<T> Rows<T>(Statement select, Func<Statement, T> read)
    {
        var rows = new List<T>();
        try
        {
            while (select.Step())
            {
                rows.Add(read(select));
            }

            return rows;
        }
        finally
        {
            select.Reset();
        }
    }

    internal void Reset() => raw.sqlite3_reset(statement);

    internal bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    internal long Long(int column) => raw.sqlite3_column_int64(statement, column);

    internal long? LongOrNull(int column) => IsNull(column) ? null : Long(column);

    internal string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string() ?? "";

    internal string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    internal byte[] Blob(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    public void Dispose() => statement.Dispose();
}
