using System.Globalization;

namespace SupportCluster.Benchmarks.Live;

/// <summary>
/// What idle connections that watch ten topics each hold in memory, against bare SignalR connections with the same sign-in. The topics are shared, as
/// in a support organisation. Options: <c>--connections</c> 5,000, <c>--topics</c> 10.
/// </summary>
internal static class IdleConnectionsScenario
{
    internal static async Task Run(Options options)
    {
        var (connections, topics) = (options.Number("connections", options.Quick ? 1000 : 5000), options.Number("topics", 10));
        var root = options.Root();
        try
        {
            using var server = await LiveServer.Start(root);
            using var bare = await LiveServer.StartBare(root);
            var names = new List<string>();
            for (var i = 0; i < topics; i++)
            {
                names.Add($"case:{await server.Submit()}");
            }

            var plain = await Grown(bare, connections, server.Token, []);
            var ours = await Grown(server.Process, connections, server.Token, [.. names]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"KB a connection: {ours:F1} with {topics} topics; bare {plain:F1}"));
            Wanted.AtMost("times the memory of a bare connection", ours / plain, 1.25);
        }
        finally
        {
            options.Clear(root);
        }
    }

    private static async Task<double> Grown(ServerProcess process, int connections, string token, string[] topics)
    {
        // The first ones bring code and pools in, which are not theirs.
        var received = new Received();
        await Task.WhenAll((await FanOutScenario.Connect(200, process.Url, token, received, topics)).Select(r => r.DisposeAsync().AsTask()));
        await Task.Delay(TimeSpan.FromSeconds(5), Node.Time);
        var before = process.ResidentMegabytes();
        var all = received.Expect((long)connections * topics.Length);
        var readers = await FanOutScenario.Connect(connections, process.Url, token, received, topics);
        if (topics.Length > 0)
        {
            await all;
        }

        await Task.Delay(TimeSpan.FromSeconds(20), Node.Time);
        var grown = (process.ResidentMegabytes() - before) * 1024 / connections;
        await Task.WhenAll(readers.Select(r => r.DisposeAsync().AsTask()));
        return grown;
    }
}
