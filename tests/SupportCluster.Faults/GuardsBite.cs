using SupportCluster.Faults.Checking;
using SupportCluster.Faults.Injected;
using SupportCluster.Faults.Load;
using SupportCluster.Faults.Servers;
using SupportCluster.Faults.Watching;
using SupportCluster.Protocol.Cases;
using Xunit;

namespace SupportCluster.Faults;

/// <summary>The same rounds against a test build of the server that lacks one protection: the checker must see it, or it proves nothing.</summary>
public sealed class GuardsBite(ITestOutputHelper output)
{
    private const int Seed = 4711;
    private const int Attempts = 3;

    [Fact]
    public Task Without_the_memory_of_requests_repeats_do_things_twice() =>
        Breaks("request-memory", v => v.Promise is Promises.RepeatIsRecognised or Promises.UnknownAtMostOnce, rounds: 2);

    [Fact]
    public Task Without_the_effect_cursor_a_kill_loses_the_release_of_an_engineer() =>
        Breaks("effect-cursor", v => v.Promise == Promises.EngineerKnowsCases, rounds: 2);

    /// <summary>One process never writes beside itself: the fence is seen at work between two processes on one store.</summary>
    [Fact]
    public Task Without_the_fence_two_servers_on_one_store_undo_each_others_work() =>
        Breaks("fence", v => v.Promise is Promises.AcknowledgedOnce or Promises.AnswerIsInJournal, rounds: 2, servers: 2);

    /// <summary>The feed loses every third notification; the check for gaps is what notices.</summary>
    [Fact]
    public Task Without_the_check_for_gaps_a_watcher_misses_what_was_lost_on_the_way() =>
        Breaks("gap-check", v => v.Promise == Promises.FramesContiguous, rounds: 1);

    /// <summary>The store is cut off while people work, and the node dies before it hears of it again.</summary>
    [Fact]
    public async Task Told_before_it_is_written_a_watcher_sees_what_never_was()
    {
        PostgresServer.Need();
        var cancel = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await ShortPolicy.Write(folder["policy.json"], cancel);
        using var postgres = PostgresServer.Start();
        postgres.CreateDatabase("early");
        await using var cluster = await Cluster.Start(postgres, "early",
            new(await ServerBuild.Switched(cancel), null, folder["data"], folder["policy.json"], Nodes: 1, null, TimeSpan.FromMinutes(4), Without: "write-first"), cancel);
        using var api = new Api(cluster, TimeSpan.FromSeconds(8));
        var desk = new Desk(cluster, api, Seed);
        await People.SetUp(api, cancel);
        await using var scene = new Scene(new(Seed, null, null, output.WriteLine), postgres, cluster, api, desk, cancel);
        await using var audience = new Audience(cluster, api);
        audience.Start();
        audience.WatchQueue(People.Queue);
        audience.WatchQueue(People.DenseQueue);
        var numbers = await scene.OpenDense();
        foreach (var number in numbers)
        {
            await audience.WatchAsStaff(number);
        }

        Assert.True(await RealTime.Until(() => Task.FromResult(numbers.All(n => audience.HasSeen(n, 1))), TimeSpan.FromMinutes(1), cancel));

        // The first command to a case of a region asks the store for stand-ins of its duty managers.
        await Note(numbers[0], insist: true);
        var node = cluster.Nodes[0];
        node.Store.There.Hold();
        var notes = numbers.Select(n => Note(n, insist: false)).ToList();
        await scene.Last(3, 3);
        await node.Kill();
        await cluster.AllReady(cancel);
        await Task.WhenAll(notes);
        var ending = new Ending(api, desk, [audience]);
        await ending.Settled(TimeSpan.FromSeconds(30), cancel);
        var violations = Checker.Check(await ending.Read(cancel));
        output.WriteLine(string.Join(Environment.NewLine, violations.Take(10)));
        Assert.Contains(violations, v => v.Promise == Promises.FramesAreTrue);

        Task<Reply> Note(string number, bool insist)
        {
            var marker = desk.Marker();
            return desk.Give(CommandKind.Note, "manager.emea", "manager.emea", $"api/cases/{number}/note", number, marker, new AddNote(marker), cancel, insist);
        }
    }

    /// <summary>The counter-proof: with the fence, and with its like for answers that write nothing, even two servers that do not know of each other break no promise.</summary>
    [Fact]
    public async Task With_the_fence_two_servers_on_one_store_break_no_promise() => Assert.Empty(await Without(null, rounds: 2, servers: 2));

    /// <summary>A kill hits the gap that a protection closes often, not each time: it is tried with up to three seeds.</summary>
    private async Task Breaks(string protection, Predicate<Violation> promise, int rounds, int servers = 1)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if ((await Without(protection, rounds, servers, Seed + attempt)).Any(v => promise(v)))
            {
                return;
            }
        }

        Assert.Fail($"Without {protection} nothing that it protects was seen to break in {Attempts} runs of {rounds} rounds.");
    }

    private async Task<IReadOnlyList<Violation>> Without(string? protection, int rounds, int servers = 1, int seed = Seed)
    {
        var cancel = TestContext.Current.CancellationToken;

        // With a protection missing it never comes to rest: half a minute is longer than any deadline and any retry.
        var settle = TimeSpan.FromSeconds(protection is null ? 120 : 30);
        var program = protection is null ? ServerBuild.Delivered : await ServerBuild.Switched(cancel);
        var result = await KillRun.Run(new KillPlan(program, seed, rounds, settle, protection, servers), cancel);
        output.WriteLine(result.Report);
        output.WriteLine(string.Join(Environment.NewLine, result.Violations.CountBy(v => v.Promise).Select(v => $"{v.Value} x {v.Key}")));
        output.WriteLine(string.Join(Environment.NewLine, result.Violations.Take(10)));
        output.WriteLine(string.Join(Environment.NewLine, result.Errors.Take(10)));
        return result.Violations;
    }
}
