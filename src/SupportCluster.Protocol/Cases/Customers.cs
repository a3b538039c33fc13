namespace SupportCluster.Protocol.Cases;

/// <summary>A watched customer: its open cases, the newest first.</summary>
public sealed record CustomerView(string SupportId, IReadOnlyList<CaseSummary> Cases);

/// <summary>One change of a customer's open cases: a case that came or changed, or one that is open no longer.</summary>
/// <param name="Left">The number of one that was closed.</param>
public sealed record CustomerChange(CaseSummary? Entry = null, string? Left = null);
