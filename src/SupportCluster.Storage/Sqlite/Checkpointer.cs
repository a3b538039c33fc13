using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace SupportCluster.Storage.Sqlite;

/// <summary>
/// Copies the log into the database file, on a thread and a connection of its own, so that no commit waits for it. Under
/// sustained load the log never comes to rest: then the writer pauses for the little that is left, and the log starts again at
/// its beginning instead of growing without bound.
/// </summary>
internal sealed partial class Checkpointer : IDisposable
{
    private readonly Connection _connection;
    private readonly SqliteStoreOptions _options;
    private readonly ILogger _logger;
    private readonly string _path;
    private readonly Thread _thread;
    private readonly SemaphoreSlim _work = new(0, 1);
    private readonly Lock _mutex = new();
    private long _written;
    private long _checkpointedAt;
    private volatile bool _closing;

    internal Checkpointer(string path, SqliteStoreOptions options, ILogger logger)
    {
        _path = path;
        _options = options;
        _logger = logger;
        _connection = Connection.Open(path, create: false);
        _connection.Execute("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0");

        // A connection that has read nothing has not opened the log.
        _connection.Scalar("SELECT count(*) FROM sqlite_schema");
        _thread = new Thread(Run) { IsBackground = true, Name = "store checkpoints" };
        _thread.Start();
    }

    /// <summary>Called once, before the first commit: how to run something between two transactions.</summary>
    internal Action<Action<Connection>>? PauseWriter { get; set; }

    /// <summary>The writer has committed; so many pages has it written since it was opened.</summary>
    internal void Committed(long pagesWritten)
    {
        Volatile.Write(ref _written, pagesWritten);
        if (pagesWritten - Volatile.Read(ref _checkpointedAt) >= _options.CheckpointAfterPages)
        {
            Wake();
        }
    }

    public void Dispose()
    {
        _closing = true;
        Wake();
        _thread.Join();
        _work.Dispose();
        _connection.Dispose();
    }

    private void Wake()
    {
        lock (_mutex)
        {
            if (_work.CurrentCount == 0)
            {
                _work.Release();
            }
        }
    }

    private void Run()
    {
        while (true)
        {
            _work.Wait();
            if (_closing)
            {
                return;
            }

            try
            {
                Checkpoint();
            }
            catch (SqliteException e)
            {
                // The log keeps everything: the next one tries again.
                LogFailed(_logger, e.ToStoreException(_path, Path.GetDirectoryName(_path)!).Code, e.Extended);
            }
        }
    }

    private void Checkpoint()
    {
        var started = Stopwatch.GetTimestamp();
        Volatile.Write(ref _checkpointedAt, Volatile.Read(ref _written));
        if (_connection.Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE) is not { } done)
        {
            return;
        }

        var took = Stopwatch.GetElapsedTime(started);
        LogDone(_logger, done.Copied, done.Logged, took);
        if (done.Logged >= _options.RestartLogAfterPages)
        {
            // Once more for what came meanwhile, then the writer has next to nothing to wait for.
            _connection.Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE);
            PauseWriter?.Invoke(Restart);
        }
    }

    private void Restart(Connection writer)
    {
        var started = Stopwatch.GetTimestamp();
        raw.sqlite3_busy_timeout(writer.Handle, 50);
        try
        {
            var done = writer.Checkpoint(raw.SQLITE_CHECKPOINT_RESTART);
            var took = Stopwatch.GetElapsedTime(started);
            LogRestarted(_logger, done is not null, took);
        }
        catch (SqliteException e)
        {
            LogFailed(_logger, e.ToStoreException(_path, Path.GetDirectoryName(_path)!).Code, e.Extended);
        }
        finally
        {
            raw.sqlite3_busy_timeout(writer.Handle, 5_000);
        }
    }

    [LoggerMessage(3001, LogLevel.Debug, "Checkpoint copied {Copied} of {Logged} pages in {Took}")]
    private static partial void LogDone(ILogger logger, int copied, int logged, TimeSpan took);

    [LoggerMessage(3002, LogLevel.Debug, "The log was started again: {Restarted}, in {Took}")]
    private static partial void LogRestarted(ILogger logger, bool restarted, TimeSpan took);

    [LoggerMessage(3003, LogLevel.Error, "A checkpoint failed with {Code} (SQLite error {Error}): the log keeps everything and grows until one succeeds")]
    private static partial void LogFailed(ILogger logger, string code, int error);
}
