using System.Globalization;
using System.Text.Json;

namespace SupportCluster.Protocol;

/// <summary>One place in which two documents differ.</summary>
/// <param name="Path">JSON pointer (RFC 6901).</param>
/// <param name="From">Absent where something was added.</param>
/// <param name="To">Absent where something was removed.</param>
public sealed record DocumentChange(string Path, JsonElement? From = null, JsonElement? To = null)
{
    /// <summary>Every place in which two documents differ, in the order of the first, then of the second. A list of plain values is one value; one of objects is compared place by place.</summary>
    public static IReadOnlyList<DocumentChange> Between(JsonElement from, JsonElement to)
    {
        var changes = new List<DocumentChange>();
        Compare("", from, to, changes);
        return changes;
    }

    private static void Compare(string path, JsonElement from, JsonElement to, List<DocumentChange> changes)
    {
        if (JsonElement.DeepEquals(from, to))
        {
            return;
        }

        if (Members(from) is { } before && Members(to) is { } after && from.ValueKind == to.ValueKind)
        {
            foreach (var (name, value) in before)
            {
                if (after.TryGetValue(name, out var now))
                {
                    Compare($"{path}/{name}", value, now, changes);
                }
                else
                {
                    changes.Add(new($"{path}/{name}", value));
                }
            }

            changes.AddRange(after.Where(m => !before.ContainsKey(m.Key)).Select(m => new DocumentChange($"{path}/{m.Key}", null, m.Value)));
            return;
        }

        changes.Add(new(path, from, to));
    }

    /// <summary>The members of an object, or the places of a list of objects; null for a value.</summary>
    private static Dictionary<string, JsonElement>? Members(JsonElement of) => of.ValueKind switch
    {
        JsonValueKind.Object => of.EnumerateObject().ToDictionary(m => m.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal), m => m.Value),
        JsonValueKind.Array when of.GetArrayLength() > 0 && of.EnumerateArray().All(e => e.ValueKind == JsonValueKind.Object) =>
            of.EnumerateArray().Select((e, place) => (e, place)).ToDictionary(e => e.place.ToString(CultureInfo.InvariantCulture), e => e.e),
        _ => null,
    };
}
