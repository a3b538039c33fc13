using NodaTime;
using SupportCluster.Protocol.Engineers;

namespace SupportCluster.Protocol.Centres;

/// <summary>A support centre of the policy (HB-3.5).</summary>
/// <param name="Zone">IANA name of its time zone.</param>
/// <param name="Opening">Whether it is open now.</param>
/// <param name="Closures">Those that run or are to come; for staff.</param>
public sealed record CentreSummary(string Code, string Name, string Region, string Zone, OpeningView? Opening = null, IReadOnlyList<ClosureView>? Closures = null);

/// <summary>A watched centre: its engineers with what they have, by id.</summary>
/// <param name="Opening">Whether it is open; absent when the policy has it no longer.</param>
public sealed record CentreView(string Centre, IReadOnlyList<EngineerView> Engineers, OpeningView? Opening = null);

/// <summary>One change of a centre: an engineer who came or changed, one who left, or its opening.</summary>
/// <param name="Left">The id of one who left.</param>
/// <param name="Opening">It opened or closed, or will at another instant than was told.</param>
public sealed record CentreChange(EngineerView? Engineer = null, string? Left = null, OpeningView? Opening = null);

/// <summary>Whether a centre is open now, by its hours, holidays and closures (HB-3.5).</summary>
/// <param name="Until">When it closes; absent while it is closed, and when it does not close within 60 days.</param>
/// <param name="Opens">When it opens next; absent while it is open, and when it does not open within 60 days.</param>
public sealed record OpeningView(bool Open, Instant? Until = null, Instant? Opens = null);

/// <summary>Closes a centre beside its hours and holidays (HB-3.5): everything held there is handed over when it begins.</summary>
/// <param name="Until">Exclusive, at most 92 days after the start.</param>
/// <param name="From">Inclusive; now when absent, or past.</param>
public sealed record CloseCentre(Instant Until, string Reason, Instant? From = null);

/// <summary>The closures of a centre that run or are to come.</summary>
public sealed record CentreClosuresView(string Centre, IReadOnlyList<ClosureView> Closures);

/// <summary>A stretch in which a centre is closed: start-inclusive, end-exclusive.</summary>
public sealed record ClosureView(Instant From, Instant Until, string Reason, string By);

/// <summary>Names somebody as duty manager for a stretch (HB-3.5); where stretches overlap the later word counts.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="Until">Exclusive.</param>
public sealed record NameStandIn(Instant From, Instant Until, string Manager);

/// <summary>Swaps two turns of duty, whole: those that run at these instants.</summary>
public sealed record SwapDuty(Instant First, Instant Second);

/// <summary>Who stands in for the duty managers of a region, now or later, in the order in which they were named.</summary>
public sealed record DutyView(string Region, IReadOnlyList<StandInView> StandIns);

/// <summary>Somebody who stands in: start-inclusive, end-exclusive.</summary>
public sealed record StandInView(Instant From, Instant Until, string Manager);

/// <summary>Who works at an instant (HB-3.5).</summary>
/// <param name="Scope">A centre, a region or <c>world</c>.</param>
/// <param name="OnShift">Engineers on shift, by id.</param>
/// <param name="ComesNext">Each engineer's next shift, the soonest first.</param>
/// <param name="DutyManagers">By region.</param>
/// <param name="StandIns">Who stands in for them then or later, by region.</param>
public sealed record RosterView(
    string Scope, Instant At, IReadOnlyList<OnShiftView> OnShift, IReadOnlyList<ShiftView> ComesNext, IReadOnlyList<DutyManagerView> DutyManagers, IReadOnlyList<DutyView>? StandIns = null);

/// <summary>An engineer on shift.</summary>
/// <param name="Until">When the engineer is not available any more: the end of the shift, or the closing of the centre; absent when neither is in sight, or the centre is closed.</param>
/// <param name="Present">Whether the engineer is connected now; absent for another instant than the present.</param>
public sealed record OnShiftView(string Engineer, string Name, string? Centre, Instant? Until = null, bool? Present = null);

/// <summary>A shift that is to come: start-inclusive, end-exclusive.</summary>
public sealed record ShiftView(string Engineer, Instant Start, Instant End);

/// <summary>The duty manager of a region.</summary>
/// <param name="Until">Exclusive; absent when nobody relieves.</param>
public sealed record DutyManagerView(string Region, string Manager, Instant? Until = null);

/// <summary>Who could take a case, hour by hour (HB-6.3).</summary>
/// <param name="Gaps">Where a continuous case would find nobody in the whole world.</param>
public sealed record CoverageView(Instant From, Instant To, IReadOnlyList<CoverageHourView> Hours, IReadOnlyList<CoverageGapView> Gaps);

/// <summary>One hour, or the rest of the last one.</summary>
public sealed record CoverageHourView(Instant Start, IReadOnlyList<CoverageCellView> Cells);

/// <summary>The fewest engineers that a region has for a product line in a language at any instant of the hour.</summary>
public sealed record CoverageCellView(string Region, string ProductLine, string Language, int Least);

/// <summary>A stretch without anybody for a product line.</summary>
public sealed record CoverageGapView(string ProductLine, Instant From, Instant To);
