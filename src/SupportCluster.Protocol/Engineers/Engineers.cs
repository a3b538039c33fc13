using NodaTime;

namespace SupportCluster.Protocol.Engineers;

/// <summary>An engineer as applied.</summary>
/// <param name="Region">Home region code.</param>
/// <param name="Skills">Product lines, or products, that the engineer takes (HB-5.5).</param>
/// <param name="Languages">ISO 639 codes.</param>
/// <param name="Capacity">Cases at a time; the policy's figures when absent.</param>
/// <param name="Centre">Code of the centre that the engineer works at, one of the engineer's region (HB-3.5).</param>
/// <param name="Schedule">When the engineer works; the opening hours of the centre when absent.</param>
/// <param name="Levels">By skill, 1 to 5; 1 where none is stated.</param>
public sealed record EngineerDocument(string Name, string Region, IReadOnlyList<string> Skills, IReadOnlyList<string>? Languages = null, CapacityDocument? Capacity = null, string? Centre = null,
    ScheduleDocument? Schedule = null, IReadOnlyDictionary<string, int>? Levels = null);

/// <summary>When an engineer works (HB-3.5), in the centre's zone. Shifts over midnight belong to the day that they start on.</summary>
/// <param name="Pattern">Weekly hours such as <c>Mon-Fri 08:00-16:00|Sat 20:00-04:00(+1)</c>; absent for none but the extra shifts.</param>
/// <param name="Leave">Days off.</param>
/// <param name="Dropped">Single days whose shifts are not worked.</param>
/// <param name="Extra">Shifts beside the pattern, a colleague's as a rule.</param>
public sealed record ScheduleDocument(string? Pattern = null, IReadOnlyList<LeaveDocument>? Leave = null, IReadOnlyList<LocalDate>? Dropped = null, IReadOnlyList<ExtraShiftDocument>? Extra = null);

/// <summary>Days off, both ends inclusive.</summary>
public sealed record LeaveDocument(LocalDate From, LocalDate To, string? Reason = null);

/// <summary>A shift on one day.</summary>
/// <param name="Hours">Local times such as <c>20:00-04:00(+1)</c>.</param>
/// <param name="Zone">IANA zone of the times; absent for that of the engineer's centre.</param>
/// <param name="For">Whose shift it was.</param>
public sealed record ExtraShiftDocument(LocalDate Date, string Hours, string? Zone = null, string? For = null);

/// <summary>Gives an engineer's shifts of a day to a colleague (HB-3.5).</summary>
/// <param name="To">Who works them instead; not on leave and not at work during them.</param>
/// <param name="Date">The day that they start on, in the zone of the engineer's centre.</param>
public sealed record GiveShift(string To, LocalDate Date);

/// <summary>How many cases an engineer has at a time.</summary>
/// <param name="Cases">In all.</param>
/// <param name="Severity1">Of them of severity 1.</param>
public sealed record CapacityDocument(int Cases, int Severity1);

/// <summary>An engineer and the cases held.</summary>
/// <param name="Present">Whether the engineer is connected at this moment; in the topic of the centre only.</param>
/// <param name="OnShiftUntil">Until when the engineer is at work, absent off shift; in the topic of the centre only.</param>
public sealed record EngineerView(
    string Id,
    long Version,
    string Name,
    string Region,
    IReadOnlyList<string> Skills,
    IReadOnlyList<string> Languages,
    CapacityDocument Capacity,
    IReadOnlyList<HeldCase> Cases,
    string? Centre = null,
    ScheduleDocument? Schedule = null,
    IReadOnlyDictionary<string, int>? Levels = null,
    bool? Present = null,
    Instant? OnShiftUntil = null);

/// <summary>A case that an engineer holds, or has reserved.</summary>
/// <param name="RingsUntil">For a case that rings at the engineer: until when.</param>
public sealed record HeldCase(string Number, int Severity, bool Reserved = false, Instant? RingsUntil = null);

/// <summary>One change of a watched engineer: what happened, of which the view after it goes along.</summary>
/// <param name="Version">The engineer's version after it.</param>
/// <param name="Type">Such as <c>engineer-reserved</c>.</param>
/// <param name="By">Who did it; <c>system</c> for what follows from a case.</param>
/// <param name="Case">The case that it is about.</param>
public sealed record EngineerChange(long Version, Instant At, string Type, string By, string? Case = null);
