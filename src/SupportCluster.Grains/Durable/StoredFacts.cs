using System.Text.Json;
using SupportCluster.Domain;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Durable;

/// <summary>Aggregates as they are stored: reading them activates none.</summary>
internal static class StoredFacts
{
    /// <summary>One aggregate, when it has come beyond a version; null otherwise, and for a record that cannot be read: its own grain gives the alarm.</summary>
    internal static async Task<(TState State, long Version)?> Read<TState, TEffect>(IStore store, AggregateKey key, long after)
    {
        if (await store.Read(key) is not { } stored || stored.Version <= after)
        {
            return null;
        }

        try
        {
            return (JsonSerializer.Deserialize<Stored<TState, TEffect>>(stored.State.Span, DomainJson.Stored)!.State, stored.Version);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
