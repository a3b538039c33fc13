using System.Globalization;
using System.Text;

namespace SupportCluster.Benchmarks.Live;

/// <summary>
/// One change of a case to all who watch it, over WebSockets, against a bare SignalR group send of the same bytes, in turns: processor time
/// of the server's process per delivery; what the command costs by itself is measured on a case that nobody watches. Then conflated wallboards, per logical change. Options: <c>--watchers</c> 1,000, <c>--changes</c> 100, <c>--rounds</c> 5.
/// </summary>
internal static class FanOutScenario
{
    internal static async Task Run(Options options)
    {
        var (watchers, changes, rounds) = (options.Number("watchers", options.Quick ? 200 : 1000), options.Number("changes", options.Quick ? 30 : 100), options.Number("rounds", 5));
        var root = options.Root();
        try
        {
            using var server = await LiveServer.Start(root);
            using var bare = await LiveServer.StartBare(root);
            var (number, unwatched) = (await server.Submit(), await server.Submit());
            var (ours, theirs) = (new Received(), new Received());
            var snapshots = ours.Expect(watchers);
            var readers = await Connect(watchers, server.Process.Url, server.Token, ours, $"case:{number}");
            await snapshots;
            var others = await Connect(watchers, bare.Url, server.Token, theirs, "");
            var text = new string('n', 300);
            using var http = new HttpClient { BaseAddress = new(bare.Url) };
            async Task Change()
            {
                var arrived = ours.Expect(watchers);
                await server.Note(number, text);
                await arrived;
            }

            async Task Send()
            {
                // What the last reader got, without SignalR's own envelope.
                var message = Encoding.UTF8.GetString(readers[0].Last!).TrimEnd('\u001e');
                var frame = message[(message.IndexOf("\"arguments\":[", StringComparison.Ordinal) + 13)..message.LastIndexOf(']')];
                var arrived = theirs.Expect(watchers);
                using var content = new StringContent(frame, Encoding.UTF8, "application/json");
                (await http.PostAsync(new Uri("/send", UriKind.Relative), content)).EnsureSuccessStatusCode();
                await arrived;
            }

            // Until the code is compiled for good, which takes the larger program longer.
            await Times(4 * changes, Change);
            await Times(2 * changes, Send);
            var (relative, costs) = (new List<double>(), new List<double>());
            for (var round = 0; round < rounds; round++)
            {
                var command = await Cpu(server.Process, changes, () => server.Note(unwatched, text)) / (changes * watchers);
                var product = (await Cpu(server.Process, changes, Change) / (changes * watchers)) - command;
                var plain = await Cpu(bare, changes, Send) / (changes * watchers);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"CPU us per delivery: {product:F1}, and {command:F1} for its part of the command; bare group send {plain:F1}"));
                relative.Add(product / plain);
                costs.Add(plain);
            }

            Wanted.AtMost("times the CPU per delivery of a bare group send", Wanted.Median(relative), 1.1);

            foreach (var reader in readers.Concat(others))
            {
                await reader.DisposeAsync();
            }

            await Wallboards(server, watchers, Wanted.Median(costs), TimeSpan.FromSeconds(options.Quick ? 5 : 10));
        }
        finally
        {
            options.Clear(root);
        }
    }

    /// <summary>Every case that is opened changes the board; what is seen of it is one snapshot a second. What the commands cost by themselves is measured without watchers.</summary>
    private static async Task Wallboards(LiveServer server, int watchers, double bare, TimeSpan length)
    {
        await Changes(length / 2);
        var (alone, _) = await Changes(length);
        var received = new Received();
        var first = received.Expect(watchers);
        var readers = await Connect(watchers, server.Process.Url, server.Token, received, "wallboard:world");
        await first;
        var (watched, rate) = await Changes(length);
        var each = (watched - alone) / watchers;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"wallboards: {rate:F0} changes a second, CPU us per change {alone:F0} unwatched, {watched:F0} watched: {each:F2} per watcher"));
        Wanted.AtMost("times a bare group send, per logical change of a wallboard", each / bare, 0.3);
        foreach (var reader in readers)
        {
            await reader.DisposeAsync();
        }

        async Task<(double CpuOfOne, double PerSecond)> Changes(TimeSpan time)
        {
            var (cpu, end, changes) = (server.Process.TotalCpu(), Node.Time.GetUtcNow() + time, 0);
            while (Node.Time.GetUtcNow() < end)
            {
                await server.Submit();
                changes++;
            }

            return ((server.Process.TotalCpu() - cpu).TotalMicroseconds / changes, changes / time.TotalSeconds);
        }
    }

    internal static async Task<List<RawReader>> Connect(int count, string url, string token, Received received, params string[] topics)
    {
        var readers = new List<RawReader>(count);
        foreach (var some in Enumerable.Range(0, count).Chunk(50))
        {
            readers.AddRange(await Task.WhenAll(some.Select(_ => RawReader.Connect(url, token, (frames, _) => received.Add(frames), RawReader.SmallBuffer, topics))));
        }

        return readers;
    }

    private static async Task Times(int times, Func<Task> what)
    {
        for (var i = 0; i < times; i++)
        {
            await what();
        }
    }

    private static async Task<double> Cpu(ServerProcess process, int times, Func<Task> what)
    {
        var before = process.TotalCpu();
        await Times(times, what);
        return (process.TotalCpu() - before).TotalMicroseconds;
    }
}
