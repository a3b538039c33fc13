using SupportCluster.Domain;
using SupportCluster.Domain.Wallboards;
using SupportCluster.Grains.Wallboards;

namespace SupportCluster.Grains.Tests;

/// <summary>The wall displays as they are kept.</summary>
public sealed class WallDisplayTests
{
    private static readonly Actor Manager = new("manager.emea", Role.Manager);

    [Fact]
    public async Task Displays_and_what_was_revoked_outlive_a_crash()
    {
        await using var node = await TestNode.Start();
        Assert.Null((await Only(node).Make("lobby", "dublin", "abc", Manager)).Refusal);
        Assert.Null((await Only(node).Make("hall", "world", "def", Manager)).Refusal);
        Assert.Equal(TestNode.Monday, (await Only(node).Revoke("lobby", Manager)).Display!.RevokedAt);

        await node.Stop(crash: true);
        await node.Start();

        Assert.Equal([("lobby", "manager.emea"), ("hall", null)], (await Only(node).Read())!.Displays.Select(d => (d.Id, d.RevokedBy)));
        Assert.Equal("wall-display-exists", (await Only(node).Make("hall", "world", "ghi", Manager)).Refusal!.Code);
        Assert.Null((await Only(node).Make("lobby", "dublin", "ghi", Manager)).Refusal);
        Assert.Equal("wallboard-unknown", (await Only(node).Make("stairs", "atlantis", "jkl", Manager)).Refusal!.Code);
        Assert.Equal(["wall-display-made.v1", "wall-display-made.v1", "wall-display-revoked.v1", "wall-display-made.v1"],
            (await node.Events<WallDisplayEvent>("wall-displays", IWallDisplaysGrain.Only)).Select(e => e is WallDisplayEvent.Made ? "wall-display-made.v1" : "wall-display-revoked.v1"));
    }

    private static IWallDisplaysGrain Only(TestNode node) => node.Grains.GetGrain<IWallDisplaysGrain>(IWallDisplaysGrain.Only);
}
