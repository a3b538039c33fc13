using NodaTime;

namespace SupportCluster.Storage;

/// <summary>Names an aggregate: its type is the grain type (<c>case</c>, <c>contract</c>, ...), its id the grain key.</summary>
public sealed record AggregateKey(string Type, string Id)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Type}/{Id}";
}

/// <summary>One event as it is stored: append-only, its key is aggregate and version.</summary>
/// <param name="Version">The aggregate's version after this event; the first is 1, without gaps.</param>
/// <param name="At">When it happened (not when it was written).</param>
/// <param name="Json">The event with its discriminator, UTF-8.</param>
/// <param name="RequestId">The request that caused it, on the first event of a command that carried one.</param>
/// <param name="Fingerprint">Hash of the request's content, to tell a repeat from another request under the same id.</param>
public sealed record StoredEvent(long Version, Instant At, ReadOnlyMemory<byte> Json, Guid? RequestId = null, long Fingerprint = 0);

/// <summary>
/// One write: everything that is true after a command, in one transaction. Refused as a whole when the stored version is not
/// <paramref name="ExpectedVersion"/> (the fence).
/// </summary>
/// <param name="Key">The aggregate.</param>
/// <param name="ExpectedVersion">The version that the command was decided on; 0 when the aggregate must not exist yet.</param>
/// <param name="State">The new state, UTF-8 JSON.</param>
/// <param name="Events">The new events, versions from <paramref name="ExpectedVersion"/> + 1 on; empty when only bookkeeping (an effect cursor) changes.</param>
/// <param name="Due">When the aggregate must next be woken; null for never.</param>
/// <param name="Severity">1 to 4 for a case, 0 for everything else: what is overdue is woken in this order.</param>
/// <param name="Directory">The case's columns in the directory; null when they are unchanged or the aggregate is no case.</param>
/// <param name="Text">The searchable text of a case; null when it is unchanged.</param>
/// <param name="Tallies">What is to be counted of these events; null when nothing is.</param>
public sealed record StoreWrite(
    AggregateKey Key,
    long ExpectedVersion,
    ReadOnlyMemory<byte> State,
    IReadOnlyList<StoredEvent> Events,
    Instant? Due,
    int Severity = 0,
    CaseDirectoryEntry? Directory = null,
    string? Text = null,
    IReadOnlyList<CaseTally>? Tallies = null)
{
    /// <summary>The version after this write.</summary>
    public long NewVersion => ExpectedVersion + Events.Count;
}

/// <summary>What became of a write whose transaction was committed; a failed transaction throws <see cref="StoreException"/>.</summary>
public enum StoreWriteResult
{
    /// <summary>Durable: it survives kill -9 and loss of power.</summary>
    Written,

    /// <summary>Another activation has written first: nothing of this write was done.</summary>
    Conflict,

    /// <summary>The source key of an imported case is taken by another case: nothing of this write was done.</summary>
    DuplicateSourceKey,
}

/// <summary>An aggregate as it was last written.</summary>
/// <param name="Version">Number of its events.</param>
/// <param name="State">UTF-8 JSON.</param>
/// <param name="Due">When it must next be woken.</param>
/// <param name="RecentRequests">The requests among its last events, oldest first (see <see cref="IStore.Read"/>).</param>
public sealed record StoredAggregate(long Version, ReadOnlyMemory<byte> State, Instant? Due, IReadOnlyList<RecentRequest> RecentRequests);

/// <summary>A request that an aggregate has carried out.</summary>
/// <param name="RequestId">The caller's id for it.</param>
/// <param name="Version">The aggregate's version after its first event.</param>
/// <param name="Fingerprint">Hash of the request's content.</param>
/// <param name="At">The instant of its first event.</param>
public sealed record RecentRequest(Guid RequestId, long Version, long Fingerprint, Instant At);

/// <summary>An aggregate that is to be woken.</summary>
public sealed record DueAggregate(AggregateKey Key, long Version, Instant Due, int Severity);

/// <summary>A case in the directory: what lists, queues and reports ask for. Committed with the case, so never behind it.</summary>
/// <param name="Number">The case number, ten digits.</param>
/// <param name="SupportId">The contract that it was opened under.</param>
/// <param name="Region">Region code.</param>
/// <param name="Queue">Queue key, <c>region/product line</c>.</param>
/// <param name="Product">Product id.</param>
/// <param name="Offer">Offer id.</param>
/// <param name="Severity">1 to 4.</param>
/// <param name="Status">The case's status, camelCase.</param>
/// <param name="Open">False once closed.</param>
/// <param name="Owner">The engineer who owns it.</param>
/// <param name="PriorityCall">Priority call queueing applies (HB-5.4).</param>
/// <param name="Title">One line, the customer's words.</param>
/// <param name="Language">ISO 639 code of the customer's language.</param>
/// <param name="OpenedAt">When the problem was reported.</param>
/// <param name="NextDeadline">The nearest deadline of a running milestone.</param>
/// <param name="SourceKey">For an imported case <c>system/key</c> in the system that it came from; unique.</param>
/// <param name="BreachedSince">The earliest deadline that was missed and is still not met.</param>
/// <param name="ClockStart">When the clock started whose deadline a wallboard shows: that of <paramref name="BreachedSince"/>, else that of <paramref name="NextDeadline"/>.</param>
/// <param name="ClockMilestone">Which milestone's clock that is, by its place in the order of HB-4.1, from 0.</param>
/// <param name="Flags">What else a wallboard counts it by.</param>
/// <param name="Escalations">Open escalations.</param>
/// <param name="Untaken">Of them, those that nobody has taken up.</param>
public sealed record CaseDirectoryEntry(
    string Number,
    string SupportId,
    string Region,
    string Queue,
    string Product,
    string Offer,
    int Severity,
    string Status,
    bool Open,
    string? Owner,
    bool PriorityCall,
    string Title,
    string Language,
    Instant OpenedAt,
    Instant? NextDeadline,
    string? SourceKey,
    Instant? BreachedSince = null,
    Instant? ClockStart = null,
    int? ClockMilestone = null,
    CaseFlags Flags = CaseFlags.None,
    int Escalations = 0,
    int Untaken = 0);

/// <summary>What goes on with a case beside its status. Stored as their sum.</summary>
[Flags]
public enum CaseFlags
{
    None = 0,

    /// <summary>It is being handed to another engineer (HB-6.5).</summary>
    Handoff = 1,

    /// <summary>Nobody has accepted the handoff in time: the duty manager is answerable.</summary>
    DutyManager = 2,

    /// <summary>It rings at an engineer (HB-5.4).</summary>
    Rings = 4,
}

/// <summary>What has happened to the cases of a region within a quarter of an hour, the largest stretch that no zone's midnight divides. Kept for at least 8 days.</summary>
/// <param name="Quarter">When the quarter of an hour begins, counted from 1970.</param>
/// <param name="Opened">Cases reported.</param>
/// <param name="Closed">Cases closed.</param>
/// <param name="Met">Milestones met in time.</param>
/// <param name="Missed">Milestones missed, the excused ones too.</param>
public sealed record CaseTally(string Region, Instant Quarter, int Opened = 0, int Closed = 0, int Met = 0, int Missed = 0)
{
    /// <summary>How far back is counted; what is older is removed some time later.</summary>
    public static readonly Duration Kept = Duration.FromDays(8);

    /// <summary>When the quarter of an hour begins that an instant lies in.</summary>
    public static Instant QuarterOf(Instant at) => Tables.FromQuarter(Tables.ToQuarter(at));
}

/// <summary>Which cases to list; members that are null do not filter.</summary>
/// <param name="Escalated">Whether an escalation is open.</param>
/// <param name="Text">Words that all must occur in the case's text; the last may be a beginning of a word.</param>
public sealed record CaseFilter(
    string? SupportId = null,
    string? Queue = null,
    string? Region = null,
    string? Owner = null,
    string? Status = null,
    bool? Open = null,
    int? Severity = null,
    string? Product = null,
    string? Offer = null,
    string? Text = null,
    bool? Escalated = null);

/// <summary>One page of a list, newest recorded first.</summary>
/// <param name="Items">The entries.</param>
/// <param name="Next">Hand it back as <c>after</c> for the following page; null on the last page.</param>
public sealed record DirectoryPage(IReadOnlyList<CaseDirectoryEntry> Items, string? Next);

/// <summary>A queue in which cases wait for an engineer.</summary>
public sealed record QueueFigures(string Queue, int Waiting, int Severity1, Instant? NextDeadline);

/// <summary>The open cases of a queue and severity, counted.</summary>
/// <param name="Waiting">Those of them that wait for an engineer, as in <see cref="QueueFigures"/>.</param>
/// <param name="NextDeadline">The nearest deadline of one that waits.</param>
/// <param name="WaitingSince">When the oldest of those that wait was opened.</param>
/// <param name="Breached">Those with a missed milestone that is still not met.</param>
/// <param name="Handoffs">Those that are being handed to another engineer.</param>
/// <param name="DutyManager">Of the handoffs, those with the duty manager answerable.</param>
/// <param name="Escalations">Their open escalations.</param>
/// <param name="Untaken">Of the escalations, those that nobody has taken up.</param>
/// <param name="Ringing">Those that ring.</param>
public sealed record BoardCount(
    string Queue,
    int Severity,
    int Open,
    int Waiting,
    Instant? NextDeadline,
    Instant? WaitingSince = null,
    int Breached = 0,
    int Handoffs = 0,
    int DutyManager = 0,
    int Escalations = 0,
    int Untaken = 0,
    int Ringing = 0);

/// <summary>An open case with a deadline.</summary>
/// <param name="Deadline">The earliest missed deadline that is still not met, else the nearest of a running milestone.</param>
/// <param name="ClockStart">When its clock started.</param>
/// <param name="ClockMilestone">Which milestone's it is, by its place in the order of HB-4.1, from 0.</param>
/// <param name="Breached">The deadline was missed.</param>
public sealed record BoardCase(
    string Number,
    int Severity,
    string Queue,
    string? Owner,
    Instant Deadline,
    Instant? ClockStart = null,
    int? ClockMilestone = null,
    bool Breached = false,
    bool Escalated = false,
    bool Handoff = false);

/// <summary>What a wallboard shows of the directory.</summary>
/// <param name="Counts">By queue, then severity.</param>
/// <param name="Urgent">The breached ones first, then by deadline, severity and number.</param>
/// <param name="Tallies">In order of their quarters, then by region; those in which nothing has happened are left out.</param>
public sealed record CaseBoard(IReadOnlyList<BoardCount> Counts, IReadOnlyList<BoardCase> Urgent, IReadOnlyList<CaseTally> Tallies);

/// <summary>Counts over the whole directory, for the start page and readiness.</summary>
public sealed record StoreFigures(long Cases, long OpenCases, long OpenSeverity1, long Events, long Armed);

/// <summary>
/// The store: one transaction a command, group commit, the directory of cases, and what is due. Safe for concurrent use.
/// Every member throws <see cref="StoreException"/> when the store cannot do its work.
/// </summary>
public interface IStore
{
    /// <summary>Writes one aggregate, its events, its due instant and its directory entry, all or nothing; completes when it is durable.</summary>
    Task<StoreWriteResult> Write(StoreWrite write);

    /// <summary>Reads an aggregate with the requests among its last 256 events; null when it does not exist.</summary>
    Task<StoredAggregate?> Read(AggregateKey key);

    /// <summary>The version that an aggregate has come to; 0 when it does not exist.</summary>
    Task<long> ReadVersion(AggregateKey key);

    /// <summary>Reads events in order of version, those after <paramref name="after"/> (exclusive), at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<StoredEvent>> ReadEvents(AggregateKey key, long after, int limit);

    /// <summary>Ids of the aggregates of a type, in order, those after <paramref name="after"/> (exclusive).</summary>
    Task<IReadOnlyList<string>> ListIds(string type, string? after, int limit);

    /// <summary>The nearest aggregates due before <paramref name="until"/> (exclusive), by instant, at most <paramref name="limit"/>; those of the hash range (begin, end], which wraps round, when one is given.</summary>
    Task<IReadOnlyList<DueAggregate>> Due(Instant until, int limit, (uint Begin, uint End)? range = null);

    /// <summary>Aggregates that were due at <paramref name="before"/> or earlier, by severity (1 first, 0 last), then by instant, at most <paramref name="limit"/>; those of the hash range (begin, end] when one is given, as for <see cref="Due"/>.</summary>
    Task<IReadOnlyList<DueAggregate>> Overdue(Instant before, int limit, (uint Begin, uint End)? range = null);

    /// <summary>Lists cases from the directory.</summary>
    Task<DirectoryPage> ListCases(CaseFilter filter, int limit, string? after = null);

    /// <summary>All open, acknowledged cases of a queue that have no owner, for rebuilding the queue.</summary>
    Task<IReadOnlyList<CaseDirectoryEntry>> WaitingIn(string queue);

    /// <summary>Queues in which cases wait for an engineer, by key.</summary>
    Task<IReadOnlyList<QueueFigures>> Queues();

    /// <summary>
    /// What a wallboard shows of a region, or of all (null): its open cases counted, at most <paramref name="urgent"/> of them with the nearest deadlines, and what was
    /// tallied in the quarters of an hour that began at <paramref name="since"/> or later.
    /// </summary>
    Task<CaseBoard> Board(string? region, int urgent, Instant since);

    /// <summary>Case numbers of the given source keys, those that exist.</summary>
    Task<IReadOnlyDictionary<string, string>> FindSourceKeys(IReadOnlyCollection<string> keys);

    /// <summary>The first source key after a text, in the order of its characters' codes; null when there is none.</summary>
    Task<string?> NextSourceKey(string after);

    /// <summary>The store's own clock: a node whose clock is far from it would wake cases too early or too late, so it is not ready.</summary>
    Task<Instant> ReadClock();

    /// <summary>Figures for the start page; cheap enough to ask for readiness.</summary>
    Task<StoreFigures> Figures();

    /// <summary>Writes a consistent copy of the whole store to a new file, while commands go on.</summary>
    Task Backup(string path, CancellationToken cancel = default);
}
