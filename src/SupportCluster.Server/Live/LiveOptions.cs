namespace SupportCluster.Server.Live;

/// <summary>Figures of the live feed; a host that wants others registers its own before <c>AddSupportClusterLive</c>.</summary>
public sealed record LiveOptions
{
    /// <summary>How often a topic's subscription is renewed, give or take <see cref="RenewJitter"/>; also keeps the grain awake.</summary>
    public TimeSpan Renew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The part by which renewals are spread, so that a thousand topics do not renew in step.</summary>
    public double RenewJitter { get; init; } = 0.2;

    /// <summary>For how long subscribing may fail until the watchers are told that the topic is stale.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a grain has to answer a subscription.</summary>
    public TimeSpan SubscribeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The wait after the first failed subscription; doubles up to <see cref="LongestPause"/>, half of it at random.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait between attempts to subscribe.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a topic is kept after its last watcher has left.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many changes of a topic are remembered for those who come back.</summary>
    public int Tail { get; init; } = 128;

    /// <summary>How many notifications wait for the answer to a subscription.</summary>
    public int Buffer { get; init; } = 64;

    /// <summary>What a connection that does not read may cost, in bytes of JSON.</summary>
    public int QueueBytes { get; init; } = 256 * 1024;

    /// <summary>How many topics one connection may watch.</summary>
    public int TopicsPerConnection { get; init; } = 200;

    /// <summary>How many connections one person may have to one node.</summary>
    public int ConnectionsPerUser { get; init; } = 50;

    /// <summary>How long a message from a client may be, in bytes.</summary>
    public int MessageBytes { get; init; } = 8 * 1024;

    /// <summary>How many calls one connection may make a second; ten times as many at once.</summary>
    public int CallsPerSecond { get; init; } = 50;

    /// <summary>Origins of web pages that may connect besides the server's own.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>Guards that a test switches off to show that they are needed.</summary>
    internal LiveGuards Guards { get; init; } = LiveGuards.All;

    /// <summary>For tests: every so many notifications of a topic one is lost after it was taken; 0 for none.</summary>
    internal int LosesEvery { get; init; }
}

/// <summary>What keeps the feed without gaps and duplicates.</summary>
[Flags]
internal enum LiveGuards
{
    None = 0,

    /// <summary>A notification that begins after what is known leads to a new subscription.</summary>
    Gap = 1,

    /// <summary>What is known already is not told again.</summary>
    Duplicate = 2,

    /// <summary>Notifications of a former subscription are refused.</summary>
    Generation = 4,

    /// <summary>A reader whose queue was cleared is told so.</summary>
    Reset = 8,

    /// <summary>Nothing of a topic follows the answer to <c>Unwatch</c>.</summary>
    Final = 16,

    All = Gap | Duplicate | Generation | Reset | Final,
}
