using System.Text.Json.Serialization;
using NodaTime;
using SupportCluster.Domain.Handoffs;

namespace SupportCluster.Domain.Cases;

[JsonDerivedType(typeof(OwnerAway), "case-owner-away.v1")]
[JsonDerivedType(typeof(OwnerStays), "case-owner-stays.v1")]
[JsonDerivedType(typeof(HandoffNoteAsked), "case-handoff-note-asked.v1")]
[JsonDerivedType(typeof(HandoffNoteGiven), "case-handoff-note-given.v1")]
[JsonDerivedType(typeof(HandoffSought), "case-handoff-sought.v1")]
[JsonDerivedType(typeof(HandoffAccepted), "case-handoff-accepted.v1")]
[JsonDerivedType(typeof(HandoffUnaccepted), "case-handoff-unaccepted.v1")]
[JsonDerivedType(typeof(HandoffWithdrawn), "case-handoff-withdrawn.v1")]
[JsonDerivedType(typeof(RingRoundEnded), "case-ring-round-ended.v1")]
public abstract partial record CaseEvent
{
    /// <summary>The owner's shift ends; the case waits for the next one, for nothing falls due before (HB-6.4).</summary>
    /// <param name="From">When the shift ends.</param>
    /// <param name="Until">When the next starts; null when none is planned.</param>
    public sealed record OwnerAway(Instant At, string By, EngineerId Engineer, Instant From, Instant? Until) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => true;
    }

    /// <summary>The owner does not leave after all, or is back before it was said.</summary>
    public sealed record OwnerStays(Instant At, string By, EngineerId Engineer) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => true;
    }

    /// <summary>A handoff begins: its owner is asked for a note (HB-6.5).</summary>
    /// <param name="SeekFrom">When the next engineer is looked for without it.</param>
    /// <param name="EndsAt">When the owner leaves.</param>
    public sealed record HandoffNoteAsked(Instant At, string By, EngineerId From, HandoffReason Reason, Instant SeekFrom, Instant EndsAt) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => true;
    }

    public sealed record HandoffNoteGiven(Instant At, string By, HandoffNote Note) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => true;
    }

    /// <summary>The next engineer is looked for from now on, with or without a note; each who is asked is a <see cref="RingStarted"/>.</summary>
    public sealed record HandoffSought(Instant At, string By, bool WithNote) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => true;
    }

    /// <summary>The case is another engineer's: only now has it moved.</summary>
    public sealed record HandoffAccepted(Instant At, string By, EngineerId From, EngineerId Engineer, Guid Reservation) : CaseEvent(At, By);

    /// <summary>Nobody has accepted in time: the duty manager is answerable, and the search goes on.</summary>
    public sealed record HandoffUnaccepted(Instant At, string By, string DutyManager) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => true;
    }

    /// <summary>The handoff is no longer needed: work has stopped for the night, nothing falls due any more, or the owner is back.</summary>
    public sealed record HandoffWithdrawn(Instant At, string By) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => true;
    }

    /// <summary>All who come into question were asked: they may be asked again.</summary>
    public sealed record RingRoundEnded(Instant At, string By) : CaseEvent(At, By)
    {
        [JsonIgnore]
        public override bool IsInternal => true;
    }
}

public sealed partial record CaseState
{
    /// <summary>The handoff that is under way.</summary>
    public Handoff? Handoff { get; init; }

    /// <summary>The last handoff note; the handoff after it replaces it.</summary>
    public WrittenHandoffNote? HandoffNote { get; init; }

    /// <summary>The owner's absence between shifts.</summary>
    public OwnerAbsence? OwnerAbsence { get; init; }

    /// <summary>An engineer is looked for: for a case in its queue, or for the next owner. What is stopped waits for its hours.</summary>
    public bool SeeksEngineer => (WaitsForEngineer || Handoff is { Seeking: true }) && !IsStopped;

    /// <summary>Who answers for the case (HB-6.5): its owner, or the duty manager when a handoff was not accepted in time. Null in the queue.</summary>
    public string? Answerable => Handoff?.DutyManager ?? Owner?.Value;

    /// <summary>When the note is waited for no longer, the owner leaves, or is back without anybody having accepted.</summary>
    internal Instant? HandoffDue
    {
        get
        {
            if (Handoff is not { } handoff)
            {
                return null;
            }

            Instant? next = !handoff.Seeking ? handoff.SeekFrom : handoff.DutyManager is null ? handoff.EndsAt : null;
            return OwnerAbsence?.Until is { } back && (next is null || back < next) ? back : next;
        }
    }

    /// <summary>The state after an event about handoffs; null for any other.</summary>
    private CaseState? ApplyHandoff(CaseEvent happened) => happened switch
    {
        CaseEvent.OwnerAway e => this with { OwnerAbsence = new(e.From, e.Until) },
        CaseEvent.OwnerStays => this with { OwnerAbsence = null },
        CaseEvent.HandoffNoteAsked e => this with { Handoff = new(e.From, e.Reason, e.At, e.SeekFrom, e.EndsAt), HandoffNote = null, Passed = null },
        CaseEvent.HandoffNoteGiven e => this with { HandoffNote = new(e.Note, e.At, e.By) },
        CaseEvent.HandoffSought => this with { Handoff = Handoff is { } running ? running with { Seeking = true } : null },
        CaseEvent.HandoffAccepted e => Owned(e.Engineer, e.Reservation),
        CaseEvent.HandoffUnaccepted e => this with { Handoff = Handoff is { } running ? running with { DutyManager = e.DutyManager } : null },
        CaseEvent.HandoffWithdrawn => this with { Handoff = null, Passed = null },
        CaseEvent.RingRoundEnded => this with { Passed = null },
        _ => null,
    };

    /// <summary>The case is somebody's from now on; a ring at somebody else is still to be ended.</summary>
    private CaseState Owned(EngineerId? engineer, Guid? reservation) => this with
    {
        Owner = engineer,
        Reservation = reservation,
        Ring = Ring?.Reservation == reservation ? null : Ring,
        Passed = null,
        Handoff = null,
        OwnerAbsence = null,
    };
}
