using NodaTime;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Milestones;

namespace SupportCluster.Simulation;

/// <summary>A case of a simulation with what is still to be done on it.</summary>
internal sealed class SimulatedCase(Report report)
{
    internal Report Report { get; } = report;

    /// <summary>The subject of its chance.</summary>
    internal string Name { get; } = report.Number.Value;

    internal CaseState State { get; set; } = null!;

    /// <summary>Counts what happens by chance.</summary>
    internal int Steps { get; set; }

    /// <summary>For which instant it is on the agenda.</summary>
    internal Instant? WakesAt { get; set; }

    /// <summary>When the search for an engineer is tried again, after nobody was found.</summary>
    internal Instant? SearchesAt { get; set; }

    /// <summary>Minutes of work to go until service is restored, and until a solution is proposed.</summary>
    internal int ToRestore { get; set; }

    internal int ToSolve { get; set; }

    internal bool Asked { get; set; }

    /// <summary>The region of the engineer who had it last.</summary>
    internal string? Region { get; set; }

    internal HashSet<(MilestoneKind Kind, int Generation)> Outcomes { get; } = [];
}

/// <summary>What a simulated year came to.</summary>
internal sealed class Outcome
{
    /// <summary>SHA-256 over all events in their order.</summary>
    internal string Journal { get; set; } = "";

    internal List<string> Violations { get; } = [];

    internal int Events { get; set; }

    internal int Rings { get; set; }

    internal int Accepted { get; set; }

    internal int Handoffs { get; set; }

    internal int HandoffsAcrossCentres { get; set; }

    /// <summary>Cases that were taken by engineers of more than one region.</summary>
    internal HashSet<CaseNumber> ChangedRegion { get; } = [];

    internal int Escalations { get; set; }

    internal int Closed { get; set; }

    /// <summary>Minutes in which cases were worked on continuously, and those of them under escalation for want of an engineer.</summary>
    internal long ContinuousMinutes { get; set; }

    internal long EscalatedMinutes { get; set; }

    /// <summary>Minutes in which a new continuous case rang for the first time, and nobody had it yet.</summary>
    internal long FirstRingMinutes { get; set; }

    /// <summary>Milestones of 24x7 offers that were missed while the owner was off shift: in spite of all that were asked.</summary>
    internal int MissedAsleep { get; set; }

    internal double EscalatedShare => ContinuousMinutes == 0 ? 0 : (double)EscalatedMinutes / ContinuousMinutes;

    public override string ToString() =>
        $"{Events} events, {Rings} rings, {Accepted} accepted, {Handoffs} handoffs ({HandoffsAcrossCentres} between centres), {ChangedRegion.Count} cases changed region, {Escalations} escalations, {Closed} closed; "
        + $"{ContinuousMinutes} continuous minutes, {EscalatedMinutes} ({100 * EscalatedShare:0.00} %) under escalation for want of an engineer, {FirstRingMinutes} of first rings; {MissedAsleep} milestones missed in a handoff; {Violations.Count} violations";
}
