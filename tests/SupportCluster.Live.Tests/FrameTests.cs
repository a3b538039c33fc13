using System.Text.Json;
using NodaTime;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Live;
using SupportCluster.Server.Live;

namespace SupportCluster.Live.Tests;

/// <summary>SignalR writes an argument as what it is, and reads it as what the method declares.</summary>
public sealed class FrameTests
{
    public static TheoryData<Frame, string> Frames { get; } = new()
    {
        { new Frame.Snapshot("case:1", "1.1", true, JsonSerializer.SerializeToElement(5)), "snapshot" },
        { new Frame.Change("case:1", "1.2", "1.1", JsonSerializer.SerializeToElement(new[] { 5 }), null), "change" },
        { new Frame.UpToDate("case:1", "1.2"), "upToDate" },
        { new Frame.Stale("case:1", Instant.FromUtc(2026, 3, 2, 9, 0)), "stale" },
    };

    private static JsonSerializerOptions Server
    {
        get
        {
            var options = new JsonSerializerOptions { Converters = { new FrameJson() } };
            WireJson.Apply(options);
            return options;
        }
    }

    [Theory]
    [MemberData(nameof(Frames), DisableDiscoveryEnumeration = true)]
    public void A_frame_names_itself_although_it_is_written_as_what_it_is(Frame frame, string name)
    {
        var json = JsonSerializer.Serialize(frame, frame.GetType(), Server);
        Assert.Equal(name, JsonDocument.Parse(json).RootElement.GetProperty("frame").GetString());
        var read = JsonSerializer.Deserialize<Frame>(json, WireJson.Tolerant);
        Assert.Equal(json, JsonSerializer.Serialize(read, WireJson.Tolerant));
        Assert.IsType(frame.GetType(), read);
    }
}
