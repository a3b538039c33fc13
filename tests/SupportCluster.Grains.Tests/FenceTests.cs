using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Grains.Durable;
using SupportCluster.Storage.Sqlite;

namespace SupportCluster.Grains.Tests;

/// <summary>The protections, and what happens without each of them.</summary>
public sealed class FenceTests
{
    [Fact]
    public async Task An_activation_that_lost_goes_away_and_the_repeated_command_is_done_once()
    {
        var (mine, others) = await TwoActivations(new());
        Assert.Equal((1, 1), (mine, others));
    }

    [Fact]
    public async Task Without_the_fence_the_other_activation_s_event_is_lost()
    {
        var (mine, others) = await TwoActivations(new() { Fence = false });
        Assert.Equal((1, 0), (mine, others));
    }

    /// <summary>What the other activation has written may be the very request that is repeated here.</summary>
    [Fact]
    public async Task An_activation_that_lost_does_not_refuse_either()
    {
        await using var node = await TestNode.Start();
        await node.Contract();
        var number = await node.Open();
        var request = node.Request();
        Assert.Equal(RefusalKind.State, (await node.Ask(number, new CaseCommand.Reopen("Again."), request: request)).Refusal?.Kind);
        await node.NoteBeside(number, "Other.");
        Assert.Equal(RefusalKind.Unknown, (await node.Ask(number, new CaseCommand.Reopen("Again."), request: request)).Refusal?.Kind);
    }

    [Theory, InlineData(true, 1), InlineData(false, 2)]
    public async Task Without_request_memory_a_repeat_is_done_twice(bool memory, int notes)
    {
        await using var node = await TestNode.Start(guards: new GuardSwitches(RequestMemory: memory));
        await node.Contract();
        var number = await node.Open();
        var request = node.Request();
        await node.Ask(number, new CaseCommand.AddNote("Mine.", true), request: request).Done();
        await node.Ask(number, new CaseCommand.AddNote("Mine.", true), request: request).Done();
        Assert.Equal(notes, (await node.Events(number)).Count(e => e is CaseEvent.NoteAdded));
    }

    [Theory, InlineData(true, 1), InlineData(false, 2)]
    public async Task Without_request_memory_a_repeated_submission_opens_two_cases(bool memory, int cases)
    {
        await using var node = await TestNode.Start(guards: new GuardSwitches(RequestMemory: memory));
        await node.Contract();
        var request = node.Request();
        await node.Intake(request).Open(Desk.Problem(request)).Done();
        await node.Intake(request).Open(Desk.Problem(request)).Done();
        Assert.Equal(cases, (await node.Store.ListCases(new(), 10)).Items.Count);
    }

    [Theory, InlineData(true, 0), InlineData(false, 1)]
    public async Task Without_the_effect_cursor_a_crash_loses_the_release(bool cursor, int held)
    {
        await using var node = await TestNode.Start(Nets.All, new GuardSwitches(EffectCursor: cursor));
        await node.Contract();
        await node.Hire("erin");
        var number = await node.Open(severity: 3);
        await node.Take("erin", number).Done();
        node.Store.Faults = w => w.Key.Type == "engineer" ? Fault.Refuse : null;
        await node.Ask(number, new CaseCommand.Release("Ill.")).Done();
        await node.Until(() => Task.FromResult(node.Log.Any(l => l.Text.Contains("An effect of case", StringComparison.Ordinal))));
        await node.Stop(crash: true);
        await node.Start();
        if (cursor)
        {
            await node.PassUntil(async () => (await node.Read("erin")).Cases.IsEmpty, Duration.FromMinutes(1));
        }

        await node.Pass(Duration.FromMinutes(1));
        Assert.Null((await node.State(number)).Owner);
        Assert.Equal(held, (await node.Read("erin")).Cases.Length);
    }

    /// <summary>Another activation writes a note beside the one that the command is sent to; how many of the two notes are kept.</summary>
    private static async Task<(int Mine, int Others)> TwoActivations(SqliteStoreOptions options)
    {
        await using var node = await TestNode.Start(options: options);
        await node.Contract();
        var number = await node.Open();
        await node.NoteBeside(number, "Other.");
        var request = node.Request();
        var reply = await node.Ask(number, new CaseCommand.AddNote("Mine.", true), request: request);
        if (options.Fence)
        {
            Assert.Equal(RefusalKind.Unknown, reply.Refusal?.Kind);
            reply = await node.Ask(number, new CaseCommand.AddNote("Mine.", true), request: request).Done();
        }

        Assert.Null(reply.Refusal);
        await node.Deactivate(node.Case(number));
        var notes = (await node.Events(number)).OfType<CaseEvent.NoteAdded>().ToList();
        return (notes.Count(n => n.Text == "Mine."), notes.Count(n => n.Text == "Other."));
    }
}
