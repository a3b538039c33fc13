namespace SupportCluster.Protocol.Live;

/// <summary>
/// How a node shows on a hub connection that it lives. One that hangs keeps its connections and says nothing: by its silence alone a client learns that it must go on elsewhere.
/// </summary>
public static class HubPings
{
    /// <summary>How often a node says something on each connection, if only that it is there.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    /// <summary>After how long a silence a client takes its connection for dead: three pings missed. A client that waits longer is only told later.</summary>
    public static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(10);
}
