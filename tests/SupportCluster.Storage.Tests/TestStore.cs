using NodaTime;
using NodaTime.Testing;
using SupportCluster.Storage.Sqlite;

namespace SupportCluster.Storage.Tests;

/// <summary>An embedded store in a data folder of its own.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly TemporaryFolder? _own;
    private readonly DataFolder _folder;

    private TestStore(TemporaryFolder? own, DataFolder folder, SqliteStore store)
    {
        _own = own;
        _folder = folder;
        Store = store;
    }

    internal SqliteStore Store { get; }

    internal string Folder => _folder.FullPath;

    internal static TestStore New(SqliteStoreOptions? options = null)
    {
        var own = new TemporaryFolder();
        return Open(own.Path, options, own);
    }

    internal static TestStore At(string path, SqliteStoreOptions? options = null) => Open(path, options, null);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Dispose();
        _own?.Dispose();
    }

    private static TestStore Open(string path, SqliteStoreOptions? options, TemporaryFolder? own)
    {
        var folder = DataFolder.Take(path);
        try
        {
            return new TestStore(own, folder, SqliteStore.Open(folder, new FakeClock(Instant.FromUtc(2026, 11, 22, 8, 30)), options));
        }
        catch
        {
            folder.Dispose();
            own?.Dispose();
            throw;
        }
    }
}
