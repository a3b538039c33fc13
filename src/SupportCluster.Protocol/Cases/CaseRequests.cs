namespace SupportCluster.Protocol.Cases;

/// <summary>Reports a problem (HB-5.1, HB-5.2). A contact's support ID and name come from the sign-in; the front desk gives them.</summary>
/// <param name="Product">Id of a licensed product.</param>
/// <param name="Severity">1 to 4, set by the customer (HB-3.1).</param>
/// <param name="SupportId">Required from the front desk.</param>
/// <param name="Contact">The reporting designated contact; required from the front desk.</param>
/// <param name="Channel">How it was reported; <c>online</c> when absent.</param>
/// <param name="Criteria">Ids of the severity criteria that apply (HB-3.2), see <c>GET /api/intake/checklist</c>.</param>
/// <param name="WorkaroundAvailable">A workaround is at once available.</param>
/// <param name="NamedContacts">Contacts in charge of this case (HB-2.5).</param>
public sealed record SubmitCase(
    string Product,
    string Title,
    string Description,
    int Severity,
    string? SupportId = null,
    string? Contact = null,
    Channel? Channel = null,
    ProblemSubject? Subject = null,
    IReadOnlyList<string>? Criteria = null,
    bool? WorkaroundAvailable = null,
    string? SerialNumber = null,
    EnvironmentDetails? Environment = null,
    string? Language = null,
    IReadOnlyList<string>? NamedContacts = null);

/// <summary>The system on which the problem shows (HB-5.2). What is missing is asked for.</summary>
/// <param name="Evidence">Names of logs, traces and screenshots at hand.</param>
public sealed record EnvironmentDetails(
    string? SystemType = null,
    string? OperatingSystem = null,
    string? NetworkPlatform = null,
    string? Database = null,
    string? Configuration = null,
    string? Revision = null,
    string? HostId = null,
    IReadOnlyList<string>? Evidence = null);

/// <summary>The severity criteria of the policy, for the intake form.</summary>
public sealed record IntakeChecklist(IReadOnlyList<SeverityCriterion> Criteria, IReadOnlyList<string> Information);

/// <summary>One criterion and the severity that it implies unless a workaround is at hand.</summary>
public sealed record SeverityCriterion(string Id, int Severity, string Text);

/// <summary>Asks which severity the criteria imply, and what is missing.</summary>
public sealed record IntakeCheck(IReadOnlyList<string>? Criteria = null, bool? WorkaroundAvailable = null, int? Severity = null, ProblemSubject? Subject = null);

/// <summary>The proposed severity; nothing is changed by asking.</summary>
public sealed record IntakeAdvice(int? ProposedSeverity, IReadOnlyList<string> Remarks);

/// <summary>Acknowledges a reported case (front desk, HB-4.2, HB-5.3).</summary>
public sealed record Acknowledge(int? Severity = null, string? Queue = null);

/// <summary>Gives the case back to its queue.</summary>
public sealed record Release(string Reason);

/// <summary>The initial response (HB-4.3).</summary>
public sealed record Respond(Channel Channel, string Text);

/// <summary>A note; internal notes are never shown to the customer.</summary>
public sealed record AddNote(string Text, bool Internal = false);

/// <summary>Asks the customer: restoration and solution clocks are on hold until the answer (HB-4.9).</summary>
public sealed record AskCustomer(string Text);

/// <summary>The customer's answer; the clocks go on.</summary>
public sealed record Answer(string Text);

/// <summary>Changes the severity (HB-3.1); open milestones are re-targeted (HB-4.10).</summary>
public sealed record ChangeSeverity(int Severity, string Reason);

/// <summary>A workaround was given (HB-4.7).</summary>
public sealed record GiveWorkaround(string Text);

/// <summary>Service is restored (HB-4.5).</summary>
public sealed record RestoreService(string Text);

/// <summary>Proposes a solution (HB-4.6).</summary>
/// <param name="Update">The coming software update; required for <c>plannedForComingVersion</c>.</param>
public sealed record ProposeSolution(SolutionKind Kind, string Text, string? Update = null);

/// <summary>The contact accepts the solution: the case is closed (HB-6.6).</summary>
public sealed record AcceptSolution(string? Text = null);

/// <summary>The contact rejects the solution: work goes on.</summary>
public sealed record RejectSolution(string Reason);

/// <summary>Closes the case: a contact at any time; staff after an accepted solution, or a manager with a reason (HB-6.6).</summary>
public sealed record CloseCase(string Reason);

/// <summary>Reopens a closed case within the policy's window, under the same number (HB-6.6).</summary>
public sealed record ReopenCase(string Reason);

/// <summary>Excuses a miss (HB-4.11). Managers only.</summary>
public sealed record ExcuseMiss(Milestone Milestone, ExcuseCause Cause, string Reason);

/// <summary>Records that no workaround or fix is known: misses of restoration and solution are excused (HB-4.12). Managers only.</summary>
public sealed record RecordNoKnownFix(string Reason);

/// <summary>No qualified contact is available: restoration and solution clocks are on hold (HB-2.6).</summary>
public sealed record ContactUnavailable(string Reason);

/// <summary>A qualified contact is available again.</summary>
public sealed record ContactAvailable(string? Text = null);
