using System.Data;
using Npgsql;

namespace SupportCluster.Storage.Postgres;

/// <summary>A connection that writes, with its slot in the figures; opened when it is needed, and anew after it was lost.</summary>
internal sealed class WriterConnection(Server server, bool fence) : IAsyncDisposable
{
    private const int SlotLock = 0x53434C53;

    // Plans are made once, not for each group. The tables may be empty at that time, so the paths are named: by index, one row after the other.
    private const string Settings =
        """
        SET jit = off; SET plan_cache_mode = force_generic_plan; SET random_page_cost = 0.01; SET seq_page_cost = 0.01;
        SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
        SET default_transaction_isolation = 'read committed'; SET idle_session_timeout = 0;
        """;

    private NpgsqlConnection? _connection;
    private GroupStatement? _statement;
    private long _groups;

    /// <summary>Runs and commits the group; an exception tells that it was rolled back, or that nobody knows.</summary>
    internal async Task Run(IReadOnlyList<PendingWrite> group)
    {
        try
        {
            await Open();
            await PlanAgain();
            await _statement!.Run(group);
        }
        catch (Exception e)
        {
            // After what the server has reported the connection is as good as before, unless it was the last that it had to say.
            if (e is not PostgresException || _connection?.State != ConnectionState.Open)
            {
                await DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Connects unless connected, and refuses a server that would not keep what it acknowledges.</summary>
    internal async Task Open()
    {
        if (_statement is not null)
        {
            return;
        }

        _connection = await server.Connect();
        await Server.Execute(_connection, Settings);
        await CheckDurable(_connection);
        await using var take = new NpgsqlCommand(
            "SELECT slot FROM generate_series(0, 9999) AS slot WHERE pg_try_advisory_lock(@key, slot) LIMIT 1",
            _connection);
        take.Parameters.AddWithValue("key", SlotLock);
        var slot = (int)(await take.ExecuteScalarAsync())!;
        await using var row = new NpgsqlCommand("INSERT INTO figures (slot) VALUES (@slot) ON CONFLICT DO NOTHING", _connection);
        row.Parameters.AddWithValue("slot", slot);
        await row.ExecuteNonQueryAsync();
        _groups = 0;
        _statement = await GroupStatement.Prepare(_connection, slot, fence);
    }

    /// <summary>A setting of the session, for tests.</summary>
    internal async Task<string?> Setting(string name)
    {
        await using var read = new NpgsqlCommand("SELECT current_setting(@name)", _connection);
        read.Parameters.AddWithValue("name", name);
        return (string?)await read.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _statement = null;
        if (Interlocked.Exchange(ref _connection, null) is { } connection)
        {
            await connection.DisposeAsync();
        }
    }

    // While the tables are small any plan is good; the better one is found as they grow. Later their statistics cause it.
    private async Task PlanAgain()
    {
        if (++_groups is 10 or 100 or 1_000 or 10_000)
        {
            await Server.Execute(_connection!, "DISCARD PLANS");
        }
    }

    private async Task CheckDurable(NpgsqlConnection connection)
    {
        // Whoever has switched it off for this database or user meant other programs.
        await using var read = new NpgsqlCommand(
            "SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false), current_setting('fsync')",
            connection);
        await using var row = await read.ExecuteReaderAsync();
        await row.ReadAsync();
        if (row.GetString(1) != "on")
        {
            throw new StoreException(StoreProblem.NotDurable, $"{server.Name} runs with fsync = off and would lose acknowledged commands with the power: set fsync = on.");
        }
    }
}
