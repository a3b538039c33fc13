using System.Collections.Concurrent;
using System.Globalization;
using NodaTime;
using SupportCluster.Faults.Checking;
using SupportCluster.Faults.Load;
using SupportCluster.Faults.Watching;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Faults.Sun;

/// <summary>What everybody in a run that follows the sun sees and shares: the cases as staff is told of them live, what is to be done with each, and chance.</summary>
internal sealed class SunFloor(Api api, Desk desk, Chance chance) : IAsyncDisposable
{
    /// <summary>A connection watches at most 200 topics.</summary>
    private const int WatchedAConnection = 150;

    private readonly ConcurrentDictionary<string, SunCase> cases = new();
    private readonly ConcurrentDictionary<string, LibraryWatcher> watchedBy = new();
    private readonly List<LibraryWatcher> watchers = [];
    private readonly Lock gate = new();
    private int watched;

    internal Api Api => api;

    internal Desk Desk => desk;

    internal Chance Chance => chance;

    internal IEnumerable<SunCase> Cases => cases.Values;

    /// <summary>A case was reported, or turned up at an engineer: it is watched from now on.</summary>
    internal SunCase Know(string number, LoggedCase? logged = null)
    {
        var known = cases.GetOrAdd(number, n => new(n, logged));
        lock (gate)
        {
            if (!watchedBy.ContainsKey(number))
            {
                if (watched++ % WatchedAConnection == 0)
                {
                    watchers.Add(new(api, "rep", watchers.Count));
                }

                watchers[^1].WatchCase(number);
                watchedBy[number] = watchers[^1];
            }
        }

        return known;
    }

    /// <summary>A case as it was last heard of, live or in an answer; null before it was.</summary>
    internal CaseView? View(string number)
    {
        var live = watchedBy.TryGetValue(number, out var watcher) ? watcher.View(number) : null;
        var answered = desk.Cases.GetValueOrDefault(number);
        return live is null || answered?.Version > live.Version ? answered : live;
    }

    /// <summary>The open cases as they were last heard of.</summary>
    internal IEnumerable<(SunCase Case, CaseView View)> Open() => cases.Values.Select(c => (Case: c, View: View(c.Number))).Where(c => c.View is { ClosedAt: null }).Select(c => (c.Case, c.View!));

    /// <summary>Whether somebody does something that happens with a probability; the same for the same seed, case and thing.</summary>
    internal bool Happens(double probability, SunCase c, string what) => chance.Happens(probability, c.Name, what);

    /// <summary>A time between two numbers of seconds; the same for the same seed, case and thing.</summary>
    internal Duration Seconds(double least, double most, SunCase c, string what) => Duration.FromSeconds(least + ((most - least) * chance.Of(c.Name, what)));

    /// <summary>Gives a command with a text of its own to a case.</summary>
    internal async Task<Reply> Give(CommandKind kind, string persona, string by, string number, string verb, Func<string, object> body, CancellationToken cancel, bool insist = false)
    {
        var marker = desk.Marker();
        return await desk.Give(kind, persona, by, $"api/cases/{number}/{verb}", number, marker, body(marker), cancel, insist);
    }

    /// <summary>Whether every watcher has been told of the version that is asked for.</summary>
    internal bool IsCurrent(IEnumerable<RecordedCase> present) => present.All(c => !watchedBy.TryGetValue(c.View.Number, out var watcher) || watcher.Version(c.View.Number) == c.View.Version);

    internal IReadOnlyList<WatchedCase> Seen() => [.. watchers.SelectMany(w => w.SeenCases())];

    public async ValueTask DisposeAsync()
    {
        foreach (var watcher in watchers)
        {
            await watcher.DisposeAsync();
        }
    }
}

/// <summary>A case of the run, and what people remember to have done with it.</summary>
/// <param name="logged">Null for one whose report had no answer.</param>
internal sealed class SunCase(string number, LoggedCase? logged)
{
    private readonly ConcurrentDictionary<string, Instant> done = new();

    internal string Number => number;

    internal LoggedCase? Logged => logged;

    /// <summary>The subject of its chance: the place in the log, which every run gives it.</summary>
    internal string Name { get; } = logged is null ? number : string.Create(CultureInfo.InvariantCulture, $"case {logged.Place}");

    /// <summary>True the first time that it is asked for a thing.</summary>
    internal bool Once(string what) => done.TryAdd(what, RealTime.Now);

    /// <summary>How long ago a thing was done; null when it was not.</summary>
    internal Duration? Since(string what) => done.TryGetValue(what, out var at) ? RealTime.Now - at : null;

    /// <summary>True when a thing was not tried within the last seconds: what had no answer is tried again, but not at once.</summary>
    internal bool Again(string what, double seconds)
    {
        var now = RealTime.Now;
        if (done.TryGetValue(what, out var last) && now - last < Duration.FromSeconds(seconds))
        {
            return false;
        }

        done[what] = now;
        return true;
    }
}
