using System.Globalization;
using NodaTime;
using SupportCluster.Faults.Checking;
using SupportCluster.Faults.Load;
using SupportCluster.Faults.Servers;

namespace SupportCluster.Faults.Sun;

/// <summary>What a run that follows the sun is made of.</summary>
/// <param name="Seed">Of all that people do by chance, and of the kills.</param>
/// <param name="Cases">Of the real log, one after the other.</param>
/// <param name="Kills">A node every half minute, so often.</param>
/// <param name="Say">Told what happens, as it happens.</param>
internal sealed record SunPlan(int Seed, int Cases, int Kills, Action<string> Say);

/// <summary>What came of it.</summary>
internal sealed record SunResult(IReadOnlyList<Violation> Violations, IReadOnlyList<string> Errors, RecordedRun Run, SunReport Report);

/// <summary>
/// Cases of the real log, in real time, through two nodes and a database: engineers in three regions with shifts of a minute or two, who are rung, accept,
/// and hand on; and every half minute one of the nodes is killed. In the end everything is read back, and checked from the histories alone.
/// </summary>
internal sealed class SunRun
{
    internal const int Nodes = 2;

    /// <summary>Reports in a second: what two busy processors carry.</summary>
    internal const double Pace = 2.5;

    internal const int SecondsBetweenKills = 30;

    /// <summary>A day on which the log has cases of all regions round the clock.</summary>
    private static readonly Instant FirstDay = Instant.FromUtc(2012, 5, 3, 10, 0);

    /// <summary>What the store's clock, read over a network within 200 ms, may differ by between two nodes.</summary>
    private static readonly Duration Skew = Duration.FromMilliseconds(250);

    /// <summary>From the known death of a node until what lived on it lives elsewhere, and what fell due meanwhile is seen to.</summary>
    private static readonly Duration Recovery = Duration.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(SecondsBetweenKills);
    private static readonly TimeSpan HandoffWait = TimeSpan.FromSeconds(20);

    /// <summary>For how long people work on when the last case has been reported.</summary>
    private static readonly TimeSpan Evening = TimeSpan.FromSeconds(20);

    private readonly SunPlan plan;
    private readonly Cluster cluster;
    private readonly SunFloor floor;
    private readonly SunPeople people;
    private readonly IReadOnlyList<LoggedCase> cases;
    private readonly List<SunKill> kills = [];

    private SunRun(SunPlan plan, Cluster cluster, SunFloor floor, SunPeople people, IReadOnlyList<LoggedCase> cases) =>
        (this.plan, this.cluster, this.floor, this.people, this.cases) = (plan, cluster, floor, people, cases);

    private Duration Reporting => Duration.FromSeconds(Math.Max(plan.Cases / Pace, plan.Kills * BetweenKills.TotalSeconds));

    /// <summary>Runs a plan. The processes are gone when it ends, however it ends.</summary>
    internal static async Task<SunResult> Run(SunPlan plan, CancellationToken cancel)
    {
        var begun = RealTime.Provider.GetTimestamp();
        plan = plan with { Say = Timed(plan.Say, begun) };
        using var folder = new TemporaryFolder();
        var regions = await SunPolicy.Write(folder["policy.json"], cancel);
        IReadOnlyList<LoggedCase> cases = [.. RealLog.Read(regions.GetValueOrDefault).Cases.Where(c => c.At >= FirstDay).OrderBy(c => c.At).ThenBy(c => c.Place).Take(plan.Cases)];
        var logs = Environment.GetEnvironmentVariable("FAULTS_LOGS") is { Length: > 0 } wanted ? Directory.CreateDirectory(wanted).FullName : null;
        using var postgres = PostgresServer.Start();
        postgres.CreateDatabase("sun");
        await using var cluster = await Cluster.Start(postgres, "sun", new(ServerBuild.Delivered, null, folder["data"], folder["policy.json"], Nodes, logs, Patience), cancel);
        using var api = new Api(cluster, TimeSpan.FromSeconds(8));
        var desk = new Desk(cluster, api, plan.Seed);
        plan.Say("the cluster is up");
        await using var floor = new SunFloor(api, desk, new Chance((ulong)plan.Seed));
        try
        {
            var people = await SunPeople.SetUp(api, cases, lasts: (int)(plan.Cases / Pace / 60) + 10, cancel);
            plan.Say("everybody is there");
            return await new SunRun(plan, cluster, floor, people, cases).Run(begun, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new InvalidOperationException($"The run of seed {plan.Seed} broke off. The nodes' last words:{Environment.NewLine}{cluster.Output}", e);
        }
    }

    private async Task<SunResult> Run(long begun, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        IReadOnlyList<SunEngineer> engineers = [.. people.Engineers.Select((e, i) => new SunEngineer(floor, e, i))];
        var managers = new SunManagers(floor);
        var customers = new SunCustomers(floor);
        try
        {
            var work = Task.WhenAll([.. engineers.Select(e => e.Work(stop.Token)), managers.Work(stop.Token), customers.Work(stop.Token)]);
            var killing = Kill(cancel);
            await customers.Report(cases, Reporting, cancel);
            plan.Say("all cases are reported");
            await killing;
            await RealTime.Think(Evening, cancel);
            plan.Say("the people go home");
            await stop.CancelAsync();
            await work;
            await cluster.AllReady(cancel);
            await managers.CloseAll(cancel);
            await floor.Desk.RepeatAcknowledged(cancel);
        }
        finally
        {
            await stop.CancelAsync();
        }

        var ending = new Ending(floor.Api, floor.Desk, [], SunPeople.Queues);
        var settled = await ending.Settled(Patience, cancel);
        plan.Say($"came to rest: {settled}");
        var present = await ending.Read(cancel);
        var told = await RealTime.Until(() => Task.FromResult(floor.IsCurrent(present.Cases)), Patience, cancel);
        plan.Say($"everybody was told: {told}");
        var run = (await ending.Read(cancel, floor.Seen, Skew)) with { AcknowledgeWithin = SunPolicy.AcknowledgeWithin, WatchedEngineers = [.. engineers.Select(e => e.Seen)] };
        var report = new SunReport(plan, run, people, kills, Recovery, RealTime.Provider.GetElapsedTime(begun), floor.Api.Answered);
        return new([.. Checker.Check(run), .. report.LeftAlone], [.. floor.Desk.Errors], run, report);
    }

    /// <summary>Kills a node every half minute, every other time while a handoff is under way, and starts it again.</summary>
    private async Task Kill(CancellationToken cancel)
    {
        var next = RealTime.Now + Duration.FromTimeSpan(BetweenKills);
        for (var i = 0; i < plan.Kills; i++)
        {
            await RealTime.Until(next, cancel);
            next += Duration.FromTimeSpan(BetweenKills);
            var handoff = i % 2 == 1 && await RealTime.Until(() => Task.FromResult(floor.Open().Any(o => o.View.Handoff is { DutyManager: null })), HandoffWait, cancel);
            var node = cluster.Nodes[floor.Chance.Between(0, Nodes - 1, "node", string.Create(CultureInfo.InvariantCulture, $"kill {i}"))];
            var port = node.SiloPort;
            var at = await node.Kill();
            plan.Say($"node {node.Index} is killed{(handoff ? ", a handoff is under way" : "")}");
            var knowing = cluster.DeathKnown(port, cancel);
            await RealTime.Think(TimeSpan.FromSeconds(floor.Chance.Between(0, 3, "pause", string.Create(CultureInfo.InvariantCulture, $"kill {i}"))), cancel);
            await cluster.AllReady(cancel);
            var known = await knowing;
            kills.Add(new(node.Index, at, known ?? at, RealTime.Now, handoff));
            plan.Say(string.Create(CultureInfo.InvariantCulture, $"  its death was known after {(kills[^1].Known - at).TotalSeconds:0.0} s, all nodes serve after {(kills[^1].Healed - at).TotalSeconds:0.0} s"));
            await floor.Desk.RepeatAcknowledged(cancel);
        }
    }

    private static Action<string> Timed(Action<string> say, long begun) =>
        what => say(string.Create(CultureInfo.InvariantCulture, $"{RealTime.Provider.GetElapsedTime(begun).TotalSeconds,6:0.0} s  {what}"));
}

/// <summary>A node's death in a run that follows the sun.</summary>
/// <param name="Known">When the cluster had declared it dead.</param>
/// <param name="Healed">When all nodes served again.</param>
/// <param name="Handoff">Whether a handoff was under way.</param>
internal sealed record SunKill(int Node, Instant At, Instant Known, Instant Healed, bool Handoff);
