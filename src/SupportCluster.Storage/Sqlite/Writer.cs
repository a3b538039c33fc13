using System.Runtime.InteropServices;
using SQLitePCL;
using SupportCluster.Storage.Searching;

namespace SupportCluster.Storage.Sqlite;

/// <summary>
/// The one thread that writes. Whatever waits while a transaction commits goes into the next one, so that a write costs a share
/// of a flush to disk under load and a whole one when nothing else is going on.
/// </summary>
internal sealed class Writer : IDisposable
{
    private readonly Connection _connection;
    private readonly SqliteStoreOptions _options;
    private readonly string _path;
    private readonly string _folder;
    private readonly Action<long> _committed;
    private readonly Thread _thread;
    private readonly Lock _mutex = new();
    private readonly SemaphoreSlim _work = new(0, 1);
    private readonly Figures _figures = new();
    private readonly Tallies _tallies = new();
    private List<PendingWrite> _waiting = [];
    private Action<Connection>? _pause;
    private bool _closing;

    /// <param name="committed">Told after each commit how many pages have been written to the log so far.</param>
    internal Writer(Connection connection, SqliteStoreOptions options, string path, Action<long> committed)
    {
        _connection = connection;
        _options = options;
        _path = path;
        _folder = Path.GetDirectoryName(path)!;
        _committed = committed;
        _thread = new Thread(Run) { IsBackground = true, Name = "store writer" };
        _thread.Start();
    }

    internal Task<StoreWriteResult> Write(StoreWrite write)
    {
        var pending = new PendingWrite(write);
        lock (_mutex)
        {
            if (_closing)
            {
                throw new StoreException(StoreProblem.Closed, $"{_path} has been closed: the server is stopping.");
            }

            _waiting.Add(pending);
            Wake();
        }

        return pending.Result.Task;
    }

    /// <summary>Runs something on the writer's connection between two transactions.</summary>
    internal void Pause(Action<Connection> action)
    {
        lock (_mutex)
        {
            if (!_closing)
            {
                _pause = action;
                Wake();
            }
        }
    }

    /// <summary>Writes what waits, then ends the thread. The connection stays open.</summary>
    public void Dispose()
    {
        lock (_mutex)
        {
            _closing = true;
            Wake();
        }

        _thread.Join();
        _work.Dispose();
    }

    private void Wake()
    {
        if (_work.CurrentCount == 0)
        {
            _work.Release();
        }
    }

    private void Run()
    {
        var group = new List<PendingWrite>();
        while (true)
        {
            _work.Wait();
            Action<Connection>? pause;
            bool closing;
            lock (_mutex)
            {
                (group, _waiting) = (_waiting, group);
                (pause, _pause) = (_pause, null);
                closing = _closing;
            }

            foreach (var part in group.Chunk(_options.LargestGroup))
            {
                Commit([.. part]);
            }

            group.Clear();
            pause?.Invoke(_connection);
            if (closing)
            {
                return;
            }
        }
    }

    private void Commit(List<PendingWrite> group)
    {
        while (group.Count > 0)
        {
            PendingWrite? current = null;
            try
            {
                _connection.Kept("BEGIN IMMEDIATE").Run();
                _figures.Clear();
                _tallies.Clear();
                foreach (var pending in group)
                {
                    current = pending;
                    pending.Outcome = Apply(pending.Write);
                }

                current = null;
                _figures.Save(_connection);
                _tallies.Save(_connection);
                _connection.Kept("COMMIT").Run();
            }
            catch (Exception e)
            {
                _connection.RollBack();
                if (current is not null && e is not SqliteException { ConcernsOneWrite: false })
                {
                    // Damaged or impossible data of one aggregate: the others go again without it.
                    group.Remove(current);
                    current.Result.SetException(Failure(e, $"{current.Write.Key} in {_path}"));
                    continue;
                }

                foreach (var pending in group)
                {
                    pending.Result.SetException(Failure(e, _path));
                }

                return;
            }

            foreach (var pending in group)
            {
                pending.Result.SetResult(pending.Outcome);
            }

            _committed(_connection.PagesWritten);
            return;
        }
    }

    private StoreException Failure(Exception e, string where) => e is SqliteException sqlite
        ? sqlite.ToStoreException(where, _folder)
        : new StoreException(StoreProblem.Failed, $"{where} could not be written ({e.GetType().Name}): this is a fault of the program.", e);

    private StoreWriteResult Apply(StoreWrite write)
    {
        var find = _connection.Kept($"SELECT seq, version, due, severity, id, {Tables.DirectoryList} FROM aggregates WHERE type = ?1 AND id = ?2");
        find.Bind(1, write.Key.Type).Bind(2, write.Key.Id);
        long seq;
        try
        {
            if (find.Step())
            {
                seq = find.Long(0);
                if ((find.Long(1) != write.ExpectedVersion || write.ExpectedVersion == 0) && _options.Fence)
                {
                    return StoreWriteResult.Conflict;
                }

                var before = new Row(find.LongOrNull(2), (int)find.Long(3), write.Directory is null || find.IsNull(5) ? null : Columns.ReadEntry(find, 4));
                find.Reset();
                if (!Update(seq, write, before))
                {
                    return StoreWriteResult.DuplicateSourceKey;
                }
            }
            else
            {
                if (write.ExpectedVersion != 0 && _options.Fence)
                {
                    return StoreWriteResult.Conflict;
                }

                if (!Insert(write))
                {
                    return StoreWriteResult.DuplicateSourceKey;
                }

                seq = _connection.LastRowId;
            }
        }
        finally
        {
            find.Reset();
        }

        // Without the fence two writers meet at the same version: the later one wins, which is the loss that the fence prevents.
        var insert = _connection.Kept(_options.Fence
            ? "INSERT INTO events (seq, version, at, request_id, fingerprint, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
            : "INSERT OR REPLACE INTO events (seq, version, at, request_id, fingerprint, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        Span<byte> request = stackalloc byte[16];
        foreach (var happened in write.Events)
        {
            insert.Bind(1, seq).Bind(2, happened.Version).Bind(3, Tables.ToTicks(happened.At)).Bind(5, happened.Fingerprint).Bind(6, happened.Json.Span);
            if (happened.RequestId is { } id)
            {
                id.TryWriteBytes(request, bigEndian: true, out _);
                insert.Bind(4, request);
            }
            else
            {
                insert.Bind(4, (string?)null);
            }

            insert.Run();
        }

        if (write.Text is { } text)
        {
            _connection.Kept("INSERT OR REPLACE INTO case_text (rowid, text) VALUES (?1, ?2)").Bind(1, seq).Bind(2, string.Join(' ', SearchText.ForIndex(text))).Run();
        }

        _figures.Events += write.Events.Count;
        _tallies.Add(write.Tallies);
        return StoreWriteResult.Written;
    }

    private bool Insert(StoreWrite write)
    {
        var insert = _connection.Kept(InsertText);
        insert.Bind(1, write.Key.Type).Bind(2, write.Key.Id).Bind(3, Tables.Hash(write.Key));
        insert.Bind(4, write.NewVersion).Bind(5, Tables.ToTicks(write.Due)).Bind(6, write.Severity).Bind(7, write.State.Span);
        for (var column = 0; column < Tables.Directory.Length; column++)
        {
            if (write.Directory is { } entry)
            {
                Columns.Bind(insert, 8 + column, entry, column);
            }
            else
            {
                insert.Bind(8 + column, (string?)null);
            }
        }

        if (!RunUnlessDuplicate(insert))
        {
            return false;
        }

        _figures.Count(null, write.Directory);
        _figures.Armed += write.Due is null ? 0 : 1;
        return true;
    }

    private static readonly string InsertText =
        $"INSERT INTO aggregates (type, id, hash, version, due, severity, state, {Tables.DirectoryList}) VALUES ({string.Join(", ", Enumerable.Range(1, 7 + Tables.Directory.Length).Select(i => $"?{i}"))})";

    /// <summary>Sets the columns that change and no others, so that indexes over the others are left alone.</summary>
    private bool Update(long seq, StoreWrite write, Row before)
    {
        var due = Tables.ToTicks(write.Due);
        var columns = write.Directory is { } entry
            ? before.Entry is { } old ? Columns.Changed(old, entry) : (1 << Tables.Directory.Length) - 1
            : 0;
        var update = _connection.Kept(UpdateText(due != before.Due || write.Severity != before.Severity, columns));
        update.Bind(1, seq).Bind(2, write.ExpectedVersion).Bind(3, write.NewVersion).Bind(4, write.State.Span);
        if (due != before.Due || write.Severity != before.Severity)
        {
            update.Bind(5, due).Bind(6, write.Severity);
        }

        for (var column = 0; column < Tables.Directory.Length; column++)
        {
            if ((columns & (1 << column)) != 0)
            {
                Columns.Bind(update, 7 + column, write.Directory!, column);
            }
        }

        if (!RunUnlessDuplicate(update))
        {
            return false;
        }

        if (_connection.Changes != 1)
        {
            throw new InvalidOperationException($"The fence of {write.Key} affected {_connection.Changes} rows.");
        }

        if (columns != 0)
        {
            _figures.Count(before.Entry, write.Directory);
        }

        _figures.Armed += (due is null ? 0 : 1) - (before.Due is null ? 0 : 1);
        return true;
    }

    private readonly Dictionary<int, string> _updates = [];

    private string UpdateText(bool wake, int columns)
    {
        ref var text = ref CollectionsMarshal.GetValueRefOrAddDefault(_updates, columns << 1 | (wake ? 1 : 0), out _);
        return text ??= "UPDATE aggregates SET version = ?3, state = ?4"
            + (wake ? ", due = ?5, severity = ?6" : "")
            + string.Concat(Tables.Directory.Select((name, i) => (columns & (1 << i)) != 0 ? $", {name} = ?{7 + i}" : ""))
            + (_options.Fence ? " WHERE seq = ?1 AND version = ?2" : " WHERE seq = ?1 AND ?2 IS NOT NULL");
    }

    private static bool RunUnlessDuplicate(Statement statement)
    {
        try
        {
            statement.Run();
            return true;
        }
        catch (SqliteException e) when (e.Extended == raw.SQLITE_CONSTRAINT_UNIQUE)
        {
            // The row itself was looked up in this transaction: only the source key can be taken.
            return false;
        }
    }

    private readonly record struct Row(long? Due, int Severity, CaseDirectoryEntry? Entry);

    /// <summary>What a transaction adds to the counts, which are kept because counting a million rows takes seconds.</summary>
    private sealed class Figures
    {
        private long _cases;
        private long _open;
        private long _openSeverity1;

        internal long Events { get; set; }

        internal long Armed { get; set; }

        internal void Clear() => (_cases, _open, _openSeverity1, Events, Armed) = (0, 0, 0, 0, 0);

        internal void Count(CaseDirectoryEntry? before, CaseDirectoryEntry? after)
        {
            Add(before, -1);
            Add(after, 1);
        }

        internal void Save(Connection connection)
        {
            if ((_cases, _open, _openSeverity1, Events, Armed) != (0, 0, 0, 0, 0))
            {
                connection
                    .Kept("UPDATE figures SET cases = cases + ?1, open_cases = open_cases + ?2, open_severity1 = open_severity1 + ?3, events = events + ?4, armed = armed + ?5")
                    .Bind(1, _cases).Bind(2, _open).Bind(3, _openSeverity1).Bind(4, Events).Bind(5, Armed).Run();
            }
        }

        private void Add(CaseDirectoryEntry? entry, int sign)
        {
            _cases += entry is null ? 0 : sign;
            _open += entry is { Open: true } ? sign : 0;
            _openSeverity1 += entry is { Open: true, Severity: 1 } ? sign : 0;
        }
    }

    /// <summary>What a transaction adds to the tallies.</summary>
    private sealed class Tallies
    {
        private readonly Dictionary<(long Quarter, string Region), CaseTally> _all = [];
        private long _newest;

        internal void Clear() => _all.Clear();

        internal void Add(IReadOnlyList<CaseTally>? tallies)
        {
            foreach (var tally in tallies ?? [])
            {
                var key = (Tables.ToQuarter(tally.Quarter), tally.Region);
                _all[key] = _all.TryGetValue(key, out var sum)
                    ? sum with { Opened = sum.Opened + tally.Opened, Closed = sum.Closed + tally.Closed, Met = sum.Met + tally.Met, Missed = sum.Missed + tally.Missed }
                    : tally;
            }
        }

        /// <summary>Once in each quarter of an hour the oldest are removed.</summary>
        internal void Save(Connection connection)
        {
            if (_all.Count == 0)
            {
                return;
            }

            foreach (var ((quarter, region), tally) in _all)
            {
                connection
                    .Kept(
                        """
                        INSERT INTO tallies (quarter, region, opened, closed, met, missed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                        ON CONFLICT DO UPDATE SET opened = opened + ?3, closed = closed + ?4, met = met + ?5, missed = missed + ?6
                        """)
                    .Bind(1, quarter).Bind(2, region).Bind(3, (long)tally.Opened).Bind(4, (long)tally.Closed).Bind(5, (long)tally.Met).Bind(6, (long)tally.Missed).Run();
            }

            var newest = _all.Keys.Max(k => k.Quarter);
            if (newest > _newest)
            {
                _newest = newest;
                connection.Kept("DELETE FROM tallies WHERE quarter < ?1").Bind(1, Tables.OldestQuarter(newest)).Run();
            }
        }
    }
}
