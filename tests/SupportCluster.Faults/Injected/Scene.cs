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

    /// <summary>As tests/NextVersion adds it to a case's view.</summary>
    private const string LaterMember = "\"mood\":\"calm\"";
    private static readonly TimeSpan CurrentWithin = TimeSpan.FromSeconds(60);
    private readonly Random chance = new(plan.Seed);
    private readonly List<RawWatcher> crowd = [];
    private (RawWatcher Reader, Flow FromServer)? stalling;
    private Wire? stallingWire;

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

    /// <summary>What died when, and when that was known.</summary>
    internal ConcurrentQueue<(string How, Instant Died, Instant Known, string Then)> Deaths { get; } = [];

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

    /// <summary>Lets the fault last, in seconds: so long in a short run, so long in a long one.</summary>
    internal Task Last(double briefly, double atLength) => RealTime.Think(TimeSpan.FromSeconds(IsLong ? atLength : briefly), cancel);

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

    internal Task CloseAll(IEnumerable<string> numbers) => Task.WhenAll(numbers.Select(number =>
    {
        var marker = desk.Marker();
        return desk.Give(CommandKind.Close, "manager.emea", "manager.emea", $"api/cases/{number}/close", number, marker, new CloseCase(marker), cancel);
    }));

    internal void SeatStranger()
    {
        Stranger = new RawWatcher(cluster, api, People.DenseContact);
        Stranger.Start();
        Crowd.Enqueue(Stranger);
    }

    /// <summary>Measures a death: when the cluster knew of it, and when everybody who watches was told what happened to cases afterwards.</summary>
    /// <param name="died">The last instant at which it lived.</param>
    /// <param name="silent">The node, when it takes requests still and answers none: people go elsewhere.</param>
    internal async Task Death(string how, int siloPort, Instant died, Node? silent = null)
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
            return await desk.Give(CommandKind.Note, "manager.emea", "manager.emea", $"api/cases/{number}/note", number, marker, new AddNote(marker, Internal: true), cancel, insist: true, silent: silent?.Index);
        }));
        var written = RealTime.Now;
        var views = answers.Select(a => a.View).OfType<CaseView>().ToList();
        var current = await RealTime.Until(() => Task.FromResult(views.All(v => Audience.HasSeen(v.Number, v.Version))), CurrentWithin, cancel);
        plan.Say($"  current: {(current ? "all" : $"not {views.Select(v => Audience.Behind(v.Number, v.Version)).FirstOrDefault(b => b is not null)}")}");
        Died(how, died, known, string.Create(CultureInfo.InvariantCulture,
            $"{views.Count} cases written to after {Seconds(written - known)}, {(current ? $"all watchers current after {Seconds(RealTime.Now - known)}" : "NOT ALL WATCHERS CURRENT within a minute")}"));
    }

    internal void Died(string how, Instant died, Instant known, string then = "") => Deaths.Enqueue((how, died, known, then));

    /// <summary>A node that was declared dead must not go on beside its successors: it ends as soon as it reads that it is dead.</summary>
    internal async Task MustEnd(Node node)
    {
        if (!await node.Ends(cluster.Plan.Patience, cancel))
        {
            Complaints.Enqueue($"Node {node.Index} was declared dead and goes on.");
        }
    }

    /// <summary>A node that must not be given work says so, and why.</summary>
    internal async Task MustNotBeReady(Node node, string because)
    {
        var said = (Ready: false, Reason: (string?)null);
        await RealTime.Until(async () => (said = await cluster.Health(node, cancel)) is { Ready: true } or { Reason.Length: > 0 }, cluster.Plan.Patience, cancel);
        if (said.Ready || said.Reason?.Contains(because, StringComparison.Ordinal) != true)
        {
            Complaints.Enqueue($"Node {node.Index} should not be ready because of its {because}, and says: {(said.Ready ? "ready" : said.Reason)}.");
        }
    }

    /// <summary>Every node shows a case as its version does: the later one with a member more.</summary>
    internal async Task MustBeOfItsVersion()
    {
        foreach (var node in cluster.Nodes)
        {
            string? shown = null;
            await RealTime.Until(async () => (shown = await api.Read("admin", $"api/cases/{Busy(1)[0]}", node.Index, cancel)) is not null, cluster.Plan.Patience, cancel);
            if (shown?.Contains(LaterMember, StringComparison.Ordinal) != node.IsUpgraded)
            {
                Complaints.Enqueue($"Node {node.Index}, {(node.IsUpgraded ? "of the later version" : "of the present version")}, shows a case as {shown ?? "nothing"}.");
            }
        }
    }

    /// <summary>So many watchers beside the audience, staff and contacts, over all nodes.</summary>
    internal IReadOnlyList<RawWatcher> CrowdOf(int count)
    {
        while (crowd.Count < count)
        {
            var watcher = new RawWatcher(cluster, api, crowd.Count % 2 == 0 ? "manager.emea" : People.Contacts[0], crowd.Count);
            watcher.Start();
            crowd.Add(watcher);
            Crowd.Enqueue(watcher);
        }

        return crowd;
    }

    /// <summary>A reader whose network can be made to stall.</summary>
    internal (RawWatcher Reader, Flow FromServer) StalledReader()
    {
        if (stalling is null)
        {
            var back = new Flow();
            stallingWire = new Wire(cluster.Addresses[chance.Next(cluster.Nodes.Count)].Port, _ => (new Flow(), back));
            var reader = new RawWatcher(cluster, api, People.Contacts[0], only: new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{stallingWire.Port}")));
            reader.Start();
            Crowd.Enqueue(reader);
            stalling = (reader, back);
        }

        return stalling.Value;
    }

    /// <summary>Waits for something, and notes how long it took.</summary>
    internal async Task Note(string what, Func<bool> happened)
    {
        var started = RealTime.Now;
        var came = await RealTime.Until(() => Task.FromResult(happened()), CurrentWithin, cancel);
        Notes.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{what}{(came ? "" : " NOT")} after {Seconds(RealTime.Now - started)}"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var watcher in Crowd)
        {
            await watcher.DisposeAsync();
        }

        if (stallingWire is not null)
        {
            await stallingWire.DisposeAsync();
        }
    }

    private static string Seconds(Duration time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
