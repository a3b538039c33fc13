using System.Text.Json;
using NodaTime;

namespace SupportCluster.Protocol.Policies;

/// <summary>A version of the policy document; its form is <c>policy.schema.json</c>.</summary>
public sealed record PolicyView(int Version, Instant At, string By, JsonElement Document);

/// <summary>A version of the policy in a list.</summary>
/// <param name="Name">The name that the document gives itself.</param>
public sealed record PolicyVersion(int Version, Instant At, string By, string Name);

/// <summary>What a document would change if it were put in force. Contracts and cases of before keep the policy that they have (HB-1.6).</summary>
/// <param name="Version">The version in force that it was compared with.</param>
/// <param name="Changes">None for the document that is in force already.</param>
/// <param name="Deadlines">Deadlines that would be other ones, for a problem reported and acknowledged at the instant of the check.</param>
public sealed record PolicyComparison(int Version, IReadOnlyList<DocumentChange> Changes, IReadOnlyList<DeadlineChange> Deadlines);

/// <summary>A promise that two policies do not make alike.</summary>
/// <param name="Region">Where the problem is supposed to be: in the zone of the region's first centre by code.</param>
/// <param name="FromTarget">Absent where none is promised; so too the deadline.</param>
public sealed record DeadlineChange(string Region, string Zone, string Offer, int Severity, Milestone Milestone, string? FromTarget = null, string? ToTarget = null, Instant? From = null, Instant? To = null);
