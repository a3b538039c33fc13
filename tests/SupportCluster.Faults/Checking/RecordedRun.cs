using NodaTime;
using SupportCluster.Faults.Load;
using SupportCluster.Protocol.Cases;
using SupportCluster.Protocol.Engineers;
using SupportCluster.Protocol.Queues;

namespace SupportCluster.Faults.Checking;

/// <summary>All that is known of a run when it has come to rest: what was asked, what is in the journal, what was seen. The checker looks at nothing else.</summary>
/// <param name="AcknowledgeWithin">The policy's time to acknowledge a report: the one target that no entry of the history names.</param>
/// <param name="QuietAt">Before the histories were read: what was due by then has happened.</param>
/// <param name="Skew">How far the clocks of two nodes may be apart; nothing where there is one node.</param>
/// <param name="WatchedEngineers">What engineers were told of themselves; null where nobody watched.</param>
internal sealed record RecordedRun(
    IReadOnlyList<Command> Commands,
    IReadOnlyList<RecordedCase> Cases,
    IReadOnlyList<EngineerView> Engineers,
    IReadOnlyList<QueueView> Queues,
    IReadOnlyList<WatchedCase> WatchedCases,
    IReadOnlyList<WatchedQueue> WatchedQueues,
    Duration AcknowledgeWithin,
    Instant QuietAt,
    Duration Skew = default,
    IReadOnlyList<WatchedEngineer>? WatchedEngineers = null);

/// <summary>A case as it stood in the end, and its whole history.</summary>
/// <param name="Public">The same as its contact sees it; null when nobody watched it as a contact.</param>
internal sealed record RecordedCase(CaseView View, IReadOnlyList<HistoryEntry> History, CaseView? Public = null);

/// <summary>What one watcher of a case was told, in order.</summary>
/// <param name="Watcher">Which one, for the report.</param>
/// <param name="Customer">Whose cases a contact may see; null for staff.</param>
/// <param name="AsContact">Under the public version, without what is internal.</param>
internal sealed record WatchedCase(string Watcher, string Number, bool AsContact, IReadOnlyList<CaseSight> Sights, string? Customer = null);

/// <summary>What one watcher of a queue was told, in order.</summary>
internal sealed record WatchedQueue(string Watcher, string Queue, IReadOnlyList<QueueSight> Sights);

/// <summary>An engineer as the engineer was told, in order: with what is held and what is reserved.</summary>
internal sealed record WatchedEngineer(string Engineer, IReadOnlyList<EngineerView> Views);

/// <summary>What a frame told.</summary>
internal enum SightKind
{
    Snapshot,
    Change,
    UpToDate,
    Stale,
}

/// <summary>One frame of a case as it came.</summary>
/// <param name="At">When it came, by the machine's clock.</param>
/// <param name="Since">The cursor that a change says it follows; null where the client library does not hand it on.</param>
internal sealed record CaseSight(Instant At, SightKind Kind, string? Cursor = null, string? Since = null, bool Reset = false, IReadOnlyList<HistoryEntry>? Changes = null, CaseView? View = null);

/// <summary>One frame of a queue as it came.</summary>
internal sealed record QueueSight(Instant At, SightKind Kind, string? Cursor = null, string? Since = null, bool Reset = false, IReadOnlyList<QueueChange>? Changes = null, QueueView? View = null);

/// <summary>A broken promise.</summary>
/// <param name="Promise">Which one, see <see cref="Promises"/>.</param>
/// <param name="Where">Case, engineer, queue or watcher.</param>
internal sealed record Violation(string Promise, string Where, string What)
{
    public override string ToString() => $"{Promise}: {Where}: {What}";
}

/// <summary>
/// The promises that are checked, each under the invariant that it belongs to: I1 acknowledged once, I2 unknown at most once, I3 contiguous
/// versions, I4 one outcome a milestone and generation, I5 one owner, I6 within capacity, I7 watchers, I8 readers.
/// </summary>
internal static class Promises
{
    internal const string AcknowledgedOnce = "I1: an acknowledged command is in the journal exactly once";
    internal const string RepeatIsRecognised = "I1: a repeat of an acknowledged command is acknowledged and does nothing more";
    internal const string AnswerIsInJournal = "I1: what an answer said is in the journal";
    internal const string UnknownAtMostOnce = "I2: a command without an answer is in the journal once or not at all";
    internal const string RefusedNever = "I2: a refused command is not in the journal";
    internal const string VersionsContiguous = "I3: versions of a case have no gaps";
    internal const string TimeForward = "I3: instants of a case never run backwards";
    internal const string OneOutcome = "I4: a milestone has at most one outcome in a generation";
    internal const string MissedWhenDue = "I4: a miss is recorded as of the instant at which it was due";
    internal const string NoMissForgotten = "I4: a deadline that passes while its clock runs is a miss";
    internal const string NeverEarly = "I4: nothing is seen before the instant that it bears";
    internal const string WarnedOnce = "I4: a warning is given at most once, and ahead of the deadline";
    internal const string OneOwner = "I5: a case has at most one owner";
    internal const string OneRing = "I5: a case rings at one engineer at a time, who is looked for, and no longer than it says";
    internal const string MovesByAcceptance = "I5: a case goes to nobody but the engineer who accepts it, and away from nobody unless it was to be handed off";
    internal const string HandoffEnds = "I5: a handoff that has begun is accepted or withdrawn, or the duty manager answers for it when the owner has left";
    internal const string QueueKnowsCases = "I5: a queue holds the cases that wait in it, and no others";
    internal const string WithinCapacity = "I6: an engineer never has more cases than the capacity";
    internal const string RoomForRings = "I6: an engineer has room for what rings as for what is held";
    internal const string EngineerKnowsCases = "I6: an engineer holds the cases that are the engineer's, and no others";
    internal const string FramesContiguous = "I7: a watcher misses nothing without being told";
    internal const string FramesAreTrue = "I7: a watcher is told what is in the journal, and nothing else";
    internal const string WatcherIsCurrent = "I7: a watcher ends with the present state";
    internal const string FramesAllowed = "I8: a reader is told only what the reader may know";
}
