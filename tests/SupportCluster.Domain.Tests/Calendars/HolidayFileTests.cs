using NodaTime;
using NodaTime.Text;
using SupportCluster.Domain.Calendars;
using Xunit;

namespace SupportCluster.Domain.Tests.Calendars;

public sealed class HolidayFileTests
{
    [Fact]
    public void A_holiday_of_one_date_is_read_with_its_name()
    {
        var holidays = HolidayFile.Parse(File("DTSTART;VALUE=DATE:20260317\nDTEND;VALUE=DATE:20260318\nSUMMARY:Saint Patrick's Day"), 2026, 2026);
        Assert.Equal("Saint Patrick's Day", holidays.NameOf(new LocalDate(2026, 3, 17)));
        Assert.Single(holidays.Dates);
    }

    [Fact]
    public void A_holiday_without_an_end_lasts_one_day() =>
        Assert.Equal([new LocalDate(2026, 3, 17)], HolidayFile.Parse(File("DTSTART;VALUE=DATE:20260317\nSUMMARY:Saint Patrick's Day"), 2026, 2026).Dates.Keys);

    [Fact]
    public void A_holiday_of_several_days_is_one_for_each_of_them_and_cut_to_the_years_asked_for()
    {
        const string newYear = "DTSTART;VALUE=DATE:20261230\nDTEND;VALUE=DATE:20270104\nSUMMARY:New Year";
        Assert.Equal(Dates("2026-12-30", "2026-12-31"), HolidayFile.Parse(File(newYear), 2026, 2026).Dates.Keys.Order());
        Assert.Equal(Dates("2027-01-01", "2027-01-02", "2027-01-03"), HolidayFile.Parse(File(newYear), 2027, 2027).Dates.Keys.Order());
        Assert.Equal(
            Dates("2026-12-30", "2026-12-31"),
            HolidayFile.Parse(File("DTSTART;VALUE=DATE:20261230\nDURATION:P2D\nSUMMARY:New Year"), 2026, 2027).Dates.Keys.Order());
    }

    [Fact]
    public void A_rule_is_followed_through_all_the_years_and_its_exceptions_are_kept_out()
    {
        var may = HolidayFile.Parse(File("DTSTART;VALUE=DATE:20200504\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=1MO\nEXDATE;VALUE=DATE:20270503\nSUMMARY:May Day"), 2026, 2029);
        Assert.Equal(Dates("2026-05-04", "2028-05-01", "2029-05-07"), may.Dates.Keys.Order());
    }

    [Fact]
    public void A_rule_with_an_end_stops_there() =>
        Assert.Equal(
            Dates("2026-01-01", "2027-01-01"),
            HolidayFile.Parse(File("DTSTART;VALUE=DATE:20250101\nRRULE:FREQ=YEARLY;UNTIL=20270101\nSUMMARY:New Year's Day"), 2026, 2030).Dates.Keys.Order());

    [Fact]
    public void A_rule_of_a_holiday_of_several_days_reaches_into_the_first_year() =>
        Assert.Equal(
            Dates("2027-01-01", "2027-12-31"),
            HolidayFile.Parse(File("DTSTART;VALUE=DATE:20201231\nDTEND;VALUE=DATE:20210102\nRRULE:FREQ=YEARLY\nSUMMARY:Turn of the year"), 2027, 2027).Dates.Keys.Order());

    [Fact]
    public void Two_holidays_on_one_date_keep_both_names()
    {
        var both = HolidayFile.Parse(File("DTSTART;VALUE=DATE:20250505\nSUMMARY:Children's Day", "DTSTART;VALUE=DATE:20250505\nSUMMARY:Buddha's Birthday"), 2025, 2025);
        Assert.Equal("Children's Day / Buddha's Birthday", both.NameOf(new LocalDate(2025, 5, 5)));
    }

    [Fact]
    public void A_cancelled_holiday_is_none() =>
        Assert.Empty(HolidayFile.Parse(File("DTSTART;VALUE=DATE:20260317\nSTATUS:CANCELLED\nSUMMARY:Saint Patrick's Day"), 2026, 2026).Dates);

    [Fact]
    public void Line_ends_of_both_kinds_folded_lines_and_a_byte_order_mark_are_read()
    {
        var text = File("DTSTART;VALUE=DATE:20260317\nSUMMARY:Saint\n  Patrick's Day");
        Assert.Equal("Saint Patrick's Day", HolidayFile.Parse(text, 2026, 2026).NameOf(new LocalDate(2026, 3, 17)));
        Assert.Equal("Saint Patrick's Day", HolidayFile.Parse("\uFEFF" + text.ReplaceLineEndings("\r\n"), 2026, 2026).NameOf(new LocalDate(2026, 3, 17)));
    }

    [Theory]
    [InlineData("", "no events")]
    [InlineData("BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR", "no events")]
    [InlineData("country,date\nIE,2026-03-17", "Line 1 of the holiday file: this is not a calendar")]
    [InlineData("BEGIN:VEVENT\nEND:VEVENT", "stands outside of a calendar")]
    [InlineData("BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20260317", "the file ends within VEVENT of line 3")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR", "does not end VEVENT of line 2")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSaint Patrick's Day\nEND:VEVENT\nEND:VCALENDAR", "Line 3 of the holiday file: 'Saint Patrick's Day' has no colon")]
    public void A_file_that_is_no_whole_calendar_is_refused_with_the_line(string text, string complaint) =>
        Assert.Contains(complaint, Assert.Throws<FormatException>(() => HolidayFile.Parse(text, 2026, 2027)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("SUMMARY:Saint Patrick's Day", "DTSTART")]
    [InlineData("DTSTART;VALUE=DATE:20260317", "no SUMMARY")]
    [InlineData("DTSTART;VALUE=DATE:2026-03-17\nSUMMARY:Saint Patrick's Day", "")]
    [InlineData("DTSTART;VALUE=DATE:20260231\nSUMMARY:Saint Patrick's Day", "")]
    [InlineData("DTSTART:20260317T090000Z\nSUMMARY:Saint Patrick's Day", "has a time of day")]
    [InlineData("DTSTART;VALUE=DATE:20260317\nDTEND;VALUE=DATE:20260316\nSUMMARY:Saint Patrick's Day", "lasts -1 days")]
    [InlineData("DTSTART;VALUE=DATE:20260317\nDURATION:PT5H\nSUMMARY:Saint Patrick's Day", "lasts 0 days")]
    [InlineData("DTSTART;VALUE=DATE:20260317\nRRULE:FREQ=SOMETIMES\nSUMMARY:Saint Patrick's Day", "")]
    public void A_holiday_that_cannot_be_read_is_refused_and_not_passed_over(string lines, string complaint) =>
        Assert.Contains(complaint, Assert.Throws<FormatException>(() => HolidayFile.Parse(File(lines), 2026, 2027)).Message, StringComparison.Ordinal);

    public static IEnumerable<TheoryDataRow<string>> SharedFiles() =>
        Directory.Exists(SharedData.Holidays)
            ? Directory.GetFiles(SharedData.Holidays, "*.ics").Order(StringComparer.Ordinal).Select(file => new TheoryDataRow<string>(Path.GetFileNameWithoutExtension(file)))
            : [new TheoryDataRow<string>("") { Skip = $"There are no holiday files at {SharedData.Holidays}." }];

    [Theory]
    [MemberData(nameof(SharedFiles))]
    public void A_countrys_file_says_what_the_table_of_holidays_says(string country)
    {
        var read = HolidayFile.Parse(System.IO.File.ReadAllText(Path.Combine(SharedData.Holidays, country + ".ics")), 2024, 2027);
        var table = SharedData.ReadCsv(Path.Combine(SharedData.Holidays, "holidays_2024_2027.csv"))
            .Where(row => row["country"] == country)
            .ToLookup(row => LocalDatePattern.Iso.Parse(row["date"]).Value);
        Assert.NotEmpty(table);

        // Some files also hold the holidays of a part of the country or optional ones, but nothing that the table does not know.
        Assert.DoesNotContain(read.Dates.Keys, date => !table.Contains(date));
        foreach (var row in table.SelectMany(date => date).Where(row => row["subdivision"].Length == 0 && row["kind"] == "public"))
        {
            Assert.Contains(row["name"], read.NameOf(LocalDatePattern.Iso.Parse(row["date"]).Value), StringComparison.Ordinal);
        }
    }

    private static string File(params string[] events) =>
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//supportcluster//test//EN\n"
        + string.Concat(events.Select((lines, number) => $"BEGIN:VEVENT\nUID:{number}@supportcluster\nDTSTAMP:20260101T000000Z\n{lines}\nEND:VEVENT\n"))
        + "END:VCALENDAR\n";

    private static IEnumerable<LocalDate> Dates(params string[] dates) => dates.Select(date => LocalDatePattern.Iso.Parse(date).Value);
}
