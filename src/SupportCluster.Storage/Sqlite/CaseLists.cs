using SupportCluster.Storage.Searching;
using static SupportCluster.Storage.Sqlite.Statement;

namespace SupportCluster.Storage.Sqlite;

/// <summary>
/// Lists from the directory. A row of <c>aggregates</c> is kilobytes, so a list first finds the positions of its cases in the
/// thin index <c>case_list</c> alone, newest first, and then reads only the rows that it returns.
/// </summary>
internal static class CaseLists
{
    // A filter with fewer cases than this leads to them by its own index; with more, walking back from the newest case meets
    // enough of them soon.
    private const int FewCases = 20_000;

    internal static DirectoryPage List(Connection connection, CaseFilter filter, int limit, string? after)
    {
        var positions = Find(connection, filter, Tables.Before(after, limit), limit + 1);
        return new DirectoryPage(Entries(connection, positions.Take(limit)), Tables.Next(positions, limit));
    }

    /// <summary>Whether an open case waits for an engineer. In status <c>reported</c> the front desk has yet to see it.</summary>
    internal const string Waits = "owner IS NULL AND status <> 'reported'";

    /// <summary>Queues in which such cases wait, by key.</summary>
    internal static IReadOnlyList<QueueFigures> Queues(Connection connection)
    {
        var statement = connection.Kept(
            """
            SELECT a.queue, COUNT(*), SUM(a.case_severity = 1), MIN(a.next_deadline) FROM aggregates n INDEXED BY case_open CROSS JOIN aggregates a INDEXED BY case_list
            WHERE n.open = 1 AND a.seq = n.seq AND a.support_id IS NOT NULL AND a.owner IS NULL AND a.status <> 'reported'
            GROUP BY a.queue ORDER BY a.queue
            """);
        try
        {
            var queues = new List<QueueFigures>();
            while (statement.Step())
            {
                queues.Add(new(statement.Text(0), (int)statement.Long(1), (int)statement.Long(2), Tables.FromTicks(statement.LongOrNull(3))));
            }

            return queues;
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>The open cases of a region, or of all, as a wallboard shows them, and what was tallied since a quarter of an hour. All of it is read from two thin indexes.</summary>
    internal static CaseBoard Board(Connection connection, string? region, int urgent, long since) => new(
        Rows(
            connection
                .Kept(
                    $"""
                    SELECT queue, case_severity, count(*), sum({Waits}), min(CASE WHEN {Waits} THEN next_deadline END), min(CASE WHEN {Waits} THEN opened_at END), count(breached_since),
                        sum(flags & {(int)CaseFlags.Handoff} <> 0), sum(flags & {(int)CaseFlags.DutyManager} <> 0), sum(escalations), sum(untaken), sum(flags & {(int)CaseFlags.Rings} <> 0)
                    FROM aggregates INDEXED BY case_board
                    WHERE open = 1{OfRegion(region)} GROUP BY queue, case_severity ORDER BY queue, case_severity
                    """)
                .Bind(1, region),
            row => new BoardCount(
                row.Text(0), (int)row.Long(1), (int)row.Long(2), (int)row.Long(3), Tables.FromTicks(row.LongOrNull(4)), Tables.FromTicks(row.LongOrNull(5)), (int)row.Long(6),
                (int)row.Long(7), (int)row.Long(8), (int)row.Long(9), (int)row.Long(10), (int)row.Long(11))),
        Rows(
            connection
                .Kept(
                    $"""
                    SELECT id, case_severity, queue, owner, coalesce(breached_since, next_deadline) AS deadline, clock_start, clock_milestone, breached_since IS NOT NULL, escalations > 0,
                        flags & {(int)CaseFlags.Handoff} <> 0
                    FROM aggregates INDEXED BY case_board
                    WHERE open = 1{OfRegion(region)} AND coalesce(breached_since, next_deadline) IS NOT NULL ORDER BY breached_since IS NULL, deadline, case_severity, id LIMIT ?2
                    """)
                .Bind(1, region).Bind(2, (long)urgent),
            row => new BoardCase(
                row.Text(0), (int)row.Long(1), row.Text(2), row.TextOrNull(3), Tables.FromTicks(row.Long(4)), Tables.FromTicks(row.LongOrNull(5)), (int?)row.LongOrNull(6),
                row.Long(7) == 1, row.Long(8) == 1, row.Long(9) == 1)),
        Rows(
            connection
                .Kept($"SELECT quarter, region, opened, closed, met, missed FROM tallies WHERE quarter >= ?2{OfRegion(region)} ORDER BY quarter, region")
                .Bind(1, region).Bind(2, since),
            row => new CaseTally(row.Text(1), Tables.FromQuarter(row.Long(0)), (int)row.Long(2), (int)row.Long(3), (int)row.Long(4), (int)row.Long(5))));

    private static string OfRegion(string? region) => region is null ? " AND ?1 IS NULL" : " AND region = ?1";

    /// <summary>Open cases of the queue without an owner, oldest first. In status <c>reported</c> the front desk has yet to see them.</summary>
    internal static IReadOnlyList<CaseDirectoryEntry> Waiting(Connection connection, string queue)
    {
        var statement = connection.Kept(
            """
            SELECT seq FROM aggregates INDEXED BY case_waiting
            WHERE queue = ?1 AND open = 1 AND owner IS NULL AND status <> 'reported' ORDER BY seq
            """).Bind(1, queue);
        try
        {
            return Entries(connection, Positions(statement));
        }
        finally
        {
            statement.Reset();
        }
    }

    private static List<long> Find(Connection connection, CaseFilter filter, long before, int limit)
    {
        var conditions = Conditions(filter);
        var where = string.Concat(conditions.Select((c, i) => $" AND a.{c.Column} = ?{i + 4}"));
        where += filter.Escalated is { } escalated ? $" AND coalesce(a.escalations, 0) {(escalated ? ">" : "=")} 0" : "";
        var open = filter.Open is { } value ? $" AND n.open = {(value ? 1 : 0)}" : "";
        var words = filter.Text is null ? null : Syntax(SearchText.ForQuery(filter.Text));
        if (filter.Text is not null && words is null)
        {
            // Signs alone are in no index: nothing is found by them, not everything.
            return [];
        }

        var leader = words is null ? Leader(connection, conditions) : null;
        using var statement = connection.Prepare((words, leader) switch
        {
            (not null, _) =>
                $"SELECT a.seq FROM case_text n CROSS JOIN aggregates a INDEXED BY case_list WHERE n.case_text MATCH ?3 AND n.rowid < ?1 AND a.seq = n.rowid AND a.support_id IS NOT NULL{where} ORDER BY n.rowid DESC LIMIT ?2",
            (_, { } first) =>
                $"SELECT a.seq FROM aggregates n INDEXED BY {first.Index} CROSS JOIN aggregates a INDEXED BY case_list WHERE n.{first.Column} = {first.Literal ?? "?3"}{(first.HoldsOpen ? open : "")} AND n.seq < ?1 AND a.seq = n.seq AND a.support_id IS NOT NULL{where} ORDER BY n.seq DESC LIMIT ?2",
            _ =>
                $"SELECT a.seq FROM aggregates a INDEXED BY case_list WHERE a.seq < ?1 AND a.support_id IS NOT NULL AND ?3 IS NULL{where} ORDER BY a.seq DESC LIMIT ?2",
        });
        statement.Bind(1, before).Bind(2, (long)limit).Bind(3, words ?? leader?.Text);
        for (var i = 0; i < conditions.Count; i++)
        {
            conditions[i].Bind(statement, i + 4);
        }

        return Positions(statement);
    }

    private static List<Condition> Conditions(CaseFilter filter) => [.. Tables.Conditions(filter).Select(c => c switch
    {
        ("open", bool open) => new Condition("open", null, open ? 1 : 0, open ? "case_open" : null, "1", false),
        (var column, int number) => new(column, null, number, null, null, false),
        (var column, var text) => new(column, (string)text, 0, column is "region" or "offer" ? null : $"case_{column}", null, column is not "status"),
    })];

    /// <summary>The phrases as FTS5 reads them; null when there are none.</summary>
    private static string? Syntax(List<Phrase> phrases)
        => phrases.Count == 0 ? null : string.Join(' ', phrases.Select(p => $"\"{string.Join(' ', p.Words)}\"{(p.Beginning ? "*" : "")}"));

    /// <summary>The condition that the fewest cases meet, when they are few; else that they are open, which few are compared to all.</summary>
    private static Condition? Leader(Connection connection, List<Condition> conditions)
    {
        Condition? leader = null;
        var fewest = (long)FewCases;
        foreach (var condition in conditions.Where(c => c.Index is not null))
        {
            var count = connection
                .Kept($"SELECT count(*) FROM (SELECT 1 FROM aggregates INDEXED BY {condition.Index} WHERE {condition.Column} = {condition.Literal ?? "?1"} LIMIT ?2)")
                .Bind(2, fewest);
            if (condition.Literal is null)
            {
                condition.Bind(count, 1);
            }

            count.Step();
            if (count.Long(0) < fewest)
            {
                (leader, fewest) = (condition, count.Long(0));
            }

            count.Reset();
        }

        return leader ?? conditions.Find(c => c.Index == "case_open");
    }

    private static List<long> Positions(Statement statement)
    {
        var positions = new List<long>();
        while (statement.Step())
        {
            positions.Add(statement.Long(0));
        }

        return positions;
    }

    private static List<CaseDirectoryEntry> Entries(Connection connection, IEnumerable<long> positions)
    {
        var select = connection.Kept($"SELECT id, {Tables.DirectoryList} FROM aggregates WHERE seq = ?1");
        var entries = new List<CaseDirectoryEntry>();
        try
        {
            foreach (var position in positions)
            {
                if (select.Bind(1, position).Step())
                {
                    entries.Add(Columns.ReadEntry(select, 0));
                }

                select.Reset();
            }

            return entries;
        }
        finally
        {
            select.Reset();
        }
    }

    /// <param name="Index">The index that leads to the cases that meet it.</param>
    /// <param name="HoldsOpen">That index also tells whether the case is open, so that closed ones need not be looked at.</param>
    /// <param name="Literal">What stands in the statement instead of a parameter: a partial index is used only where its own condition is seen.</param>
    private sealed record Condition(string Column, string? Text, long Number, string? Index, string? Literal, bool HoldsOpen)
    {
        internal void Bind(Statement statement, int parameter) => _ = Text is null ? statement.Bind(parameter, Number) : statement.Bind(parameter, Text);
    }
}
