using SQLitePCL;

namespace SupportCluster.Storage.Sqlite;

/// <summary>What SQLite reported; it leaves the store only as a <see cref="StoreException"/>.</summary>
internal sealed class SqliteException(int code, string message) : Exception(message)
{
    /// <summary>The primary result code.</summary>
    internal int Primary => code & 0xff;

    /// <summary>The extended result code.</summary>
    internal int Extended => code;

    /// <summary>True when the fault lies in the data that was touched, so that other writes of the same group may still succeed.</summary>
    internal bool ConcernsOneWrite => Primary is raw.SQLITE_CORRUPT or raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH or raw.SQLITE_RANGE;

    /// <param name="where">The file or the aggregate, as it is to be named in the message.</param>
    /// <param name="folder">The folder whose free space tells a full disk from a broken one.</param>
    internal StoreException ToStoreException(string where, string folder) => Primary switch
    {
        raw.SQLITE_FULL => DiskFull(where),
        raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN when DataFolder.IsFull(folder) => DiskFull(where),
        raw.SQLITE_READONLY => new(StoreProblem.ReadOnly, $"{where} cannot be written: make the file and its folder writable for the user that runs the server.", this),
        raw.SQLITE_CORRUPT => new(StoreProblem.Corrupt, $"{where} is damaged ({Message}): restore a backup by putting it into the data folder as {DataFolder.RestoreName}.", this),
        raw.SQLITE_NOTADB => new(StoreProblem.NotAStore, $"{where} is not a SupportCluster database: put the right file there, or restore a backup by putting it into the data folder as {DataFolder.RestoreName}.", this),
        _ => new(StoreProblem.Failed, $"{where} failed with SQLite error {Extended} ({Message}): see the disk and the system log.", this),
    };

    private StoreException DiskFull(string where)
        => new(StoreProblem.DiskFull, $"{where} has no space left on its disk: free some; nothing that was acknowledged is lost.", this);
}
