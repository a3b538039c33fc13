using System.Collections.Concurrent;
using System.Globalization;
using NodaTime;
using SupportCluster.Faults.Checking;
using SupportCluster.Faults.Load;
using SupportCluster.Faults.Servers;
using SupportCluster.Faults.Watching;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Faults;

/// <summary>What a run is made of.</summary>
/// <param name="Program">The server.</param>
/// <param name="Seed">Of the schedule: the same seed plans the same kills.</param>
/// <param name="Without">The protection that a test build is to leave out.</param>
/// <param name="Servers">Two for two processes on one store, of which only the fence keeps each from undoing the other's work. Nobody watches then: each tells its own watchers alone.</param>
/// <param name="Settle">For how long the service may take to come to rest in the end.</param>
internal sealed record KillPlan(string Program, int Seed, int Rounds, TimeSpan Settle, string? Without = null, int Servers = 1);

/// <summary>What came of it.</summary>
/// <param name="DueAtKills">For each kill, the milestones that ran until they fell due, within two seconds of it.</param>
internal sealed record KillResult(IReadOnlyList<Violation> Violations, IReadOnlyList<string> Errors, IReadOnlyList<int> DueAtKills, string Report);

/// <summary>
/// The kill rounds: people work, watchers watch, more than a hundred deadlines lie around each planned instant, and at that instant the
/// server is killed with SIGKILL and started again on the same store. In the end the histories are read and checked.
/// </summary>
internal sealed class KillRun
{
    /// <summary>More than the hundred that are wanted: some are met, or their case is closed, before the kill.</summary>
    private const int LeastDeadlines = 161;
    private const int MostOpened = 400;
    private const int AtOnce = 10;
    private const int Stock = 12;
    private const int WatchedARound = 6;
    private const int RoundsAnAudience = 10;
    private static readonly Duration Near = Duration.FromSeconds(2);
    private static readonly Duration Ahead = Duration.FromMilliseconds(300);

    private readonly KillPlan plan;
    private readonly Service service;
    private readonly Api api;
    private readonly Desk desk;
    private readonly List<Instant> kills = [];
    private readonly List<int> planned = [];
    private readonly Random schedule;
    private readonly CancellationToken cancel;
    private readonly List<Audience> audiences = [];
    private IReadOnlyList<string> dense = [];

    private KillRun(KillPlan plan, Service service, Api api, CancellationToken cancel)
    {
        (this.plan, this.service, this.api, this.cancel) = (plan, service, api, cancel);
        schedule = new(plan.Seed);
        desk = new(service, api, plan.Seed);
    }

    /// <summary>Runs a plan. The servers are gone when it ends, however it ends.</summary>
    internal static async Task<KillResult> Run(KillPlan plan, CancellationToken cancel)
    {
        using var folder = new TemporaryFolder();
        await ShortPolicy.Write(folder["policy.json"], cancel);
        await using var service = await Service.Start(plan.Program, folder["data"], folder["policy.json"], plan.Without, plan.Servers, cancel);
        using var api = new Api(service);
        try
        {
            await People.SetUp(api, cancel);
            return await new KillRun(plan, service, api, cancel).Run();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new InvalidOperationException($"The run of seed {plan.Seed} broke off. The server's last words:{Environment.NewLine}{service.Output}", e);
        }
    }

    private async Task<KillResult> Run()
    {
        var started = RealTime.Provider.GetTimestamp();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            var work = Task.WhenAll(new Work(desk, stop.Token).Start(), plan.Servers == 1 ? new LibraryWork(desk, api, stop.Token).Start() : Task.CompletedTask);
            for (var round = 1; round <= plan.Rounds; round++)
            {
                if (plan.Servers == 1 && round % RoundsAnAudience == 1)
                {
                    Seat();
                }

                await Round();
            }

            await stop.CancelAsync();
            await work;
            await desk.RepeatAcknowledged(cancel);
            if (plan.Servers > 1)
            {
                // What one server has in memory is not what the other has written: one begins afresh.
                await service.Kill();
                await service.Restart(cancel, count: 1);
            }

            var ending = new Ending(api, desk, audiences);
            var settled = await ending.Settled(plan.Settle, cancel);
            var run = await ending.Read(cancel);
            var violations = Checker.Check(run);
            return new(violations, [.. desk.Errors], DueAtKills(run), Report(run, settled, RealTime.Provider.GetElapsedTime(started)));
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

    private void Seat()
    {
        var audience = new Audience(service, api);
        audience.Start();
        audience.WatchQueue(People.Queue);
        audience.WatchQueue(People.DenseQueue);
        audiences.Add(audience);
    }

    private async Task Round()
    {
        await desk.RepeatAcknowledged(cancel);
        var former = dense;
        var (opened, kill) = await OpenDense();
        dense = [.. opened.Select(c => c.Number)];
        await WatchSome(dense);
        var stock = await TakeStock(kill);
        await Task.WhenAll(former.Where((_, i) => i % 8 != 0).Chunk(AtOnce).Select(CloseAll));
        await RealTime.Until(kill, cancel);

        // Many cases of one engineer end at the instant of the kill: their releases wait for each other.
        var answers = 0;
        var enough = 1 + schedule.Next(4);
        var some = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var closing = stock.Select(async number =>
        {
            await Close(number);
            if (Interlocked.Increment(ref answers) >= enough)
            {
                some.TrySetResult();
            }
        }).ToList();
        await Task.WhenAny(some.Task, Task.WhenAll(closing));
        kills.Add(await service.Kill());
        await RealTime.Until(kills[^1] + Duration.FromMilliseconds(schedule.Next(1000)), cancel);
        await service.Restart(cancel);
        await Task.WhenAll(closing);
    }

    /// <summary>Opens cases until more than a hundred deadlines lie within two seconds of one instant; that instant is the kill's.</summary>
    private async Task<(IReadOnlyList<CaseView> Opened, Instant Kill)> OpenDense()
    {
        var opened = new ConcurrentBag<CaseView>();
        while (true)
        {
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
            {
                for (var i = 0; i < 2; i++)
                {
                    var marker = desk.Marker();
                    var answer = await desk.Give(CommandKind.Submit, People.DenseContact, People.DenseContact, "api/cases", null, marker, new SubmitCase(People.Product, $"Dense {marker}", marker, 1), cancel);
                    if (answer.View is { } view)
                    {
                        opened.Add(view);
                    }
                }
            }));
            var deadlines = opened.SelectMany(c => c.Milestones).Select(m => m.Deadline).OfType<Instant>().Order().ToList();
            var earliest = RealTime.Now + Ahead;
            var (kill, count) = deadlines.Where(d => d >= earliest)
                .Select(d => (At: d, Count: deadlines.Count(other => other >= d - Near && other <= d + Near)))
                .DefaultIfEmpty((At: earliest, Count: 0))
                .MaxBy(d => d.Count);
            if (count >= LeastDeadlines || opened.Count >= MostOpened)
            {
                planned.Add(count);
                return ([.. opened], kill);
            }
        }
    }

    private async Task WatchSome(IReadOnlyList<string> opened)
    {
        if (audiences is not [.., var audience])
        {
            return;
        }

        var busy = desk.Cases.Values.Where(c => c.SupportId == People.WideContract && c.ClosedAt is null).OrderByDescending(c => c.ReportedAt).Take(WatchedARound).Select(c => c.Number).ToList();
        foreach (var number in opened.Take(WatchedARound).Concat(busy))
        {
            await audience.WatchAsStaff(number);
        }

        foreach (var number in busy)
        {
            await audience.WatchAsContact(number);
        }
    }

    /// <summary>One engineer takes cases until the kill is near.</summary>
    private async Task<IReadOnlyList<string>> TakeStock(Instant kill)
    {
        var taken = new List<string>();
        while (taken.Count < Stock && RealTime.Now < kill - Ahead)
        {
            var answer = await desk.Give(CommandKind.TakeNext, $"eng.{People.Stocked}", $"eng-{People.Stocked}", $"api/queues/{People.DenseQueue}/take", null, null, null, cancel);
            if (answer.View is { } view)
            {
                taken.Add(view.Number);
            }
            else if (answer.Outcome == Outcome.Refused)
            {
                break;
            }
        }

        return taken;
    }

    private async Task CloseAll(string[] numbers)
    {
        foreach (var number in numbers)
        {
            await Close(number);
        }
    }

    private Task<Reply> Close(string number)
    {
        var marker = desk.Marker();
        return desk.Give(CommandKind.Close, "manager.emea", "manager.emea", $"api/cases/{number}/close", number, marker, new CloseCase(marker), cancel);
    }

    private string Report(RecordedRun run, bool settled, TimeSpan took)
    {
        var missed = run.Cases.SelectMany(c => c.History).Where(e => e.Type == "milestone-missed").Select(e => e.At).ToList();
        var nearKills = kills.Select(k => missed.Count(m => m >= k - Near && m <= k + Near)).ToList();
        var armed = DueAtKills(run);
        var sights = run.WatchedCases.SelectMany(w => w.Sights).ToList();
        var late = run.WatchedCases.SelectMany(w => w.Sights.SelectMany(s => (s.Changes ?? []).Where(e => e.Type == "milestone-missed").Select(e => (s.At - e.At).TotalMilliseconds)))
            .Order().ToList();
        int Count(Outcome outcome) => run.Commands.Count(c => c.Outcome == outcome);
        return string.Create(CultureInfo.InvariantCulture, $"""
            seed {plan.Seed}, {kills.Count} kills in {took.TotalSeconds:0} s, without {plan.Without ?? "nothing"}, {plan.Servers} server(s), came to rest: {settled}
            commands: {run.Commands.Count}, acknowledged {Count(Outcome.Acknowledged)}, refused {Count(Outcome.Refused)}, unknown and left alone {Count(Outcome.Unknown)}
            repeats: {run.Commands.Count(c => c.Attempts > 1)} until there was an answer, {run.Commands.Count(c => c.AnsweredAgain is not null)} of acknowledged ones
            by kind: {string.Join(", ", run.Commands.CountBy(c => c.Kind).OrderBy(c => c.Key).Select(c => $"{c.Key} {c.Value}"))}
            cases: {run.Cases.Count}, entries {run.Cases.Sum(c => c.History.Count)}, misses {missed.Count}
            deadlines planned within 2 s of a kill: {string.Join(" ", planned)}; of these still running when they fell due: {string.Join(" ", armed)}; recorded as missed within 2 s of a kill: {string.Join(" ", nearKills)}
            watched: {run.WatchedCases.Count} case streams, {sights.Count} frames, {sights.Count(s => s.Reset)} resets, {sights.Count(s => s.Kind == SightKind.Stale)} stale; queues {run.WatchedQueues.Sum(w => w.Sights.Count)} frames, {run.WatchedQueues.Sum(w => w.Sights.Count(s => s.Reset))} resets
            misses seen after they were due, in ms: p50 {Quantile(late, 0.5):0}, p95 {Quantile(late, 0.95):0}, most {(late.Count == 0 ? 0 : late[^1]):0} (kills and starts included)
            """);
    }

    /// <summary>For each kill, the milestones that fell due within two seconds of it: missed, and due at an instant that near.</summary>
    private IReadOnlyList<int> DueAtKills(RecordedRun run)
    {
        var due = run.Cases.SelectMany(c => c.View.Milestones).Where(m => m.MissedAt is not null).Select(m => m.Deadline).OfType<Instant>().ToList();
        return [.. kills.Select(k => due.Count(d => d >= k - Near && d <= k + Near))];
    }

    private static double Quantile(List<double> sorted, double q) => sorted.Count == 0 ? 0 : sorted[(int)(q * (sorted.Count - 1))];
}
