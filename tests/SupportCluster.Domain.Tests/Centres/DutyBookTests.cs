using NodaTime;
using SupportCluster.Domain.Centres;
using Xunit;
using static SupportCluster.Domain.Tests.TheDefaultPolicy;

namespace SupportCluster.Domain.Tests.Centres;

/// <summary>HB-3.5: stand-ins and swaps of duty managers. On 2026-01-07 it is the turn of <c>manager-emea</c>, a week later of <c>deputy-emea</c>.</summary>
public sealed class DutyBookTests
{
    private static readonly Instant Now = Utc("2026-01-07T12:00Z");

    [Fact]
    public void A_stand_in_is_named_for_a_stretch()
    {
        var book = DutyBook.Evolve(null, StandIn(Utc("2026-01-08T00:00Z"), Utc("2026-01-09T00:00Z"), "eve").Events.Single());

        Assert.Equal(("eve", "manager-emea"), At(book, "2026-01-08T12:00Z") is var turn ? (turn.Manager, turn.StandsIn) : default);
        Assert.Equal("manager-emea", At(book, "2026-01-09T00:00Z").Manager);
    }

    [Fact]
    public void Swapped_each_has_the_others_turn()
    {
        var book = DutyBook.Evolve(null, Swap(null, "2026-01-08T00:00Z", "2026-01-14T00:00Z").Events.Single());

        Assert.Equal(["deputy-emea", "manager-emea", "manager-emea", "deputy-emea"], new[] { "2026-01-07T12:00Z", "2026-01-14T12:00Z", "2026-01-21T12:00Z", "2026-01-28T12:00Z" }.Select(t => At(book, t).Manager));
        book = DutyBook.Evolve(book, Swap(book, "2026-01-08T00:00Z", "2026-01-14T00:00Z").Events.Single());
        Assert.Equal(["manager-emea", "deputy-emea"], new[] { "2026-01-07T12:00Z", "2026-01-14T12:00Z" }.Select(t => At(book, t).Manager));
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Equal("duty-malformed", StandIn(Now, Now, "eve").Refusal!.Code);
        Assert.Equal("duty-malformed", StandIn(Utc("2026-01-01T00:00Z"), Utc("2026-01-02T00:00Z"), "eve").Refusal!.Code);
        Assert.Equal("manager-missing", StandIn(Now, Utc("2026-01-09T00:00Z"), " ").Refusal!.Code);
        Assert.Equal("same-manager", Swap(null, "2026-01-08T00:00Z", "2026-01-22T00:00Z").Refusal!.Code);
        Assert.Equal("turn-over", Swap(null, "2026-01-01T00:00Z", "2026-01-08T00:00Z").Refusal!.Code);
        Assert.Equal("role-not-allowed", DutyBook.StandIn(null, "emea", Now, Utc("2026-01-09T00:00Z"), "eve", GivenCase.Aoife, Now).Refusal!.Code);
        Assert.Equal("role-not-allowed", DutyBook.Swap(null, TheDefaultPolicy.Policy, "emea", Now, Utc("2026-01-14T00:00Z"), GivenCase.Rep, Now).Refusal!.Code);
    }

    private static DutyTurn At(DutyBook book, string at) => DutyRoster.Of(TheDefaultPolicy.Policy, "emea", book.Overrides).At(Utc(at));

    private static Decision<DutyEvent> StandIn(Instant from, Instant until, string manager) => DutyBook.StandIn(null, "emea", from, until, manager, GivenCase.Manager, Now);

    private static Decision<DutyEvent> Swap(DutyBook? book, string first, string second) => DutyBook.Swap(book, TheDefaultPolicy.Policy, "emea", Utc(first), Utc(second), GivenCase.Manager, Now);
}
