using System.Net;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Faults.Load;

/// <summary>What one attempt of a command was answered.</summary>
/// <param name="View">The case, when it was acknowledged.</param>
internal sealed record Reply(Outcome Outcome, HttpStatusCode? Status, string? Code, CaseView? View);
