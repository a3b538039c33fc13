using SupportCluster.Client;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Web.Cases;

/// <summary>What is asked for before an action is done.</summary>
public enum FieldKind
{
    Line,
    Text,
    Severity,
    Channel,
    Solution,
    Cause,
    Missed,
    Excuse,
    Check,
}

/// <summary>One thing that is asked for.</summary>
/// <param name="Optional">It may be left empty.</param>
public sealed record ActionField(string Name, string Label, FieldKind Kind = FieldKind.Text, bool Optional = false);

/// <summary>What was entered, by the names of the fields.</summary>
public sealed class ActionInput : Dictionary<string, string>
{
    internal string Text(string name) => GetValueOrDefault(name, "").Trim();

    internal string? Some(string name) => Text(name) is { Length: > 0 } text ? text : null;

    internal T Word<T>(string name)
        where T : struct, Enum => Enum.Parse<T>(Text(name));

    private string GetValueOrDefault(string name, string none) => TryGetValue(name, out var value) ? value : none;
}

/// <summary>Something that can be done with a case. Which are shown follows role and state; what is allowed is the server's to say.</summary>
/// <param name="Verb">As the API names it.</param>
/// <param name="Roles">Whose it is.</param>
/// <param name="Fits">Whether it makes sense as the case stands, for a person.</param>
/// <param name="Do">Does it, as what was entered says.</param>
/// <param name="Key">The key that opens it.</param>
public sealed record CaseAction(
    string Verb, string Label, string Roles, Func<CaseView, string, bool> Fits, IReadOnlyList<ActionField> Fields, Func<SupportClusterClient, string, ActionInput, CancellationToken, Task<CaseView>> Do, string? Key = null)
{
    private static readonly ActionField Reason = new("reason", "Reason");
    private static readonly ActionField Words = new("text", "Text");

    /// <summary>In the order in which they are shown.</summary>
    public static IReadOnlyList<CaseAction> All { get; } =
    [
        new("take", "Take", "engineer", (c, me) => Open(c) && c.Owner != me && (c.Owner is null || c.Handoff is { Seeking: true }), [], (api, n, _, ct) => api.Take(n, ct), "t"),
        new("decline", "Decline", "engineer", (c, me) => c.Ring?.Engineer == me, [Reason], (api, n, i, ct) => api.Decline(n, new(i.Text("reason")), ct)),
        new("acknowledge", "Acknowledge", "representative manager", (c, _) => c.Status == CaseStatus.Reported, [], (api, n, _, ct) => api.Acknowledge(n, new(), ct)),
        new("respond", "Respond", "engineer manager", (c, _) => Open(c), [new("channel", "How", FieldKind.Channel), Words], (api, n, i, ct) => api.Respond(n, new(i.Word<Channel>("channel"), i.Text("text")), ct), "r"),
        new("answer", "Answer", "contact representative engineer manager", (c, _) => c.Waiting is not null, [Words], (api, n, i, ct) => api.Answer(n, new(i.Text("text")), ct)),
        new("accept", "Accept the solution", "contact representative manager", (c, _) => c.Status == CaseStatus.SolutionProposed, [new("text", "Text", Optional: true)], (api, n, i, ct) => api.Accept(n, new(i.Some("text")), ct)),
        new("reject", "Reject the solution", "contact representative manager", (c, _) => c.Status == CaseStatus.SolutionProposed, [Reason], (api, n, i, ct) => api.Reject(n, new(i.Text("reason")), ct)),
        new("note", "Note", "contact representative engineer manager", (_, _) => true, [Words, new("internal", "Internal: not for the customer", FieldKind.Check)], (api, n, i, ct) => api.Note(n, new(i.Text("text"), i.Text("internal") == "true"), ct), "n"),
        new("ask", "Ask the customer", "representative engineer manager", (c, _) => Open(c), [Words], (api, n, i, ct) => api.Ask(n, new(i.Text("text")), ct), "a"),
        new("workaround", "Workaround", "engineer manager", (c, _) => Open(c), [Words], (api, n, i, ct) => api.GiveWorkaround(n, new(i.Text("text")), ct), "w"),
        new("restore", "Service restored", "contact engineer manager", (c, _) => Open(c) && c.RestoredAt is null, [Words], (api, n, i, ct) => api.RestoreService(n, new(i.Text("text")), ct)),
        new("propose", "Propose a solution", "engineer manager", (c, _) => Open(c), [new("kind", "Kind", FieldKind.Solution), Words, new("update", "Update that holds it", FieldKind.Line, Optional: true)],
            (api, n, i, ct) => api.Propose(n, new(i.Word<SolutionKind>("kind"), i.Text("text"), i.Some("update")), ct), "p"),
        new("severity", "Severity", "contact representative engineer manager", (c, _) => Open(c), [new("severity", "New severity", FieldKind.Severity), Reason], (api, n, i, ct) => api.ChangeSeverity(n, new(int.Parse(i.Text("severity"), System.Globalization.CultureInfo.InvariantCulture), i.Text("reason")), ct), "s"),
        new("handoff-note", "Handoff note", "engineer manager", (c, _) => c.Owner is not null && Open(c),
            [new("state", "Where it stands"), new("plan", "Plan of action"), new("tried", "What was tried"), new("next", "What is next"), new("contact", "When and how the contact is available")],
            (api, n, i, ct) => api.GiveHandoffNote(n, new(i.Text("state"), i.Text("plan"), i.Text("tried"), i.Text("next"), i.Text("contact")), ct), "h"),
        new("escalate", "Ask for the duty manager", "contact representative engineer manager", (c, _) => Open(c), [Reason], (api, n, i, ct) => api.Escalate(n, new(i.Text("reason")), ct), "e"),
        new("take-up", "Take the escalation up", "manager", (c, _) => c.Escalations?.Any(e => e.TakenUpBy is null) == true, [new("cause", "Which", FieldKind.Cause)], (api, n, i, ct) => api.TakeUp(n, new(i.Word<EscalationCause>("cause")), ct)),
        new("deescalate", "End the escalation", "manager", (c, _) => c.Escalations is { Count: > 0 }, [new("cause", "Which", FieldKind.Cause), Reason], (api, n, i, ct) => api.Deescalate(n, new(i.Word<EscalationCause>("cause"), i.Text("reason")), ct)),
        new("decline-continuous-service", "Stop at the close of business", "contact representative engineer manager", (c, _) => Open(c) && c.Continuous, [Reason], (api, n, i, ct) => api.DeclineContinuousService(n, new(i.Text("reason")), ct)),
        new("take-back-continuous-service", "Go on round the clock", "contact representative engineer manager", (c, _) => Open(c) && !c.Continuous && c.Severity == 1, [new("text", "Text", Optional: true)], (api, n, i, ct) => api.TakeBackContinuousService(n, new(i.Some("text")), ct)),
        new("contact-unavailable", "No contact available", "contact representative engineer manager", (c, _) => Open(c) && c.Waiting is null, [Reason], (api, n, i, ct) => api.ContactUnavailable(n, new(i.Text("reason")), ct)),
        new("contact-available", "Contact available again", "contact representative engineer manager", (c, _) => c.Waiting?.Reason == "contact", [new("text", "Text", Optional: true)], (api, n, i, ct) => api.ContactAvailable(n, new(i.Some("text")), ct)),
        new("excuse", "Excuse a miss", "manager", (c, _) => c.Milestones.Any(m => m is { State: MilestoneState.Missed, Excuse: null }), [new("milestone", "Milestone", FieldKind.Missed), new("cause", "Cause", FieldKind.Excuse), Reason],
            (api, n, i, ct) => api.Excuse(n, new(i.Word<Milestone>("milestone"), i.Word<ExcuseCause>("cause"), i.Text("reason")), ct)),
        new("no-known-fix", "No fix is known", "manager", (c, _) => Open(c) && c.Flags?.Contains("no-known-fix") != true, [Reason], (api, n, i, ct) => api.RecordNoKnownFix(n, new(i.Text("reason")), ct)),
        new("reassign", "Reassign", "manager", (c, _) => c.Owner is not null && Open(c), [Reason], (api, n, i, ct) => api.Release(n, new(i.Text("reason")), ct)),
        new("release", "Give back", "engineer", (c, _) => c.Owner is not null && Open(c), [Reason], (api, n, i, ct) => api.Release(n, new(i.Text("reason")), ct)),
        new("close", "Close the case", "contact engineer manager", (c, _) => Open(c), [Reason], (api, n, i, ct) => api.Close(n, new(i.Text("reason")), ct)),
        new("reopen", "Reopen", "contact representative engineer manager", (c, _) => c.ClosedAt is not null, [Reason], (api, n, i, ct) => api.Reopen(n, new(i.Text("reason")), ct)),
    ];

    private static bool Open(CaseView c) => c.ClosedAt is null;
}
