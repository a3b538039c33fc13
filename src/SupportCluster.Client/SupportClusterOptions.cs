namespace SupportCluster.Client;

/// <summary>Where the cluster is and who asks.</summary>
public sealed record SupportClusterOptions
{
    /// <summary>
    /// The address of the cluster, such as <c>https://support.example.com</c>; the API is at <c>/api</c> under it, the hub at <c>/hub</c>.
    /// The first of <see cref="Addresses"/> where there are several; null when none was given.
    /// </summary>
    public Uri? Address
    {
        get => Addresses is [var first, ..] ? first : null;
        init => Addresses = value is null ? [] : [value];
    }

    /// <summary>
    /// The addresses of several nodes of one cluster, of which any will do: one is used until it fails, then the next. At least one is needed,
    /// here or as <see cref="Address"/>.
    /// </summary>
    public IReadOnlyList<Uri> Addresses { get; init; } = [];

    /// <summary>Gives the bearer token, asked anew for every connection and request; null or a null result for none.</summary>
    public Func<CancellationToken, ValueTask<string?>>? Token { get; init; }

    /// <summary>Carries the requests instead of the network, for tests; the client does not dispose it.</summary>
    public HttpMessageHandler? Handler { get; init; }
}
