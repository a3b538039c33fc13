using System.Globalization;
using System.Runtime.InteropServices;

namespace SupportCluster.Storage;

/// <summary>
/// The folder that holds the embedded store, held exclusively for as long as this object lives: a second process would not
/// damage the file, but it would acknowledge commands for grains that the first has in memory.
/// </summary>
public sealed partial class DataFolder : IDisposable
{
    /// <summary>A file of this name, put into the folder while the server is stopped, becomes the store at the next start.</summary>
    public const string RestoreName = "restore.db";

    private const string StoreName = "supportcluster.db";

    // The holder's number stands in a file of its own: a locked file cannot be read by others.
    private const string LockName = "supportcluster.lock";
    private const string HolderName = "supportcluster.pid";

    // SQLite needs some tens of kilobytes beside the database before it can say that there is no space.
    private const long LeastFreeBytes = 256 * 1024;

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream lockFile)
    {
        FullPath = path;
        _lock = lockFile;
    }

    /// <summary>The folder.</summary>
    public string FullPath { get; }

    internal string StorePath => Path.Combine(FullPath, StoreName);

    internal string RestorePath => Path.Combine(FullPath, RestoreName);

    /// <summary><c>$XDG_DATA_HOME/SupportCluster</c>, else <c>~/.local/share/SupportCluster</c>.</summary>
    public static string DefaultPath
    {
        get
        {
            var data = Environment.GetEnvironmentVariable("XDG_DATA_HOME");
            return Path.Combine(
                Path.IsPathRooted(data) ? data : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share"),
                "SupportCluster");
        }
    }

    /// <summary>Takes the folder, creating it (for its owner alone, mode 0700) where it does not exist.</summary>
    /// <exception cref="StoreException">Another process holds it, it cannot be written, or its disk is full.</exception>
    public static DataFolder Take(string path)
    {
        path = Path.GetFullPath(path);
        try
        {
            Create(path);
            if (IsFull(path))
            {
                throw new StoreException(StoreProblem.DiskFull, $"The data folder {path} has no space left on its disk: free some, or name another folder.");
            }

            var file = TakeLock(path);
            try
            {
                File.WriteAllText(Path.Combine(path, HolderName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
                return new DataFolder(path, file);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw IsFull(path)
                ? new StoreException(StoreProblem.DiskFull, $"The data folder {path} has no space left on its disk: free some, or name another folder.", e)
                : new StoreException(StoreProblem.ReadOnly, $"The data folder {path} cannot be written ({e.Message}): make it writable for the user that runs the server, or name another folder.", e);
        }
    }

    /// <summary>Lets the folder go, for the next process.</summary>
    public void Dispose() => _lock.Dispose();

    internal static bool IsFull(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace < LeastFreeBytes && !IsReadOnlyMount(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Makes a rename or a new file in the folder survive loss of power.</summary>
    internal static void Sync(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = OpenFolder(folder, 0);
        if (descriptor < 0 || SyncFolder(descriptor) != 0)
        {
            var error = Marshal.GetLastPInvokeErrorMessage();
            _ = descriptor >= 0 && CloseFolder(descriptor) == 0;
            throw new StoreException($"The folder {folder} could not be written to disk ({error}): see the disk and the system log.");
        }

        _ = CloseFolder(descriptor);
    }

    /// <summary>Creates a folder for its owner alone (mode 0700) where it does not exist.</summary>
    public static void Create(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static FileStream TakeLock(string path)
    {
        var lockPath = Path.Combine(path, LockName);
        try
        {
            return new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(lockPath) && !IsFull(path) && !IsReadOnlyMount(path))
        {
            var holder = Holder(path);
            throw new StoreException(
                StoreProblem.InUse,
                $"The data folder {path} is in use by {(holder is null ? "another process" : $"process {holder}")}: stop that one, or name another folder.",
                e);
        }
    }

    private static string? Holder(string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(path, HolderName)) is { Length: > 0 } pid ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    // Root may write where the mode forbids it, but nobody to a file system that is mounted read-only.
    private static bool IsReadOnlyMount(string folder) => !OperatingSystem.IsWindows() && CanAccess(folder, 2) != 0;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncFolder(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseFolder(int descriptor);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CanAccess(string path, int mode);
}
