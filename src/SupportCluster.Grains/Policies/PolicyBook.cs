using System.Collections.Concurrent;
using System.Text.Json;
using SupportCluster.Domain;
using SupportCluster.Domain.Policy;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Policies;

/// <summary>Policies by version, read once: a version never changes. Safe for concurrent use.</summary>
public sealed class PolicyBook(IStore store)
{
    internal static readonly AggregateKey Key = new("policy", IPolicyGrain.Current);

    private readonly ConcurrentDictionary<int, SupportPolicy> policies = new();

    /// <summary>The policy of a version.</summary>
    public ValueTask<SupportPolicy> Get(int version) => policies.TryGetValue(version, out var known) ? new(known) : Read(version);

    /// <summary>The policy in force.</summary>
    public async Task<SupportPolicy> Current(IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return await Get(await grains.GetGrain<IPolicyGrain>(IPolicyGrain.Current).CurrentVersion());
    }

    /// <summary>The policy of a version that was got before.</summary>
    public SupportPolicy Known(int version) => policies[version];

    private async ValueTask<SupportPolicy> Read(int version)
    {
        var events = await store.ReadEvents(Key, version - 1, 1);
        if (events.Count == 0)
        {
            throw new InvalidOperationException($"There is no policy {version}.");
        }

        var applied = (PolicyEvent.Applied)JsonSerializer.Deserialize<PolicyEvent>(events[0].Json.Span, DomainJson.Stored)!;
        return policies.GetOrAdd(version, SupportPolicy.ReadStored(version, JsonSerializer.SerializeToUtf8Bytes(applied.Document, DomainJson.Stored)));
    }
}
