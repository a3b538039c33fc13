using SupportCluster.Faults.Checking;
using SupportCluster.Faults.Servers;
using Xunit;

namespace SupportCluster.Faults;

/// <summary>The same rounds against a test build of the server that lacks one protection: the checker must see it, or it proves nothing.</summary>
public sealed class GuardsBite(ITestOutputHelper output)
{
    private const int Seed = 4711;

    [Fact]
    public async Task Without_the_memory_of_requests_repeats_do_things_twice()
    {
        var violations = await Without("request-memory", rounds: 2);
        Assert.Contains(violations, v => v.Promise is Promises.RepeatIsRecognised or Promises.UnknownAtMostOnce);
    }

    [Fact]
    public async Task Without_the_effect_cursor_a_kill_loses_the_release_of_an_engineer()
    {
        var violations = await Without("effect-cursor", rounds: 2);
        Assert.Contains(violations, v => v.Promise == Promises.EngineerKnowsCases);
    }

    /// <summary>One process never writes beside itself: the fence is seen at work between two processes on one store.</summary>
    [Fact]
    public async Task Without_the_fence_two_servers_on_one_store_undo_each_others_work()
    {
        var violations = await Without("fence", rounds: 2, servers: 2);
        Assert.Contains(violations, v => v.Promise is Promises.AcknowledgedOnce or Promises.AnswerIsInJournal);
    }

    /// <summary>The counter-proof: with the fence, and with its like for answers that write nothing, even two servers that do not know of each other break no promise.</summary>
    [Fact]
    public async Task With_the_fence_two_servers_on_one_store_break_no_promise() => Assert.Empty(await Without(null, rounds: 2, servers: 2));

    private async Task<IReadOnlyList<Violation>> Without(string? protection, int rounds, int servers = 1)
    {
        var cancel = TestContext.Current.CancellationToken;

        // With a protection missing it never comes to rest: half a minute is longer than any deadline and any retry.
        var settle = TimeSpan.FromSeconds(protection is null ? 120 : 30);
        var program = protection is null ? ServerBuild.Delivered : await ServerBuild.Switched(cancel);
        var result = await KillRun.Run(new KillPlan(program, Seed, rounds, settle, protection, servers), cancel);
        output.WriteLine(result.Report);
        output.WriteLine(string.Join(Environment.NewLine, result.Violations.CountBy(v => v.Promise).Select(v => $"{v.Value} x {v.Key}")));
        output.WriteLine(string.Join(Environment.NewLine, result.Violations.Take(10)));
        output.WriteLine(string.Join(Environment.NewLine, result.Errors.Take(10)));
        return result.Violations;
    }
}
