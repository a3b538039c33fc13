namespace SupportCluster.Protocol.Engineers;

/// <summary>An engineer as applied.</summary>
/// <param name="Region">Home region code.</param>
/// <param name="Skills">Product lines, or products, that the engineer takes (HB-5.5).</param>
/// <param name="Languages">ISO 639 codes.</param>
/// <param name="Capacity">Cases at a time; the policy's figures when absent.</param>
public sealed record EngineerDocument(string Name, string Region, IReadOnlyList<string> Skills, IReadOnlyList<string>? Languages = null, CapacityDocument? Capacity = null);

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
    IReadOnlyList<HeldCase> Cases);

/// <summary>A case that an engineer holds, or has reserved.</summary>
public sealed record HeldCase(string Number, int Severity, bool Reserved = false);
