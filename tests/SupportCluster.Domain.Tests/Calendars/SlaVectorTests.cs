using System.Collections.Immutable;
using System.Globalization;
using NodaTime;
using NodaTime.Text;
using SupportCluster.Domain.Calendars;
using Xunit;

namespace SupportCluster.Domain.Tests.Calendars;

/// <summary>Real cases out of the test suites of other systems: every row of every CSV file of the folder is one test.</summary>
public sealed class SlaVectorTests
{
    /// <summary>Rows that state a rule of another product and no number; nothing else is skipped.</summary>
    private static readonly Dictionary<string, string> Skipped = new(StringComparer.Ordinal)
    {
        ["V072"] = "states a rule of another product and no number: a change of priority clears every deadline",
        ["V250"] = "states a rule of another product and no number: each reply and message sets a response deadline anew",
        ["V251"] = "states a rule of another product and no number: replies never move the resolve deadline",
        ["V252"] = "states a rule of another product and no number: statuses that a deadline does not ignore",
        ["V253"] = "states a rule of another product and no number: stall and resume without excluded time",
        ["V254"] = "states a rule of another product and no number: due moves by 1 to 5 seconds of the test's own run time",
    };

    private static readonly InstantPattern ShortInstant = InstantPattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm'Z'");

    public static IEnumerable<TheoryDataRow<string, string>> Rows()
    {
        if (!Directory.Exists(SharedData.Vectors))
        {
            yield return new TheoryDataRow<string, string>("", "") { Skip = $"There is no folder of vectors at {SharedData.Vectors}; SLA_VECTORS_DIR names another.", TestDisplayName = "vectors" };
            yield break;
        }

        var files = Directory.GetFiles(SharedData.Vectors, "*.csv").Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0)
        {
            throw new InvalidOperationException($"The folder of vectors {SharedData.Vectors} holds no CSV file.");
        }

        foreach (var file in files)
        {
            foreach (var row in SharedData.ReadCsv(file))
            {
                var name = $"{row["id"]} {row["kind"]}: {row["case"]}";
                yield return new TheoryDataRow<string, string>(Path.GetFileName(file), row["id"])
                {
                    TestDisplayName = name,
                    Label = "",
                    Skip = Skipped.TryGetValue(row["id"], out var reason) ? $"{row["id"]} {reason}" : null,
                };
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_calendar_agrees_with(string file, string id)
    {
        var row = SharedData.ReadCsv(Path.Combine(SharedData.Vectors, file)).Single(candidate => candidate["id"] == id);
        switch (row["kind"])
        {
            case "add":
                Assert.Equal(InstantOf(row["expected_utc"]), CalendarOf(row).Add(Start(row), DurationOf(row["amount"]), PausesOf(row)));
                break;
            case "subtract":
                Assert.StartsWith("-", row["amount"], StringComparison.Ordinal);
                Assert.Equal(InstantOf(row["expected_utc"]), CalendarOf(row).Subtract(Start(row), DurationOf(row["amount"][1..]), PausesOf(row)));
                break;
            case "elapsed":
                Assert.Equal(DurationOf(row["expected_value"]), CalendarOf(row).Elapsed(Start(row), InstantOf(row["end_utc"]), PausesOf(row)));
                break;
            case "add_workdays":
                AddsWorkdays(row);
                break;
            case "active":
                Assert.Equal(bool.Parse(row["expected_value"]), CalendarOf(row).IsOpen(Start(row)));
                break;
            case "open_windows":
                OpensAt(row);
                break;
            case "wallclock":
                ReadsTheWallClock(row);
                break;
            case "handoff":
                HandsOff(row);
                break;
            case "handoff_sequence":
                HandsOffInSequence(row);
                break;
            case "reject":
                Rejects(row);
                break;
            default:
                Assert.Fail($"{id} is of a kind that this test does not know: {row["kind"]}");
                break;
        }
    }

    private static void AddsWorkdays(IReadOnlyDictionary<string, string> row)
    {
        const string workdays = "D(work)";
        const string endOfDay = "+end-of-day";
        var amount = row["amount"];
        var toEnd = amount.EndsWith(endOfDay, StringComparison.Ordinal);
        amount = toEnd ? amount[..^endOfDay.Length] : amount;
        var negative = amount.StartsWith('-');
        amount = negative ? amount[1..] : amount;
        Assert.StartsWith("P", amount, StringComparison.Ordinal);
        Assert.EndsWith(workdays, amount, StringComparison.Ordinal);
        var days = int.Parse(amount[1..^workdays.Length], NumberStyles.None, CultureInfo.InvariantCulture) * (negative ? -1 : 1);
        var calendar = CalendarOf(row);
        Assert.Equal(
            InstantOf(row["expected_utc"]),
            toEnd ? calendar.EndOfBusinessDay(Start(row), days) : calendar.AddBusinessDays(Start(row), days));
    }

    private static void OpensAt(IReadOnlyDictionary<string, string> row)
    {
        // "start/end start/end", where the end may be a time of the same day; the list ends where the source stopped looking.
        var expected = row["expected_value"].Split(' ').Select(text =>
        {
            var (start, end) = (text[..text.IndexOf('/', StringComparison.Ordinal)], text[(text.IndexOf('/', StringComparison.Ordinal) + 1)..]);
            return new Interval(InstantOf(start), InstantOf(end.Contains('T', StringComparison.Ordinal) ? end : start[..11] + end));
        }).ToList();
        var from = row["start_utc"].Length > 0 ? InstantOf(row["start_utc"]) : WallClock.First(LocalOf(row["start_src"]), ZoneOf(row));
        var to = from + Duration.FromDays(366);
        var schedules = row["hours"].Split(" AND ");
        var calendar = new BusinessCalendar(WeeklyHours.Parse(schedules[0]), HolidaysOf(row["holidays"]), ZoneOf(row));
        if (schedules.Length == 1)
        {
            Assert.Equal(expected, calendar.OpenWindows(from, to, PausesOf(row)).Take(expected.Count));
            return;
        }

        // The breaks of this one row stand in its note only; that of the other schedule pauses the intersection all the same.
        Assert.Equal("V212", row["id"]);
        Assert.Equal("breaks 01-02 10:00-11:30, 01-03 14:15-14:30+15:40-15:50; other break 01-03 11:15-11:45", row["note"]);
        Interval[] breaks =
        [
            Between("2006-01-02T10:00:00Z", "2006-01-02T11:30:00Z"), Between("2006-01-03T14:15:00Z", "2006-01-03T14:30:00Z"),
            Between("2006-01-03T15:40:00Z", "2006-01-03T15:50:00Z"), Between("2006-01-03T11:15:00Z", "2006-01-03T11:45:00Z"),
        ];
        var other = new BusinessCalendar(WeeklyHours.Parse(schedules[1]), Holidays.None, ZoneOf(row));
        Assert.Equal(2, schedules.Length);
        Assert.Equal(expected, calendar.OpenWindowsWith(other, from, to, breaks).Take(expected.Count));
        Assert.Equal(expected, other.OpenWindowsWith(calendar, from, to, breaks).Take(expected.Count));
    }

    private static void ReadsTheWallClock(IReadOnlyDictionary<string, string> row)
    {
        var rules = row["end_rule"].Split(' ');
        Assert.Equal("gap:first-valid", rules[0]);
        var local = LocalOf(row["start_src"]);
        var instant = rules[1] switch
        {
            "ambiguous:first" => WallClock.First(local, ZoneOf(row)),
            "ambiguous:last" => WallClock.Last(local, ZoneOf(row)),
            _ => throw new FormatException($"Unknown rule {rules[1]}"),
        };
        Assert.Equal(InstantOf(row["expected_utc"]), instant);
    }

    private static void HandsOff(IReadOnlyDictionary<string, string> row)
    {
        // "weekly x1", "monthly x2 = PT1488H real"
        var amount = row["amount"].Split(' ');
        var zone = ZoneOf(row);
        var anchor = row["start_utc"].Length > 0 ? InstantOf(row["start_utc"]).InZone(zone).LocalDateTime : LocalOf(row["start_src"]);
        var rotation = new Rotation(UnitOf(amount[0]), int.Parse(amount[1][1..], CultureInfo.InvariantCulture), anchor, zone);
        var start = WallClock.First(anchor, zone);
        if (row["expected_utc"].Length > 0)
        {
            Assert.Equal(InstantOf(row["expected_utc"]), rotation.NextChange(start));
            if (amount.Length > 2)
            {
                Assert.Equal(["=", "real"], [amount[2], amount[4]]);
                Assert.Equal(DurationOf(amount[3]), rotation.NextChange(start) - start);
            }

            return;
        }

        var hour = row["expected_value"] switch
        {
            "start hour 11; end[n]=start[n+1]" => 11,
            "end[n]=start[n+1]" => anchor.Hour,
            _ => throw new FormatException($"Unknown expectation {row["expected_value"]}"),
        };
        var shifts = rotation.ChangesFrom(start).Take(8).Select(rotation.ShiftAt).ToList();
        Assert.Equal(start, shifts[0].Start);
        Assert.All(shifts, shift => Assert.Equal(hour, shift.Start.InZone(zone).Hour));
        Assert.All(shifts.Zip(shifts.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Start));
    }

    private static void HandsOffInSequence(IReadOnlyDictionary<string, string> row)
    {
        // "daily @02:15": the time repeats what the start says.
        var amount = row["amount"].Split(" @");
        var zone = ZoneOf(row);
        var start = OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd HH':'mm':'sso<+HH:mm>").Parse(row["start_src"]).Value;
        Assert.EndsWith(amount[1], start.LocalDateTime.ToString("HH':'mm", CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var rotation = new Rotation(UnitOf(amount[0]), 1, start.ToInstant().InZone(zone).LocalDateTime, zone);
        var expected = row["expected_value"].Split(' ').Select(InstantOf).ToList();
        Assert.Equal(expected, rotation.ChangesFrom(start.ToInstant()).Take(expected.Count));
        Assert.Equal(expected[1..], expected[..^1].Select(rotation.NextChange));
    }

    private static void Rejects(IReadOnlyDictionary<string, string> row)
    {
        switch (row["expected_value"])
        {
            case "unchanged":
                // A negative amount is refused with an exception, so there is no date that could have moved.
                Assert.StartsWith("-", row["amount"], StringComparison.Ordinal);
                Assert.Throws<ArgumentOutOfRangeException>(() =>
                    BusinessCalendar.RoundTheClock(ZoneOf(row)).Add(WallClock.First(LocalOf(row["start_src"]), ZoneOf(row)), -DurationOf(row["amount"][1..])));
                break;
            case "validation error":
                Assert.Throws<FormatException>(() => WeeklyHours.Parse(row["hours"]));
                break;
            default:
                Assert.Fail($"Unknown expectation {row["expected_value"]}");
                break;
        }
    }

    private static RotationUnit UnitOf(string text) => text switch
    {
        "hourly" => RotationUnit.Hourly,
        "daily" or "24h" => RotationUnit.Daily,
        "weekly" => RotationUnit.Weekly,
        "monthly" => RotationUnit.Monthly,
        _ => throw new FormatException($"Unknown length of a shift: {text}"),
    };

    private static BusinessCalendar CalendarOf(IReadOnlyDictionary<string, string> row)
    {
        var hours = WeeklyHours.Parse(row["hours"]);
        Assert.Equal(row["hours"], hours.ToString());
        return new BusinessCalendar(hours, HolidaysOf(row["holidays"]), ZoneOf(row));
    }

    private static DateTimeZone ZoneOf(IReadOnlyDictionary<string, string> row) => DateTimeZoneProviders.Tzdb[row["tz"]];

    private static Holidays HolidaysOf(string text)
    {
        var names = text.Split(';', StringSplitOptions.RemoveEmptyEntries);
        return new Holidays(
            names.Where(name => !name.StartsWith("--", StringComparison.Ordinal)).ToImmutableDictionary(name => LocalDatePattern.Iso.Parse(name).Value),
            names.Where(name => name.StartsWith("--", StringComparison.Ordinal)).ToImmutableDictionary(name => AnnualDatePattern.Iso.Parse(name[2..]).Value));
    }

    private static IReadOnlyList<Interval> PausesOf(IReadOnlyDictionary<string, string> row) =>
        [.. row["pauses"].Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pause => pause.Split('/')).Select(ends => Between(ends[0], ends[1]))];

    private static Instant Start(IReadOnlyDictionary<string, string> row) => InstantOf(row["start_utc"]);

    private static Interval Between(string start, string end) => new(InstantOf(start), InstantOf(end));

    private static Instant InstantOf(string text) =>
        (ShortInstant.Parse(text) is { Success: true } parsed ? parsed : InstantPattern.ExtendedIso.Parse(text)).Value;

    private static LocalDateTime LocalOf(string text)
    {
        var minutes = LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd HH':'mm").Parse(text);
        return minutes.Success ? minutes.Value : LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd HH':'mm':'ss").Parse(text).Value;
    }

    private static Duration DurationOf(string text) => PeriodPattern.NormalizingIso.Parse(text).Value.ToDuration();
}
