using SupportCluster.Protocol;
using SupportCluster.Protocol.Centres;
using SupportCluster.Protocol.Engineers;

namespace SupportCluster.Client;

public sealed partial class SupportClusterClient
{
    /// <summary>Lists engineers, page by page.</summary>
    public Task<Page<EngineerView>> Engineers(int? limit = null, string? after = null, CancellationToken cancellation = default) =>
        Get<Page<EngineerView>>("api/engineers" + Where(("limit", limit), ("after", after)), cancellation);

    /// <summary>The support centres of the policy (HB-3.5).</summary>
    public Task<Page<CentreSummary>> Centres(CancellationToken cancellation = default) => Get<Page<CentreSummary>>("api/centres", cancellation);

    /// <summary>An engineer and the cases held.</summary>
    public Task<EngineerView> Engineer(string id, CancellationToken cancellation = default) => Get<EngineerView>($"api/engineers/{Escaped(id)}", cancellation);

    /// <summary>Adds or changes an engineer; the same document again changes nothing.</summary>
    public Task<EngineerView> ApplyEngineer(string id, EngineerDocument document, CancellationToken cancellation = default) =>
        Put<EngineerView>($"api/engineers/{Escaped(id)}", document, cancellation);
}
