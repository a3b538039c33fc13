namespace SupportCluster.Faults.Servers;

/// <summary>The service under test, as clients know it: addresses that outlive the processes behind them.</summary>
internal interface IService
{
    /// <summary>Where the servers are; the first is the one to ask when it matters who answers.</summary>
    IReadOnlyList<Uri> Addresses { get; }

    /// <summary>Completes when there is somebody to ask.</summary>
    Task Up(CancellationToken cancel);
}
