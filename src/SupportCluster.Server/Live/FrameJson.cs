using System.Text.Json;
using System.Text.Json.Serialization;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Live;

namespace SupportCluster.Server.Live;

/// <summary>Writes every frame with its name: SignalR writes an argument as what it is, not as what the method declares, and would leave it out.</summary>
internal sealed class FrameJson : JsonConverter<Frame>
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) => typeof(Frame).IsAssignableFrom(typeToConvert);

    /// <inheritdoc/>
    public override Frame? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonSerializer.Deserialize<Frame>(ref reader, WireJson.Tolerant);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Frame value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, WireJson.Tolerant);
}
