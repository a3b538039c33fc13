using Orleans.Concurrency;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Live;

namespace SupportCluster.Grains.Cases;

/// <summary>A command to a case.</summary>
/// <param name="Request">Null for commands that are idempotent by themselves.</param>
/// <param name="Seen">The version that the actor saw, as it counts: refused when somebody else has done something since.</param>
public sealed record CaseRequest(CaseCommand Command, Actor Actor, RequestKey? Request = null, long? Seen = null);

/// <summary>A case's answer: the committed state after the command, or a refusal.</summary>
public sealed record CaseReply(CaseState? State, Refusal? Refusal, bool Repeated = false);

/// <summary>What a watcher of a case is told: an event, and the versions after it.</summary>
public sealed record CaseChange(CaseEvent Event, long Version, long PublicVersion);

/// <summary>A case. Its key is the case number.</summary>
public interface ICaseGrain : ITopicGrain
{
    /// <summary>Carries out a command.</summary>
    Task<CaseReply> Execute(CaseRequest request);

    /// <summary>The committed state; null for a number that is no case.</summary>
    [AlwaysInterleave]
    Task<CaseState?> Read();
}
