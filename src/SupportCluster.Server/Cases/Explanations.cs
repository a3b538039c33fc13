using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Policy;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Server.Cases;

/// <summary>Renders explanations of deadlines.</summary>
internal static class Explanations
{
    internal static IReadOnlyList<DeadlineExplanation> Of(CaseState state, SupportPolicy policy) => throw new NotSupportedException();

    internal static (IReadOnlyList<DeadlineExplanation>? Explanations, Refusal? Refusal) WhatIf(SupportPolicy policy, WhatIf question, Instant now) => throw new NotSupportedException();
}
