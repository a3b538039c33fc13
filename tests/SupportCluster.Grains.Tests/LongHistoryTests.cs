using SupportCluster.Domain.Cases;

namespace SupportCluster.Grains.Tests;

/// <summary>A case of ten thousand events.</summary>
public sealed class LongHistoryTests
{
    [Fact]
    public async Task A_case_with_ten_thousand_events_still_loads_and_takes_commands()
    {
        await using var node = await TestNode.Start(Nets.Timer);
        await node.Contract();
        var number = await node.Open(severity: 3);
        await node.Settle();
        var state = await node.State(number);
        while (state.Version < 10_000)
        {
            var notes = Enumerable.Range(0, 1000).Select(i => new CaseEvent.NoteAdded(node.Now, "machine", $"Note {i}.", Internal: true)).ToList();
            var before = state.Version;
            state = notes.Aggregate(state, (s, note) => CaseState.Evolve(s, note));
            await node.Store.Write(new(new("case", number.Value), before, Journal.Json(state), [.. notes.Select((n, i) => Journal.Stored(before + 1 + i, n))], state.NextDue, state.Severity));
        }

        await node.Deactivate(node.Case(number));
        Assert.Equal(state.Version, (await node.State(number)).Version);
        node.Time.Advance(TimeSpan.FromSeconds(1));
        var request = node.Request();
        await node.Ask(number, new CaseCommand.AddNote("One more.", Internal: true), request: request).Done();
        await node.Deactivate(node.Case(number));
        Assert.True((await node.Ask(number, new CaseCommand.AddNote("One more.", Internal: true), request: request).Done()).Repeated);
        await node.Ask(number, new CaseCommand.Close("Enough.")).Done();
    }
}
