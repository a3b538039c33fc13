using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Policy;
using SupportCluster.Grains.Durable;

namespace SupportCluster.Grains.Policies;

/// <summary>What happened to the policy; the event's version is the policy's.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(Applied), "policy-applied.v1")]
public abstract record PolicyEvent(Instant At, string By)
{
    public sealed record Applied(Instant At, string By, PolicyDocument Document) : PolicyEvent(At, By);
}

/// <summary>The policy in force for new conclusions (HB-1.6). Every version stays readable: contracts and cases are pinned to theirs.</summary>
public interface IPolicyGrain : IGrainWithStringKey
{
    /// <summary>The key of the only one.</summary>
    const string Current = "current";

    /// <summary>The latest version; 0 before the first policy.</summary>
    Task<int> CurrentVersion();

    /// <summary>
    /// Makes a checked document the policy; the same again changes nothing, nor does the document that a server starts with (the system applies it)
    /// when it is the one of the start before: a policy that was applied since stays in force. Answers with the latest version.
    /// </summary>
    Task<(int Version, Refusal? Refusal)> Apply(PolicyDocument document, Actor actor);
}

/// <summary>State of the policy: the latest document, to recognise it, and the hash of the latest that a server has started with.</summary>
public sealed record PolicyState(PolicyDocument Document, string? StartedWith = null);

[GrainType("policy")]
public sealed class PolicyGrain(DurableServices services) : DurableGrain<PolicyState, PolicyEvent, NoEffect>(services), IPolicyGrain
{
    public Task<int> CurrentVersion() => Task.FromResult((int)Version);

    public async Task<(int Version, Refusal? Refusal)> Apply(PolicyDocument document, Actor actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var outcome = await Execute(null, (state, now) => state is not null && (Text(state.Document) == Text(document) || (actor == Actor.System && state.StartedWith == Hash(document)))
            ? new List<PolicyEvent>()
            : new List<PolicyEvent> { new PolicyEvent.Applied(now, actor.Id, document) });
        return ((int)Version, outcome.Refusal);
    }

    protected override PolicyState Evolve(PolicyState? state, PolicyEvent happened) => happened is PolicyEvent.Applied applied
        ? new(applied.Document, applied.By == Actor.System.Id ? Hash(applied.Document) : state?.StartedWith)
        : throw new InvalidOperationException("Unknown event.");

    private static string Text(PolicyDocument d) => JsonSerializer.Serialize(d, DomainJson.Stored);

    private static string Hash(PolicyDocument d) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Text(d))));

    protected override Instant? DueOf(PolicyState state) => null;

    protected override Task<Decision<PolicyEvent>> DecideDue(PolicyState state, Instant now) => Task.FromResult<Decision<PolicyEvent>>(new List<PolicyEvent>());

    protected override Instant AtOf(PolicyEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return happened.At;
    }
}
