using NodaTime;
using SupportCluster.Domain.Centres;
using Xunit;
using static SupportCluster.Domain.Tests.TheDefaultPolicy;

namespace SupportCluster.Domain.Tests.Centres;

/// <summary>A centre that closes early (HB-3.5, HB-6.5).</summary>
public sealed class CentreClosuresTests
{
    private static readonly SupportCentre Reading = TheDefaultPolicy.Policy.Centre("reading")!;
    private static readonly Instant Noon = Utc("2026-01-09T12:00Z");

    [Fact]
    public void Closed_from_now_until_and_opened_again_sooner()
    {
        var closures = Closed();
        Assert.Equal(Noon, Reading.OpenUntil(Utc("2026-01-09T09:00Z"), closures.Intervals));
        Assert.False(Reading.IsOpen(Utc("2026-01-09T13:00Z"), closures.Intervals));

        closures = CentreClosures.Evolve(closures, CentreClosures.Reopen(closures, Reading, GivenCase.Manager, Utc("2026-01-09T14:00Z")).Events.Single());
        Assert.True(Reading.IsOpen(Utc("2026-01-09T14:00Z"), closures.Intervals));
        Assert.False(Reading.IsOpen(Utc("2026-01-09T13:59Z"), closures.Intervals));
        Assert.Equal("not-closed", CentreClosures.Reopen(closures, Reading, GivenCase.Manager, Utc("2026-01-09T14:01Z")).Refusal!.Code);
    }

    [Fact]
    public void A_closure_to_come_can_be_called_off()
    {
        var closures = CentreClosures.Evolve(null, Close(null, Utc("2026-01-12T08:00Z"), Utc("2026-01-13T00:00Z")).Events.Single());
        closures = CentreClosures.Evolve(closures, CentreClosures.Reopen(closures, Reading, GivenCase.Manager, Noon).Events.Single());

        Assert.True(Reading.IsOpen(Utc("2026-01-12T09:00Z"), closures.Intervals));
        Assert.True(Reading.IsOpen(Utc("2026-01-09T12:30Z"), closures.Intervals));
    }

    [Fact]
    public void Told_again_it_changes_nothing_and_what_makes_no_sense_is_refused()
    {
        Assert.Empty(Close(Closed(), null, Utc("2026-01-10T00:00Z")).Events);
        Assert.Equal("closure-malformed", Close(null, null, Noon).Refusal!.Code);
        Assert.Equal("closure-malformed", Close(null, null, Noon + Duration.FromDays(100)).Refusal!.Code);
        Assert.Equal("text-missing", CentreClosures.Close(null, Reading, null, Utc("2026-01-10T00:00Z"), "", GivenCase.Manager, Noon).Refusal!.Code);
        Assert.Equal("role-not-allowed", CentreClosures.Close(null, Reading, null, Utc("2026-01-10T00:00Z"), "Storm.", GivenCase.Aoife, Noon).Refusal!.Code);
        Assert.Equal("role-not-allowed", CentreClosures.Reopen(Closed(), Reading, GivenCase.Contact, Noon).Refusal!.Code);
    }

    [Fact]
    public void A_closure_that_was_told_ahead_begins_once_and_one_that_was_called_off_never()
    {
        var start = Utc("2026-01-12T08:00Z");
        var closures = CentreClosures.Evolve(null, Close(null, start, Utc("2026-01-13T00:00Z")).Events.Single());
        Assert.Equal(start, closures.NextDue);
        Assert.Empty(CentreClosures.FallDue(closures, start - Duration.FromSeconds(1)).Events);

        var begun = CentreClosures.Evolve(closures, CentreClosures.FallDue(closures, start).Events.Single());
        Assert.Null(begun.NextDue);
        Assert.True(begun.IsClosed(start));
        Assert.False(closures.IsClosed(start - Duration.FromSeconds(1)));

        Assert.Null(CentreClosures.Evolve(closures, CentreClosures.Reopen(closures, Reading, GivenCase.Manager, Noon).Events.Single()).NextDue);
        Assert.Null(Closed().NextDue);
    }

    private static CentreClosures Closed() => CentreClosures.Evolve(null, Close(null, null, Utc("2026-01-10T00:00Z")).Events.Single());

    private static Decision<CentreEvent> Close(CentreClosures? state, Instant? from, Instant until) => CentreClosures.Close(state, Reading, from, until, "Storm.", GivenCase.Manager, Noon);
}
