using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Handoffs;
using SupportCluster.Domain.Queues;
using SupportCluster.Domain.Rosters;

namespace SupportCluster.Simulation;

/// <summary>
/// A year of support in one thread: the domain decides, as it does in the grains; this class only carries its decisions from case to engineer
/// and back, keeps the time, and lets people act by chance. The same seed gives the same journal, byte for byte.
/// </summary>
internal sealed partial class Simulator
{
    private readonly PriorityQueue<Action, (Instant, long)> agenda = new();
    private readonly Dictionary<CaseNumber, SimulatedCase> cases = [];
    private readonly Dictionary<EngineerId, Instant> absent = [];
    private readonly Dictionary<string, IReadOnlyList<Interval>> closures = [];
    private readonly Dictionary<EngineerId, (bool AtWork, Instant Until)> known = [];
    private readonly IncrementalHash journal = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Chance chance;
    private readonly Sabotage sabotage;
    private readonly World world;
    private readonly Roster first;
    private Roster roster;
    private Instant now;
    private long sequence;

    private Simulator(Chance chance, World world, Sabotage sabotage)
    {
        this.chance = chance;
        this.world = world;
        this.sabotage = sabotage;
        now = world.Start;
        first = roster = new(World.Policy, world.Engineers);
        foreach (var report in world.Reports)
        {
            At(report.At, () => Open(report));
        }

        foreach (var engineer in roster.Engineers.Select(e => e.Id).ToList())
        {
            NextShift(engineer);
        }

        foreach (var centre in World.Policy.Centres.Keys.Order(StringComparer.Ordinal))
        {
            At(world.Start + Duration.FromMinutes(chance.Between(0, (int)((world.End - world.Start).TotalMinutes * 0.95), centre, "storm")), () => CloseEarly(centre));
        }
    }

    private Outcome Outcome { get; } = new();

    /// <summary>Plays a year of its own.</summary>
    internal static Outcome Play(ulong seed, int cases = 2000, int continuous = 300, Sabotage sabotage = Sabotage.None) =>
        Play(new Chance(seed), World.Year(new Chance(seed), cases, continuous), sabotage);

    internal static Outcome Play(Chance chance, World world, Sabotage sabotage = Sabotage.None)
    {
        var simulator = new Simulator(chance, world, sabotage);
        for (var minute = world.Start; minute < world.End; minute += Duration.FromMinutes(1))
        {
            while (simulator.agenda.TryPeek(out _, out var next) && next.Item1 <= minute)
            {
                var act = simulator.agenda.Dequeue();
                simulator.now = next.Item1;
                act();
            }

            simulator.now = minute;
            simulator.CheckMinute();
        }

        simulator.Outcome.Journal = Convert.ToHexStringLower(simulator.journal.GetHashAndReset());
        return simulator.Outcome;
    }

    private void At(Instant at, Action act) => agenda.Enqueue(act, (Instant.Max(at, now), sequence++));

    private void After(Duration delay, Action act) => At(now + delay, act);

    private void Open(Report report)
    {
        var c = new SimulatedCase(report)
        {
            ToRestore = chance.Happens(0.15, report.Number.Value, "long") ? chance.Between(600, 2400, report.Number.Value, "restore") : chance.Between(30, 480, report.Number.Value, "restore"),
            ToSolve = chance.Between(60, 1200, report.Number.Value, "solve"),
        };
        cases[report.Number] = c;
        Do(c, new CaseCommand.Open(report.Number, report.Terms, report.Problem, [], [], Automatic: true, report.Number.Value), Actor.System);
        Customer(c);
        After(Duration.FromMinutes(15), () => Work(c));
    }

    /// <summary>Decides, folds, and carries on what follows.</summary>
    private Refusal? Do(SimulatedCase c, CaseCommand command, Actor actor)
    {
        var before = c.State;
        var decision = Case.Decide(before, command, actor, World.Policy, now);
        foreach (var happened in decision.Events)
        {
            var was = c.State;
            c.State = CaseState.Evolve(c.State, happened);
            Outcome.Events++;
            journal.AppendData(Encoding.UTF8.GetBytes($"{c.Name} {JsonSerializer.Serialize(happened, DomainJson.Stored)}\n"));
            Check(c, was, happened);
            if (sabotage == Sabotage.EventsTwice)
            {
                Check(c, was, happened);
            }

            Follow(c, happened);
        }

        if (decision.Events.Count == 0)
        {
            return decision.Refusal;
        }

        foreach (var effect in CaseEffect.Between(before, c.State))
        {
            if (effect is CaseEffect.ReleaseEngineer r)
            {
                Change(r.Engineer, new EngineerEvent.Dropped(now, Actor.System.Id, c.State.Number, r.Reservation));
            }
            else if (effect is CaseEffect.SeverityToEngineer s)
            {
                Change(s.Engineer, new EngineerEvent.SeverityChanged(now, Actor.System.Id, c.State.Number, s.Severity, s.Version));
            }
        }

        Wake(c);
        Search(c);
        return null;
    }

    private void Wake(SimulatedCase c)
    {
        if (c.State.NextDue is { } due && due != c.WakesAt)
        {
            c.WakesAt = due;
            At(due, () =>
            {
                if (c.WakesAt == due)
                {
                    c.WakesAt = null;
                    Do(c, new CaseCommand.Tick(), Actor.System);
                    Wake(c);
                }
            });
        }
    }

    /// <summary>The dispatcher: rings the next engineer, or says that nobody is left and tries again later.</summary>
    private void Search(SimulatedCase c)
    {
        if (!c.State.SeeksEngineer || c.State.Ring is not null || c.SearchesAt > now || (sabotage == Sabotage.NobodyAsked && c.State.Handoff is not null))
        {
            return;
        }

        c.SearchesAt = null;
        var choice = ChooseFor(c);
        if (choice is null)
        {
            var again = now + Duration.FromMinutes(c.State.Handoff is not null ? 1 : c.State.Severity switch { 1 => 1, 2 => 5, _ => 60 });
            c.SearchesAt = again;
            At(again, () => Search(c));
            Do(c, new CaseCommand.NobodyFound(), Actor.System);
            return;
        }

        var (engineer, step) = (choice.Engineer, c.Steps++);
        var reservation = new Guid([.. BitConverter.GetBytes(chance.Hash(c.Name, $"ring {step}")), .. BitConverter.GetBytes(chance.Hash(c.Name, $"reservation {step}"))]);
        var length = c.State.Handoff is null ? World.Policy.Ring(c.State.Severity) : World.Policy.Handoffs.Ring;
        Change(engineer.Id, sabotage == Sabotage.StaleRoster
            ? new EngineerEvent.Reserved(now, Actor.System.Id, c.State.Number, reservation, c.State.Severity, now + length)
            : engineer.Reserve(c.State.Number, reservation, c.State.Severity, c.State.Terms.Product, c.State.Terms.ProductLine, World.Policy, now, now + length).Events.Single());
        Outcome.Rings++;
        if (Do(c, new CaseCommand.Ring(engineer.Id, reservation, c.State.Severity, choice.FallbackLanguage, engineer.Profile.Centre), Actor.System) is { } refused)
        {
            throw new InvalidOperationException($"{c.Name} does not ring at {engineer.Id}: {refused.Detail}");
        }

        Answer(c, engineer.Id, reservation, (int)length.TotalSeconds, step);
    }

    private DispatchChoice? ChooseFor(SimulatedCase c)
    {
        var known = sabotage == Sabotage.StaleRoster ? first : roster;
        return c.State.Handoff is null
            ? Dispatch.Choose(DispatchCase.Of(c.State), known, IsPresent, now)
            : NextOwner.Choose(c.State, known, IsPresent, now);
    }

    /// <summary>An engineer gives notice, leaves, and comes back.</summary>
    private void NextShift(EngineerId engineer)
    {
        if (HandoffNotice.Of(roster, engineer, now) is { } notice)
        {
            At(notice.At, () => TellShiftEnds(engineer, null));
            At(notice.EndsAt, () => NextShift(engineer));
        }
        else if (roster.Available(engineer, now, world.End + Duration.FromDays(30)).Select(i => (Instant?)i.Start).FirstOrDefault() is { } next)
        {
            At(next, () => NextShift(engineer));
        }
    }

    /// <summary>Every case of an engineer who is about to leave is told; one that comes after that is told as it comes.</summary>
    private void TellShiftEnds(EngineerId engineer, SimulatedCase? only)
    {
        if (sabotage == Sabotage.NoHandoffs || HandoffNotice.Of(roster, engineer, now) is not { } notice || notice.At > now)
        {
            return;
        }

        foreach (var c in only is null ? Held(engineer) : [only])
        {
            Do(c, new CaseCommand.EndShift(engineer, notice.EndsAt, notice.NextShift, CentreClosesEarly: false), Actor.System);
        }
    }

    /// <summary>A storm: a centre closes at once for the rest of the day.</summary>
    private void CloseEarly(string centre)
    {
        var engineers = roster.Engineers.Where(e => e.Profile.Centre == centre).Select(e => (e.Id, WasAtWork: roster.AvailableUntil(e.Id, now) is not null)).ToList();
        closures[centre] = [new Interval(now, now + Duration.FromHours(12))];
        roster = new(World.Policy, roster.Engineers, closures);
        known.Clear();
        foreach (var (engineer, wasAtWork) in engineers)
        {
            var absence = HandoffNotice.Absence(roster, engineer, now)!;
            foreach (var c in sabotage == Sabotage.NoHandoffs ? [] : Held(engineer))
            {
                Do(c, new CaseCommand.EndShift(engineer, absence.From, absence.Until, CentreClosesEarly: wasAtWork), Actor.System);
            }
        }
    }

    private List<SimulatedCase> Held(EngineerId engineer) => [.. Load(engineer).Cases.Where(h => h.Assigned).Select(h => cases[h.Number])];

    private Engineer Load(EngineerId engineer) => roster.Engineer(engineer)!;

    private bool IsPresent(EngineerId engineer) => !absent.TryGetValue(engineer, out var until) || until <= now;

    /// <summary>Whether an engineer is at work now: asked of the roster once for each shift and each pause between shifts.</summary>
    private bool IsAtWork(EngineerId engineer)
    {
        if (!known.TryGetValue(engineer, out var at) || at.Until <= now)
        {
            at = roster.AvailableUntil(engineer, now) is { } until
                ? (true, until)
                : (false, roster.Available(engineer, now, now + Duration.FromDays(30)).Select(i => (Instant?)i.Start).FirstOrDefault() ?? now + Duration.FromDays(30));
            known[engineer] = at;
        }

        return at.AtWork;
    }

    private void Change(EngineerId engineer, EngineerEvent happened)
    {
        var after = Engineer.Evolve(Load(engineer), happened);
        roster = roster.With(after);
        CheckCapacity(after, happened);
    }
}
