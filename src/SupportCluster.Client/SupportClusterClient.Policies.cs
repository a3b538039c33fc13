using System.Globalization;
using System.Text.Json;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Policies;

namespace SupportCluster.Client;

public sealed partial class SupportClusterClient
{
    /// <summary>The policy in force, or one of its versions.</summary>
    public Task<PolicyView> Policy(int? version = null, CancellationToken cancellation = default) =>
        Get<PolicyView>(version is { } v ? string.Create(CultureInfo.InvariantCulture, $"api/policy/versions/{v}") : "api/policy", cancellation);

    /// <summary>Lists the policies so far, the oldest first, after a version (exclusive).</summary>
    public Task<Page<PolicyVersion>> PolicyVersions(string? after = null, int? limit = null, CancellationToken cancellation = default) =>
        Get<Page<PolicyVersion>>("api/policy/versions" + Where(("after", after), ("limit", limit)), cancellation);

    /// <summary>Says what a policy document would change if it were applied. Changes nothing.</summary>
    public Task<PolicyComparison> CheckPolicy(JsonElement document, CancellationToken cancellation = default) => Query<PolicyComparison>("api/policy/check", document, cancellation);

    /// <summary>Applies a policy document as the next version.</summary>
    public Task<PolicyView> ApplyPolicy(JsonElement document, CancellationToken cancellation = default) => Put<PolicyView>("api/policy", document, cancellation);
}
