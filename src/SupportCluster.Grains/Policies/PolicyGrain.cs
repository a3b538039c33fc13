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

    /// <summary>Makes a checked document the policy; the same again changes nothing. Answers with the latest version.</summary>
    Task<(int Version, Refusal? Refusal)> Apply(PolicyDocument document, Actor actor);
}

/// <summary>State of the policy: the latest document, to recognise it.</summary>
public sealed record PolicyState(PolicyDocument Document);

[GrainType("policy")]
public sealed class PolicyGrain(DurableServices services) : DurableGrain<PolicyState, PolicyEvent, NoEffect>(services), IPolicyGrain
{
    public Task<int> CurrentVersion() => Task.FromResult((int)Version);

    public async Task<(int Version, Refusal? Refusal)> Apply(PolicyDocument document, Actor actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var outcome = await Execute(null, (state, now) => state is not null && Text(state.Document) == Text(document)
            ? new List<PolicyEvent>()
            : new List<PolicyEvent> { new PolicyEvent.Applied(now, actor.Id, document) });
        return ((int)Version, outcome.Refusal);

        static string Text(PolicyDocument d) => JsonSerializer.Serialize(d, DomainJson.Stored);
    }

    protected override PolicyState Evolve(PolicyState? state, PolicyEvent happened) => happened is PolicyEvent.Applied applied ? new(applied.Document) : throw new InvalidOperationException("Unknown event.");

    protected override Instant? DueOf(PolicyState state) => null;

    protected override Task<Decision<PolicyEvent>> DecideDue(PolicyState state, Instant now) => Task.FromResult<Decision<PolicyEvent>>(new List<PolicyEvent>());

    protected override Instant AtOf(PolicyEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return happened.At;
    }
}
