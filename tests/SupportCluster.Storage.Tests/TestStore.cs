using NodaTime;
using NodaTime.Testing;
using SupportCluster.Storage.Postgres;
using SupportCluster.Storage.Sqlite;

namespace SupportCluster.Storage.Tests;

/// <summary>The engines behind <see cref="IStore"/>: what is promised there is tested with each.</summary>
public enum Engine
{
    Sqlite,
    Postgres,
}

/// <summary>A store of its own for a test: embedded in a data folder, or in a database on PostgreSQL.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    internal static readonly Instant Now = Instant.FromUtc(2026, 11, 22, 8, 30);

    /// <summary>The tests run on machines that are busy with other things.</summary>
    internal static readonly PostgresStoreOptions Patient = new() { ConnectTimeout = TimeSpan.FromSeconds(30), CommandTimeout = TimeSpan.FromSeconds(60) };

    private readonly IDisposable[] _after;

    private TestStore(IStore store, string place, params IDisposable[] after)
    {
        Store = store;
        Place = place;
        _after = after;
    }

    internal IStore Store { get; }

    /// <summary>The data folder, or the connection string.</summary>
    internal string Place { get; }

    /// <summary>An empty store.</summary>
    internal static async Task<TestStore> New(Engine engine, bool fence = true) => engine == Engine.Sqlite
        ? New(new SqliteStoreOptions { Fence = fence })
        : await Connect(TestServer.NewDatabase().ConnectionString, Patient with { Fence = fence });

    /// <summary>The embedded store, empty.</summary>
    internal static TestStore New(SqliteStoreOptions? options = null)
    {
        var own = new TemporaryFolder();
        return Open(own.Path, options, own);
    }

    /// <summary>The store of a place that a test keeps.</summary>
    internal static async Task<TestStore> At(Engine engine, string place) => engine == Engine.Sqlite ? At(place) : await Connect(place);

    /// <summary>The embedded store in a folder that a test keeps.</summary>
    internal static TestStore At(string path, SqliteStoreOptions? options = null) => Open(path, options, null);

    /// <summary>One more node on a database.</summary>
    internal static async Task<TestStore> Connect(string connectionString, PostgresStoreOptions? options = null)
        => new(await PostgresStore.Open(connectionString, migrate: true, options ?? Patient), connectionString);

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)Store).DisposeAsync();
        foreach (var disposable in _after)
        {
            disposable.Dispose();
        }
    }

    private static TestStore Open(string path, SqliteStoreOptions? options, TemporaryFolder? own)
    {
        var folder = DataFolder.Take(path);
        IDisposable[] after = own is null ? [folder] : [folder, own];
        try
        {
            return new TestStore(SqliteStore.Open(folder, new FakeClock(Now), options), path, after);
        }
        catch
        {
            foreach (var disposable in after)
            {
                disposable.Dispose();
            }

            throw;
        }
    }
}

/// <summary>A place in which a store can be opened again and again.</summary>
internal sealed class TestPlace : IDisposable
{
    private readonly TemporaryFolder? _folder;

    internal TestPlace(Engine engine)
    {
        _folder = engine == Engine.Sqlite ? new TemporaryFolder() : null;
        Path = _folder?.Path ?? TestServer.NewDatabase().ConnectionString;
    }

    internal string Path { get; }

    public void Dispose() => _folder?.Dispose();
}
