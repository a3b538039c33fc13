namespace SupportCluster.Faults.Injected;

/// <summary>All that is made to go wrong.</summary>
internal static class EveryFault
{
    internal static IReadOnlyList<Fault> All { get; } =
    [
        new("a node is killed and comes back on another port", async scene =>
        {
            var node = scene.AnyNode();
            var port = node.SiloPort;
            await scene.Death("killed", port, await node.Kill());
        }),
    ];
}
