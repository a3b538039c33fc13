using SupportCluster.Client;
using SupportCluster.Protocol.Importing;

namespace SupportCluster.Importing;

/// <summary>Sends what was read: the contracts, then the cases in batches.</summary>
internal static class ImportSending
{
    /// <summary>Cases in one request, where nothing else is said.</summary>
    internal const int Batch = 200;

    /// <summary>Requests in flight: enough to keep the server busy while the next batch is written.</summary>
    private const int InFlight = 3;

    /// <param name="answered">Told what became of each batch; by several at once, where there are several threads.</param>
    internal static async Task Send(SupportClusterClient client, string source, ImportReading reading, int batchSize, Action<IReadOnlyList<ImportedCaseResult>> answered, CancellationToken cancellation)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellation };
        await Parallel.ForEachAsync(reading.Contracts, parallel, async (contract, cancel) => await client.ApplyContract(contract.Key, contract.Value, cancel));
        await Parallel.ForEachAsync(reading.Cases.Chunk(batchSize), parallel, async (batch, cancel) => answered((await client.Import(new ImportBatch(source, batch), cancel)).Cases));
    }
}
