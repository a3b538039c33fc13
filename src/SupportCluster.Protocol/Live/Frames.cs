using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;

namespace SupportCluster.Protocol.Live;

/// <summary>What a watcher is sent, through one callback for the whole connection. A gap, a duplicate or a swap never happens; a reset is always explicit.</summary>
/// <param name="Topic">What is watched, as it was written to <c>Watch</c>, such as <c>case:4001122337</c>.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "frame")]
[JsonDerivedType(typeof(Snapshot), "snapshot")]
[JsonDerivedType(typeof(Change), "change")]
[JsonDerivedType(typeof(UpToDate), "upToDate")]
[JsonDerivedType(typeof(Stale), "stale")]
public abstract record Frame(string Topic)
{
    /// <summary>The whole state; what was known before is to be thrown away.</summary>
    /// <param name="Cursor">Where it stands; opaque. Hand it back to <c>Watch</c> to go on after it.</param>
    /// <param name="Reset">False for the first frame of a watch; true when changes were skipped, so that the watcher is told; a wallboard never tells changes, and replaces its view so.</param>
    /// <param name="View">The topic's view (<c>CaseView</c>, <c>CustomerView</c>, <c>QueueView</c>, <c>EngineerView</c>, <c>CentreView</c>, <c>WallboardView</c>).</param>
    public sealed record Snapshot(string Topic, string Cursor, bool Reset, JsonElement View) : Frame(Topic);

    /// <summary>What happened since the frame before, in order, complete.</summary>
    /// <param name="Since">The cursor that it follows: the cursor of the frame before.</param>
    /// <param name="Changes">The changes (<c>HistoryEntry</c>, <c>CustomerChange</c>, <c>QueueChange</c>, <c>EngineerChange</c>, <c>CentreChange</c>), oldest first.</param>
    /// <param name="View">The view after them, for topics that send it (case, engineer).</param>
    public sealed record Change(string Topic, string Cursor, string Since, JsonElement Changes, JsonElement? View) : Frame(Topic);

    /// <summary>The cursor given to <c>Watch</c> is the newest, or a stale topic is current again without having changed.</summary>
    public sealed record UpToDate(string Topic, string Cursor) : Frame(Topic);

    /// <summary>The topic cannot be followed at present: what is shown may be old since this instant. Ends with the next other frame.</summary>
    public sealed record Stale(string Topic, Instant Since) : Frame(Topic);
}

/// <summary>What the hub at <c>/hub</c> offers to clients.</summary>
public interface ISupportHub
{
    /// <summary>
    /// Follows a topic from a cursor (exclusive) on, or from its present state. Refused (HubException, its message <c>code: text</c>) when the
    /// topic or the cursor is malformed, or the topic unknown or not for this reader. A topic that is watched already begins anew. After the key there may be
    /// <c>#</c> and a label of the client's own: it comes back in the frames, and the same topic under another label is watched apart.
    /// </summary>
    Task Watch(string topic, string? cursor);

    /// <summary>Ends following a topic; no frame of it comes after the answer.</summary>
    Task Unwatch(string topic);
}

/// <summary>What clients of the hub implement.</summary>
public interface ISupportHubClient
{
    /// <summary>Receives a frame. Frames of one topic come in order.</summary>
    Task Frame(Frame frame);
}
