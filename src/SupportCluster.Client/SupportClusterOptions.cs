namespace SupportCluster.Client;

/// <summary>Where the cluster is and who asks.</summary>
public sealed record SupportClusterOptions
{
    /// <summary>The address of the cluster, such as <c>https://support.example.com</c>; the API is at <c>/api</c> under it, the hub at <c>/hub</c>.</summary>
    public required Uri Address { get; init; }

    /// <summary>Gives the bearer token, asked anew for every connection and request; null or a null result for none.</summary>
    public Func<CancellationToken, ValueTask<string?>>? Token { get; init; }

    /// <summary>Carries the requests instead of the network, for tests; the client does not dispose it.</summary>
    public HttpMessageHandler? Handler { get; init; }
}
