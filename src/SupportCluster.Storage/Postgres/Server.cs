using System.Globalization;
using System.Net.Sockets;
using Npgsql;

namespace SupportCluster.Storage.Postgres;

/// <summary>Where the database is: how to connect to it, and how to name it and what it reported to people.</summary>
internal sealed class Server
{
    private readonly NpgsqlConnectionStringBuilder _settings;

    /// <exception cref="StoreException">The connection string cannot be read.</exception>
    internal Server(string connectionString, PostgresStoreOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        try
        {
            _settings = new NpgsqlConnectionStringBuilder(connectionString)
            {
                Timeout = Seconds(options.ConnectTimeout),
                CommandTimeout = Seconds(options.CommandTimeout),
                Enlist = false,

                // What is set when a connection is opened must last as long as the connection.
                NoResetOnClose = true,
            };
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            // Not even as an inner exception: it may repeat what stands there, a password perhaps.
            throw new StoreException(StoreProblem.Unreachable, "The connection string of PostgreSQL cannot be read: write it as Host=...;Database=...;Username=...;Password=....");
        }

        _settings.ApplicationName ??= "SupportCluster";
        Name = string.Create(CultureInfo.InvariantCulture, $"PostgreSQL at {_settings.Host}:{_settings.Port}/{_settings.Database ?? _settings.Username}");
    }

    /// <summary>Names the database in messages; never holds the password.</summary>
    internal string Name { get; }

    /// <summary>A connection of its own, outside of any pool.</summary>
    internal async Task<NpgsqlConnection> Connect(CancellationToken cancel = default)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_settings.ConnectionString) { Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancel);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The connections for reading: at most so many, prepared statements kept, each planned for the values at hand.</summary>
    internal NpgsqlDataSource Pool(int most)
    {
        var builder = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(_settings.ConnectionString) { MinPoolSize = 0, MaxPoolSize = most, MaxAutoPrepare = 40 }.ConnectionString);
        const string settings = "SET jit = off; SET plan_cache_mode = force_custom_plan; SET default_transaction_read_only = on";
        builder.UsePhysicalConnectionInitializer(
            connection => Execute(connection, settings).GetAwaiter().GetResult(),
            connection => Execute(connection, settings));
        return builder.Build();
    }

    internal static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancel = default)
    {
#pragma warning disable CA2100 // Literals of this program and its migrations.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>True when the fault lies in the data that was handed over or touched, so that other writes of the same group may still succeed.</summary>
    internal static bool ConcernsData(PostgresException e) => e.SqlState[..2] is "22" or "23" or "54" or "XX";

    /// <summary>True when the same transaction, begun again, may succeed: a deadlock, a lost race for the same key.</summary>
    internal static bool IsWorthRepeating(PostgresException e)
        => e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.UniqueViolation;

    /// <summary>True when it never came to an answer of the server: the connection was or went dead.</summary>
    internal static bool IsConnectionLost(Exception e)
        => e is NpgsqlException and not PostgresException or IOException or SocketException or TimeoutException or PostgresException { SqlState: "57P01" or "57P02" or "57P03" };

    /// <param name="where">What the message names: the database, or an aggregate in it.</param>
    internal StoreException Failure(Exception e, string? where = null)
    {
        where = where is null ? Name : $"{where} in {Name}";
        return e switch
        {
            StoreException known => known,
            ObjectDisposedException => Closed(),
            PostgresException reported => Reported(reported, where),
            _ when IsConnectionLost(e) => new(StoreProblem.Unreachable, $"{where} does not answer ({Cause(e)}): see whether the server runs and the network lets this node reach it.", e),
            _ => new(StoreProblem.Failed, $"{where} failed ({e.GetType().Name}): this is a fault of the program.", e),
        };
    }

    internal StoreException Closed() => new(StoreProblem.Closed, $"{Name} has been closed: the server is stopping.");

    // The server's own words may quote what was written, so only its code and the names of constraints are repeated.
    private static StoreException Reported(PostgresException e, string where) => e.SqlState switch
    {
        PostgresErrorCodes.DiskFull => new(StoreProblem.DiskFull, $"{where} has no space left on its disk: free some; nothing that was acknowledged is lost.", e),
        PostgresErrorCodes.ReadOnlySqlTransaction => new(StoreProblem.ReadOnly, $"{where} cannot be written: name the primary server, not a standby.", e),
        PostgresErrorCodes.InsufficientPrivilege => new(StoreProblem.ReadOnly, $"{where} refuses the user the right to do this: grant it on the store's tables and their schema.", e),
        PostgresErrorCodes.InvalidCatalogName => new(StoreProblem.Unreachable, $"{where} has no such database: create it, or name another.", e),
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => new(StoreProblem.Corrupt, $"{where} is damaged (PostgreSQL error {e.SqlState}): restore a backup of the database.", e),
        PostgresErrorCodes.QueryCanceled => new(StoreProblem.Unreachable, $"{where} did not answer in time: see what the server is waiting for.", e),
        PostgresErrorCodes.TooManyConnections => new(StoreProblem.Unreachable, $"{where} has no connection left: raise max_connections, or run fewer nodes.", e),
        ['2', '8', ..] => new(StoreProblem.Unreachable, $"{where} refuses the sign-in (PostgreSQL error {e.SqlState}): check user, password and pg_hba.conf.", e),
        ['5', '7', 'P', ..] => new(StoreProblem.Unreachable, $"{where} is starting or stopping (PostgreSQL error {e.SqlState}): it is asked again by the next command.", e),
        ['2', '2', ..] => new(StoreProblem.Failed, $"{where} holds something that PostgreSQL cannot store (error {e.SqlState}), such as a NUL character: leave it out.", e),
        _ => new(StoreProblem.Failed, $"{where} failed with PostgreSQL error {e.SqlState}{(e.ConstraintName is { } name ? $" on {name}" : "")}: see the server's log.", e),
    };

    private static string Cause(Exception e)
        => e is TimeoutException or { InnerException: TimeoutException } ? "timeout"
            : e.GetBaseException() is SocketException socket ? socket.SocketErrorCode.ToString()
            : "the connection was lost";

    private static int Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));
}
