using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Entitlements;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Entitlements;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Cases;

/// <summary>A problem to be taken in.</summary>
public sealed record IntakeRequest(SupportId SupportId, string Product, ProblemReport Report, ProblemSubject Subject, string? Language, Actor Actor, RequestKey Request)
{
    /// <summary>Caller and request id. A contact is one of its contract: two customers may each have a contact of the same name.</summary>
    public string Key => Actor.SupportId is { } own ? $"{own}/{Actor.Id}/{Request.Id:N}" : $"{Actor.Id}/{Request.Id:N}";
}

/// <summary>Takes in the problems of one request: its key is caller and request id, so that repeats of a request meet here.</summary>
public interface IIntakeGrain : IGrainWithStringKey
{
    /// <summary>Checks the entitlement and opens the case, once however often it is asked.</summary>
    Task<CaseReply> Open(IntakeRequest request);
}

/// <summary>
/// Holds nothing: the request is the case's source key, unique in the store, so the very transaction that opens the case also remembers the
/// request. A crash anywhere, then a repeat, gives one case; a number that was not used is skipped.
/// </summary>
[GrainType("intake")]
public sealed class IntakeGrain(DurableServices services) : Grain, IIntakeGrain
{
    public async Task<CaseReply> Open(IntakeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return await OpenOnce(request);
        }
        catch (StoreException)
        {
            return new(null, new("outcome-unknown", RefusalKind.Unknown, "Whether this was carried out is unknown: repeat it with the same Idempotency-Key."));
        }
    }

    private async Task<CaseReply> OpenOnce(IntakeRequest request)
    {
        var key = $"request:{request.Key}";
        if (services.Guards.RequestMemory && await Find(key) is { } opened)
        {
            return await Again(opened, request);
        }

        if (string.IsNullOrWhiteSpace(request.SupportId.Value) || await GrainFactory.GetGrain<IContractGrain>(request.SupportId.Value).Read() is not { } reading)
        {
            return new(null, Refusal.ByRule("contract-not-found", "HB-1.4", $"There is no contract '{request.SupportId}'.") with { Pointer = "/supportId" });
        }

        var policy = await services.Policies.Get(reading.Contract.PolicyVersion);
        var (terms, refused) = Entitlement.Check(reading.Contract, reading.Version, policy, request.Product, request.Report.Contact, request.Report.SerialNumber, services.Clock.GetCurrentInstant());
        if (refused is not null)
        {
            return new(null, refused);
        }

        var (outcome, wrong) = Intake.Check(policy, request.Report, request.Subject, request.Actor);
        if (wrong is not null)
        {
            return new(null, wrong);
        }

        if (request.Report.Named.FirstOrDefault(n => reading.Contract.Contacts.All(c => c.Id != n)) is { Value: not null } unknown)
        {
            return new(null, Refusal.ByRule("contact-not-designated", "HB-2.5", $"'{unknown}' is not a designated contact of contract {request.SupportId}.", ("contact", unknown.Value)) with { Pointer = "/namedContacts" });
        }

        var digit = policy.Document.Regions[terms!.Region].CaseDigit;
        var numbers = await GrainFactory.GetGrain<ICaseNumbersGrain>($"{digit}").Take(1);
        var open = new CaseCommand.Open(numbers[0], terms with { Language = request.Language ?? terms.Language }, request.Report, outcome!.Missing, outcome.Flags, outcome.Automatic,
            services.Guards.RequestMemory ? key : $"{key}/{Guid.CreateVersion7():N}");
        var grain = GrainFactory.GetGrain<ICaseGrain>(numbers[0].Value);
        var reply = await grain.Execute(new(open, request.Actor, request.Request));
        if (reply.Refusal?.Code == "already-opened" && await Find(key) is { } first)
        {
            return await Again(first, request);
        }

        return await Improved(reply, grain);
    }

    /// <summary>The offer may have improved between reading the contract and opening the case, too late for the case to be told (HB-1.5).</summary>
    private async Task<CaseReply> Improved(CaseReply reply, ICaseGrain grain)
    {
        if (reply.Refusal is not null || reply.State is not { ClosedAt: null, Terms: var terms })
        {
            return reply;
        }

        var now = await GrainFactory.GetGrain<IContractGrain>(terms.SupportId.Value).Read();
        if (now is null || now.Version == terms.ContractVersion || now.Contract.Effective == terms.Offer)
        {
            return reply;
        }

        var policy = await services.Policies.Get(now.Contract.PolicyVersion);
        return policy.Offer(now.Contract.Effective) is { } offer
            ? await grain.Execute(new(new CaseCommand.ChangeOffer(offer.Id, now.Contract.Includes(offer, EntitlementNames.PriorityCallQueueing), now.Contract.Includes(offer, EntitlementNames.ContinuousService), policy.Version), Actor.System)) with { Repeated = reply.Repeated }
            : reply;
    }

    private async Task<string?> Find(string key) => (await services.Store.FindSourceKeys([key])).GetValueOrDefault(key);

    /// <summary>The case remembers the request's content: the same key with another body is refused there.</summary>
    private async Task<CaseReply> Again(string number, IntakeRequest request)
    {
        var grain = GrainFactory.GetGrain<ICaseGrain>(number);
        var state = await grain.Read();
        return await Improved(await grain.Execute(new(new CaseCommand.Open(state!.Number, state.Terms, request.Report, [], [], false, state.SourceKey!), Actor.System, request.Request)), grain);
    }
}
