using SupportCluster.Protocol;

namespace SupportCluster.Client;

/// <summary>Lists that come in pages.</summary>
public static class Pages
{
    /// <summary>Reads a list to its end.</summary>
    /// <param name="next">Reads the page after a place; the first one after null.</param>
    /// <returns>The items of all pages, in their order.</returns>
    public static async Task<List<T>> ToEnd<T>(Func<string?, Task<Page<T>>> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        var all = new List<T>();
        string? after = null;
        do
        {
            var page = await next(after);
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return all;
    }
}
