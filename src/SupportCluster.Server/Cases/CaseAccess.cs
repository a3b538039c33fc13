using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Grains.Cases;
using SupportCluster.Grains.Entitlements;

namespace SupportCluster.Server.Cases;

/// <summary>Finds cases for whoever may know of them: another customer's case is not there (404), as one that never was.</summary>
public sealed class CaseAccess(IGrainFactory grains)
{
    private static readonly Refusal NotFound = Refusal.NotFound("case-not-found", "There is no such case.");

    /// <summary>The case of a number as typed.</summary>
    public async ValueTask<(CaseState? State, Refusal? Refusal)> Find(string typed, Actor actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (!CaseNumber.TryParse(typed, out var number))
        {
            return (null, Refusal.Malformed("case-number-malformed", "A case number is ten digits, the last of them a check digit: please read it again.", "", "HB-5.6"));
        }

        if (await Admit(actor) is { } refused)
        {
            return (null, refused);
        }

        var state = await grains.GetGrain<ICaseGrain>(number.Value).Read();
        return state is null || (actor.Role == Role.Contact && state.Terms.SupportId != actor.SupportId) ? (null, NotFound) : (state, null);
    }

    /// <summary>A contact acts only while it is a designated contact of its contract (HB-2.1); everybody else is admitted.</summary>
    public async ValueTask<Refusal?> Admit(Actor actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (actor.Role != Role.Contact)
        {
            return null;
        }

        var reading = await grains.GetGrain<IContractGrain>(actor.SupportId!.Value.Value).Read();
        return reading?.Contract.Contacts.Any(c => c.Id.Value == actor.Id) == true
            ? null
            : Refusal.Forbidden("contact-not-designated", $"'{actor.Id}' is not a designated contact of contract {actor.SupportId}.", "HB-2.1");
    }
}
