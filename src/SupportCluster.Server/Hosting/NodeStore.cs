using Npgsql;
using SupportCluster.Server.SignIn;
using SupportCluster.Storage;
using SupportCluster.Storage.Postgres;
using SupportCluster.Storage.Sqlite;

namespace SupportCluster.Server.Hosting;

/// <summary>The node's store, opened before the host is built, so that a fault is one clear message. The one place that chooses the engine.</summary>
public sealed class NodeStore : IAsyncDisposable
{
    private NodeStore(IStore store, DataFolder? folder, StoreClock? clock) => (Store, Folder, Clock) = (store, folder, clock);

    /// <summary>The store, of whichever engine.</summary>
    public IStore Store { get; }

    /// <summary>The folder that holds the embedded store; null with PostgreSQL.</summary>
    public DataFolder? Folder { get; }

    /// <summary>The clock of the cluster; null for a node by itself, which goes by its machine's.</summary>
    public StoreClock? Clock { get; }

    /// <summary>Opens PostgreSQL when it is configured, otherwise the embedded store.</summary>
    /// <exception cref="StoreException">The store cannot be used; it was not changed.</exception>
    public static NodeStore Open(ServerOptions options, TimeProvider time, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Postgres is { } connection)
        {
            // Nothing else is done meanwhile: the server starts with its store or not at all. Where people sign in as personas it also brings
            // the tables up to date; elsewhere that is the operator's to decide (supportctl schema).
            return OpenPostgres(connection, time, configuration).GetAwaiter().GetResult();
        }

        var folder = DataFolder.Take(options.DataFolder);
        try
        {
            return new(SqliteStore.Open(folder, new TimeProviderClock(time), TestSwitches.Store(configuration)), folder, null);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static async Task<NodeStore> OpenPostgres(string connection, TimeProvider time, IConfiguration configuration)
    {
        var store = await PostgresStore.Open(connection, migrate: !SignInSetup.HasAuthority(configuration), TestSwitches.Postgres(configuration));
        try
        {
            return new(store, null, await StoreClock.Start(store, time));
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where a connection string leads, without its secrets.</summary>
    public static string Describe(string postgres)
    {
        var parts = new NpgsqlConnectionStringBuilder(postgres);
        return $"{parts.Host}:{parts.Port}/{parts.Database ?? parts.Username}";
    }

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)Store).DisposeAsync();
        Folder?.Dispose();
    }
}
