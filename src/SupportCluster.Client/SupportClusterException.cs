using System.Net;
using SupportCluster.Protocol;

namespace SupportCluster.Client;

/// <summary>The server refused a call, or could not be reached so that nothing was done.</summary>
public sealed class SupportClusterException : Exception
{
    /// <summary>The code of a problem that is not the server's: no connection could be made.</summary>
    public const string Unreachable = "unreachable";

    public SupportClusterException(HttpStatusCode? status, Problem problem, Exception? inner = null)
        : base(Describe(problem), inner)
    {
        Status = status;
        Problem = problem;
    }

    /// <summary>The HTTP status; absent when no answer came.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>What was wrong: code, rule, errors by place, facts.</summary>
    public Problem Problem { get; }

    /// <summary>The stable code, where the answer carried one.</summary>
    public string? Code => Problem.Code;

    private static string Describe(Problem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return problem.Detail ?? problem.Title ?? problem.Code ?? "The server refused the call.";
    }
}
