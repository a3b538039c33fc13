using System.Text.Json;
using NodaTime;

namespace SupportCluster.Protocol.Policies;

/// <summary>A version of the policy document; its form is <c>policy.schema.json</c>.</summary>
public sealed record PolicyView(int Version, Instant At, string By, JsonElement Document);
