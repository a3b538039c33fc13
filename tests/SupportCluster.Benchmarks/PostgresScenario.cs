using Npgsql;
using SupportCluster.Storage.Postgres;

namespace SupportCluster.Benchmarks;

/// <summary>
/// Durable commands of 64 cases at a time through the grains on PostgreSQL, against raw updates of one row of the same size with a commit each, in turns.
/// Options: <c>--seconds</c> 8 a round, <c>--rounds</c> 3.
/// </summary>
internal static class PostgresScenario
{
    private const int Callers = 64;
    private const int RowsOfACaller = 100;

    internal static async Task Run(Options options)
    {
        var length = TimeSpan.FromSeconds(options.Number("seconds", options.Quick ? 3 : 8));
        var rounds = options.Number("rounds", 3);
        var root = options.Root();
        using var postgres = PostgresServer.Start();
        try
        {
            RecordingStore recorder = null!;
            var store = await PostgresStore.Open(postgres.CreateDatabase("grains"), migrate: true);
            await using var node = await Node.Start(root, store, watch: s => recorder = new RecordingStore(s));
            var lives = new ManyLives(node, Callers);
            await Phase.Run(Callers, length / 2, lives.Next);
            var bytes = (int)recorder.Take().Average(w => w.State.Length);
            await using var raw = await RawRows.Create(postgres.CreateDatabase("raw"), bytes);
            await Phase.Run(Callers, length / 4, raw.Update);

            Console.WriteLine(Phase.Heading);
            var ofRaw = new List<double>();
            for (var round = 0; round < rounds; round++)
            {
                var grains = await Phase.Run(Callers, length, lives.Next);
                grains.Print("commands through grains", Callers);
                recorder.Take();
                var updates = await Phase.Run(Callers, length, raw.Update);
                updates.Print($"raw updates of one row, {bytes} bytes", Callers);
                ofRaw.Add(grains.PerSecond / updates.PerSecond);
            }

            Wanted.AtLeast("times raw updates of one row", Wanted.Median(ofRaw), 0.7);
        }
        finally
        {
            options.Clear(root);
        }
    }

    /// <summary>One table of states, as plain as it can be.</summary>
    private sealed class RawRows(NpgsqlDataSource rows, byte[][] states) : IAsyncDisposable
    {
        private readonly int[] turns = new int[Callers];

        internal static async Task<RawRows> Create(string connection, int bytes)
        {
            var states = Enumerable.Range(0, 8).Select(seed => Samples.Json(bytes, seed)).ToArray();
            var rows = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { MaxPoolSize = Callers, MaxAutoPrepare = 8, AutoPrepareMinUsages = 2 });
            await using var create = rows.CreateCommand("CREATE TABLE state (id int PRIMARY KEY, version bigint NOT NULL, json bytea NOT NULL)");
            await create.ExecuteNonQueryAsync();
            await using var fill = rows.CreateCommand("INSERT INTO state SELECT n, 1, $1 FROM generate_series(0, $2 - 1) n");
            fill.Parameters.Add(new() { Value = states[0] });
            fill.Parameters.Add(new() { Value = Callers * RowsOfACaller });
            await fill.ExecuteNonQueryAsync();
            return new(rows, states);
        }

        /// <summary>The next row of a caller: each has its own, so that none waits for another's lock.</summary>
        internal async Task<bool> Update(int caller)
        {
            var turn = turns[caller]++;
            await using var update = rows.CreateCommand("UPDATE state SET version = version + 1, json = $1 WHERE id = $2");
            update.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = states[turn % states.Length] });
            update.Parameters.Add(new NpgsqlParameter<int> { TypedValue = (caller * RowsOfACaller) + (turn % RowsOfACaller) });
            return await update.ExecuteNonQueryAsync() == 1;
        }

        public ValueTask DisposeAsync() => rows.DisposeAsync();
    }
}
