using System.Globalization;
using Npgsql;
using SupportCluster.Storage.Searching;

namespace SupportCluster.Storage.Postgres;

/// <summary>Lists from the directory. Which index leads to them is the planner's to choose: it sees the values and knows how many cases have them.</summary>
internal static class CaseLists
{
    private static readonly string Columns = $"c.seq, c.number, {string.Join(", ", Tables.Directory.Select(column => $"c.{column}"))}";

    /// <summary>
    /// Newest first by the number that a case drew when it was recorded. Nodes draw in turn and commit when they are ready: a case that
    /// commits while somebody turns the pages may belong before the place where he is, and is found when he begins again.
    /// </summary>
    internal static async Task<DirectoryPage> List(Readers readers, CaseFilter filter, int limit, string? after)
    {
        var parameters = new List<NpgsqlParameter> { Value(Tables.Before(after, limit)), Value((long)limit + 1) };
        var text = "";
        if (filter.Text is not null)
        {
            // Signs alone are in no index: nothing is found by them, not everything.
            if (SearchSyntax.Query(SearchText.ForQuery(filter.Text)) is not { } query)
            {
                return new DirectoryPage([], null);
            }

            parameters.Add(Value(query));
            text = "JOIN case_text t ON t.seq = c.seq AND t.words @@ $3::tsquery ";
        }

        var where = "";
        foreach (var (column, value) in Tables.Conditions(filter))
        {
            if (value is bool open)
            {
                // Spelled out, so that the index of the open cases is seen to fit.
                where += open ? " AND c.open" : " AND NOT c.open";
                continue;
            }

            parameters.Add(value is int number ? Value((short)number) : Value((string)value));
            where += string.Create(CultureInfo.InvariantCulture, $" AND c.{column} = ${parameters.Count}");
        }

        where += filter.Escalated is { } escalated ? $" AND coalesce(c.escalations, 0) {(escalated ? ">" : "=")} 0" : "";
        var found = await readers.Read($"SELECT {Columns} FROM cases c {text}WHERE c.seq < $1{where} ORDER BY c.seq DESC LIMIT $2", parameters, row => (Seq: row.GetInt64(0), Entry: ReadEntry(row)));
        return new DirectoryPage([.. found.Take(limit).Select(f => f.Entry)], Tables.Next([.. found.Select(f => f.Seq)], limit));
    }

    /// <summary>Whether an open case waits for an engineer.</summary>
    private const string Waits = "owner IS NULL AND status <> 'reported'";

    /// <summary>The open cases of a region, or of all, as a wallboard shows them, and what was tallied since a quarter of an hour.</summary>
    internal static async Task<CaseBoard> Board(Readers readers, string? region, int urgent, long since)
    {
        NpgsqlParameter[] parameters = region is null ? [] : [Value(region)];
        var ofRegion = region is null ? "" : " AND region = $1";
        return new(
            await readers.Read(
                $"""
                SELECT queue, case_severity, count(*)::integer, (count(*) FILTER (WHERE {Waits}))::integer, min(next_deadline) FILTER (WHERE {Waits}), min(opened_at) FILTER (WHERE {Waits}),
                    count(breached_since)::integer, (count(*) FILTER (WHERE flags & {(int)CaseFlags.Handoff} <> 0))::integer, (count(*) FILTER (WHERE flags & {(int)CaseFlags.DutyManager} <> 0))::integer,
                    coalesce(sum(escalations), 0)::integer, coalesce(sum(untaken), 0)::integer, (count(*) FILTER (WHERE flags & {(int)CaseFlags.Rings} <> 0))::integer
                FROM cases WHERE open{ofRegion} GROUP BY queue, case_severity ORDER BY queue, case_severity
                """,
                parameters,
                row => new BoardCount(
                    row.GetString(0), row.GetInt16(1), row.GetInt32(2), row.GetInt32(3), InstantOrNull(row, 4), InstantOrNull(row, 5), row.GetInt32(6), row.GetInt32(7), row.GetInt32(8),
                    row.GetInt32(9), row.GetInt32(10), row.GetInt32(11))),
            await readers.Read(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"""
                    SELECT number, case_severity, queue, owner, coalesce(breached_since, next_deadline) AS deadline, clock_start, clock_milestone, breached_since IS NOT NULL,
                        coalesce(escalations > 0, false), coalesce(flags & {(int)CaseFlags.Handoff} <> 0, false)
                    FROM cases WHERE open{ofRegion} AND coalesce(breached_since, next_deadline) IS NOT NULL
                    ORDER BY breached_since IS NULL, deadline, case_severity, number LIMIT {urgent}
                    """),
                parameters,
                row => new BoardCase(
                    row.GetString(0), row.GetInt16(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), Tables.FromTicks(row.GetInt64(4)), InstantOrNull(row, 5),
                    row.IsDBNull(6) ? null : row.GetInt16(6), row.GetBoolean(7), row.GetBoolean(8), row.GetBoolean(9))),
            await readers.Read(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"""
                    SELECT quarter, region, sum(opened)::integer, sum(closed)::integer, sum(met)::integer, sum(missed)::integer FROM tallies
                    WHERE quarter >= {since}{ofRegion} GROUP BY quarter, region ORDER BY quarter, region
                    """),
                parameters,
                row => new CaseTally(row.GetString(1), Tables.FromQuarter(row.GetInt64(0)), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4), row.GetInt32(5))));
    }

    /// <summary>Open cases of the queue without an owner, oldest first. In status <c>reported</c> the front desk has yet to see them.</summary>
    internal static Task<IReadOnlyList<CaseDirectoryEntry>> Waiting(Readers readers, string queue)
        => readers.Read($"SELECT {Columns} FROM cases c WHERE c.queue = $1 AND c.open AND c.owner IS NULL AND c.status <> 'reported' ORDER BY c.seq", [Value(queue)], ReadEntry);

    /// <summary>Queues in which such cases wait, by key.</summary>
    internal static Task<IReadOnlyList<QueueFigures>> Queues(Readers readers) => readers.Read(
        $"""
        SELECT queue, count(*)::integer, (count(*) FILTER (WHERE case_severity = 1))::integer, min(next_deadline) FROM cases
        WHERE open AND {Waits} GROUP BY queue ORDER BY queue
        """,
        [],
        row => new QueueFigures(row.GetString(0), row.GetInt32(1), row.GetInt32(2), InstantOrNull(row, 3)));

    internal static NpgsqlParameter Value<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    internal static NodaTime.Instant? InstantOrNull(NpgsqlDataReader row, int column)
        => row.IsDBNull(column) ? null : Tables.FromTicks(row.GetInt64(column));

    private static CaseDirectoryEntry ReadEntry(NpgsqlDataReader row) => new(
        Number: row.GetString(1),
        SupportId: row.GetString(2),
        Region: row.GetString(3),
        Queue: row.GetString(4),
        Product: row.GetString(5),
        Offer: row.GetString(6),
        Severity: row.GetInt16(7),
        Status: row.GetString(8),
        Open: row.GetBoolean(9),
        Owner: row.IsDBNull(10) ? null : row.GetString(10),
        PriorityCall: row.GetBoolean(11),
        Title: row.GetString(12),
        Language: row.GetString(13),
        OpenedAt: Tables.FromTicks(row.GetInt64(14)),
        NextDeadline: InstantOrNull(row, 15),
        SourceKey: row.IsDBNull(16) ? null : row.GetString(16),
        BreachedSince: InstantOrNull(row, 17),
        ClockStart: InstantOrNull(row, 18),
        ClockMilestone: row.IsDBNull(19) ? null : row.GetInt16(19),
        Flags: row.IsDBNull(20) ? CaseFlags.None : (CaseFlags)row.GetInt16(20),
        Escalations: row.IsDBNull(21) ? 0 : row.GetInt16(21),
        Untaken: row.IsDBNull(22) ? 0 : row.GetInt16(22));
}
