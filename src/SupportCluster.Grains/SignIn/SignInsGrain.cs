using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.SignIn;
using SupportCluster.Grains.Durable;
using SupportCluster.Storage;

namespace SupportCluster.Grains.SignIn;

/// <summary>Keeps what ended people's rights. There is one; it calls nobody, and every node reads its events from the store.</summary>
public interface ISignInsGrain : IGrainWithStringKey
{
    /// <summary>The key of the only one.</summary>
    const string Only = "current";

    /// <summary>Revokes the sign-ins of a subject; answers up to when.</summary>
    Task<(Instant Until, Refusal? Refusal)> Revoke(string subject, string reason, Actor actor, RequestKey? request);

    /// <summary>A contract tells that somebody is its contact no longer. Told again, it ends connections again.</summary>
    Task ContactLeft(SupportId supportId, ContactId contact);
}

/// <inheritdoc cref="ISignInsGrain"/>
[GrainType("sign-in-revocations")]
public sealed class SignInsGrain(DurableServices services) : DurableGrain<SignIns, SignInEvent, NoEffect>(services), ISignInsGrain
{
    /// <summary>Where its events are stored.</summary>
    public static AggregateKey StoredAs { get; } = new("sign-in-revocations", ISignInsGrain.Only);

    public async Task<(Instant Until, Refusal? Refusal)> Revoke(string subject, string reason, Actor actor, RequestKey? request)
    {
        var outcome = await Execute(request, (state, now) => SignIns.Revoke(state, subject, reason, actor, now));
        return (State?.Revoked.GetValueOrDefault(subject) ?? Instant.MinValue, outcome.Refusal);
    }

    public async Task ContactLeft(SupportId supportId, ContactId contact)
    {
        if ((await Execute(null, (state, now) => SignIns.ContactLeft(state, supportId, contact, now))).Refusal is { } refusal)
        {
            throw new StoreException($"That a contact left was not taken down ({refusal.Code}).");
        }
    }

    protected override SignIns Evolve(SignIns? state, SignInEvent happened) => SignIns.Evolve(state, happened);

    protected override Instant? DueOf(SignIns state) => null;

    protected override Task<Decision<SignInEvent>> DecideDue(SignIns state, Instant now) => Task.FromResult<Decision<SignInEvent>>(new List<SignInEvent>());

    protected override Instant AtOf(SignInEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return happened.At;
    }
}
