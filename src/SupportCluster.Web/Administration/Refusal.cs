using SupportCluster.Client;

namespace SupportCluster.Web.Administration;

/// <summary>Why something was not done, with the place of each mistake where the server names places.</summary>
/// <param name="Places">By JSON pointer.</param>
public sealed record Refusal(string Text, string? Code = null, string? Rule = null, IReadOnlyDictionary<string, string[]>? Places = null)
{
    /// <summary>Null for what is no refusal.</summary>
    public static Refusal? Of(Exception e) => e switch
    {
        SupportClusterException { Problem: var problem } refused => new(refused.Message, problem.Code, problem.Rule, problem.Errors),
        OutcomeUnknownException => new("Whether this was done is unknown: load the page again before you repeat it.", "outcome-unknown"),
        FormatException mistake => new(mistake.Message),
        _ => null,
    };
}
