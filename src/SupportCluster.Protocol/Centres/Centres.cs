using SupportCluster.Protocol.Engineers;

namespace SupportCluster.Protocol.Centres;

/// <summary>A support centre of the policy (HB-3.5).</summary>
/// <param name="Zone">IANA name of its time zone.</param>
public sealed record CentreSummary(string Code, string Name, string Region, string Zone);

/// <summary>A watched centre: its engineers with what they have, by id.</summary>
public sealed record CentreView(string Centre, IReadOnlyList<EngineerView> Engineers);

/// <summary>One change of a centre: an engineer who came or changed, or one who left.</summary>
/// <param name="Left">The id of one who left.</param>
public sealed record CentreChange(EngineerView? Engineer = null, string? Left = null);
