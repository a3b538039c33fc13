namespace SupportCluster.Grains.Live;

/// <summary>How a topic feeds its watchers.</summary>
public sealed record TopicFeedOptions
{
    /// <summary>How many changes are remembered for those who come back.</summary>
    public int Tail { get; init; } = 128;

    /// <summary>How far back changes are read from the store, in versions before the present one.</summary>
    public int Reach { get; init; } = 512;

    /// <summary>True when the state goes along with every change (case); false when changes alone tell everything (queue).</summary>
    public bool StateWithChanges { get; init; } = true;

    /// <summary>How long a watching server has to answer a notification.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The wait after the first failed notification; doubles up to <see cref="LongestPause"/>.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait between attempts.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A subscription that is not renewed ends after this time.</summary>
    public TimeSpan Expiry { get; init; } = TimeSpan.FromSeconds(90);
}
