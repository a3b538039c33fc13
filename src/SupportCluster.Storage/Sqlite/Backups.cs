using System.Globalization;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Text;
using SQLitePCL;

namespace SupportCluster.Storage.Sqlite;

/// <summary>Copies of the store, and how one becomes the store again.</summary>
internal static partial class Backups
{
    private const int PagesAStep = 2_048;

    /// <summary>Copies everything as it is at the moment of the call; the connection is in a read transaction, so later commits do not disturb it.</summary>
    internal static void Write(Connection source, string path, CancellationToken cancel)
    {
        path = Path.GetFullPath(path);
        if (File.Exists(path))
        {
            throw Exists(path);
        }

        var folder = Path.GetDirectoryName(path)!;
        var unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            // Customers' data, wherever it is put: for its owner alone.
            var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            new FileStream(unfinished, create).Dispose();
            Copy(source, unfinished, cancel);
            using (var file = new FileStream(unfinished, FileMode.Open, FileAccess.ReadWrite))
            {
                file.Flush(flushToDisk: true);
            }

            try
            {
                File.Move(unfinished, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                throw Exists(path);
            }

            DataFolder.Sync(folder);
        }
        catch (SqliteException e)
        {
            throw e.ToStoreException($"The backup {path}", folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreProblem.Failed, $"The backup {path} cannot be written ({e.Message}): name a writable place.", e);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>Refuses a file that is damaged, of another program, or of a newer version.</summary>
    /// <returns>Its figures.</returns>
    internal static StoreFigures Validate(string path)
    {
        if (!File.Exists(path))
        {
            throw new StoreException(StoreProblem.NotAStore, $"{path} does not exist: name a file that a backup has written.");
        }

        if (new FileInfo(path + "-wal") is { Exists: true, Length: > 0 })
        {
            throw new StoreException(StoreProblem.NotAStore, $"{path} has a log beside it, so it alone is not whole: use a file that a backup has written.");
        }

        try
        {
            using var connection = Connection.OpenImmutable(path);
            if (Schema.Check(connection, path, Schema.Version) == 0)
            {
                throw new StoreException(StoreProblem.NotAStore, $"{path} is empty: use a file that a backup has written.");
            }

            var result = connection.Text("PRAGMA integrity_check(1)");
            return result == "ok"
                ? ReadFigures(connection)
                : throw new StoreException(StoreProblem.Corrupt, $"{path} is damaged ({result}): use another backup.");
        }
        catch (SqliteException e)
        {
            throw e.ToStoreException(path, Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
    }

    internal static StoreFigures ReadFigures(Connection connection)
    {
        using var statement = connection.Prepare("SELECT cases, open_cases, open_severity1, events, armed FROM figures");
        return statement.Step()
            ? new StoreFigures(statement.Long(0), statement.Long(1), statement.Long(2), statement.Long(3), statement.Long(4))
            : new StoreFigures(0, 0, 0, 0, 0);
    }

    /// <summary>Makes <c>restore.db</c> the store when it lies in the folder, and keeps the former one beside it. Interrupted anywhere, the next start goes on.</summary>
    internal static void Restore(DataFolder folder, IClock clock, ILogger logger)
    {
        if (!File.Exists(folder.RestorePath))
        {
            return;
        }

        StoreFigures figures;
        try
        {
            figures = Validate(folder.RestorePath);
        }
        catch (StoreException e)
        {
            throw new StoreException(StoreProblem.RestoreRefused, $"{e.Message} Nothing was restored; remove {folder.RestorePath} to start with the store as it is.", e);
        }

        var stamp = InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss'Z'").Format(clock.GetCurrentInstant());
        var kept = Path.Combine(folder.FullPath, $"{Path.GetFileNameWithoutExtension(folder.StorePath)}-before-restore-{stamp}.db");
        for (var again = 2; File.Exists(kept) || File.Exists(kept + "-wal"); again++)
        {
            kept = Path.Combine(folder.FullPath, string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(folder.StorePath)}-before-restore-{stamp}-{again}.db"));
        }

        if (File.Exists(folder.StorePath))
        {
            EmptyLog(folder.StorePath);
            File.Move(folder.StorePath, kept);
        }

        // What is still there could not be copied into a damaged database: it is kept with it, and must not meet the new one.
        if (File.Exists(folder.StorePath + "-wal"))
        {
            File.Move(folder.StorePath + "-wal", kept + "-wal");
        }

        File.Delete(folder.StorePath + "-shm");
        DataFolder.Sync(folder.FullPath);
        File.Move(folder.RestorePath, folder.StorePath);
        DataFolder.Sync(folder.FullPath);
        LogRestored(logger, folder.StorePath, figures.Cases, figures.Events, kept);
    }

    private static void Copy(Connection source, string path, CancellationToken cancel)
    {
        using var target = Connection.Open(path);

        // Flushed as a whole afterwards; a copy that breaks off is deleted.
        target.Execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
        source.Scalar("SELECT count(*) FROM figures");
        var copy = raw.sqlite3_backup_init(target.Handle, "main", source.Handle, "main");
        if (copy is null || copy.IsInvalid)
        {
            target.Check(raw.SQLITE_ERROR);
        }

        int result;
        using (copy)
        {
            do
            {
                cancel.ThrowIfCancellationRequested();
                result = raw.sqlite3_backup_step(copy, PagesAStep);
            }
            while (result == raw.SQLITE_OK);
        }

        if (result != raw.SQLITE_DONE)
        {
            throw new SqliteException(result, raw.sqlite3_errstr(result).utf8_to_string());
        }

        // One file, whole by itself.
        target.Execute("PRAGMA journal_mode = DELETE");
    }

    private static void EmptyLog(string path)
    {
        try
        {
            using var former = Connection.Open(path, create: false);
            // A connection that has read nothing has not opened the log.
            former.Scalar("SELECT count(*) FROM sqlite_schema");
            former.Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE);
        }
        catch (SqliteException)
        {
            // A damaged store is a reason to restore: it is kept as it is.
        }
    }

    private static StoreException Exists(string path)
        => new(StoreProblem.BackupExists, $"{path} exists already and is not overwritten: name a new file.");

    [LoggerMessage(3011, LogLevel.Warning, "Restored {Path} with {Cases} cases and {Events} events; the former store is kept as {Kept}")]
    private static partial void LogRestored(ILogger logger, string path, long cases, long events, string kept);
}
