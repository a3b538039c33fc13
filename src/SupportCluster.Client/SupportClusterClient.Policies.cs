using System.Globalization;
using System.Text.Json;
using SupportCluster.Protocol.Policies;

namespace SupportCluster.Client;

public sealed partial class SupportClusterClient
{
    /// <summary>The policy in force, or one of its versions.</summary>
    public Task<PolicyView> Policy(int? version = null, CancellationToken cancellation = default) =>
        Get<PolicyView>(version is { } v ? string.Create(CultureInfo.InvariantCulture, $"api/policy/versions/{v}") : "api/policy", cancellation);

    /// <summary>Applies a policy document as the next version.</summary>
    public Task<PolicyView> ApplyPolicy(JsonElement document, CancellationToken cancellation = default) => Put<PolicyView>("api/policy", document, cancellation);
}
