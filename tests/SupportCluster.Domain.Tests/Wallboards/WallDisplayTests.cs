using NodaTime;
using SupportCluster.Domain.Wallboards;
using Xunit;
using static SupportCluster.Domain.Tests.TheDefaultPolicy;

namespace SupportCluster.Domain.Tests.Wallboards;

/// <summary>The links of wall displays.</summary>
public sealed class WallDisplayTests
{
    private static readonly Instant Noon = Utc("2026-01-07T12:00Z");
    private static readonly Duration Hour = Duration.FromHours(1);

    [Theory]
    [InlineData("dublin")]
    [InlineData("emea")]
    [InlineData("world")]
    public void A_display_shows_a_centre_a_region_or_the_world(string shows)
    {
        var display = Made(null, "lobby", shows).Find("lobby");

        Assert.Equal(new WallDisplay("lobby", shows, "abc", Noon, GivenCase.Manager.Id), display);
    }

    [Fact]
    public void What_makes_no_display_is_refused()
    {
        var one = Made(null, "lobby", "dublin");

        Assert.Equal("wallboard-unknown", Make(null, "lobby", "atlantis").Refusal!.Code);
        Assert.Equal("wall-display-id-malformed", Make(null, "Lobby", "dublin").Refusal!.Code);
        Assert.Equal("wall-display-exists", Make(one, "lobby", "world").Refusal!.Code);
        Assert.Equal("wall-display-not-found", WallDisplays.Revoke(one, "hall", GivenCase.Manager, Noon).Refusal!.Code);
        Assert.Equal("wall-display-not-found", WallDisplays.Revoke(null, "hall", GivenCase.Manager, Noon).Refusal!.Code);
        Assert.Equal("role-not-allowed", WallDisplays.Make(null, TheDefaultPolicy.Policy, "lobby", "dublin", "abc", GivenCase.Rep, Noon).Refusal!.Code);
        Assert.Equal("role-not-allowed", WallDisplays.Revoke(one, "lobby", GivenCase.Aoife, Noon).Refusal!.Code);
    }

    [Fact]
    public void A_display_that_is_revoked_stays_revoked_and_can_be_made_anew_beside_the_old_one()
    {
        var revoked = Revoked(Made(null, "lobby", "dublin"), "lobby", Noon + Hour);
        Assert.Empty(WallDisplays.Revoke(revoked, "lobby", GivenCase.Manager, Noon + Hour + Hour).Events);
        var anew = WallDisplays.Evolve(revoked, Make(revoked, "lobby", "world", "def", Noon + Hour + Hour).Events.Single());

        Assert.Equal([("abc", Noon + Hour), ("def", (Instant?)null)], anew.Displays.Select(d => (d.Sha256, d.RevokedAt)));
        Assert.Equal(Noon + Hour, Revoked(anew, "lobby", Noon + Hour + Hour + Hour).Displays[0].RevokedAt);
    }

    [Fact]
    public void A_clock_that_goes_back_puts_nothing_before_what_has_happened()
    {
        var revoked = Revoked(Made(null, "lobby", "dublin"), "lobby", Noon - Hour);

        Assert.Equal(Noon, revoked.Find("lobby")!.RevokedAt);
    }

    private static Decision<WallDisplayEvent> Make(WallDisplays? state, string id, string shows, string sha256 = "abc", Instant? at = null) =>
        WallDisplays.Make(state, TheDefaultPolicy.Policy, id, shows, sha256, GivenCase.Manager, at ?? Noon);

    private static WallDisplays Made(WallDisplays? state, string id, string shows) => WallDisplays.Evolve(state, Make(state, id, shows).Events.Single());

    private static WallDisplays Revoked(WallDisplays state, string id, Instant at) => WallDisplays.Evolve(state, WallDisplays.Revoke(state, id, GivenCase.Manager, at).Events.Single());
}
