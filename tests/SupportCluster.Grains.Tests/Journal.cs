using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Grains.Durable;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Tests;

/// <summary>Writes past the grains: what another activation, another time or a damaged disk would leave.</summary>
internal static class Journal
{
    internal static StoredEvent Stored(long version, CaseEvent happened) => new(version, happened.At, JsonSerializer.SerializeToUtf8Bytes(happened, DomainJson.Stored));

    internal static byte[] Json(CaseState state) => JsonSerializer.SerializeToUtf8Bytes(new Stored<CaseState, CaseEffect>(state, ImmutableArray<CaseEffect>.Empty), DomainJson.Stored);

    /// <summary>A note, written by somebody who does not ask the activation.</summary>
    internal static async Task NoteBeside(this TestNode node, CaseNumber number, string text)
    {
        var state = await node.State(number);
        var note = new CaseEvent.NoteAdded(node.Now, "other", text, Internal: true);
        var after = CaseState.Evolve(state, note);
        Assert.Equal(StoreWriteResult.Written, await node.Store.Write(new(new("case", number.Value), state.Version, Json(after), [Stored(after.Version, note)], after.NextDue, after.Severity)));
    }

    /// <summary>A record that cannot be read, overdue, in place of what the case is or would be.</summary>
    internal static async Task Damage(this TestNode node, CaseNumber number, string json)
    {
        var key = new AggregateKey("case", number.Value);
        await node.Deactivate(node.Case(number));
        var version = (await node.Store.Read(key))?.Version ?? 0;
        StoredEvent[] events = version == 0 ? [new(1, node.Now, "{}"u8.ToArray())] : [];
        Assert.Equal(StoreWriteResult.Written, await node.Store.Write(new(key, version, Encoding.UTF8.GetBytes(json), events, node.Now, 1)));
    }

    /// <summary>Copies of a case under other numbers, without a place in the directory until they are written again.</summary>
    internal static async Task Copy(this TestNode node, CaseNumber number, int first, int count)
    {
        var original = await node.State(number);
        var events = await node.Events(number);
        await Parallel.ForEachAsync(Enumerable.Range(first, count), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (sequence, _) =>
        {
            var copy = original with { Number = Desk.Number(sequence), SourceKey = $"copy/{sequence}" };
            await node.Store.Write(new(new("case", copy.Number.Value), 0, Json(copy), [.. events.Select((e, i) => Stored(i + 1, e))], copy.NextDue, copy.Severity));
        });
    }
}
