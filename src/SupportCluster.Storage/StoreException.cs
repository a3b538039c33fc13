namespace SupportCluster.Storage;

/// <summary>
/// The store could not do its work. After a failed <see cref="IStore.Write"/> the outcome is unknown: repeat the command with
/// the same request id. The message is one sentence that says what is wrong, where, and what would be right; it never holds
/// customers' text.
/// </summary>
public sealed class StoreException : Exception
{
    public StoreException()
        : this("The store failed.")
    {
    }

    public StoreException(string message)
        : this(StoreProblem.Failed, message)
    {
    }

    public StoreException(string message, Exception innerException)
        : this(StoreProblem.Failed, message, innerException)
    {
    }

    public StoreException(string code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>What kind of problem it is: one of the stable codes of <see cref="StoreProblem"/>.</summary>
    public string Code { get; }
}

/// <summary>Stable codes of <see cref="StoreException"/>, for alarms, exit codes and tests.</summary>
public static class StoreProblem
{
    /// <summary>Anything that has no code of its own, such as an I/O error.</summary>
    public const string Failed = "store-failed";

    /// <summary>Another process holds the data folder.</summary>
    public const string InUse = "store-in-use";

    /// <summary>The data folder or the file cannot be written.</summary>
    public const string ReadOnly = "store-read-only";

    /// <summary>No space is left; nothing of the transaction was kept, and the store works again once there is space.</summary>
    public const string DiskFull = "store-disk-full";

    /// <summary>The file is damaged. Met in a single row, only that aggregate is out of reach.</summary>
    public const string Corrupt = "store-corrupt";

    /// <summary>The file is no database, or a database of another program.</summary>
    public const string NotAStore = "store-not-a-store";

    /// <summary>The file was written by a newer version of the program.</summary>
    public const string NewerSchema = "store-newer-schema";

    /// <summary>The file lying in the data folder to be restored is not fit for it; nothing was changed.</summary>
    public const string RestoreRefused = "store-restore-refused";

    /// <summary>The target of a backup exists already and is not overwritten.</summary>
    public const string BackupExists = "store-backup-exists";

    /// <summary>The database server cannot be reached, refuses the sign-in, or does not answer in time.</summary>
    public const string Unreachable = "store-unreachable";

    /// <summary>The database has no schema yet or an older one, and migrating was not asked for.</summary>
    public const string OlderSchema = "store-older-schema";

    /// <summary>The database server does not keep what it has acknowledged through a loss of power.</summary>
    public const string NotDurable = "store-not-durable";

    /// <summary>The store is backed up by the tools of its database, not by the program.</summary>
    public const string BackupElsewhere = "store-backup-elsewhere";

    /// <summary>The store has been closed.</summary>
    public const string Closed = "store-closed";
}
