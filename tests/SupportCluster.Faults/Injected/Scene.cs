using System.Collections.Concurrent;
using System.Globalization;
using NodaTime;
using SupportCluster.Faults.Load;
using SupportCluster.Faults.Servers;
using SupportCluster.Faults.Watching;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Faults.Injected;

/// <summary>What a fault has to do with: the processes, the people, and the chance that a seed decides.</summary>
internal sealed class Scene(ClusterRunPlan plan, PostgresServer postgres, Cluster cluster, Api api, Desk desk, CancellationToken cancel) : IAsyncDisposable
{
    private const int Dense = 12;
    private const int Probed = 6;
    private static readonly TimeSpan CurrentWithin = TimeSpan.FromSeconds(60);
    private readonly Random chance = new(plan.Seed);

    internal CancellationToken Cancel => cancel;

    internal PostgresServer Postgres => postgres;

    internal Cluster Cluster => cluster;

    internal Api Api => api;

    internal Desk Desk => desk;

    internal bool IsLong => plan.Long is not null;

    /// <summary>Who watches at present.</summary>
    internal Audience Audience { get; set; } = null!;

    /// <summary>A contact of another customer.</summary>
    internal RawWatcher? Stranger { get; private set; }

    /// <summary>Watchers beside the audiences; what they saw is checked too.</summary>
    internal ConcurrentQueue<RawWatcher> Crowd { get; } = [];

    /// <summary>What is wrong and no history would show.</summary>
    internal ConcurrentQueue<string> Complaints { get; } = [];

    /// <summary>For each death, when it was known and when everybody was current again.</summary>
    internal ConcurrentQueue<string> Deaths { get; } = [];

    internal ConcurrentQueue<string> Notes { get; } = [];

    internal Node AnyNode() => cluster.Nodes[chance.Next(cluster.Nodes.Count)];

    internal bool Chance(double probability)
    {
        lock (chance)
        {
            return chance.NextDouble() < probability;
        }
    }

    internal IReadOnlyList<T> Shuffled<T>(IEnumerable<T> items) => [.. items.Select(item => (item, chance.Next())).OrderBy(i => i.Item2).Select(i => i.item)];

    /// <summary>Lets the fault last.</summary>
    internal Task Last(double seconds) => RealTime.Think(TimeSpan.FromSeconds(seconds), cancel);

    /// <summary>Opens cases whose milestones fall due within seconds.</summary>
    internal async Task<IReadOnlyList<string>> OpenDense()
    {
        var opened = new ConcurrentBag<string>();
        await Task.WhenAll(Enumerable.Range(0, Dense).Select(async _ =>
        {
            var marker = desk.Marker();
            var answer = await desk.Give(CommandKind.Submit, People.DenseContact, People.DenseContact, "api/cases", null, marker, new SubmitCase(People.Product, $"Dense {marker}", marker, 1), cancel, insist: true);
            if (answer.View is { } view)
            {
                opened.Add(view.Number);
            }
        }));
        return [.. opened];
    }

    /// <summary>The newest cases that people work on.</summary>
    internal IReadOnlyList<string> Busy(int count) =>
        [.. desk.Cases.Values.Where(c => c.SupportId == People.WideContract && c.ClosedAt is null).OrderByDescending(c => c.ReportedAt).Take(count).Select(c => c.Number)];

    internal async Task CloseAll(IEnumerable<string> numbers)
    {
        foreach (var number in numbers)
        {
            var marker = desk.Marker();
            await desk.Give(CommandKind.Close, "manager.emea", "manager.emea", $"api/cases/{number}/close", number, marker, new CloseCase(marker), cancel);
        }
    }

    internal async Task SeatStranger()
    {
        Stranger = new RawWatcher(cluster, api, People.DenseContact);
        Stranger.Start();
        Crowd.Enqueue(Stranger);
        await Task.CompletedTask;
    }

    /// <summary>Measures a death: when the cluster knew of it, and when everybody who watches was told what happened to cases afterwards.</summary>
    /// <param name="died">The last instant at which it lived.</param>
    internal async Task Death(string how, int siloPort, Instant died)
    {
        if (await cluster.DeathKnown(siloPort, cancel) is not { } known)
        {
            Complaints.Enqueue($"{how}: the cluster never learned of the death of silo {siloPort}.");
            return;
        }

        plan.Say(string.Create(CultureInfo.InvariantCulture, $"  {how}: known {Seconds(known - died)} after it"));
        var answers = await Task.WhenAll(Busy(4 * Probed).Where(Audience.Watches).Take(Probed).Select(async number =>
        {
            var marker = desk.Marker();
            return await desk.Give(CommandKind.Note, "manager.emea", "manager.emea", $"api/cases/{number}/note", number, marker, new AddNote(marker, Internal: true), cancel, insist: true);
        }));
        var written = RealTime.Now;
        var views = answers.Select(a => a.View).OfType<CaseView>().ToList();
        var current = await RealTime.Until(() => Task.FromResult(views.All(v => Audience.HasSeen(v.Number, v.Version))), CurrentWithin, cancel);
        plan.Say($"  current: {current}");
        Deaths.Enqueue(string.Create(CultureInfo.InvariantCulture,
            $"{how}: known {Seconds(known - died)} after it; then {views.Count} cases written to after {Seconds(written - known)}, {(current ? $"all watchers current after {Seconds(RealTime.Now - known)}" : "NOT ALL WATCHERS CURRENT within a minute")}"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var watcher in Crowd)
        {
            await watcher.DisposeAsync();
        }
    }

    private static string Seconds(Duration time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
