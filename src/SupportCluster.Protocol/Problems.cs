namespace SupportCluster.Protocol;

/// <summary>An error body (RFC 9457). <see cref="Code"/> is stable; the texts are for people and may change.</summary>
/// <param name="Type"><c>urn:supportcluster:problem:</c> and the code.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">Stable code, for programs.</param>
/// <param name="Rule">The handbook rule that forbids it, <c>HB-n.m</c>, where one applies.</param>
/// <param name="Errors">What was wrong, by JSON pointer into the request.</param>
/// <param name="Facts">Figures and names that the refusal rests on.</param>
public sealed record Problem(
    string? Type,
    string? Title,
    int? Status,
    string? Detail,
    string? Code,
    string? Rule = null,
    IReadOnlyDictionary<string, string[]>? Errors = null,
    IReadOnlyDictionary<string, string>? Facts = null,
    string? TraceId = null);

/// <summary>One page of a list.</summary>
/// <param name="Next">Hand it back as <c>after</c> for the following page; absent on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next = null);
