using NodaTime;

namespace SupportCluster.Protocol.Cases;

/// <summary>A watched customer: its open cases, the newest first.</summary>
public sealed record CustomerView(string SupportId, IReadOnlyList<CaseSummary> Cases);

/// <summary>One change of a customer's open cases: a case that came or changed, or one that is open no longer.</summary>
/// <param name="Left">The number of one that was closed.</param>
public sealed record CustomerChange(CaseSummary? Entry = null, string? Left = null);

/// <summary>Who of the support organisation has a case open before them: those who watch the topic <c>readers:&lt;number&gt;</c>, each once.</summary>
/// <param name="Readers">By the time at which they came.</param>
public sealed record ReadersView(string Case, IReadOnlyList<CaseReader> Readers);

/// <summary>One who has a case open.</summary>
/// <param name="Role">As tokens name roles.</param>
public sealed record CaseReader(string Person, string Role, Instant Since);
