namespace SupportCluster.Storage.Sqlite;

/// <summary>How the embedded store works; the defaults are what was measured best and what production runs with.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>
    /// The version check of every write. False is for tests alone: a kill test that still passes without the fence proves
    /// nothing, so tests switch it off once to see the lost update happen. Not bound to any configuration key.
    /// </summary>
    public bool Fence { get; init; } = true;

    /// <summary>Most writes in one transaction; bounds how long the last of a burst waits for the first. 1 or more.</summary>
    public int LargestGroup { get; init; } = 512;

    /// <summary>
    /// Pages (4 KiB) written to the log after which a checkpoint starts beside the commits. Small ones cost more than they save:
    /// measured at 64 callers, 500 pages had two to three times the p99 of 8,000, and 8,000 no more than none at all.
    /// </summary>
    public int CheckpointAfterPages { get; init; } = 8_000;

    /// <summary>Pages (4 KiB) in the log after which the writer pauses for a moment so that the log starts again at its beginning.</summary>
    public int RestartLogAfterPages { get; init; } = 32_000;

    /// <summary>Connections for reading; more reads than this at once wait for each other.</summary>
    public int Readers { get; init; } = 4;
}
