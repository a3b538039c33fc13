using System.Runtime.InteropServices;
using Npgsql;
using NpgsqlTypes;

namespace SupportCluster.Storage.Postgres;

/// <summary>
/// One statement that carries out a whole group of writes: one round trip, one transaction, one flush to disk, and a share of the
/// cost of a statement for each write. No aggregate and no source key stands in a group twice.
/// </summary>
internal sealed class GroupStatement : IAsyncDisposable
{
    private const int ForgetParameter = 47;

    private readonly NpgsqlCommand _command;
    private long _newestQuarter;

    private GroupStatement(NpgsqlCommand command) => _command = command;

    internal static async Task<GroupStatement> Prepare(NpgsqlConnection connection, int slot, bool fence)
    {
#pragma warning disable CA2100 // A literal of this program.
        var command = new NpgsqlCommand(Text(fence), connection);
#pragma warning restore CA2100
        foreach (var type in Types)
        {
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | type });
        }

        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = slot });
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bigint });
        await command.PrepareAsync();
        return new GroupStatement(command);
    }

    /// <summary>Runs and commits the group, and notes the outcome of each write on it.</summary>
    internal async Task Run(IReadOnlyList<PendingWrite> group)
    {
        SetAggregates(group);
        SetEvents(group);
        SetDirectory([.. Numbered(group).Where(w => w.Write.Directory is not null)]);
        SetText([.. Numbered(group).Where(w => w.Write.Text is not null)]);
        SetTallies([.. Numbered(group).SelectMany(w => (w.Write.Tallies ?? []).Select(tally => (w.Number, tally)))]);
        await using var reader = await _command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var written = reader.GetFieldValue<long[]>(0);
        var duplicates = reader.GetFieldValue<long[]>(1);

        // The transaction is committed when its end has come, not when its row has.
        while (await reader.ReadAsync() || await reader.NextResultAsync())
        {
        }

        for (var i = 0; i < group.Count; i++)
        {
            group[i].Outcome = written[i] > 0 ? StoreWriteResult.Written : StoreWriteResult.Conflict;
        }

        foreach (var n in duplicates)
        {
            group[(int)n - 1].Outcome = StoreWriteResult.DuplicateSourceKey;
        }
    }

    public ValueTask DisposeAsync() => _command.DisposeAsync();

    // Everything is found by an index, one write after the other; what is inserted is tied to its write by number, without a join: the
    // planner does not know how large the groups are. An update that must wait for another node's looks at the version again
    // when it has got the row (READ COMMITTED), so that is the fence. A new row's number is drawn beforehand.
    private static string Text(bool fence) =>
        $"""
        WITH writes AS MATERIALIZED (
            SELECT w.*, CASE WHEN {(fence ? "w.expected = 0" : "NOT EXISTS (SELECT FROM aggregates a WHERE a.type = w.type AND a.id = w.id)")} THEN nextval('aggregate_seq') END AS seq
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) WITH ORDINALITY AS w(type, id, hash, expected, version, due, severity, state, n)
        ), directory AS MATERIALIZED (
            SELECT * FROM unnest({string.Join(", ", Enumerable.Range(15, 2 + Tables.Directory.Length).Select(i => $"${i}"))}) AS d(n, number, {Tables.DirectoryList})
        ), taken AS MATERIALIZED (
            SELECT d.n FROM directory d JOIN cases c ON c.source_key = d.source_key WHERE c.number <> d.number
        ), updated AS (
            UPDATE aggregates a SET version = w.version, due = w.due, severity = w.severity, state = w.state, was_armed = a.due IS NOT NULL
            FROM writes w
            WHERE a.type = w.type AND a.id = w.id {(fence ? "AND a.version = w.expected" : "")} AND w.seq IS NULL AND w.n NOT IN (SELECT n FROM taken)
            RETURNING w.n, a.seq, a.due IS NOT NULL AS armed, a.was_armed
        ), inserted AS (
            INSERT INTO aggregates (seq, type, id, hash, version, due, severity, state)
            SELECT w.seq, w.type, w.id, w.hash, w.version, w.due, w.severity, w.state FROM writes w
            WHERE w.seq IS NOT NULL AND w.n NOT IN (SELECT n FROM taken)
            ON CONFLICT (type, id) DO NOTHING
            RETURNING seq, due IS NOT NULL AS armed
        ), written AS MATERIALIZED (
            SELECT array_agg(seq ORDER BY n) AS seqs FROM (
                SELECT n, max(seq) AS seq FROM (
                    SELECT n, seq FROM updated
                    UNION ALL SELECT n, CASE WHEN seq IN (SELECT seq FROM inserted) THEN seq ELSE 0 END FROM writes) all_of_them
                GROUP BY n) each
        ), noted AS (
            INSERT INTO events (seq, version, at, request_id, fingerprint, json)
            SELECT w.seqs[e.n], e.version, e.at, e.request_id, e.fingerprint, e.json
            FROM written w CROSS JOIN unnest($9, $10, $11, $12, $13, $14) AS e(n, version, at, request_id, fingerprint, json) WHERE w.seqs[e.n] > 0
            {(fence ? "" : "ON CONFLICT (seq, version) DO UPDATE SET at = excluded.at, request_id = excluded.request_id, fingerprint = excluded.fingerprint, json = excluded.json")}
            RETURNING 1
        ), listed AS (
            INSERT INTO cases (seq, number, {Tables.DirectoryList})
            SELECT w.seqs[d.n], d.number, {Of("d", Tables.Directory)} FROM written w CROSS JOIN directory d WHERE w.seqs[d.n] > 0
            ON CONFLICT (seq) DO UPDATE SET
                {string.Join(", ", Tables.Directory.Select(column => $"{column} = excluded.{column}"))},
                was = CASE WHEN NOT cases.open THEN 0 WHEN cases.case_severity = 1 THEN 2 ELSE 1 END
            WHERE ({Of("cases", Tables.Directory)}) IS DISTINCT FROM ({Of("excluded", Tables.Directory)})
            RETURNING open, case_severity, was
        ), worded AS (
            INSERT INTO case_text (seq, words)
            SELECT w.seqs[t.n], t.words::tsvector FROM written w CROSS JOIN unnest($38, $39) AS t(n, words) WHERE w.seqs[t.n] > 0
            ON CONFLICT (seq) DO UPDATE SET words = excluded.words
        ), tallied AS (
            INSERT INTO tallies AS t (quarter, region, slot, opened, closed, met, missed)
            SELECT n.quarter, n.region, $47, sum(n.opened)::integer, sum(n.closed)::integer, sum(n.met)::integer, sum(n.missed)::integer
            FROM written w CROSS JOIN unnest($40, $41, $42, $43, $44, $45, $46) AS n(n, quarter, region, opened, closed, met, missed) WHERE w.seqs[n.n] > 0
            GROUP BY n.quarter, n.region
            ON CONFLICT (quarter, region, slot) DO UPDATE SET
                opened = t.opened + excluded.opened, closed = t.closed + excluded.closed, met = t.met + excluded.met, missed = t.missed + excluded.missed
        ), forgotten AS (
            DELETE FROM tallies WHERE quarter < $48
        ), counted AS (
            UPDATE figures f SET
                cases = f.cases + l.cases, open_cases = f.open_cases + l.open_cases, open_severity1 = f.open_severity1 + l.open_severity1,
                events = f.events + (SELECT count(*) FROM noted),
                armed = f.armed + (SELECT coalesce(sum(armed::integer - was_armed::integer), 0) FROM updated) + (SELECT count(*) FILTER (WHERE armed) FROM inserted)
            FROM (
                SELECT
                    count(*) FILTER (WHERE was IS NULL) AS cases,
                    count(*) FILTER (WHERE open) - count(*) FILTER (WHERE was >= 1) AS open_cases,
                    count(*) FILTER (WHERE open AND case_severity = 1) - count(*) FILTER (WHERE was = 2) AS open_severity1
                FROM listed) l
            WHERE f.slot = $47
        )
        SELECT w.seqs, ARRAY(
            SELECT t.n FROM writes t
            WHERE t.n IN (SELECT n FROM taken) {(fence ? "AND t.expected = coalesce((SELECT a.version FROM aggregates a WHERE a.type = t.type AND a.id = t.id), 0)" : "")})
        FROM written w
        """;

    private static readonly NpgsqlDbType[] Types =
    [
        // The writes: type, id, hash, expected, version, due, severity, state.
        NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.Smallint, NpgsqlDbType.Json,

        // Their events: number of the write, version, at, request_id, fingerprint, json.
        NpgsqlDbType.Integer, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.Uuid, NpgsqlDbType.Bigint, NpgsqlDbType.Json,

        // Their entries in the directory: number of the write, number of the case, and the columns.
        NpgsqlDbType.Integer, NpgsqlDbType.Text,
        NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Smallint, NpgsqlDbType.Text, NpgsqlDbType.Boolean, NpgsqlDbType.Text,
        NpgsqlDbType.Boolean, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.Text,
        NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.Smallint, NpgsqlDbType.Smallint, NpgsqlDbType.Smallint, NpgsqlDbType.Smallint,

        // Their texts: number of the write, words.
        NpgsqlDbType.Integer, NpgsqlDbType.Text,

        // What is tallied: number of the write, quarter of an hour, region, opened, closed, met, missed.
        NpgsqlDbType.Integer, NpgsqlDbType.Bigint, NpgsqlDbType.Text, NpgsqlDbType.Integer, NpgsqlDbType.Integer, NpgsqlDbType.Integer, NpgsqlDbType.Integer,
    ];

    private static string Of(string table, IEnumerable<string> columns) => string.Join(", ", columns.Select(column => $"{table}.{column}"));

    private static IEnumerable<(int Number, StoreWrite Write)> Numbered(IEnumerable<PendingWrite> group) => group.Select((pending, i) => (i + 1, pending.Write));

    private void SetAggregates(IReadOnlyList<PendingWrite> group)
    {
        Set(0, group, w => w.Write.Key.Type);
        Set(1, group, w => w.Write.Key.Id);
        Set(2, group, w => (long)Tables.Hash(w.Write.Key));
        Set(3, group, w => w.Write.ExpectedVersion);
        Set(4, group, w => w.Write.NewVersion);
        Set(5, group, w => Tables.ToTicks(w.Write.Due));
        Set(6, group, w => (short)w.Write.Severity);
        Set(7, group, w => Bytes(w.Write.State));
    }

    private void SetEvents(IReadOnlyList<PendingWrite> group)
    {
        var events = Numbered(group).SelectMany(w => w.Write.Events.Select(happened => (w.Number, Event: happened))).ToArray();
        Set(8, events, e => e.Number);
        Set(9, events, e => e.Event.Version);
        Set(10, events, e => Tables.ToTicks(e.Event.At));
        Set(11, events, e => e.Event.RequestId);
        Set(12, events, e => e.Event.Fingerprint);
        Set(13, events, e => Bytes(e.Event.Json));
    }

    private void SetDirectory(IReadOnlyList<(int Number, StoreWrite Write)> listed)
    {
        Set(14, listed, w => w.Number);
        Set(15, listed, w => w.Write.Directory!.Number);
        Set(16, listed, w => w.Write.Directory!.SupportId);
        Set(17, listed, w => w.Write.Directory!.Region);
        Set(18, listed, w => w.Write.Directory!.Queue);
        Set(19, listed, w => w.Write.Directory!.Product);
        Set(20, listed, w => w.Write.Directory!.Offer);
        Set(21, listed, w => (short)w.Write.Directory!.Severity);
        Set(22, listed, w => w.Write.Directory!.Status);
        Set(23, listed, w => w.Write.Directory!.Open);
        Set(24, listed, w => w.Write.Directory!.Owner);
        Set(25, listed, w => w.Write.Directory!.PriorityCall);
        Set(26, listed, w => w.Write.Directory!.Title);
        Set(27, listed, w => w.Write.Directory!.Language);
        Set(28, listed, w => Tables.ToTicks(w.Write.Directory!.OpenedAt));
        Set(29, listed, w => Tables.ToTicks(w.Write.Directory!.NextDeadline));
        Set(30, listed, w => w.Write.Directory!.SourceKey);
        Set(31, listed, w => Tables.ToTicks(w.Write.Directory!.BreachedSince));
        Set(32, listed, w => Tables.ToTicks(w.Write.Directory!.ClockStart));
        Set(33, listed, w => (short?)w.Write.Directory!.ClockMilestone);
        Set(34, listed, w => (short)w.Write.Directory!.Flags);
        Set(35, listed, w => (short)w.Write.Directory!.Escalations);
        Set(36, listed, w => (short)w.Write.Directory!.Untaken);
    }

    private void SetText(IReadOnlyList<(int Number, StoreWrite Write)> worded)
    {
        Set(37, worded, w => w.Number);
        Set(38, worded, w => SearchSyntax.Vector(w.Write.Text!));
    }

    /// <summary>Once in each quarter of an hour the oldest are removed.</summary>
    private void SetTallies(IReadOnlyList<(int Number, CaseTally Tally)> tallied)
    {
        Set(39, tallied, t => t.Number);
        Set(40, tallied, t => Tables.ToQuarter(t.Tally.Quarter));
        Set(41, tallied, t => t.Tally.Region);
        Set(42, tallied, t => t.Tally.Opened);
        Set(43, tallied, t => t.Tally.Closed);
        Set(44, tallied, t => t.Tally.Met);
        Set(45, tallied, t => t.Tally.Missed);
        var newest = tallied.Count == 0 ? 0 : tallied.Max(t => Tables.ToQuarter(t.Tally.Quarter));
        _command.Parameters[ForgetParameter].Value = newest > _newestQuarter ? Tables.OldestQuarter(newest) : DBNull.Value;
        _newestQuarter = Math.Max(newest, _newestQuarter);
    }

    private void Set<TItem, TValue>(int parameter, IReadOnlyList<TItem> items, Func<TItem, TValue> value)
    {
        var values = new TValue[items.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(items[i]);
        }

        _command.Parameters[parameter].Value = values;
    }

    private static byte[] Bytes(ReadOnlyMemory<byte> json)
        => MemoryMarshal.TryGetArray(json, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length ? segment.Array : json.ToArray();
}
