using System.Diagnostics;
using System.Globalization;

namespace SupportCluster.Benchmarks;

/// <summary>One part of a run: its figures, and the processor time of the whole process while it lasted.</summary>
internal sealed record Phase(Measured Figures, int Operations, TimeSpan P95, TimeSpan Cpu)
{
    internal double PerSecond => Figures.PerSecond;

    internal double CpuMicroseconds => Cpu.TotalMicroseconds / Math.Max(1, Operations);

    internal static string Heading => $"{"",-44} {"callers",8} {"per s",9} {"p50 ms",9} {"p99 ms",9} {"max ms",9} {"CPU us/op",10}";

    /// <summary>A closed loop until the time is over; a caller whose operation answers false has nothing more to do.</summary>
    internal static async Task<Phase> Run(int callers, TimeSpan? length, Func<int, Task<bool>> operation)
    {
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var start = Stopwatch.GetTimestamp();
        var taken = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var ticks = new List<long>(1 << 12);
            while (length is null || Stopwatch.GetElapsedTime(start) < length)
            {
                var before = Stopwatch.GetTimestamp();
                if (!await operation(caller))
                {
                    break;
                }

                ticks.Add(Stopwatch.GetTimestamp() - before);
            }

            return ticks;
        })));
        var elapsed = Stopwatch.GetElapsedTime(start);
        process.Refresh();
        return Of(taken.SelectMany(t => t), elapsed, process.TotalProcessorTime - cpu);
    }

    internal static Phase Of(IEnumerable<long> ticks, TimeSpan elapsed, TimeSpan cpu)
    {
        var all = ticks.Order().ToArray();
        return new(Measured.Of(all, elapsed), all.Length, all.Length == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(0, all[(int)((all.Length - 1) * 0.95)]), cpu);
    }

    internal void Print(string what, int callers) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what,-44} {callers,8} {PerSecond,9:N0} {Figures.P50.TotalMilliseconds,9:F2} {Figures.P99.TotalMilliseconds,9:F2} {Figures.Longest.TotalMilliseconds,9:F1} {CpuMicroseconds,10:F0}"));
}

/// <summary>What was wanted, and whether it was reached.</summary>
internal static class Wanted
{
    /// <summary>How many figures were missed so far.</summary>
    internal static int Missed { get; private set; }

    internal static void AtLeast(string what, double got, double wanted) => Say(what, got, "at least", wanted, got >= wanted);

    internal static void AtMost(string what, double got, double wanted) => Say(what, got, "at most", wanted, got <= wanted);

    internal static double Median(IEnumerable<double> figures)
    {
        var sorted = figures.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static void Say(string what, double got, string bound, double wanted, bool reached)
    {
        Missed += reached ? 0 : 1;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(reached ? "reached" : "MISSED "),-8} {what}: {got:0.##} (wanted {bound} {wanted:0.##})"));
    }
}
