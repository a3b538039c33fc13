using System.Globalization;

namespace SupportCluster.Benchmarks.Live;

/// <summary>
/// One reader of twenty stops reading: what the others notice of it. Then every second of the rest does, which is enough of them to see in the memory of the server's process what each costs. Options: <c>--watchers</c> 400, <c>--changes</c> 600.
/// </summary>
internal static class SlowReadersScenario
{
    internal static async Task Run(Options options)
    {
        var (watchers, changes) = (options.Number("watchers", options.Quick ? 200 : 400), options.Number("changes", options.Quick ? 300 : 600));
        var root = options.Root();
        try
        {
            using var server = await LiveServer.Start(root);
            var number = await server.Submit();
            var received = new Received();
            var first = received.Expect(watchers);
            var readers = await FanOutScenario.Connect(watchers, server.Process.Url, server.Token, received, $"case:{number}");
            await first;
            var text = new string('n', 8000);
            await Round(50, watchers);
            var all = await Round(changes, watchers);
            var slow = watchers / 20;
            await Stop(readers.Take(slow), watchers);
            var others = await Round(changes, watchers - slow);
            var before = server.Process.ResidentMegabytes();
            var more = (watchers - slow) / 2;
            await Stop(readers.Skip(slow).Take(more), watchers - slow);
            await Round(changes, watchers - slow - more);
            var each = (server.Process.ResidentMegabytes() - before) * 1024 / more;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"p99 ms: {all.P99.TotalMilliseconds:F1} when all read, {others.P99.TotalMilliseconds:F1} of the others; KB a slow reader, {more} of them: {each:F0}"));
            Wanted.AtMost("times the others' p99", others.P99 / all.P99, 1.1);
            Wanted.AtMost("KB a slow reader", each, 256);
            foreach (var reader in readers)
            {
                await reader.DisposeAsync();
            }

            async Task Stop(IEnumerable<RawReader> some, int reading)
            {
                foreach (var reader in some)
                {
                    reader.StopReading();
                }

                // The frame that lets them notice.
                await Round(1, reading);
            }

            async Task<Measured> Round(int times, int expected)
            {
                received.Take();
                for (var i = 0; i < times; i++)
                {
                    var arrived = received.Expect(expected);
                    await server.Note(number, text);
                    await arrived;
                }

                return Measured.Of(received.Take(), TimeSpan.FromSeconds(1));
            }
        }
        finally
        {
            options.Clear(root);
        }
    }
}
