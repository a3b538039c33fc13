using SupportCluster.Domain.Rosters;
using Xunit;
using static SupportCluster.Domain.Tests.TheDefaultPolicy;

namespace SupportCluster.Domain.Tests.Rosters;

/// <summary>Schedules as iCalendar.</summary>
public sealed class ScheduleFileTests
{
    private static readonly EngineerSchedule Schedule = new(
        "Mon-Fri 08:00-12:00 13:00-17:00|Sat 22:00-06:00(+1)|Sun 20:00-24:00",
        [new(new(2026, 1, 12), new(2026, 1, 16), "skiing"), new(new(2026, 7, 1), new(2026, 7, 1))],
        [new(2026, 1, 20)],
        [new(new(2026, 1, 24), "06:00-14:00", null, new("eng-bela")), new(new(2026, 2, 1), "10:00-12:00", "Asia/Tokyo")]);

    [Fact]
    public void What_is_written_reads_back_as_the_same_schedule()
    {
        var text = Write(Schedule);

        Assert.True(EngineerSchedule.Same(Schedule, ScheduleFile.Parse(text, "dublin", TheDefaultPolicy.Policy)), text);
        Assert.Equal(text, Write(Schedule));
    }

    [Fact]
    public void Other_calendars_see_the_shifts_without_the_days_off()
    {
        var text = Write(Schedule).ReplaceLineEndings("\n").Replace("\n ", "", StringComparison.Ordinal);

        Assert.Contains("DTSTART;TZID=Europe/Dublin:20260105T080000", text, StringComparison.Ordinal);
        Assert.Contains("RRULE:FREQ=WEEKLY;BYDAY=SA", text, StringComparison.Ordinal);
        Assert.Contains("20260120T130000", text, StringComparison.Ordinal);
        Assert.Contains("BEGIN:VTIMEZONE", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_program_is_read()
    {
        const string text = """
            BEGIN:VCALENDAR
            VERSION:2.0
            PRODID:-//other//EN
            BEGIN:VEVENT
            UID:1
            DTSTART;TZID=Europe/Dublin:20260105T080000
            DTEND;TZID=Europe/Dublin:20260105T160000
            RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE
            SUMMARY:Shift
            END:VEVENT
            BEGIN:VEVENT
            UID:2
            DTSTART:20260110T220000Z
            DURATION:PT8H
            SUMMARY:Weekend cover
            END:VEVENT
            BEGIN:VEVENT
            UID:3
            DTSTART;VALUE=DATE:20260112
            DTEND;VALUE=DATE:20260114
            SUMMARY:Holiday
            END:VEVENT
            END:VCALENDAR
            """;

        Assert.True(EngineerSchedule.Same(
            new("Mon-Wed 08:00-16:00", [new(new(2026, 1, 12), new(2026, 1, 13), "Holiday")], null, [new(new(2026, 1, 10), "22:00-06:00(+1)", "UTC")]),
            ScheduleFile.Parse(text, "dublin", TheDefaultPolicy.Policy)));
    }

    [Theory]
    [InlineData("Monday to Friday", "not a calendar")]
    [InlineData("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:1\nDTSTART:20260105T080000Z\nDTEND:20260105T160000Z\nRRULE:FREQ=MONTHLY\nEND:VEVENT\nEND:VCALENDAR\n", "each week")]
    [InlineData("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:1\nDTSTART;TZID=Asia/Tokyo:20260105T080000\nDTEND;TZID=Asia/Tokyo:20260105T160000\nRRULE:FREQ=WEEKLY\nEND:VEVENT\nEND:VCALENDAR\n", "Europe/Dublin")]
    [InlineData("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:1\nDTSTART:20260105T080000Z\nDTEND:20260107T160000Z\nEND:VEVENT\nEND:VCALENDAR\n", "24 hours")]
    public void What_is_no_schedule_is_refused(string text, string why) =>
        Assert.Contains(why, Assert.Throws<FormatException>(() => ScheduleFile.Parse(text, "dublin", TheDefaultPolicy.Policy)).Message, StringComparison.Ordinal);

    private static string Write(EngineerSchedule schedule) =>
        ScheduleFile.Write(GivenEngineer.At("dublin", schedule: schedule), TheDefaultPolicy.Policy, new(2026, 1, 5), new(2026, 12, 31), Utc("2026-01-01T00:00Z"));
}
