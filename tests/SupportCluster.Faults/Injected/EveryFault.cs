namespace SupportCluster.Faults.Injected;

/// <summary>All that is made to go wrong. Each lasts seconds in a short run, and up to a minute in a long one.</summary>
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

        new("a node hangs, is declared dead, and goes on", async scene =>
        {
            var node = scene.AnyNode();
            var died = RealTime.Now;
            await node.Freeze();
            try
            {
                await Task.WhenAll(scene.Death("hung", node.SiloPort, died, silent: node), scene.Last(10, 60));
            }
            finally
            {
                await node.Thaw();
            }

            await scene.MustEnd(node);
        }),

        new("the database is killed and comes back", async scene =>
        {
            await Task.Run(scene.Postgres.Kill);
            await scene.Last(3, 15);
            await Task.Run(scene.Postgres.StartAgain);
        }),

        new("a node is cut off from the store only", async scene =>
        {
            var node = scene.AnyNode();
            node.Store.There.Hold();
            node.Store.Back.Hold();
            await scene.Last(8, 40);
        }),

        new("a node is cut off from the other nodes only", scene => CutOff(scene, "cut off from the others", bothWays: true)),

        new("what a node says to the others is lost, what they say to it arrives", scene => CutOff(scene, "not heard by the others", bothWays: false)),

        new("connections to the store are lost after the commit", async scene =>
        {
            foreach (var node in scene.Cluster.Nodes)
            {
                node.Store.Loses = () => scene.Chance(0.2);
            }

            await scene.Last(6, 30);
        }),

        new("all nodes are restarted one after the other under load, into the later version or back", async scene =>
        {
            foreach (var node in scene.Cluster.Nodes)
            {
                await node.Stop(scene.Cancel);
                node.IsUpgraded = !node.IsUpgraded;
                await scene.Cluster.AllReady(scene.Cancel);
                await scene.MustBeOfItsVersion();
            }
        }),

        new("all nodes are killed, and start when much is overdue", async scene =>
        {
            var died = RealTime.Now;
            await Task.WhenAll(scene.Cluster.Nodes.Select(n => n.Kill()));
            await scene.Last(6, 30);
            await Task.WhenAll(scene.Cluster.Nodes.Select(n => n.Start(scene.Cancel)));
            scene.Died("outage of all nodes", died, RealTime.Now);
        }),

        new("the clock of a node is an hour ahead", async scene =>
        {
            var node = scene.AnyNode();
            await node.Stop(scene.Cancel);
            await node.Start(scene.Cancel, clockAhead: "PT1H");
            await scene.MustNotBeReady(node, because: "clock");
            await scene.Last(6, 30);
            await node.Kill();
        }),

        new("many watchers lose their connections at once", async scene =>
        {
            var crowd = scene.CrowdOf(scene.IsLong ? 200 : 40);
            foreach (var number in scene.Busy(10))
            {
                await Task.WhenAll(crowd.Select(w => w.Watch(number)));
            }

            var before = crowd.ToDictionary(w => w, w => w.Connections);
            await Task.WhenAll(crowd.Select(w => w.Drop()));
            await scene.Note($"{crowd.Count} connections with {crowd.Sum(w => w.Topics)} watches, dropped at once, were all back", () => crowd.All(w => w.Connections > before[w]));
        }),

        new("readers stall", async scene =>
        {
            var stalled = scene.StalledReader();
            foreach (var number in scene.Busy(8))
            {
                for (var label = 0; label < 4; label++)
                {
                    await stalled.Reader.Watch(number, label);
                }
            }

            stalled.FromServer.Hold();
            await scene.Last(8, 40);
            stalled.FromServer.Go();
        }),

        new("every command is sent twice at once, to two nodes", async scene =>
        {
            scene.Desk.Doubles = true;
            await scene.Last(5, 30);
            scene.Desk.Doubles = false;
        }),
    ];

    private static async Task CutOff(Scene scene, string how, bool bothWays)
    {
        var node = scene.AnyNode();
        var died = RealTime.Now;
        foreach (var other in scene.Cluster.Nodes.Where(n => n != node))
        {
            scene.Cluster.From(node.Index, other.Index).Hold();
            if (bothWays)
            {
                scene.Cluster.From(other.Index, node.Index).Hold();
            }
        }

        await Task.WhenAll(scene.Death(how, node.SiloPort, died), scene.Last(8, 45));
        await scene.MustEnd(node);
    }
}
