using NodaTime;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Rosters;
using Xunit;
using static SupportCluster.Domain.Tests.TheDefaultPolicy;

namespace SupportCluster.Domain.Tests.Rosters;

/// <summary>HB-3.5: a shift is worked by a colleague.</summary>
public sealed class ShiftSwapTests
{
    private static readonly LocalDate Friday = new(2026, 1, 9);
    private static readonly Engineer Aoife = GivenEngineer.At("dublin", "eng-aoife", "Mon-Fri 22:00-06:00(+1)");
    private static readonly Engineer Bela = GivenEngineer.At("springfield", "eng-bela", "Mon-Thu 08:00-12:00");

    [Fact]
    public void The_one_does_not_work_it_and_the_other_does_at_the_times_of_the_ones_zone()
    {
        var (aoife, bela) = Given(Aoife, Bela, Friday);

        Assert.False(Shifts(aoife).IsOnShift(Utc("2026-01-09T23:00Z")));
        Assert.True(Shifts(aoife).IsOnShift(Utc("2026-01-08T23:00Z")));
        Assert.Equal(Utc("2026-01-10T06:00Z"), Shifts(bela).OnShiftUntil(Utc("2026-01-09T23:00Z")));
        Assert.Equal(new ExtraShift(Friday, "22:00-06:00(+1)", "Europe/Dublin", new("eng-aoife")), Assert.Single(bela.Profile.Schedule!.Extra!.Value));
    }

    [Fact]
    public void Given_back_it_is_as_before_and_nobody_works_twice()
    {
        var (aoife, bela) = Given(Aoife, Bela, Friday);
        (bela, aoife) = Given(bela, aoife, Friday);

        Assert.Equal(Friday, Assert.Single(aoife.Profile.Schedule!.Extra!.Value).Date);
        Assert.Empty(bela.Profile.Schedule!.Extra!.Value);
        Assert.True(Shifts(aoife).IsOnShift(Utc("2026-01-09T23:00Z")));
        Assert.False(Shifts(bela).IsOnShift(Utc("2026-01-09T23:00Z")));
    }

    [Fact]
    public void Is_refused_without_a_shift_on_leave_and_at_work()
    {
        Assert.Equal("no-shift", ShiftSwap.Give(Aoife, Bela, Friday.PlusDays(1), TheDefaultPolicy.Policy).Refusal!.Code);
        Assert.Equal("no-shift", ShiftSwap.Give(Given(Aoife, Bela, Friday).From, Bela, Friday, TheDefaultPolicy.Policy).Refusal!.Code);
        Assert.Equal("swap-with-oneself", ShiftSwap.Give(Aoife, Aoife, Friday, TheDefaultPolicy.Policy).Refusal!.Code);
        Assert.Equal("on-leave", ShiftSwap.Give(Aoife, GivenEngineer.At("springfield", "eng-bela", schedule: new("Mon 08:00-12:00", Leave: [new(Friday, Friday)])), Friday, TheDefaultPolicy.Policy).Refusal!.Code);
        Assert.Equal("already-on-shift", ShiftSwap.Give(Aoife, GivenEngineer.At("springfield", "eng-bela", "Fri 14:00-22:00"), Friday, TheDefaultPolicy.Policy).Refusal!.Code);
    }

    private static (Engineer From, Engineer To) Given(Engineer from, Engineer to, LocalDate date)
    {
        var (one, other, refusal) = ShiftSwap.Give(from, to, date, TheDefaultPolicy.Policy);
        Assert.Null(refusal);
        return (@from with { Profile = @from.Profile with { Schedule = one } }, to with { Profile = to.Profile with { Schedule = other } });
    }

    private static EngineerShifts Shifts(Engineer engineer) => EngineerShifts.Of(engineer.Profile, TheDefaultPolicy.Policy);
}
