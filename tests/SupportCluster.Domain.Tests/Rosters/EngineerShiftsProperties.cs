using CsCheck;
using NodaTime;
using SupportCluster.Domain.Calendars;
using SupportCluster.Domain.Rosters;
using Xunit;

namespace SupportCluster.Domain.Tests.Rosters;

/// <summary>Shifts against an oracle that reads the clock on the wall minute by minute, around every change of the clocks of 2026 in every centre.</summary>
public sealed class EngineerShiftsProperties
{
    private const int Days = 12;
    private const int Minutes = Days * 24 * 60;

    private static readonly (string Centre, Instant At)[] Changes =
    [
        .. EngineerShiftsTests.ChangesOfTheClocks().Select(c => (c.Data.Item1, TheDefaultPolicy.Utc(c.Data.Item2))),
        .. TheDefaultPolicy.Policy.Centres.Keys.Select(c => (c, TheDefaultPolicy.Utc("2026-06-17T00:00Z"))),
    ];

    private static readonly string[] Patterns =
    [
        "Mon-Fri 08:00-16:00", "Mon-Sun 22:00-06:00(+1)", "Mon-Sun 00:00-24:00", "Sat-Sun 00:30-02:30", "Sun 01:30-09:00|Sat 18:00-01:30(+1)", "Mon-Sun 07:00-11:00 13:30-18:15",
    ];

    private static readonly string[] Extras = ["00:30-03:00", "22:00-06:00(+1)", "02:00-02:30", "08:00-08:00(+1)", "16:00-18:00"];

    [Fact]
    public void The_naive_oracle_agrees() => Gen.Select(
        Gen.Int[0, Changes.Length - 1], Gen.Int[-1, Patterns.Length - 1], Gen.Int[0, Days].Array[0, 2], Gen.Int[0, Days].HashSet[0, 3], Gen.Select(Gen.Int[0, Days], Gen.Int[0, Extras.Length - 1]).Array[0, 3]).Sample(
        (change, pattern, leave, dropped, extra) =>
        {
            var (code, at) = Changes[change];
            var centre = TheDefaultPolicy.Policy.Centre(code)!;
            var origin = at - Duration.FromDays(Days / 2);
            var first = origin.InZone(centre.Calendar.Zone).Date;
            var schedule = new EngineerSchedule(
                pattern < 0 ? null : Patterns[pattern],
                [.. leave.Select(d => new Leave(first.PlusDays(d), first.PlusDays(d + 1)))],
                [.. dropped.Select(first.PlusDays)],
                [.. extra.Select(e => new ExtraShift(first.PlusDays(e.Item1), Extras[e.Item2]))]);
            var oracle = Oracle(schedule, centre.Calendar.Zone, origin);
            var shifts = EngineerShifts.Of(schedule, centre);
            var whole = new bool[Minutes];
            foreach (var shift in shifts.Between(origin, origin + Duration.FromMinutes(Minutes)))
            {
                for (var minute = (int)(shift.Start - origin).TotalMinutes; minute < (shift.End - origin).TotalMinutes; minute++)
                {
                    Assert.False(whole[minute]);
                    whole[minute] = true;
                }
            }

            Assert.Equal(oracle, whole);
            for (var minute = 2000; minute < Minutes - 4000; minute += 61)
            {
                var now = origin + Duration.FromMinutes(minute);
                Assert.Equal(oracle[minute], shifts.IsOnShift(now));
                var off = Array.IndexOf(oracle, false, minute);
                if (oracle[minute] && off >= 0)
                {
                    Assert.Equal(origin + Duration.FromMinutes(off), shifts.OnShiftUntil(now));
                }

                var next = off < 0 ? -1 : Array.IndexOf(oracle, true, off);
                if (next >= 0)
                {
                    Assert.Equal(origin + Duration.FromMinutes(next), shifts.NextShift(now)!.Value.Start);
                }
            }
        },
        iter: 300);

    /// <summary>Every minute in which the wall shows a time of a shift of some day; a shift runs from the first showing of its start to the last of its end.</summary>
    private static bool[] Oracle(EngineerSchedule schedule, DateTimeZone zone, Instant origin)
    {
        LocalDateTime[] wall = [.. Enumerable.Range(0, Minutes).Select(m => (origin + Duration.FromMinutes(m)).InZone(zone).LocalDateTime)];
        var on = new bool[Minutes];
        for (var date = wall[0].Date.PlusDays(-2); date <= wall[^1].Date; date = date.PlusDays(1))
        {
            var off = schedule.Leave!.Value.Any(l => l.From <= date && date <= l.To) || schedule.Dropped!.Value.Contains(date);
            var windows = (off || schedule.Pattern is null ? [] : WeeklyHours.Parse(schedule.Pattern)[date.DayOfWeek])
                .Concat(schedule.Extra!.Value.Where(e => e.Date == date).SelectMany(e => WeeklyHours.Parse($"Mon-Sun {e.Hours}".Replace("Mon-Sun", date.DayOfWeek.ToString()[..3], StringComparison.Ordinal))[date.DayOfWeek]));
            foreach (var window in windows)
            {
                var (start, end) = (date.AtMidnight().PlusMinutes(window.StartMinute), date.AtMidnight().PlusMinutes(window.EndMinute));
                var from = Array.FindIndex(wall, w => w >= start);
                var last = Array.FindLastIndex(wall, w => w <= end);
                var to = last < 0 ? 0 : wall[last] == end ? last : last + 1;
                for (var minute = from < 0 ? Minutes : from; minute < to; minute++)
                {
                    on[minute] = true;
                }
            }
        }

        return on;
    }
}
