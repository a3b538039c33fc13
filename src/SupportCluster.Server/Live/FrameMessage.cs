using System.Runtime.InteropServices;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using SupportCluster.Protocol.Live;

namespace SupportCluster.Server.Live;

/// <summary>A frame on its way to one connection or to a thousand: SignalR serialises it with the first, and sends the others the same bytes.</summary>
internal sealed class FrameMessage(Frame frame)
{
    public Frame Frame { get; } = frame;

    /// <summary>Bytes of JSON, about.</summary>
    public int Size { get; } = 200 + frame switch
    {
        Frame.Snapshot snapshot => JsonMarshal.GetRawUtf8Value(snapshot.View).Length,
        Frame.Change change => JsonMarshal.GetRawUtf8Value(change.Changes).Length + (change.View is { } view ? JsonMarshal.GetRawUtf8Value(view).Length : 0),
        _ => 0,
    };

    /// <summary>As the hub sends it.</summary>
    public SerializedHubMessage Message { get; } = new(new InvocationMessage(nameof(ISupportHubClient.Frame), [frame]));
}

/// <summary>Frames for all who watch a topic as the same audience: made once for each spelling of the topic that they use.</summary>
internal sealed class Broadcast(IReadOnlyList<Frame> frames)
{
    private readonly Dictionary<string, FrameMessage[]> spellings = new(StringComparer.Ordinal);

    /// <summary>The frames as somebody is sent them who has written the topic so.</summary>
    public IReadOnlyList<FrameMessage> For(string topic)
    {
        if (!spellings.TryGetValue(topic, out var messages))
        {
            spellings[topic] = messages = [.. frames.Select(frame => new FrameMessage(frame with { Topic = topic }))];
        }

        return messages;
    }
}
