using System.Globalization;
using NodaTime;
using SupportCluster.Faults.Checking;
using SupportCluster.Faults.Injected;
using SupportCluster.Faults.Load;
using SupportCluster.Faults.Servers;
using SupportCluster.Faults.Watching;

namespace SupportCluster.Faults;

/// <summary>What a run of the cluster is made of.</summary>
/// <param name="Seed">Of the schedule: the same seed plans the same faults in the same order.</param>
/// <param name="Long">For how long to go on; null for every fault once, each of them short.</param>
/// <param name="Only">A part of a fault's name, to look at it alone.</param>
/// <param name="Say">Told what happens, as it happens.</param>
internal sealed record ClusterRunPlan(int Seed, TimeSpan? Long, string? Only, Action<string> Say);

/// <summary>What came of it.</summary>
internal sealed record ClusterResult(IReadOnlyList<Violation> Violations, IReadOnlyList<string> Errors, string Report);

/// <summary>
/// The cluster under faults: three nodes and a database, people who work and watch, and one fault after the other in an order that a seed
/// decides. In the end everything is read back, and checked from the histories alone.
/// </summary>
internal sealed class ClusterRun
{
    internal const int Nodes = 3;

    /// <summary>What the store's clock, read over a network within 200 ms, may differ by between two nodes.</summary>
    private static readonly Duration Skew = Duration.FromMilliseconds(250);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(1);
    private const int FaultsAnAudience = 8;
    private const int WatchedAFault = 6;

    private readonly ClusterRunPlan plan;
    private readonly Scene scene;
    private readonly List<Audience> audiences = [];
    private readonly List<string> injected = [];
    private IReadOnlyList<string> dense = [];

    private ClusterRun(ClusterRunPlan plan, Scene scene) => (this.plan, this.scene) = (plan, scene);

    /// <summary>Runs a plan. The processes are gone when it ends, however it ends.</summary>
    internal static async Task<ClusterResult> Run(ClusterRunPlan plan, CancellationToken cancel)
    {
        var begun = RealTime.Provider.GetTimestamp();
        plan = plan with { Say = Timed(plan.Say, begun) };
        using var folder = new TemporaryFolder();
        await ShortPolicy.Write(folder["policy.json"], cancel);
        var logs = Environment.GetEnvironmentVariable("FAULTS_LOGS") is { Length: > 0 } wanted ? Directory.CreateDirectory(wanted).FullName : null;
        using var postgres = PostgresServer.Start();
        postgres.CreateDatabase("faults");
        var (switched, next) = (await ServerBuild.Switched(cancel), await ServerBuild.Next(cancel));
        await using var cluster = await Cluster.Start(postgres, "faults", new(ServerBuild.Delivered, switched, folder["data"], folder["policy.json"], Nodes, logs, Patience, Next: next), cancel);
        using var api = new Api(cluster, TimeSpan.FromSeconds(8));
        var desk = new Desk(cluster, api, plan.Seed);
        plan.Say("the cluster is up");
        await using var scene = new Scene(plan, postgres, cluster, api, desk, cancel);
        try
        {
            await People.SetUp(api, cancel);
            return await new ClusterRun(plan, scene).Run();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new InvalidOperationException($"The run of seed {plan.Seed} broke off. The nodes' last words:{Environment.NewLine}{cluster.Output}", e);
        }
    }

    private async Task<ClusterResult> Run()
    {
        var started = RealTime.Provider.GetTimestamp();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(scene.Cancel);
        try
        {
            var work = Task.WhenAll(new Work(scene.Desk, stop.Token).Start(), new LibraryWork(scene.Desk, scene.Api, stop.Token).Start());
            do
            {
                foreach (var fault in scene.Shuffled(EveryFault.All.Where(f => plan.Only is null || f.Name.Contains(plan.Only, StringComparison.OrdinalIgnoreCase))))
                {
                    await Inject(fault);
                    if (plan.Long is { } limit && RealTime.Provider.GetElapsedTime(started) > limit)
                    {
                        break;
                    }
                }
            }
            while (plan.Long is { } goOn && RealTime.Provider.GetElapsedTime(started) < goOn);

            plan.Say("the people go home");
            await stop.CancelAsync();
            await work;
            await scene.Desk.RepeatAcknowledged(scene.Cancel);
            var ending = new Ending(scene.Api, scene.Desk, audiences);
            var settled = await ending.Settled(Patience, scene.Cancel);
            plan.Say($"came to rest: {settled}");
            var run = await ending.Read(scene.Cancel, () => [.. scene.Crowd.SelectMany(w => w.Seen())], Skew);
            return new(Checker.Check(run), [.. scene.Desk.Errors, .. scene.Complaints], Report(run, settled, RealTime.Provider.GetElapsedTime(started)));
        }
        finally
        {
            await stop.CancelAsync();
            foreach (var audience in audiences)
            {
                await audience.DisposeAsync();
            }
        }
    }

    private async Task Inject(Fault fault)
    {
        if (injected.Count % FaultsAnAudience == 0)
        {
            Seat();
        }

        await scene.Desk.RepeatAcknowledged(scene.Cancel);
        var former = dense;
        plan.Say("  repeated what had been acknowledged");
        dense = await scene.OpenDense();
        plan.Say($"  opened {dense.Count} cases");
        await Watch();
        var begun = RealTime.Provider.GetTimestamp();
        plan.Say($"seed {plan.Seed}, fault {injected.Count + 1}: {fault.Name}");
        await fault.Inject(scene);
        var faulty = RealTime.Provider.GetElapsedTime(begun);
        await scene.Cluster.AllReady(scene.Cancel);
        var healed = RealTime.Provider.GetElapsedTime(begun);
        injected.Add(string.Create(CultureInfo.InvariantCulture, $"{fault.Name}: {faulty.TotalSeconds:0.0} s, healed after {healed.TotalSeconds:0.0} s"));
        plan.Say($"  {injected[^1]}");
        await scene.CloseAll(former);
        plan.Say($"  closed {former.Count} cases");
        await RealTime.Think(Breath, scene.Cancel);
    }

    private void Seat()
    {
        var audience = new Audience(scene.Cluster, scene.Api, audiences.Count);
        audience.Start();
        audience.WatchQueue(People.Queue);
        audience.WatchQueue(People.DenseQueue);
        audiences.Add(audience);
        scene.Audience = audience;

        // A contact of another customer, who asks for everything and must get nothing.
        scene.SeatStranger();
    }

    private async Task Watch()
    {
        var busy = scene.Busy(WatchedAFault);
        foreach (var number in dense.Take(WatchedAFault).Concat(busy))
        {
            await scene.Audience.WatchAsStaff(number);
        }

        foreach (var number in busy)
        {
            await scene.Audience.WatchAsContact(number);
            await scene.Stranger!.Watch(number);
        }
    }

    private static Action<string> Timed(Action<string> say, long begun) =>
        what => say(string.Create(CultureInfo.InvariantCulture, $"{RealTime.Provider.GetElapsedTime(begun).TotalSeconds,6:0.0} s  {what}"));

    /// <summary>What was due when something died, or soon after: when somebody was first told of it, counted from when the death was known.</summary>
    private IEnumerable<string> Deaths(RecordedRun run)
    {
        var told = run.WatchedCases.Where(w => !w.AsContact)
            .SelectMany(w => w.Sights.SelectMany(s => (s.Changes ?? []).Where(e => e.Type == "milestone-missed").Select(e => (w.Number, e.Version, Due: e.At, s.At))))
            .GroupBy(t => (t.Number, t.Version)).Select(g => (g.First().Due, First: g.Min(t => t.At))).ToList();
        foreach (var (how, died, known, then) in scene.Deaths)
        {
            var late = told.Where(t => t.Due >= died && t.Due <= known).Select(t => (t.First - known).TotalSeconds).ToList();
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{how}: known {(known - died).TotalSeconds:0.0} s after it; of {late.Count} watched milestones due meanwhile the last was told {(late.Count == 0 ? 0 : late.Max()):0.0} s after that; {then}");
        }
    }

    private string Report(RecordedRun run, bool settled, TimeSpan took)
    {
        var sights = run.WatchedCases.SelectMany(w => w.Sights).ToList();
        int Count(Outcome outcome) => run.Commands.Count(c => c.Outcome == outcome);
        return string.Create(CultureInfo.InvariantCulture, $"""
            seed {plan.Seed}, {injected.Count} faults in {took.TotalSeconds:0} s, {Nodes} nodes, came to rest: {settled}
              {string.Join($"{Environment.NewLine}  ", injected)}
            deaths: {scene.Deaths.Count}
              {string.Join($"{Environment.NewLine}  ", Deaths(run))}
            commands: {run.Commands.Count}, acknowledged {Count(Outcome.Acknowledged)}, refused {Count(Outcome.Refused)}, unknown and left alone {Count(Outcome.Unknown)}
            repeats: {run.Commands.Count(c => c.Attempts > 1)} until there was an answer, {run.Commands.Count(c => c.AnsweredAgain is not null)} of acknowledged ones
            by kind: {string.Join(", ", run.Commands.CountBy(c => c.Kind).OrderBy(c => c.Key).Select(c => $"{c.Key} {c.Value}"))}
            cases: {run.Cases.Count}, entries {run.Cases.Sum(c => c.History.Count)}, misses {run.Cases.Sum(c => c.History.Count(e => e.Type == "milestone-missed"))}
            watched: {run.WatchedCases.Count} case streams, {sights.Count} frames, {sights.Count(s => s.Reset)} resets, {sights.Count(s => s.Kind == SightKind.Stale)} stale; queues {run.WatchedQueues.Sum(w => w.Sights.Count)} frames, {run.WatchedQueues.Sum(w => w.Sights.Count(s => s.Reset))} resets
            {string.Join(Environment.NewLine, scene.Notes)}
            connections between nodes that could not be told apart: {scene.Cluster.Unidentified}
            """);
    }
}
