using SupportCluster.Domain.Rosters;
using Xunit;
using static SupportCluster.Domain.Tests.TheDefaultPolicy;

namespace SupportCluster.Domain.Tests.Rosters;

/// <summary>HB-3.5: who is on shift in a centre, a region, the world, and who comes next.</summary>
public sealed class RosterTests
{
    private static readonly Roster Roster = new(TheDefaultPolicy.Policy,
    [
        GivenEngineer.At("pune", "eng-pia", "Mon-Fri 10:00-18:00"),
        GivenEngineer.At("dublin", "eng-aoife", "Mon-Fri 08:00-16:00"),
        GivenEngineer.At("reading", "eng-bela", "Mon-Fri 12:00-18:00"),
        GivenEngineer.At("springfield", "eng-sam", "Mon-Fri 08:00-16:00"),
    ]);

    [Theory]
    [InlineData("2026-01-09T08:00Z", "world", "eng-aoife eng-pia")]
    [InlineData("2026-01-09T08:00Z", "emea", "eng-aoife")]
    [InlineData("2026-01-09T13:00Z", "emea", "eng-aoife eng-bela")]
    [InlineData("2026-01-09T13:00Z", "reading", "eng-bela")]
    [InlineData("2026-01-09T16:00Z", "world", "eng-bela eng-sam")]
    [InlineData("2026-01-10T12:00Z", "world", "")]
    public void Who_is_on_shift(string at, string scope, string who) => Assert.Equal(who, string.Join(' ', Roster.OnShift(Utc(at), scope).Select(e => e.Id)));

    [Fact]
    public void Who_comes_next() => Assert.Equal(
        ["eng-pia 2026-01-12T04:30Z", "eng-aoife 2026-01-12T08:00Z", "eng-bela 2026-01-12T12:00Z", "eng-sam 2026-01-12T16:00Z"],
        Roster.ComesNext(Utc("2026-01-09T20:00Z")).Select(s => $"{s.Engineer} {GivenCase.Text(s.Shift.Start)}"));
}
