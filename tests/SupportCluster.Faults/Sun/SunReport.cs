using System.Globalization;
using NodaTime;
using NodaTime.Text;
using SupportCluster.Faults.Checking;
using SupportCluster.Faults.Load;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Faults.Sun;

/// <summary>What a run came to, in figures, counted from the histories.</summary>
internal sealed class SunReport
{
    internal const string NeverAlone = "HB-6.3: a case in continuous service has an owner at work, rings, or a manager was told";

    /// <summary>
    /// A case that waits in its queue rings when the queue next looks; when nobody is there, a manager is told once it has waited as long as it would
    /// ring and the queue has rested for five seconds. A busy machine takes some seconds more, a case that was forgotten a shift or more.
    /// </summary>
    private static readonly Duration Waits = SunPolicy.Ring + Duration.FromSeconds(1 + 5 + 21);

    /// <summary>An owner's leaving is known ahead, so nothing has to be noticed first; acceptances that come after the end of the shift are told of at once.</summary>
    private static readonly Duration Leaves = Duration.FromSeconds(8);

    /// <summary>What takes one answer's time on an idle machine takes a few of them in all: on a busy one that is much.</summary>
    private const int AnswersOnTheWay = 5;

    private readonly SunPlan plan;
    private readonly RecordedRun run;
    private readonly IReadOnlyList<SunKill> kills;
    private readonly TimeSpan took;
    private readonly IReadOnlyList<(string Number, HistoryEntry Entry)> entries;
    private readonly Dictionary<string, string> regions;
    private readonly IReadOnlyList<(Unattended Stretch, Duration Outside)> alone;
    private readonly Duration recovery;
    private readonly Duration slowest;

    /// <param name="answered">The commands that were answered: what the machine is quick enough for.</param>
    /// <param name="recovery">For how long after a node was declared dead its kill still counts.</param>
    internal SunReport(SunPlan plan, RecordedRun run, SunPeople people, IReadOnlyList<SunKill> kills, Duration recovery, TimeSpan took, IReadOnlyCollection<(Instant At, Duration Took)> answered)
    {
        (this.plan, this.run, this.kills, this.took, this.recovery) = (plan, run, kills, took, recovery);
        entries = [.. run.Cases.SelectMany(c => c.History.Select(e => (c.View.Number, e)))];
        regions = people.Engineers.ToDictionary(e => e.Id, e => e.Region);
        var found = ContinuityCheck.Find(run.Cases, SunPolicy.ContinuousOffers, people.Engineers.ToDictionary(e => e.Id, e => e.Shifts));
        var outside = answered.Where(a => !kills.Any(k => a.At + a.Took > k.At && a.At < k.Known + recovery)).Select(a => a.Took).Order().ToList();
        slowest = outside.Count == 0 ? Duration.Zero : outside[outside.Count * 99 / 100];
        alone = [.. found.Select(s => (s, s.Length - InKills(s)))];
    }

    /// <summary>Cases that were left alone for longer than it takes to look at them, the time of kills not counted.</summary>
    internal IEnumerable<Violation> LeftAlone => alone.Where(a => a.Outside > Allowed(a.Stretch.Owner is null ? Waits : Leaves)).Select(a => new Violation(NeverAlone, $"case {a.Stretch.Number}",
        $"{(a.Stretch.Owner is { } owner ? $"its owner {owner} was away" : "it had no owner")} and nobody was told from {Text(a.Stretch.From)} to {Text(a.Stretch.To)}, {Seconds(a.Outside)} of it outside of kills"));

    private Duration Allowed(Duration onAnIdleMachine) => onAnIdleMachine + (AnswersOnTheWay * slowest);

    internal int Handoffs => Count("case-handoff-accepted");

    internal int Kills => kills.Count;

    public override string ToString()
    {
        var owners = run.Cases.ToDictionary(c => c.View.Number, c => c.History.Where(e => e.Type is "case-taken" or "case-handoff-accepted").Select(e => regions[e.By]).ToList());
        var across = entries.Count(e => e.Entry.Type == "case-handoff-accepted" && regions[e.Entry.By] != regions[e.Entry.Facts!["from"]]);
        var notices = run.Cases.SelectMany(AcceptedAfter).Order().ToList();
        var watched = run.WatchedCases.SelectMany(w => w.Sights).ToList();
        int Outcomes(Outcome outcome) => run.Commands.Count(c => c.Outcome == outcome);
        string By(string type, string fact) => string.Join(", ", entries.Where(e => e.Entry.Type == type).CountBy(e => e.Entry.Facts![fact]).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key} {c.Value}"));
        return string.Create(CultureInfo.InvariantCulture, $"""
            seed {plan.Seed}, {run.Cases.Count} cases of the real log in {took.TotalSeconds:0} s, {SunRun.Nodes} nodes, {regions.Count} engineers
            commands: {run.Commands.Count}, acknowledged {Outcomes(Outcome.Acknowledged)}, refused {Outcomes(Outcome.Refused)}, unknown and left alone {Outcomes(Outcome.Unknown)}; repeats: {run.Commands.Count(c => c.Attempts > 1)} until there was an answer, {run.Commands.Count(c => c.AnsweredAgain is not null)} of acknowledged ones
              {string.Join(", ", run.Commands.CountBy(c => c.Kind).OrderBy(c => c.Key).Select(c => $"{c.Key} {c.Value}"))}
            entries {entries.Count}, misses {Count("milestone-missed")}, warnings {Count("milestone-warned")}, work stopped {Count("case-work-stopped")} times
            rings: {Count("case-ring-started")}, accepted {run.Cases.Sum(AcceptedRings)}, declined {Count("case-ring-declined")}, run out {Count("case-ring-expired")}, ended ({By("case-ring-ended", "why")}); taken from a queue {Count("case-taken") + Handoffs - run.Cases.Sum(AcceptedRings)}
            handoffs: begun {Count("case-handoff-note-asked")} ({By("case-handoff-note-asked", "reason")}), sought {By("case-handoff-sought", "withNote")} with a note, accepted {Handoffs}, across regions {across}, withdrawn {Count("case-handoff-withdrawn")}, the duty manager answerable {Count("case-handoff-unaccepted")}
              accepted after the notice: {(notices.Count == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"median {notices[notices.Count / 2].TotalSeconds:0.0} s, 95 % within {notices[notices.Count * 95 / 100].TotalSeconds:0.0} s, longest {notices[^1].TotalSeconds:0.0} s; notice is {SunPolicy.Notice.TotalSeconds:0} s"))}
            escalations: {Count("case-escalated")} ({By("case-escalated", "cause")}), passed on {Count("case-escalation-passed-on")}, taken up {Count("case-escalation-taken-up")}
            cases that changed region: {owners.Count(o => o.Value.Distinct().Count() > 1)} ({100.0 * owners.Count(o => o.Value.Distinct().Count() > 1) / Math.Max(1, owners.Count):0.0} %), with three owners or more {owners.Count(o => o.Value.Count > 2)}
            {Continuous()}
            watched: {run.WatchedCases.Count} case streams, {watched.Count} frames, {watched.Count(s => s.Reset)} resets, {watched.Count(s => s.Kind == SightKind.Stale)} stale; engineers {run.WatchedEngineers!.Sum(e => e.Views.Count)} frames
            kills: {kills.Count}, with a handoff under way {kills.Count(k => k.Handoff)}
              {string.Join($"{Environment.NewLine}  ", kills.Select(k => string.Create(CultureInfo.InvariantCulture, $"node {k.Node} at {Text(k.At)}: known {(k.Known - k.At).TotalSeconds:0.0} s, all serve {(k.Healed - k.At).TotalSeconds:0.0} s after it{(k.Handoff ? ", a handoff under way" : "")}")))}
            """);
    }

    private string Continuous()
    {
        var (waiting, away) = (alone.Where(a => a.Stretch.Owner is null).ToList(), alone.Where(a => a.Stretch.Owner is not null).ToList());
        return string.Create(CultureInfo.InvariantCulture, $"""
            continuous cases left alone (no owner at work, no ring, nobody told), the time of a kill being from it until {recovery.TotalSeconds:0} s after the node was declared dead:
              in the queue {waiting.Count} times, longest {Seconds(Longest(waiting.Select(a => a.Outside)))} outside of kills (at most {Seconds(Allowed(Waits))} is allowed), {Seconds(Longest(waiting.Select(a => a.Stretch.Length)))} with them
              with an owner off shift {away.Count} times, longest {Seconds(Longest(away.Select(a => a.Outside)))} outside of kills (at most {Seconds(Allowed(Leaves))} is allowed; 99 % of the answers came within {Seconds(slowest)}), {Seconds(Longest(away.Select(a => a.Stretch.Length)))} with them
            """);
    }

    private static Duration Longest(IEnumerable<Duration> lengths) => lengths.Append(Duration.Zero).Max();

    private int Count(string type) => entries.Count(e => e.Entry.Type == type);

    /// <summary>How much of a stretch lies between a kill and the recovery from it; kills may overlap.</summary>
    private Duration InKills(Unattended stretch)
    {
        var (sum, counted) = (Duration.Zero, stretch.From);
        foreach (var kill in kills.OrderBy(k => k.At))
        {
            var (from, to) = (Instant.Max(kill.At, counted), Instant.Min(kill.Known + recovery, stretch.To));
            if (from < to)
            {
                (sum, counted) = (sum + (to - from), to);
            }
        }

        return sum;
    }

    /// <summary>Acceptances of a case while it rang at who accepted it.</summary>
    private static int AcceptedRings(RecordedCase recorded)
    {
        var (rings, accepted) = ((string?)null, 0);
        foreach (var entry in recorded.History)
        {
            if (entry.Type == "case-ring-started")
            {
                rings = entry.Facts!["engineer"];
            }
            else if (entry.Type is "case-ring-declined" or "case-ring-expired" or "case-ring-ended")
            {
                rings = null;
            }
            else if (entry.Type is "case-taken" or "case-handoff-accepted")
            {
                accepted += rings == entry.By ? 1 : 0;
                rings = rings == entry.By ? null : rings;
            }
        }

        return accepted;
    }

    /// <summary>From asking for the note to the acceptance, for each handoff.</summary>
    private static IEnumerable<Duration> AcceptedAfter(RecordedCase recorded)
    {
        Instant? asked = null;
        foreach (var entry in recorded.History)
        {
            if (entry.Type == "case-handoff-note-asked")
            {
                asked = entry.At;
            }
            else if (entry.Type == "case-handoff-accepted" && asked is { } at)
            {
                yield return entry.At - at;
            }
        }
    }

    private static string Seconds(Duration duration) => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.0} s");

    private static string Text(Instant at) => InstantPattern.ExtendedIso.Format(at);
}
