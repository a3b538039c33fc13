using System.Text.Json.Serialization;
using NodaTime;

namespace SupportCluster.Domain.Cases;

// What a later version might add: an event that it can read and does not write yet, and members that it writes. Compiled into the build that
// the test of an upgrade runs beside the present one (-p:NextVersion=true), and into no other.

[JsonDerivedType(typeof(Praised), "case-praised.v1")]
public abstract partial record CaseEvent
{
    /// <summary>The contact was content.</summary>
    public sealed record Praised(Instant At, string By) : CaseEvent(At, By);

    public sealed partial record NoteAdded
    {
        /// <summary>A member of an event.</summary>
        public string Tone { get; init; } = "plain";
    }
}

public sealed partial record CaseState
{
    /// <summary>A member of the state.</summary>
    public string Mood { get; init; } = "calm";
}
