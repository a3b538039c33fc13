using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Escalations;
using SupportCluster.Domain.Handoffs;
using SupportCluster.Domain.Milestones;

namespace SupportCluster.Simulation;

/// <summary>What is done wrong on purpose, by which each check shows that it bites.</summary>
public enum Sabotage
{
    None,

    /// <summary>Nobody is told that shifts end.</summary>
    NoHandoffs,

    /// <summary>The dispatcher goes by the roster of the first day: it knows neither closures nor who has how many cases, and engineers give room that they do not have.</summary>
    StaleRoster,

    /// <summary>Every event is carried twice.</summary>
    EventsTwice,

    /// <summary>Engineers work on what they hold at any time.</summary>
    WorkAnyTime,

    /// <summary>The dispatcher forgets handoffs.</summary>
    NobodyAsked,
}

/// <summary>What must hold at every minute of the year.</summary>
internal sealed partial class Simulator
{
    private readonly HashSet<SimulatedCase> watched = [];

    private void Violate(SimulatedCase c, string what) => Outcome.Violations.Add($"{now} {c.Name}: {what}");

    /// <summary>A continuous case has an owner at work, or rings for the first time, or an open escalation with a manager named.</summary>
    private void CheckMinute()
    {
        foreach (var c in watched)
        {
            Outcome.ContinuousMinutes++;
            if (c.State.Owner is { } owner && IsAtWork(owner))
            {
                continue;
            }

            var escalated = c.State.Escalation(EscalationCause.HandoffUnaccepted) ?? c.State.Escalation(EscalationCause.RingUnanswered);
            if (escalated is not null)
            {
                Outcome.EscalatedMinutes++;
                if (string.IsNullOrEmpty(escalated.Told))
                {
                    Violate(c, "is escalated to nobody");
                }
            }
            else if (c.State is { Owner: null, Ring: not null })
            {
                Outcome.FirstRingMinutes++;
            }
            else
            {
                Violate(c, $"is continuous, {(c.State.Owner is { } away ? $"its owner {away} is away" : "has no owner")}, and nobody is told");
            }
        }
    }

    private void Check(SimulatedCase c, CaseState? was, CaseEvent happened)
    {
        if (c.State.IsContinuous)
        {
            watched.Add(c);
        }
        else
        {
            watched.Remove(c);
        }

        switch (happened)
        {
            case CaseEvent.Taken taken:
                CheckTaker(c, taken.Engineer);
                Outcome.Accepted++;
                break;
            case CaseEvent.HandoffAccepted accepted:
                CheckTaker(c, accepted.Engineer);
                Outcome.Accepted++;
                Outcome.Handoffs++;
                Outcome.HandoffsAcrossCentres += Load(accepted.From).Profile.Centre == Load(accepted.Engineer).Profile.Centre ? 0 : 1;
                break;
            case CaseEvent.MilestoneMet { Late: false } met:
                CheckOutcome(c, met.Milestone, met.Generation);
                break;
            case CaseEvent.MilestoneMissed missed:
                CheckOutcome(c, missed.Milestone, missed.Generation);
                CheckNotSlept(c, was!, missed);
                break;
            case CaseEvent.Closed:
                Outcome.Closed++;
                break;
        }
    }

    private void CheckTaker(SimulatedCase c, EngineerId engineer)
    {
        var region = Load(engineer).Profile.Region;
        if (c.Region is { } before && before != region)
        {
            Outcome.ChangedRegion.Add(c.State.Number);
        }

        c.Region = region;
        if (Load(engineer).Profile.Centre is { } centre && roster.OpenUntil(centre, now) is null)
        {
            Violate(c, $"goes to {engineer} in {centre}, which is closed");
        }

        if (roster.AvailableUntil(engineer, now) is null)
        {
            Violate(c, $"goes to {engineer}, who is off shift");
        }
    }

    private void CheckOutcome(SimulatedCase c, MilestoneKind kind, int generation)
    {
        if (!c.Outcomes.Add((kind, generation)))
        {
            Violate(c, $"{kind} of generation {generation} has two outcomes");
        }
    }

    /// <summary>
    /// No running milestone of a 24x7 case is missed because its owner slept while somebody suitable was on shift: whoever is on shift then, knows the
    /// product and has room was asked before, or is being asked. Who has come within the last two minutes may be the next.
    /// </summary>
    private void CheckNotSlept(SimulatedCase c, CaseState was, CaseEvent.MilestoneMissed missed)
    {
        if (World.Policy.Offer(was.Terms.Offer)!.Clock != MilestoneClockKind.RoundTheClock || was.IsStopped || was.Owner is not { } owner || roster.AvailableUntil(owner, missed.Deadline) is not null)
        {
            return;
        }

        Outcome.MissedAsleep++;
        if (was.Handoff is null)
        {
            Violate(c, $"{missed.Milestone} is missed while {owner} sleeps, and nobody else was asked");
        }
        else if (was.Ring is null && NextOwner.Choose(was, roster, IsPresent, now) is { } free && roster.AvailableUntil(free.Engineer.Id, now - Duration.FromMinutes(2)) is not null)
        {
            Violate(c, $"{missed.Milestone} is missed while {owner} sleeps, and {free.Engineer.Id} was not asked");
        }
    }

    /// <summary>No case is worked on outside its own hours.</summary>
    private void CheckWorkedInItsHours(SimulatedCase c)
    {
        if (c.State.Hours is not null && !World.Policy.LocalHours(c.State.Terms.Zone, c.State.Terms.Country).IsOpen(now))
        {
            Violate(c, "is worked on outside its hours");
        }
    }

    private void CheckCapacity(Engineer engineer, EngineerEvent happened)
    {
        var capacity = engineer.CapacityUnder(World.Policy);
        if (happened is EngineerEvent.Reserved && (engineer.Cases.Length > capacity.Cases || engineer.Cases.Count(h => h.Severity == 1) > capacity.Severity1))
        {
            Outcome.Violations.Add($"{now} {engineer.Id} has {engineer.Cases.Length} cases, {engineer.Cases.Count(h => h.Severity == 1)} of severity 1");
        }
    }
}
