using SupportCluster.Protocol;
using SupportCluster.Protocol.Contracts;

namespace SupportCluster.Client;

public sealed partial class SupportClusterClient
{
    /// <summary>Lists contracts, page by page.</summary>
    public Task<Page<ContractSummary>> Contracts(int? limit = null, string? after = null, CancellationToken cancellation = default) =>
        Get<Page<ContractSummary>>("api/contracts" + Where(("limit", limit), ("after", after)), cancellation);

    /// <summary>A contract as it stands.</summary>
    public Task<ContractView> Contract(string supportId, CancellationToken cancellation = default) => Get<ContractView>(ContractPath(supportId), cancellation);

    /// <summary>The changes of a contract, oldest first, after a version (exclusive).</summary>
    public Task<Page<ContractHistoryEntry>> ContractHistory(string supportId, string? after = null, int? limit = null, CancellationToken cancellation = default) =>
        Get<Page<ContractHistoryEntry>>(ContractPath(supportId) + "/history" + Where(("after", after), ("limit", limit)), cancellation);

    /// <summary>Concludes or changes a contract; the same document again changes nothing.</summary>
    public Task<ContractView> ApplyContract(string supportId, ContractDocument document, CancellationToken cancellation = default) =>
        Put<ContractView>(ContractPath(supportId), document, cancellation);

    /// <summary>Registers or changes a designated contact (HB-2.4).</summary>
    public Task<ContractView> ApplyContact(string supportId, ContactDocument contact, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(contact);
        return Put<ContractView>($"{ContractPath(supportId)}/contacts/{Escaped(contact.Id)}", contact, cancellation);
    }

    /// <summary>Removes a designated contact.</summary>
    public Task<ContractView> RemoveContact(string supportId, string contact, CancellationToken cancellation = default) =>
        Delete<ContractView>($"{ContractPath(supportId)}/contacts/{Escaped(contact)}", cancellation);

    /// <summary>Consumes one of a counted entitlement (HB-1.3).</summary>
    public Task<ContractView> Consume(string supportId, ConsumeEntitlement request, CancellationToken cancellation = default) =>
        Post<ContractView>(ContractPath(supportId) + "/consume", request, cancellation);

    private static string ContractPath(string supportId) => $"api/contracts/{Escaped(supportId)}";
}
