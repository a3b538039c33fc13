using System.Globalization;
using NodaTime;
using NodaTime.Text;
using SupportCluster.Domain.Calendars;
using Xunit;

namespace SupportCluster.Domain.Tests.Calendars;

/// <summary>The holiday files that the default policy ships, against a table of holidays where that is at hand.</summary>
public sealed class ShippedHolidayTests
{
    private const int FirstYear = 2024;
    private const int LastYear = 2030;
    private const int LastYearOfTable = 2027;

    private static readonly string Folder = Path.Combine(Repository.Root, "src", "SupportCluster.Server", "policy", "holidays");

    public static IEnumerable<TheoryDataRow<string>> Countries() =>
        "IE GB US BR IN JP AU FR DE ES IT CA SE PL BE NL CN KR".Split(' ').Select(country => new TheoryDataRow<string>(country));

    [Theory]
    [MemberData(nameof(Countries))]
    public void A_file_has_holidays_for_every_year_up_to_2030_or_says_that_it_ends_before(string country)
    {
        var text = Read(country);
        var years = HolidayFile.Parse(text, 2000, 2100).Dates.Keys.Select(date => date.Year).Distinct().Order();
        var last = text.ReplaceLineEndings("\n").Replace("\n ", "", StringComparison.Ordinal).Contains("Ends with 2027:", StringComparison.Ordinal) ? 2027 : LastYear;
        Assert.Equal(Enumerable.Range(FirstYear, last - FirstYear + 1), years);
    }

    [Theory]
    [MemberData(nameof(Countries))]
    public void A_holidays_UID_is_its_country_and_date(string country)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, country + ".ics"));
        var dates = lines.Where(line => line.StartsWith("DTSTART", StringComparison.Ordinal)).Select(line => line[^8..]);
        Assert.Equal(
            dates.Select(date => $"UID:{country.ToLower(CultureInfo.InvariantCulture)}-{date[..4]}-{date[4..6]}-{date[6..]}@supportcluster"),
            lines.Where(line => line.StartsWith("UID:", StringComparison.Ordinal)));
    }

    /// <summary>The table knows nothing of Sweden, Poland, Belgium and the Netherlands.</summary>
    public static IEnumerable<TheoryDataRow<string>> CountriesOfTheTable() => Countries().Where(row => row.Data is not ("SE" or "PL" or "BE" or "NL"));

    [Theory]
    [MemberData(nameof(CountriesOfTheTable))]
    public void The_table_of_holidays_agrees(string country)
    {
        Assert.SkipUnless(Directory.Exists(SharedData.Holidays), $"There is no table of holidays at {SharedData.Holidays}.");
        var table = SharedData.ReadCsv(Path.Combine(SharedData.Holidays, "holidays_2024_2027.csv"))
            .Where(row => row["country"] == country)
            .ToLookup(row => LocalDatePattern.Iso.Parse(row["date"]).Value);
        Assert.NotEmpty(table);
        var read = HolidayFile.Parse(Read(country), FirstYear, LastYearOfTable).Dates.Keys.ToHashSet();
        var national = table.Where(date => date.Any(row => row["subdivision"].Length == 0 && row["kind"] == "public")).Select(date => date.Key);
        Assert.DoesNotContain(national, date => !read.Contains(date));

        // A file may have more than the national ones (bank holidays of England, days in lieu of all states), but no date of its own.
        Assert.DoesNotContain(read, date => !table.Contains(date));
    }

    [Fact]
    public void Ireland_keeps_Saint_Brigid_on_the_first_Monday_of_February_unless_the_first_is_a_Friday()
    {
        var ireland = HolidayFile.Parse(Read("IE"), FirstYear, LastYear);
        Assert.Equal("Saint Brigid's Day", ireland.NameOf(new LocalDate(2029, 2, 5)));
        Assert.Equal("Saint Brigid's Day", ireland.NameOf(new LocalDate(2030, 2, 1)));
    }

    private static string Read(string country) => File.ReadAllText(Path.Combine(Folder, country + ".ics"));
}
