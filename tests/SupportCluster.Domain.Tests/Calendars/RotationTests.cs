using NodaTime;
using SupportCluster.Domain.Calendars;
using Xunit;
using static SupportCluster.Domain.Tests.Calendars.ZoneOddityTests;

namespace SupportCluster.Domain.Tests.Calendars;

public sealed class RotationTests
{
    private static readonly DateTimeZone Dublin = Zone("Europe/Dublin");

    [Fact]
    public void A_monthly_rotation_from_the_31st_comes_back_to_the_31st()
    {
        var rotation = new Rotation(RotationUnit.Monthly, 1, new LocalDateTime(2026, 1, 31, 8, 0), Dublin);
        Assert.Equal(
            [At("2026-01-31T08:00:00Z"), At("2026-02-28T08:00:00Z"), At("2026-03-31T07:00:00Z"), At("2026-04-30T07:00:00Z")],
            rotation.ChangesFrom(At("2026-01-31T00:00:00Z")).Take(4));
    }

    [Fact]
    public void A_shift_before_the_anchor_has_a_negative_number()
    {
        var rotation = new Rotation(RotationUnit.Weekly, 2, new LocalDateTime(2026, 11, 23, 8, 0), Dublin);
        Assert.Equal(-1, rotation.NumberAt(At("2026-11-22T12:00:00Z")));
        Assert.Equal(0, rotation.NumberAt(At("2026-11-23T08:00:00Z")));
        Assert.Equal(Between("2026-11-09T08:00:00Z", "2026-11-23T08:00:00Z"), rotation.ShiftAt(At("2026-11-23T07:59:59Z")));
    }

    [Fact]
    public void An_hourly_shift_that_the_clocks_jump_over_does_not_appear()
    {
        // 01:00 to 02:00 was left out: the shifts of 01:00 and 02:00 would both start at 01:00Z.
        var rotation = new Rotation(RotationUnit.Hourly, 1, new LocalDateTime(2026, 3, 29, 0, 0), Dublin);
        Assert.Equal(
            [At("2026-03-29T00:00:00Z"), At("2026-03-29T01:00:00Z"), At("2026-03-29T02:00:00Z")],
            rotation.ChangesFrom(At("2026-03-29T00:00:00Z")).Take(3));
        Assert.Equal(2, rotation.NumberAt(At("2026-03-29T01:00:00Z")));
    }

    [Theory]
    [InlineData(RotationUnit.Hourly, 1)]
    [InlineData(RotationUnit.Hourly, 12)]
    [InlineData(RotationUnit.Daily, 1)]
    [InlineData(RotationUnit.Weekly, 1)]
    [InlineData(RotationUnit.Monthly, 2)]
    public void Shifts_touch_and_every_instant_is_in_exactly_one(RotationUnit unit, int length)
    {
        foreach (var zone in new[] { "Europe/Dublin", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo", "America/St_Johns" })
        {
            var rotation = new Rotation(unit, length, new LocalDateTime(2011, 6, 15, 0, 30), Zone(zone));
            for (var at = At("2011-01-01T00:00:00Z"); at < At("2012-06-01T00:00:00Z"); at += Duration.FromMinutes(317))
            {
                var shift = rotation.ShiftAt(at);
                Assert.True(shift.Contains(at));
                Assert.Equal(shift.End, rotation.NextChange(at));
                Assert.Equal(shift.End, rotation.ShiftAt(shift.End).Start);
            }
        }
    }

    [Fact]
    public void A_shift_without_length_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Rotation(RotationUnit.Daily, 0, new LocalDateTime(2026, 1, 1, 8, 0), Dublin));
}
