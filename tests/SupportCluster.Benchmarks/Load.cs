using System.Diagnostics;
using System.Globalization;

namespace SupportCluster.Benchmarks;

/// <summary>What a closed loop measured: each caller starts its next operation when the one before has completed.</summary>
internal sealed record Measured(double PerSecond, TimeSpan P50, TimeSpan P95, TimeSpan P99, TimeSpan Longest)
{
    internal static string Heading => $"{"",-44} {"callers",8} {"per s",9} {"p50 ms",9} {"p95 ms",9} {"p99 ms",9} {"max ms",9}";

    internal static Measured Of(IEnumerable<long> ticks, TimeSpan elapsed)
    {
        var sorted = ticks.Order().ToArray();
        return new(sorted.Length / elapsed.TotalSeconds, At(0.5), At(0.95), At(0.99), At(1));

        TimeSpan At(double share) => sorted.Length == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(0, sorted[(int)((sorted.Length - 1) * share)]);
    }

    internal static async Task<Measured> Loop(int callers, TimeSpan length, Func<int, Task> operation)
    {
        // The first part is not counted: files grow, code is compiled.
        await Run(TimeSpan.FromSeconds(Math.Min(1, length.TotalSeconds / 4)));
        var started = Stopwatch.GetTimestamp();
        var ticks = await Run(length);
        return Of(ticks.SelectMany(t => t), Stopwatch.GetElapsedTime(started));

        Task<List<long>[]> Run(TimeSpan time)
        {
            var start = Stopwatch.GetTimestamp();
            return Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
            {
                var taken = new List<long>(1 << 16);
                while (Stopwatch.GetElapsedTime(start) < time)
                {
                    var before = Stopwatch.GetTimestamp();
                    await operation(caller);
                    taken.Add(Stopwatch.GetTimestamp() - before);
                }

                return taken;
            })));
        }
    }

    internal void Print(string what, int callers) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what,-44} {callers,8} {PerSecond,9:N0} {P50.TotalMilliseconds,9:F2} {P95.TotalMilliseconds,9:F2} {P99.TotalMilliseconds,9:F2} {Longest.TotalMilliseconds,9:F1}"));
}
