namespace SupportCluster.Client;

/// <summary>The addresses of a cluster's nodes, each as the folder that paths are relative to. One is the present one, until somebody reports that it failed.</summary>
internal sealed class AddressBook
{
    private readonly Uri[] addresses;
    private int present;

    internal AddressBook(SupportClusterOptions options)
    {
        addresses = [.. options.Addresses.Select(a => new Uri(a.AbsoluteUri.TrimEnd('/') + "/"))];
        if (addresses.Length == 0)
        {
            throw new ArgumentException($"Where the cluster is must be said: set {nameof(SupportClusterOptions.Address)} or {nameof(SupportClusterOptions.Addresses)}.", nameof(options));
        }
    }

    internal int Count => addresses.Length;

    internal Uri Present => addresses[Volatile.Read(ref present)];

    /// <summary>Turns to the next address, unless somebody else has turned away from this one already.</summary>
    internal void Leave(Uri failed)
    {
        var at = Array.IndexOf(addresses, failed);
        Interlocked.CompareExchange(ref present, (at + 1) % addresses.Length, at);
    }
}
