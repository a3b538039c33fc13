using NodaTime;

namespace SupportCluster.Protocol.Engineers;

/// <summary>An engineer as applied.</summary>
/// <param name="Region">Home region code.</param>
/// <param name="Skills">Product lines, or products, that the engineer takes (HB-5.5).</param>
/// <param name="Languages">ISO 639 codes.</param>
/// <param name="Capacity">Cases at a time; the policy's figures when absent.</param>
/// <param name="Centre">Code of the centre that the engineer works at, one of the engineer's region (HB-3.5).</param>
public sealed record EngineerDocument(string Name, string Region, IReadOnlyList<string> Skills, IReadOnlyList<string>? Languages = null, CapacityDocument? Capacity = null, string? Centre = null);

/// <summary>How many cases an engineer has at a time.</summary>
/// <param name="Cases">In all.</param>
/// <param name="Severity1">Of them of severity 1.</param>
public sealed record CapacityDocument(int Cases, int Severity1);

/// <summary>An engineer and the cases held.</summary>
public sealed record EngineerView(
    string Id,
    long Version,
    string Name,
    string Region,
    IReadOnlyList<string> Skills,
    IReadOnlyList<string> Languages,
    CapacityDocument Capacity,
    IReadOnlyList<HeldCase> Cases,
    string? Centre = null);

/// <summary>A case that an engineer holds, or has reserved.</summary>
public sealed record HeldCase(string Number, int Severity, bool Reserved = false);

/// <summary>One change of a watched engineer: what happened, of which the view after it goes along.</summary>
/// <param name="Version">The engineer's version after it.</param>
/// <param name="Type">Such as <c>engineer-reserved</c>.</param>
/// <param name="By">Who did it; <c>system</c> for what follows from a case.</param>
/// <param name="Case">The case that it is about.</param>
public sealed record EngineerChange(long Version, Instant At, string Type, string By, string? Case = null);
