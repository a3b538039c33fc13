using NodaTime;

namespace SupportCluster.Storage.Sqlite;

/// <summary>The directory's columns in the table of aggregates, in the order in which they are read and written.</summary>
internal static class Columns
{
    /// <summary>All of <see cref="CaseDirectoryEntry"/> but the number, which is the id.</summary>
    internal static readonly string[] Directory =
    [
        "support_id", "region", "queue", "product", "offer", "case_severity", "status", "open", "owner",
        "priority_call", "title", "language", "opened_at", "next_deadline", "source_key",
    ];

    internal static readonly string DirectoryList = string.Join(", ", Directory);

    internal static long ToTicks(Instant instant) => instant.ToUnixTimeTicks();

    internal static Instant FromTicks(long ticks) => Instant.FromUnixTimeTicks(ticks);

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
        OpenedAt: FromTicks(row.Long(first + 13)),
        NextDeadline: row.LongOrNull(first + 14) is { } ticks ? FromTicks(ticks) : null,
        SourceKey: row.TextOrNull(first + 15));

    /// <summary>Binds column <paramref name="column"/> of <see cref="Directory"/>.</summary>
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
        12 => statement.Bind(parameter, ToTicks(entry.OpenedAt)),
        13 => statement.Bind(parameter, entry.NextDeadline is { } deadline ? ToTicks(deadline) : null),
        14 => statement.Bind(parameter, entry.SourceKey),
        _ => throw new ArgumentOutOfRangeException(nameof(column)),
    };

    /// <summary>Which columns of <see cref="Directory"/> differ, as a bit mask.</summary>
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
        Compare(12, ToTicks(before.OpenedAt), ToTicks(after.OpenedAt));
        Compare(13, before.NextDeadline?.ToUnixTimeTicks(), after.NextDeadline?.ToUnixTimeTicks());
        Compare(14, before.SourceKey, after.SourceKey);
        return mask;

        void Compare<T>(int column, T old, T changed) => mask |= EqualityComparer<T>.Default.Equals(old, changed) ? 0 : 1 << column;
    }
}
