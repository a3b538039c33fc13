namespace SupportCluster.Cli;

/// <summary>What surrounds a run of supportctl: its streams, environment and clock. Tests give their own.</summary>
internal sealed class Terminal
{
    public required TextReader In { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>A person reads the output: colours and moving progress are welcome.</summary>
    public bool IsInteractive { get; init; }

    public required Func<string, string?> Environment { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Carries the requests; the network when absent.</summary>
    public HttpMessageHandler? Handler { get; init; }
}
