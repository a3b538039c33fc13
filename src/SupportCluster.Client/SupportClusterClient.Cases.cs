using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Client;

/// <summary>Which cases a list shows; every member narrows it.</summary>
/// <param name="Open">True: without closed cases.</param>
/// <param name="Escalated">True: only those with an open escalation; false: only those without. For staff.</param>
/// <param name="After">The <c>Next</c> of the page before.</param>
public sealed record CaseQuery(
    string? SupportId = null,
    string? Queue = null,
    string? Region = null,
    string? Owner = null,
    CaseStatus? Status = null,
    bool? Open = null,
    int? Severity = null,
    string? Product = null,
    string? Offer = null,
    string? Text = null,
    int? Limit = null,
    string? After = null,
    bool? Escalated = null);

public sealed partial class SupportClusterClient
{
    /// <summary>Reports a problem (HB-5.1); the answer carries the new case's number.</summary>
    public Task<CaseView> Submit(SubmitCase request, CancellationToken cancellation = default) => Post<CaseView>("api/cases", request, cancellation);

    /// <summary>Lists cases, page by page.</summary>
    public Task<Page<CaseSummary>> Cases(CaseQuery? query = null, CancellationToken cancellation = default)
    {
        var q = query ?? new CaseQuery();
        return Get<Page<CaseSummary>>(
            "api/cases" + Where(
                ("supportId", q.SupportId), ("queue", q.Queue), ("region", q.Region), ("owner", q.Owner), ("status", q.Status), ("open", q.Open),
                ("severity", q.Severity), ("product", q.Product), ("offer", q.Offer), ("text", q.Text), ("escalated", q.Escalated), ("limit", q.Limit), ("after", q.After)),
            cancellation);
    }

    /// <summary>A case as the reader may see it.</summary>
    public Task<CaseView> Case(string number, CancellationToken cancellation = default) => Get<CaseView>(CasePath(number), cancellation);

    /// <summary>What happened in a case, oldest first, after a version (exclusive).</summary>
    public Task<Page<HistoryEntry>> History(string number, string? after = null, int? limit = null, CancellationToken cancellation = default) =>
        Get<Page<HistoryEntry>>(CasePath(number, "history") + Where(("after", after), ("limit", limit)), cancellation);

    /// <summary>Why the deadlines of a case are what they are.</summary>
    public Task<IReadOnlyList<DeadlineExplanation>> Explain(string number, CancellationToken cancellation = default) =>
        Get<IReadOnlyList<DeadlineExplanation>>(CasePath(number, "explain"), cancellation);

    /// <summary>Acknowledges a reported case (HB-4.2).</summary>
    public Task<CaseView> Acknowledge(string number, Acknowledge request, CancellationToken cancellation = default) => Act(number, "acknowledge", request, cancellation);

    /// <summary>Takes a case: the engineer who asks becomes its owner.</summary>
    public Task<CaseView> Take(string number, CancellationToken cancellation = default) => Act(number, "take", null, cancellation);

    /// <summary>Gives a case back to its queue.</summary>
    public Task<CaseView> Release(string number, Release request, CancellationToken cancellation = default) => Act(number, "release", request, cancellation);

    /// <summary>Records the initial response (HB-4.3).</summary>
    public Task<CaseView> Respond(string number, Respond request, CancellationToken cancellation = default) => Act(number, "respond", request, cancellation);

    /// <summary>Adds a note.</summary>
    public Task<CaseView> Note(string number, AddNote request, CancellationToken cancellation = default) => Act(number, "note", request, cancellation);

    /// <summary>Asks the customer; restoration and solution clocks are on hold until the answer (HB-4.9).</summary>
    public Task<CaseView> Ask(string number, AskCustomer request, CancellationToken cancellation = default) => Act(number, "ask", request, cancellation);

    /// <summary>Gives the customer's answer.</summary>
    public Task<CaseView> Answer(string number, Answer request, CancellationToken cancellation = default) => Act(number, "answer", request, cancellation);

    /// <summary>Changes the severity (HB-3.1); open milestones are re-targeted (HB-4.10).</summary>
    public Task<CaseView> ChangeSeverity(string number, ChangeSeverity request, CancellationToken cancellation = default) => Act(number, "severity", request, cancellation);

    /// <summary>Records a workaround (HB-4.7).</summary>
    public Task<CaseView> GiveWorkaround(string number, GiveWorkaround request, CancellationToken cancellation = default) => Act(number, "workaround", request, cancellation);

    /// <summary>Records that service is restored (HB-4.5).</summary>
    public Task<CaseView> RestoreService(string number, RestoreService request, CancellationToken cancellation = default) => Act(number, "restore", request, cancellation);

    /// <summary>Proposes a solution (HB-4.6).</summary>
    public Task<CaseView> Propose(string number, ProposeSolution request, CancellationToken cancellation = default) => Act(number, "propose", request, cancellation);

    /// <summary>Accepts the proposed solution: the case is closed (HB-6.6).</summary>
    public Task<CaseView> Accept(string number, AcceptSolution request, CancellationToken cancellation = default) => Act(number, "accept", request, cancellation);

    /// <summary>Rejects the proposed solution: work goes on.</summary>
    public Task<CaseView> Reject(string number, RejectSolution request, CancellationToken cancellation = default) => Act(number, "reject", request, cancellation);

    /// <summary>Closes a case (HB-6.6).</summary>
    public Task<CaseView> Close(string number, CloseCase request, CancellationToken cancellation = default) => Act(number, "close", request, cancellation);

    /// <summary>Reopens a closed case within the policy's window (HB-6.6).</summary>
    public Task<CaseView> Reopen(string number, ReopenCase request, CancellationToken cancellation = default) => Act(number, "reopen", request, cancellation);

    /// <summary>Excuses a miss (HB-4.11).</summary>
    public Task<CaseView> Excuse(string number, ExcuseMiss request, CancellationToken cancellation = default) => Act(number, "excuse", request, cancellation);

    /// <summary>Records that no workaround or fix is known (HB-4.12).</summary>
    public Task<CaseView> RecordNoKnownFix(string number, RecordNoKnownFix request, CancellationToken cancellation = default) => Act(number, "no-known-fix", request, cancellation);

    /// <summary>Declines a case that rings at the engineer who asks (HB-5.5).</summary>
    public Task<CaseView> Decline(string number, DeclineRing request, CancellationToken cancellation = default) => Act(number, "decline", request, cancellation);

    /// <summary>Leaves a note for the next engineer (HB-6.5).</summary>
    public Task<CaseView> GiveHandoffNote(string number, HandoffNote request, CancellationToken cancellation = default) => Act(number, "handoff-note", request, cancellation);

    /// <summary>Asks for the duty manager (HB-7.1).</summary>
    public Task<CaseView> Escalate(string number, EscalateCase request, CancellationToken cancellation = default) => Act(number, "escalate", request, cancellation);

    /// <summary>Takes an escalation up (HB-7.2). Managers only.</summary>
    public Task<CaseView> TakeUp(string number, TakeUpEscalation request, CancellationToken cancellation = default) => Act(number, "take-up", request, cancellation);

    /// <summary>Ends an escalation (HB-7.2). Managers only.</summary>
    public Task<CaseView> Deescalate(string number, DeescalateCase request, CancellationToken cancellation = default) => Act(number, "deescalate", request, cancellation);

    /// <summary>Work stops outside local business hours (HB-6.4).</summary>
    public Task<CaseView> DeclineContinuousService(string number, DeclineContinuousService request, CancellationToken cancellation = default) => Act(number, "decline-continuous-service", request, cancellation);

    /// <summary>Work goes on round the clock (HB-6.3).</summary>
    public Task<CaseView> TakeBackContinuousService(string number, TakeBackContinuousService request, CancellationToken cancellation = default) => Act(number, "take-back-continuous-service", request, cancellation);

    /// <summary>Records that no qualified contact is available (HB-2.6).</summary>
    public Task<CaseView> ContactUnavailable(string number, ContactUnavailable request, CancellationToken cancellation = default) => Act(number, "contact-unavailable", request, cancellation);

    /// <summary>Records that a qualified contact is available again.</summary>
    public Task<CaseView> ContactAvailable(string number, ContactAvailable request, CancellationToken cancellation = default) => Act(number, "contact-available", request, cancellation);

    /// <summary>The severity criteria of the policy, for an intake form.</summary>
    public Task<IntakeChecklist> IntakeChecklist(CancellationToken cancellation = default) => Get<IntakeChecklist>("api/intake/checklist", cancellation);

    /// <summary>Which severity the criteria imply. Changes nothing.</summary>
    public Task<IntakeAdvice> CheckIntake(IntakeCheck request, CancellationToken cancellation = default) => Query<IntakeAdvice>("api/intake/check", request, cancellation);

    /// <summary>The deadlines that a problem would have. Changes nothing.</summary>
    public Task<IReadOnlyList<DeadlineExplanation>> WhatIf(WhatIf request, CancellationToken cancellation = default) =>
        Query<IReadOnlyList<DeadlineExplanation>>("api/explain", request, cancellation);

    private Task<CaseView> Act(string number, string action, object? request, CancellationToken cancellation) =>
        Post<CaseView>(CasePath(number, action), request, cancellation);

    private static string CasePath(string number, string? action = null) => $"api/cases/{Escaped(number)}{(action is null ? "" : "/" + action)}";
}
