using NodaTime;

namespace SupportCluster.Faults.Load;

/// <summary>What became of a command, as far as whoever gave it knows.</summary>
internal enum Outcome
{
    /// <summary>The server said yes: it is in the journal, for ever.</summary>
    Acknowledged,

    /// <summary>The server said no: it is not in the journal.</summary>
    Refused,

    /// <summary>No certain answer came, and nobody asked again: it is in the journal once, or not at all.</summary>
    Unknown,
}

/// <summary>What can be asked of the service.</summary>
internal enum CommandKind
{
    Submit,
    Acknowledge,
    Take,
    TakeNext,
    Release,
    Respond,
    Note,
    Ask,
    Answer,
    Severity,
    Workaround,
    Restore,
    Propose,
    Accept,
    Reject,
    Close,
    Reopen,
    Decline,
    HandoffNote,
    Escalate,
    TakeUp,
    DeclineContinuousService,
    TakeBackContinuousService,
    ContactUnavailable,
    ContactAvailable,
}

/// <summary>One command, recorded by whoever gave it.</summary>
/// <param name="Key">Its Idempotency-Key, the same for every attempt.</param>
/// <param name="By">Who gave it, as the journal names people.</param>
/// <param name="Case">The case that it was given to; for a report and the next of a queue the one that the answer named.</param>
/// <param name="Marker">A text that no other command carries; null for commands without a text.</param>
/// <param name="Outcome">After the last attempt.</param>
/// <param name="Attempts">How often it was sent until there was an answer.</param>
/// <param name="Code">Why it was refused.</param>
/// <param name="Version">The case's version in the answer.</param>
/// <param name="Owner">The case's owner in the answer.</param>
/// <param name="AnsweredAgain">What a repeat was answered after it had been acknowledged; null when there was no repeat.</param>
internal sealed record Command(
    CommandKind Kind,
    Guid Key,
    string By,
    string? Case,
    string? Marker,
    Outcome Outcome,
    int Attempts = 1,
    string? Code = null,
    long? Version = null,
    string? Owner = null,
    Outcome? AnsweredAgain = null,
    string? CodeAgain = null,
    Instant AnsweredAt = default)
{
    /// <summary>The type of the entry that the command leaves in the history.</summary>
    internal string EntryType => Kind switch
    {
        CommandKind.Submit => "case-reported",
        CommandKind.Acknowledge => "case-acknowledged",
        CommandKind.Take or CommandKind.TakeNext => "case-taken",
        CommandKind.Release => "case-released",
        CommandKind.Respond => "case-responded",
        CommandKind.Note => "case-note-added",
        CommandKind.Ask => "case-customer-asked",
        CommandKind.Answer => "case-customer-answered",
        CommandKind.Severity => "case-severity-changed",
        CommandKind.Workaround => "case-workaround-given",
        CommandKind.Restore => "case-service-restored",
        CommandKind.Propose => "case-solution-proposed",
        CommandKind.Accept => "case-solution-accepted",
        CommandKind.Reject => "case-solution-rejected",
        CommandKind.Close => "case-closed",
        CommandKind.Reopen => "case-reopened",
        CommandKind.Decline => "case-ring-declined",
        CommandKind.HandoffNote => "case-handoff-note-given",
        CommandKind.Escalate => "case-escalated",
        CommandKind.TakeUp => "case-escalation-taken-up",
        CommandKind.DeclineContinuousService => "case-continuous-service-declined",
        CommandKind.TakeBackContinuousService => "case-continuous-service-taken-back",
        CommandKind.ContactUnavailable => "case-contact-unavailable",
        CommandKind.ContactAvailable => "case-contact-available",
        _ => throw new InvalidOperationException($"Unknown command {Kind}."),
    };
}
