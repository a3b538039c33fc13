using NodaTime;
using SupportCluster.Domain.Calendars;
using Xunit;

namespace SupportCluster.Domain.Tests.Calendars;

public sealed class WeeklyHoursTests
{
    [Theory]
    [InlineData("Mon-Fri 08:00-13:00 14:00-18:00|Sat 09:00-12:00")]
    [InlineData("Mon-Sun 00:00-24:00")]
    [InlineData("Mon 20:00-08:00(+1)")]
    [InlineData("Mon 08:00-08:00(+1)|Wed-Thu 23:59-00:01(+1)|Sun 12:00-12:01")]
    public void Hours_are_written_as_they_were_read(string text) => Assert.Equal(text, WeeklyHours.Parse(text).ToString());

    [Theory]
    [InlineData("Sun-Thu 08:00-17:00", "Mon-Thu 08:00-17:00|Sun 08:00-17:00")]
    [InlineData("Tue 14:00-18:00 08:00-13:00|Mon 08:00-13:00 14:00-18:00", "Mon-Tue 08:00-13:00 14:00-18:00")]
    [InlineData("Mon 08:00-13:00|Mon 14:00-18:00", "Mon 08:00-13:00 14:00-18:00")]
    [InlineData("Mon 20:00-00:00(+1)", "Mon 20:00-24:00")]
    public void Equal_weeks_are_equal_however_they_were_written(string text, string normal)
    {
        Assert.Equal(WeeklyHours.Parse(normal), WeeklyHours.Parse(text));
        Assert.Equal(normal, WeeklyHours.Parse(text).ToString());
    }

    [Theory]
    [InlineData("", "no opening hours")]
    [InlineData("Mon-Fri", "names no hours")]
    [InlineData("Mon-Fri 09:00-00:00", "write 24:00")]
    [InlineData("Mon 18:00-08:00", "add (+1)")]
    [InlineData("Mon 08:00-08:00", "ends before it starts")]
    [InlineData("Mon 08:00-09:00(+1)", "longer than 24 hours")]
    [InlineData("Mon 08:00-24:00(+1)", "longer than 24 hours")]
    [InlineData("Mon 24:00-01:00(+1)", "on the day after")]
    [InlineData("Mon 8:00-18:00", "'8:00' in '8:00-18:00' is not a time of day")]
    [InlineData("Mon 08:60-18:00", "'08:60'")]
    [InlineData("Mon 08:00-25:00", "'25:00'")]
    [InlineData("Mon 0800", "not a window")]
    [InlineData("Monday 08:00-18:00", "'Monday' is not a day")]
    [InlineData("Mon-Wed-Fri 08:00-18:00", "not a day or a range")]
    [InlineData("Mon 08:00-12:00 10:00-16:00", "Mon 08:00-12:00 and Mon 10:00-16:00 overlap")]
    [InlineData("Mon 20:00-08:00(+1)|Tue 07:00-18:00", "Mon 20:00-08:00(+1) and Tue 07:00-18:00 overlap")]
    [InlineData("Sun 20:00-08:00(+1)|Mon 07:00-18:00", "Sun 20:00-08:00(+1) and Mon 07:00-18:00 overlap")]
    public void Hours_that_make_no_sense_are_refused_with_what_is_wrong(string text, string complaint) =>
        Assert.Contains(complaint, Assert.Throws<FormatException>(() => WeeklyHours.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Hours_can_be_given_by_day()
    {
        var hours = WeeklyHours.Create(new Dictionary<IsoDayOfWeek, IReadOnlyList<string>>
        {
            [IsoDayOfWeek.Saturday] = ["09:00-12:00"],
            [IsoDayOfWeek.Monday] = ["14:00-18:00", "08:00-13:00"],
            [IsoDayOfWeek.Sunday] = [],
        });
        Assert.Equal(WeeklyHours.Parse("Mon 08:00-13:00 14:00-18:00|Sat 09:00-12:00"), hours);
        Assert.Throws<FormatException>(() => WeeklyHours.Create(new Dictionary<IsoDayOfWeek, IReadOnlyList<string>> { [IsoDayOfWeek.None] = ["09:00-12:00"] }));
        Assert.Throws<FormatException>(() => WeeklyHours.Create(new Dictionary<IsoDayOfWeek, IReadOnlyList<string>>()));
    }

    [Theory]
    [InlineData("Mon-Sun 00:00-24:00", true)]
    [InlineData("Mon-Sun 08:00-08:00(+1)", true)]
    [InlineData("Mon-Sun 00:00-12:00 12:00-24:00", true)]
    [InlineData("Mon-Sun 00:00-23:59", false)]
    public void A_week_that_leaves_no_minute_out_covers_the_whole_week(string text, bool whole) => Assert.Equal(whole, WeeklyHours.Parse(text).CoversWholeWeek);
}
