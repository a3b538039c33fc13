using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace SupportCluster.Server.Live;

/// <summary>SignalR's JSON, which ends a connection that sends too long a message with a code: its own limit says no more than that there was an error.</summary>
internal sealed class LimitedJson(JsonHubProtocol json, int limit) : IHubProtocol
{
    private const byte EndOfMessage = 0x1E;

    public string Name => json.Name;

    public int Version => json.Version;

    public TransferFormat TransferFormat => json.TransferFormat;

    public bool IsVersionSupported(int version) => json.IsVersionSupported(version);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        var length = input.PositionOf(EndOfMessage) is { } end ? input.Slice(input.Start, end).Length : input.Length;
        return length <= limit
            ? json.TryParseMessage(ref input, binder, out message)
            : throw new HubException($"{LiveCodes.MessageTooLarge}: A message has at most {limit} bytes.");
    }

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => json.WriteMessage(message, output);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => json.GetMessageBytes(message);
}
