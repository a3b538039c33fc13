namespace SupportCluster.Storage.Sqlite;

/// <summary>The directory's columns in the table of aggregates, in the order of <see cref="Tables.Directory"/>.</summary>
internal static class Columns
{
    /// <summary>The entry whose number stands in column <paramref name="first"/> and the rest after it.</summary>
    internal static CaseDirectoryEntry ReadEntry(Statement row, int first) => new(
        Number: row.Text(first),
        SupportId: row.Text(first + 1),
        Region: row.Text(first + 2),
        Queue: row.Text(first + 3),
        Product: row.Text(first + 4),
        Offer: row.Text(first + 5),
        Severity: (int)row.Long(first + 6),
        Status: row.Text(first + 7),
        Open: row.Long(first + 8) == 1,
        Owner: row.TextOrNull(first + 9),
        PriorityCall: row.Long(first + 10) == 1,
        Title: row.Text(first + 11),
        Language: row.Text(first + 12),
        OpenedAt: Tables.FromTicks(row.Long(first + 13)),
        NextDeadline: Tables.FromTicks(row.LongOrNull(first + 14)),
        SourceKey: row.TextOrNull(first + 15),
        BreachedSince: Tables.FromTicks(row.LongOrNull(first + 16)),
        ClockStart: Tables.FromTicks(row.LongOrNull(first + 17)),
        ClockMilestone: (int?)row.LongOrNull(first + 18),
        Flags: (CaseFlags)row.Long(first + 19),
        Escalations: (int)row.Long(first + 20),
        Untaken: (int)row.Long(first + 21));

    /// <summary>Binds column <paramref name="column"/> of <see cref="Tables.Directory"/>.</summary>
    internal static void Bind(Statement statement, int parameter, CaseDirectoryEntry entry, int column) => _ = column switch
    {
        0 => statement.Bind(parameter, entry.SupportId),
        1 => statement.Bind(parameter, entry.Region),
        2 => statement.Bind(parameter, entry.Queue),
        3 => statement.Bind(parameter, entry.Product),
        4 => statement.Bind(parameter, entry.Offer),
        5 => statement.Bind(parameter, entry.Severity),
        6 => statement.Bind(parameter, entry.Status),
        7 => statement.Bind(parameter, entry.Open ? 1 : 0),
        8 => statement.Bind(parameter, entry.Owner),
        9 => statement.Bind(parameter, entry.PriorityCall ? 1 : 0),
        10 => statement.Bind(parameter, entry.Title),
        11 => statement.Bind(parameter, entry.Language),
        12 => statement.Bind(parameter, Tables.ToTicks(entry.OpenedAt)),
        13 => statement.Bind(parameter, Tables.ToTicks(entry.NextDeadline)),
        14 => statement.Bind(parameter, entry.SourceKey),
        15 => statement.Bind(parameter, Tables.ToTicks(entry.BreachedSince)),
        16 => statement.Bind(parameter, Tables.ToTicks(entry.ClockStart)),
        17 => statement.Bind(parameter, (long?)entry.ClockMilestone),
        18 => statement.Bind(parameter, (long)entry.Flags),
        19 => statement.Bind(parameter, (long)entry.Escalations),
        20 => statement.Bind(parameter, (long)entry.Untaken),
        _ => throw new ArgumentOutOfRangeException(nameof(column)),
    };

    /// <summary>Which columns of <see cref="Tables.Directory"/> differ, as a bit mask.</summary>
    internal static int Changed(CaseDirectoryEntry before, CaseDirectoryEntry after)
    {
        var mask = 0;
        Compare(0, before.SupportId, after.SupportId);
        Compare(1, before.Region, after.Region);
        Compare(2, before.Queue, after.Queue);
        Compare(3, before.Product, after.Product);
        Compare(4, before.Offer, after.Offer);
        Compare(5, before.Severity, after.Severity);
        Compare(6, before.Status, after.Status);
        Compare(7, before.Open, after.Open);
        Compare(8, before.Owner, after.Owner);
        Compare(9, before.PriorityCall, after.PriorityCall);
        Compare(10, before.Title, after.Title);
        Compare(11, before.Language, after.Language);
        Compare(12, Tables.ToTicks(before.OpenedAt), Tables.ToTicks(after.OpenedAt));
        Compare(13, Tables.ToTicks(before.NextDeadline), Tables.ToTicks(after.NextDeadline));
        Compare(14, before.SourceKey, after.SourceKey);
        Compare(15, Tables.ToTicks(before.BreachedSince), Tables.ToTicks(after.BreachedSince));
        Compare(16, Tables.ToTicks(before.ClockStart), Tables.ToTicks(after.ClockStart));
        Compare(17, before.ClockMilestone, after.ClockMilestone);
        Compare(18, before.Flags, after.Flags);
        Compare(19, before.Escalations, after.Escalations);
        Compare(20, before.Untaken, after.Untaken);
        return mask;

        void Compare<T>(int column, T old, T changed) => mask |= EqualityComparer<T>.Default.Equals(old, changed) ? 0 : 1 << column;
    }
}
