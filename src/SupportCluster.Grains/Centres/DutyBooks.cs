using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SupportCluster.Domain.Centres;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Live;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Centres;

/// <summary>
/// Who stands in for duty managers, as this node knows it: a case looks here and waits for no other grain. A region is read from the store when it is
/// first asked for, then twice a second. Safe for concurrent use.
/// </summary>
public sealed class DutyBooks(IStore store)
{
    private readonly ConcurrentDictionary<string, (long Version, DutyBook? Book)> books = new(StringComparer.Ordinal);

    /// <summary>The overrides of a region, in the order in which they were told.</summary>
    public async ValueTask<ImmutableArray<DutyOverride>> Of(string region)
    {
        if (!books.ContainsKey(region))
        {
            await Read(region);
        }

        return books.GetValueOrDefault(region).Book?.Overrides ?? [];
    }

    /// <summary>A book came to a version.</summary>
    public void Learn(long version, DutyBook book)
    {
        ArgumentNullException.ThrowIfNull(book);
        Learn(book.Region, version, book);
    }

    /// <summary>Reads what has changed since.</summary>
    internal async Task Refresh()
    {
        foreach (var (region, (version, _)) in books)
        {
            if (await store.ReadVersion(new(IDutyGrain.Type, region)) > version)
            {
                await Read(region);
            }
        }
    }

    private async Task Read(string region)
    {
        var stored = await StoredFacts.Read<DutyBook, NoEffect>(store, new(IDutyGrain.Type, region), after: 0);
        Learn(region, stored?.Version ?? 0, stored?.State);
    }

    private void Learn(string region, long version, DutyBook? book) => books.AddOrUpdate(region, (version, book), (_, known) => known.Version >= version ? known : (version, book));
}

/// <summary>Learns who stands in on what was told at other nodes.</summary>
public sealed class DutyPoll(DutyBooks duty, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<DutyPoll> logger) : NodePoll(time, lifetime, logger)
{
    public override Task Poll() => duty.Refresh();
}
