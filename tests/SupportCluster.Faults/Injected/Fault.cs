namespace SupportCluster.Faults.Injected;

/// <summary>One thing that goes wrong.</summary>
/// <param name="Name">As a sentence.</param>
/// <param name="Inject">Makes it happen, and lasts as long as it does. The run heals afterwards what is broken still.</param>
internal sealed record Fault(string Name, Func<Scene, Task> Inject);
