using System.Globalization;
using SupportCluster.Storage;
using SupportCluster.Storage.Sqlite;

namespace SupportCluster.Benchmarks;

/// <summary>
/// Durable commands of 64 cases at a time through the grains; then the very same transactions without grains (the floor), and the
/// state alone through the stock ADO.NET provider on the same engine, in turns. Options: <c>--seconds</c> 8 a round, <c>--rounds</c> 3.
/// </summary>
internal static class CommandsScenario
{
    private const int Callers = 64;

    internal static async Task Run(Options options)
    {
        var length = TimeSpan.FromSeconds(options.Number("seconds", options.Quick ? 3 : 8));
        var rounds = options.Number("rounds", 3);
        var root = options.Root();
        try
        {
            RecordingStore recorder = null!;
            await using var node = await Node.Start(Path.Combine(root, "grains"), store => recorder = new RecordingStore(store));
            using var folder = DataFolder.Take(Path.Combine(root, "store"));
            await using var store = SqliteStore.Open(folder, Node.Clock);
            var lives = new ManyLives(node, Callers);
            await Phase.Run(Callers, length / 2, lives.Next);
            await Replay(store, recorder.Take());

            Console.WriteLine(Phase.Heading);
            var (ofStock, ofFloor, p99) = (new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round < rounds; round++)
            {
                var grains = await Phase.Run(Callers, length, lives.Next);
                grains.Print("commands through grains", Callers);
                var writes = recorder.Take();
                var floor = await Replay(store, writes);
                floor.Print("the same transactions without grains", Callers);
                var size = (int)writes.Average(w => w.State.Length);
                var stock = options.Text("stock") == "no" ? null : await StockStorage.Measure(Path.Combine(root, $"stock-{round}"), Callers, length / 2, round == 0 ? Console.WriteLine : _ => { }, size);
                stock?.Print(string.Create(CultureInfo.InvariantCulture, $"stock provider: state alone, {size:N0} bytes"), Callers);
                ofStock.Add(stock is null ? double.NaN : grains.PerSecond / stock.PerSecond);

                // What the same commands cost without grains, wakes and undelivered effects included.
                ofFloor.Add(grains.PerSecond / (floor.PerSecond * grains.Operations / floor.Operations));
                p99.Add(grains.Figures.P99.TotalMilliseconds);
            }

            Wanted.AtLeast("times the stock provider", Wanted.Median(ofStock), 5);
            Wanted.AtLeast("of the store's own rate", Wanted.Median(ofFloor), 0.6);
            Wanted.AtMost("p99 ms", Wanted.Median(p99), 50);
        }
        finally
        {
            options.Clear(root);
        }
    }

    private static async Task<Phase> Replay(SqliteStore store, IReadOnlyCollection<StoreWrite> writes)
    {
        var places = new Dictionary<AggregateKey, int>();
        var queues = Enumerable.Range(0, Callers).Select(_ => new Queue<StoreWrite>()).ToArray();
        foreach (var write in writes)
        {
            // An aggregate stays with one caller, which carries out its writes in order.
            queues[places.TryGetValue(write.Key, out var place) ? place : places[write.Key] = places.Count % Callers].Enqueue(write);
        }

        return await Phase.Run(Callers, null, async caller =>
        {
            if (!queues[caller].TryDequeue(out var write))
            {
                return false;
            }

            var result = await store.Write(write);
            return result == StoreWriteResult.Written ? true : throw new InvalidOperationException($"{write.Key} at {write.ExpectedVersion}: {result}");
        });
    }
}
