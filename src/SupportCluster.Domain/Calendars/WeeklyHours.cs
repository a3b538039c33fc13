using System.Collections.Immutable;
using System.Text;
using NodaTime;

namespace SupportCluster.Domain.Calendars;

/// <summary>
/// Opening hours of a week in local time, without a zone: <c>Mon-Fri 08:00-13:00 14:00-18:00|Sat 09:00-12:00</c>. Several windows a day;
/// a window is start-inclusive and end-exclusive, 24:00 is midnight at the end of the day, <c>(+1)</c> ends on the next day and the window
/// belongs to the day that it starts on. Two equal weeks are equal, however they were written (HB-3.3).
/// </summary>
public sealed record WeeklyHours
{
    private static readonly string[] Names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    private readonly ImmutableArray<ImmutableArray<DayWindow>> _days;
    private readonly string _text;

    private WeeklyHours(ImmutableArray<ImmutableArray<DayWindow>> days)
    {
        _days = days;
        _text = Write(days);
        CoversWholeWeek = days.Sum(day => day.Sum(window => window.EndMinute - window.StartMinute)) == 7 * DayWindow.MinutesADay;
    }

    /// <summary>Every hour of every day.</summary>
    public static WeeklyHours Always { get; } = Parse("Mon-Sun 00:00-24:00");

    /// <summary>Whether no hour of the week is closed (windows never overlap, so their sum tells).</summary>
    public bool CoversWholeWeek { get; }

    /// <summary>The windows that start on this day of the week, in order; none on a day that is closed.</summary>
    public ImmutableArray<DayWindow> this[IsoDayOfWeek day] => _days[(int)day - 1];

    /// <summary>Reads the text form; days that it does not name are closed. A range of days may go over the weekend (<c>Sun-Thu</c>).</summary>
    /// <exception cref="FormatException">Not of the form, no open hour in the week, a window that ends before it starts, or two that overlap.</exception>
    public static WeeklyHours Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var days = new List<DayWindow>[7];
        foreach (var part in text.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var windows = words.Skip(1).Select(DayWindow.Parse).ToList();
            if (windows.Count == 0)
            {
                throw new FormatException($"'{part}' names no hours; write days and windows, like Mon-Fri 08:00-18:00, and leave out days that are closed.");
            }

            foreach (var day in DaysOf(words[0]))
            {
                (days[day] ??= []).AddRange(windows);
            }
        }

        return Checked(days);
    }

    /// <summary>The hours from windows (<c>08:00-18:00</c>) by day of the week; days that are not named are closed.</summary>
    /// <exception cref="FormatException">As for <see cref="Parse"/>.</exception>
    public static WeeklyHours Create(IReadOnlyDictionary<IsoDayOfWeek, IReadOnlyList<string>> windows)
    {
        ArgumentNullException.ThrowIfNull(windows);
        var days = new List<DayWindow>[7];
        foreach (var (day, texts) in windows)
        {
            if (day is < IsoDayOfWeek.Monday or > IsoDayOfWeek.Sunday)
            {
                throw new FormatException($"'{day}' is not a day of the week.");
            }

            days[(int)day - 1] = [.. texts.Select(DayWindow.Parse)];
        }

        return Checked(days);
    }

    /// <summary>The text form, days from Monday on and equal days in a row as a range; <see cref="Parse"/> reads it back.</summary>
    public override string ToString() => _text;

    /// <summary>Two weeks are equal when their windows are.</summary>
    public bool Equals(WeeklyHours? other) => other is not null && string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    private static IEnumerable<int> DaysOf(string text)
    {
        var ends = text.Split('-');
        var first = Array.IndexOf(Names, ends[0]);
        var last = ends.Length == 1 ? first : Array.IndexOf(Names, ends[1]);
        if (first < 0 || last < 0 || ends.Length > 2)
        {
            throw new FormatException($"'{text}' is not a day or a range of days; write Mon, Tue, Wed, Thu, Fri, Sat, Sun or Mon-Fri.");
        }

        return Enumerable.Range(0, ((last - first + 7) % 7) + 1).Select(offset => (first + offset) % 7);
    }

    private static WeeklyHours Checked(List<DayWindow>?[] days)
    {
        var sorted = days.Select(day => day is null ? [] : day.OrderBy(window => window.StartMinute).ToImmutableArray()).ToImmutableArray();
        if (sorted.All(day => day.IsEmpty))
        {
            throw new FormatException("The week has no opening hours; name at least one window, like Mon-Fri 08:00-18:00.");
        }

        // Laid on one line of minutes, with the week's first window once more behind the last, because Sunday's night may reach into Monday.
        var line = sorted.SelectMany((windows, day) => windows.Select(window => (Day: day, Window: window))).ToList();
        line.Add((line[0].Day + 7, line[0].Window));
        for (var i = 1; i < line.Count; i++)
        {
            var (before, after) = (line[i - 1], line[i]);
            if ((before.Day * DayWindow.MinutesADay) + before.Window.EndMinute > (after.Day * DayWindow.MinutesADay) + after.Window.StartMinute)
            {
                throw new FormatException(
                    $"{Names[before.Day % 7]} {before.Window} and {Names[after.Day % 7]} {after.Window} overlap; write one window for hours that belong together.");
            }
        }

        return new WeeklyHours(sorted);
    }

    private static string Write(ImmutableArray<ImmutableArray<DayWindow>> days)
    {
        var text = new StringBuilder();
        for (var first = 0; first < 7;)
        {
            var last = first;
            while (last < 6 && days[last + 1].SequenceEqual(days[first]))
            {
                last++;
            }

            if (!days[first].IsEmpty)
            {
                text.Append(text.Length == 0 ? "" : "|").Append(Names[first]).Append(last == first ? "" : "-" + Names[last]);
                foreach (var window in days[first])
                {
                    text.Append(' ').Append(window);
                }
            }

            first = last + 1;
        }

        return text.ToString();
    }
}
