using System.Globalization;
using System.Reflection;
using Npgsql;

namespace SupportCluster.Storage.Postgres;

/// <summary>The tables, as the files of <c>deploy/postgres</c> make them, and how a database of an older version becomes one of this version.</summary>
public static class PostgresSchema
{
    // Held while migrating: of several nodes that start at once, one migrates and the others find it done.
    private const long MigrationLock = 0x53434C53_0001;

    private static readonly string[] OurTables = ["aggregates", "cases", "case_text", "events", "figures", "tallies"];

    /// <summary>What each version added, in order. A released file is never changed: the next version appends one.</summary>
    internal static readonly IReadOnlyList<string> Steps = [.. Resources().Order(StringComparer.Ordinal).Select(Resource)];

    /// <summary>The version that this program reads and writes.</summary>
    public static int Version => Steps.Count;

    /// <summary>All of the schema as one script in one transaction, for an empty database, to be read or run by an operator (<c>psql -f</c>).</summary>
    public static string Script() => $"BEGIN;\n{string.Concat(Steps)}COMMIT;\n";

    /// <summary>Brings a database to <see cref="Version"/>, in one transaction; does nothing when it is there already. Safe to be called by several nodes at once.</summary>
    /// <returns>The version that it had; 0 for none.</returns>
    /// <exception cref="StoreException">It is newer, of another program, unreachable, or the user may not create tables; nothing was changed.</exception>
    public static async Task<int> Migrate(string connectionString, CancellationToken cancel = default)
    {
        var server = new Server(connectionString, new PostgresStoreOptions());
        try
        {
            await using var connection = await server.Connect(cancel);
            return await Migrate(connection, server, Steps, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw server.Failure(e);
        }
    }

    internal static async Task<int> Migrate(NpgsqlConnection connection, Server server, IReadOnlyList<string> steps, CancellationToken cancel = default)
    {
        if (await Check(connection, server, steps.Count, cancel) == steps.Count)
        {
            return steps.Count;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var take = new NpgsqlCommand("SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock(@key)", connection) { CommandTimeout = 600 };
        take.Parameters.AddWithValue("key", MigrationLock);
        await take.ExecuteNonQueryAsync(cancel);
        var found = await Check(connection, server, steps.Count, cancel);
        for (var version = found; version < steps.Count; version++)
        {
#pragma warning disable CA2100 // The embedded migrations.
            await using var step = new NpgsqlCommand(steps[version], connection) { CommandTimeout = 600 };
#pragma warning restore CA2100
            await step.ExecuteNonQueryAsync(cancel);
        }

        if (await Check(connection, server, steps.Count, cancel) != steps.Count)
        {
            throw new StoreException(StoreProblem.Failed, $"{server.Name}: the migrations did not record their version; this is a fault of the program.");
        }

        await transaction.CommitAsync(cancel);
        return found;
    }

    /// <summary>Refuses what is not ours or too new. Tables of other programs are nobody's business unless their names clash with ours.</summary>
    /// <returns>The version of the database; 0 when it has none of our tables.</returns>
    internal static async Task<int> Check(NpgsqlConnection connection, Server server, int known, CancellationToken cancel = default)
    {
        await using var exists = new NpgsqlCommand(
            """
            SELECT current_setting('server_encoding'), current_schema()::text, to_regclass('store_version') IS NOT NULL,
                (SELECT string_agg(relname::text, ', ' ORDER BY relname) FROM pg_class WHERE relnamespace = to_regnamespace(current_schema()::text) AND relname = ANY(@ours))
            """,
            connection);
        exists.Parameters.AddWithValue("ours", OurTables);
        await using (var row = await exists.ExecuteReaderAsync(cancel))
        {
            await row.ReadAsync(cancel);
            if (row.GetString(0) != "UTF8")
            {
                throw new StoreException(StoreProblem.NotAStore, $"{server.Name} has the encoding {row.GetString(0)}: create a database with the encoding UTF8.");
            }

            if (row.IsDBNull(1))
            {
                throw new StoreException(StoreProblem.NotAStore, $"{server.Name} has none of the schemas of its search path: create one, or name another path.");
            }

            if (!row.GetBoolean(2))
            {
                return row.IsDBNull(3)
                    ? 0
                    : throw new StoreException(StoreProblem.NotAStore, $"{server.Name} has tables of another program by the names of ours ({row.GetString(3)} in schema {row.GetString(1)}): name another database or search path.");
            }
        }

        await using var read = new NpgsqlCommand("SELECT coalesce(max(version), 0)::integer FROM store_version", connection);
        var version = (int)(await read.ExecuteScalarAsync(cancel))!;
        return version <= known
            ? version
            : throw new StoreException(
                StoreProblem.NewerSchema,
                string.Create(CultureInfo.InvariantCulture, $"{server.Name} has schema version {version}, this program knows {known}: start the version of the program that wrote it, or a later one."));
    }

    private static IEnumerable<string> Resources()
        => Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal));

    private static string Resource(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
