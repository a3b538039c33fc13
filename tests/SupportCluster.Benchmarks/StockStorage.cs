using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace SupportCluster.Benchmarks;

/// <summary>The grain storage that comes with Orleans, over ADO.NET, on SQLite; Orleans has no scripts for it, so these are ours.</summary>
internal static class StockStorage
{
    private const string Schema =
        """
        PRAGMA journal_mode = WAL;
        CREATE TABLE OrleansQuery (QueryKey TEXT PRIMARY KEY, QueryText TEXT NOT NULL);
        CREATE TABLE OrleansStorage (
            GrainIdHash INTEGER NOT NULL, GrainIdN0 INTEGER NOT NULL, GrainIdN1 INTEGER NOT NULL, GrainTypeHash INTEGER NOT NULL, GrainTypeString TEXT NOT NULL,
            GrainIdExtensionString TEXT, ServiceId TEXT NOT NULL, PayloadBinary BLOB, ModifiedOn TEXT NOT NULL, Version INTEGER);
        CREATE INDEX OrleansStorageKey ON OrleansStorage (GrainIdHash, GrainTypeHash);
        INSERT INTO OrleansQuery VALUES ('ReadFromStorageKey', '
            SELECT PayloadBinary, datetime(''now'') AS ModifiedOn, Version FROM OrleansStorage
            WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
            AND GrainTypeString = @GrainTypeString AND GrainIdExtensionString IS @GrainIdExtensionString AND ServiceId = @ServiceId');
        INSERT INTO OrleansQuery VALUES ('WriteToStorageKey', '
            UPDATE OrleansStorage SET PayloadBinary = @PayloadBinary, ModifiedOn = datetime(''now''), Version = Version + 1
            WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
            AND GrainTypeString = @GrainTypeString AND GrainIdExtensionString IS @GrainIdExtensionString AND ServiceId = @ServiceId AND Version = @GrainStateVersion;
            INSERT INTO OrleansStorage SELECT @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId, @PayloadBinary, datetime(''now''), 1
            WHERE @GrainStateVersion IS NULL;
            SELECT coalesce(@GrainStateVersion, 0) + 1 AS NewGrainStateVersion');
        INSERT INTO OrleansQuery VALUES ('ClearStorageKey', 'SELECT 1');
        INSERT INTO OrleansQuery VALUES ('DeleteStorageKey', 'SELECT 1');
        """;

    internal static async Task<Measured> Measure(string folder, int callers, TimeSpan length, Action<string> say, int bytes = 900)
    {
        Directory.CreateDirectory(folder);
        var connectionString = $"Data Source={Path.Combine(folder, "stock.db")}";
        await using (var connection = new SqliteConnection(connectionString))
        {
            await connection.OpenAsync();
            await Run(connection, Schema);
            say($"stock: journal_mode {await Run(connection, "PRAGMA journal_mode")}, synchronous {await Run(connection, "PRAGMA synchronous")} (2 is FULL)");
        }

        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(FreePort(), FreePort())
            .AddAdoNetGrainStorage("stock", options =>
            {
                options.Invariant = "System.Data.SQLite";
                options.ConnectionString = connectionString;
            }));
        using var host = builder.Build();
        await host.StartAsync();
        var storage = host.Services.GetRequiredKeyedService<IGrainStorage>("stock");
        var text = new string('x', bytes - 20);
        var grains = Enumerable.Range(0, callers).Select(c => Enumerable.Range(0, 100).Select(n => (Id: GrainId.Create("stock", $"{c}-{n}"), State: new GrainState<Stored>(new Stored { Text = text }))).ToArray()).ToArray();
        var turns = new int[callers];
        var measured = await Measured.Loop(callers, length, caller =>
        {
            var (id, state) = grains[caller][turns[caller]++ % 100];
            return storage.WriteStateAsync("state", id, state);
        });
        await host.StopAsync();
        SqliteConnection.ClearAllPools();
        return measured;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [SuppressMessage("Security", "CA2100", Justification = "Literals of this file.")]
    private static async Task<object?> Run(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    [GenerateSerializer]
    internal sealed class Stored
    {
        [Id(0)]
        public string Text { get; set; } = "";
    }
}
