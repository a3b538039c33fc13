using SupportCluster.Domain;
using SupportCluster.Grains.Customers;
using SupportCluster.Grains.Entitlements;
using SupportCluster.Grains.Live;
using SupportCluster.Protocol.Cases;
using SupportCluster.Server.Cases;
using SupportCluster.Server.Live;

namespace SupportCluster.Server.Customers;

/// <summary>The topic <c>customer:&lt;support ID&gt;</c>: its open cases, for staff and for its own designated contacts. It shows what the directory shows, and nothing internal changes that.</summary>
public sealed class CustomerTopic(IGrainFactory grains, CaseAccess access) : WholeTopic<CustomerState, CustomerChanged>(ICustomerGrain.Type)
{
    private const int LongestKey = 64;

    /// <summary>What a support ID looks like is the policy's; whether it is one, its contract says.</summary>
    public override string? Normalise(string key) => key is { Length: > 0 and <= LongestKey } && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_') ? key : null;

    public override ITopicGrain Grain(string key) => grains.GetGrain<ICustomerGrain>(key);

    protected override async ValueTask<Refusal?> Refuse(Actor actor, string key)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return actor.Role == Role.Wallboard ? NotFor("A wallboard does not watch customers")
            : await access.Admit(actor) is { } refused ? refused
            : (actor.Role == Role.Contact && actor.SupportId!.Value.Value != key) || await grains.GetGrain<IContractGrain>(key).Read() is null
                ? Refusal.NotFound("contract-not-found", "There is no such contract.")
                : null;
    }

    protected override object View(CustomerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new CustomerView(state.SupportId.Value, [.. state.Cases.Values.OrderByDescending(c => c.OpenedAt).ThenByDescending(c => c.Number, StringComparer.Ordinal).Select(CaseViews.Summary)]);
    }

    protected override object Change(CustomerChanged change, long version)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new CustomerChange(change.Entry is { } entry ? CaseViews.Summary(entry) : null, change.Left);
    }
}
