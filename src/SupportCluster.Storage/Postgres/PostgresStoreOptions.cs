namespace SupportCluster.Storage.Postgres;

/// <summary>How the store on PostgreSQL works; the defaults are what was measured best and what production runs with.</summary>
public sealed record PostgresStoreOptions
{
    /// <summary>
    /// The version check of every write. False is for tests alone: a kill test that still passes without the fence proves
    /// nothing, so tests switch it off once to see the lost update happen. Not bound to any configuration key.
    /// </summary>
    public bool Fence { get; init; } = true;

    /// <summary>Most writes in one transaction; bounds how long the last of a burst waits for the first. 1 or more.</summary>
    public int LargestGroup { get; init; } = 512;

    /// <summary>
    /// Transactions under way at once, each on a connection of its own. 1 or more. One is best where server and disk are near (measured at
    /// 16 to 64 callers: two had two thirds to all, three half of its rate, because groups became smaller); a second may pay when a commit takes many milliseconds.
    /// </summary>
    public int Writers { get; init; } = 1;

    /// <summary>Most connections for reading; more reads than this at once wait for each other. 1 or more.</summary>
    public int Readers { get; init; } = 8;

    /// <summary>How long a new connection may take. At least 1 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the server may take for a transaction or a read before it is given up. At least 1 s.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
