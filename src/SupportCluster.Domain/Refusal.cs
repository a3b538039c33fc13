namespace SupportCluster.Domain;

/// <summary>What kind of no a refusal is; the server maps it to a status in one place.</summary>
public enum RefusalKind
{
    /// <summary>The request itself is wrong: 400.</summary>
    Malformed,

    /// <summary>Not for this person: 403.</summary>
    Forbidden,

    /// <summary>Not there, or not for this person to know: 404.</summary>
    NotFound,

    /// <summary>Against the present state: 409.</summary>
    State,

    /// <summary>A rule of the service forbids it: 422.</summary>
    Rule,

    /// <summary>Whether it was carried out is unknown: 503, repeat under the same request id.</summary>
    Unknown,
}

/// <summary>A command that is not carried out. A value, not an exception: exceptions are bugs or failed infrastructure.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Detail">What was wrong and what would be right, for people; without the customer's texts.</param>
/// <param name="Rule">The handbook rule that forbids it.</param>
/// <param name="Facts">Figures and names that it rests on.</param>
/// <param name="Pointer">JSON pointer to the member that was wrong.</param>
public sealed record Refusal(
    string Code,
    RefusalKind Kind,
    string Detail,
    string? Rule = null,
    IReadOnlyDictionary<string, string>? Facts = null,
    string? Pointer = null)
{
    public static Refusal Malformed(string code, string detail, string pointer, string? rule = null) => new(code, RefusalKind.Malformed, detail, rule, Pointer: pointer);

    public static Refusal Forbidden(string code, string detail, string? rule = null) => new(code, RefusalKind.Forbidden, detail, rule);

    public static Refusal NotFound(string code, string detail) => new(code, RefusalKind.NotFound, detail);

    public static Refusal State(string code, string detail, string? rule = null) => new(code, RefusalKind.State, detail, rule);

    public static Refusal ByRule(string code, string rule, string detail, params (string Name, string Value)[] facts) =>
        new(code, RefusalKind.Rule, detail, rule, facts.Length == 0 ? null : facts.ToDictionary(f => f.Name, f => f.Value));
}

/// <summary>What a command leads to: events (perhaps none, when there is nothing to do), or a refusal.</summary>
public readonly record struct Decision<TEvent>(IReadOnlyList<TEvent> Events, Refusal? Refusal)
{
    public static implicit operator Decision<TEvent>(Refusal refusal) => new([], refusal);

    public static implicit operator Decision<TEvent>(List<TEvent> events) => new(events, null);
}
