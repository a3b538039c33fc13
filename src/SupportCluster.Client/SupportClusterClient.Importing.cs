using SupportCluster.Protocol;
using SupportCluster.Protocol.Importing;

namespace SupportCluster.Client;

public sealed partial class SupportClusterClient
{
    /// <summary>A batch writes many cases, and a summary reads them all: either may take longer than one action.</summary>
    private static readonly TimeSpan ImportTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Brings cases of another system in; what is there already is left as it is.</summary>
    public Task<ImportResult> Import(ImportBatch batch, CancellationToken cancellation = default) => Post<ImportResult>("api/import", batch, cancellation, ImportTimeout);

    /// <summary>The sources that cases were imported from.</summary>
    public Task<Page<ImportSource>> ImportSources(CancellationToken cancellation = default) => Get<Page<ImportSource>>("api/imports", cancellation);

    /// <summary>What is stored of a source.</summary>
    public Task<ImportSummary> ImportSummary(string source, CancellationToken cancellation = default) => Get<ImportSummary>($"api/imports/{Escaped(source)}", cancellation, ImportTimeout);
}
