using SupportCluster.Domain.Engineers;
using SupportCluster.Grains.Durable;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Engineers;

/// <summary>Engineers as they are stored: reading them activates none.</summary>
internal static class StoredEngineers
{
    private const int PageSize = 500;

    /// <summary>The ids of all engineers, in order.</summary>
    internal static async Task<IReadOnlyList<string>> Ids(IStore store)
    {
        var all = new List<string>();
        IReadOnlyList<string> page;
        do
        {
            page = await store.ListIds("engineer", all.Count == 0 ? null : all[^1], PageSize);
            all.AddRange(page);
        }
        while (page.Count == PageSize);
        return all;
    }

    /// <summary>One engineer, when it has come beyond a version; null otherwise, and for a record that cannot be read: its own grain gives the alarm.</summary>
    internal static async Task<(Engineer Engineer, long Version)?> Read(IStore store, string id, long after) => await StoredFacts.Read<Engineer, NoEffect>(store, new("engineer", id), after);
}
