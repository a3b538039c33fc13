using System.Net;
using SupportCluster.Grains.Waking;

namespace SupportCluster.Grains.Tests;

public sealed class SweepShareTests
{
    [Fact]
    public void A_node_by_itself_looks_after_everything()
    {
        Assert.Null(SweepShare.Of([Silo(1)], Silo(1)));
        Assert.Null(SweepShare.Of([], Silo(1)));
        Assert.Null(SweepShare.Of([Silo(1), Silo(2)], Silo(3)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Every_hash_is_in_exactly_one_share(int nodes)
    {
        SiloAddress[] all = [.. Enumerable.Range(1, nodes).Select(Silo)];
        var shares = all.Select(silo => SweepShare.Of(all.Reverse(), silo)!.Value).ToList();
        var borders = shares.SelectMany(s => new[] { s.Begin, unchecked(s.Begin + 1), s.End, unchecked(s.End + 1) });
        uint[] others = [0, 1, 0x7FFF_FFFF, 0x8000_0000, uint.MaxValue];
        foreach (var hash in borders.Concat(others))
        {
            Assert.Single(shares, s => s.Begin < s.End ? hash > s.Begin && hash <= s.End : hash > s.Begin || hash <= s.End);
        }
    }

    private static SiloAddress Silo(int n) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_000 + n), n);
}
