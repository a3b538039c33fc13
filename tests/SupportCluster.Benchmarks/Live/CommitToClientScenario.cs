using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using SupportCluster.Storage;
using SupportCluster.Storage.Sqlite;

namespace SupportCluster.Benchmarks.Live;

/// <summary>
/// From the sending of a command to the frame at a client that watches, at half of the load that the server can take, against the store's own commit of such writes at the
/// same rate; and from the answer to the command, which leaves the server after the commit as the frame does, to the frame. Options: <c>--callers</c> 16, <c>--seconds</c> 10.
/// </summary>
internal static class CommitToClientScenario
{
    internal static async Task Run(Options options)
    {
        var (callers, length) = (options.Number("callers", 16), TimeSpan.FromSeconds(options.Number("seconds", options.Quick ? 4 : 10)));
        var root = options.Root();
        try
        {
            using var server = await LiveServer.Start(Path.Combine(root, "server"));
            var cases = new List<string>();
            for (var i = 0; i < callers; i++)
            {
                cases.Add(await server.Submit());
            }

            var sent = new ConcurrentDictionary<string, long>();
            var taken = new ConcurrentQueue<long>();
            var (answered, framed) = (new ConcurrentDictionary<string, long>(), new ConcurrentDictionary<string, long>());
            await using var reader = await RawReader.Connect(server.Process.Url, server.Token, (_, message) => Arrived(message, sent, taken, framed), buffer: null, [.. cases.Select(c => $"case:{c}")]);
            async Task<bool> Note(int caller)
            {
                var id = Guid.CreateVersion7().ToString("N");
                sent[id] = Stopwatch.GetTimestamp();
                await server.Note(cases[caller], $"@{id}");
                answered[id] = Stopwatch.GetTimestamp();
                return true;
            }

            var full = await Phase.Run(callers, length / 2, Note);
            full.Print("commands, as many as go", callers);
            var rate = full.PerSecond / 2;
            taken.Clear();
            answered.Clear();
            var half = await Paced(callers, rate, length, Note);
            half.Print("commands at half of that", callers);
            await Task.Delay(TimeSpan.FromSeconds(1), Node.Time);
            var frames = Measured.Of(taken, length);

            using var folder = DataFolder.Take(Path.Combine(root, "store"));
            await using var store = SqliteStore.Open(folder, Node.Clock);
            var versions = new long[callers];
            var commits = await Paced(callers, rate, length, async caller =>
            {
                var version = versions[caller]++;
                return await store.Write(new(new("case", $"4{caller:D9}"), version, Samples.Json(4000, caller), [new(version + 1, Node.Clock.GetCurrentInstant(), Samples.Json(400, caller))], null)) == StoreWriteResult.Written;
            });
            commits.Print("the store alone at that rate", callers);
            var beyond = (frames.P99 - commits.Figures.P99).TotalMilliseconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"command to frame: p50 {frames.P50.TotalMilliseconds:F2} ms, p99 {frames.P99.TotalMilliseconds:F2} ms"));
            var after = Measured.Of(answered.Where(a => framed.ContainsKey(a.Key)).Select(a => framed[a.Key] - a.Value), length);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"answer to frame: p50 {after.P50.TotalMilliseconds:F2} ms, p99 {after.P99.TotalMilliseconds:F2} ms"));
            Wanted.AtMost("ms p99 from the command to the frame, beyond the store's own commit", beyond, 5);
        }
        finally
        {
            options.Clear(root);
        }
    }

    private static void Arrived(ReadOnlyMemory<byte> message, ConcurrentDictionary<string, long> sent, ConcurrentQueue<long> taken, ConcurrentDictionary<string, long> framed)
    {
        var now = Stopwatch.GetTimestamp();
        for (var rest = message.Span; rest.IndexOf("\"@"u8) is var at and >= 0; rest = rest[(at + 34)..])
        {
            var id = System.Text.Encoding.ASCII.GetString(rest.Slice(at + 2, 32));
            if (sent.TryRemove(id, out var begun))
            {
                framed[id] = now;
                taken.Enqueue(now - begun);
            }
        }
    }

    /// <summary>Each caller begins an operation at its share of the rate, or at once when it is late.</summary>
    private static Task<Phase> Paced(int callers, double perSecond, TimeSpan length, Func<int, Task<bool>> operation)
    {
        var start = Stopwatch.GetTimestamp();
        var pause = TimeSpan.FromSeconds(callers / perSecond);
        var next = new TimeSpan[callers];
        return Paced();

        async Task<Phase> Paced()
        {
            using var process = Process.GetCurrentProcess();
            var ticks = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
            {
                var own = new List<long>();
                next[caller] = pause * caller / callers;
                while (Stopwatch.GetElapsedTime(start) < length)
                {
                    if (next[caller] - Stopwatch.GetElapsedTime(start) is { } wait && wait > TimeSpan.Zero)
                    {
                        await Task.Delay(wait, Node.Time);
                    }

                    next[caller] += pause;
                    var before = Stopwatch.GetTimestamp();
                    await operation(caller);
                    own.Add(Stopwatch.GetTimestamp() - before);
                }

                return own;
            })));
            return Phase.Of(ticks.SelectMany(t => t), length, TimeSpan.Zero);
        }
    }
}
