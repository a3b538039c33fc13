using System.Globalization;
using NodaTime;
using SupportCluster.Client;

namespace SupportCluster.Web.Shared;

/// <summary>How pages write numbers and times: the same in every culture.</summary>
public static class Shown
{
    /// <summary>A case number in groups that are easy to read out: <c>4 0011 2233 7</c>.</summary>
    public static string Number(string number)
    {
        ArgumentNullException.ThrowIfNull(number);
        return number.Length == 10 ? $"{number[..1]} {number[1..5]} {number[5..9]} {number[9..]}" : number;
    }

    /// <summary>What is left, or since when it is over, with a minus: <c>12:05</c>, <c>3:12:05</c>, <c>2 d 04:10</c>.</summary>
    public static string Left(Duration left)
    {
        var (sign, t) = left < Duration.Zero ? ("−", -left) : ("", left);
        return t.Days > 0 ? string.Create(CultureInfo.InvariantCulture, $"{sign}{t.Days} {Texts.T("d")} {t.Hours:00}:{t.Minutes:00}")
            : t.Hours > 0 ? string.Create(CultureInfo.InvariantCulture, $"{sign}{t.Hours}:{t.Minutes:00}:{t.Seconds:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{sign}{t.Minutes:00}:{t.Seconds:00}");
    }

    /// <summary>Why something was refused, with the handbook's rule where one applies: in the reader's language what a customer may meet, in English the rest.</summary>
    public static string Refusal(SupportClusterException refused)
    {
        ArgumentNullException.ThrowIfNull(refused);
        var why = Texts.Refusal(refused.Problem.Code ?? "") ?? refused.Message;
        return refused.Problem.Rule is { } rule ? $"{why} ({rule})" : why;
    }

    private static readonly string[] Days = ["", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    private static readonly string[] Months = ["", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    /// <summary>The zone of whoever reads, as the browser has it; UTC until it is known.</summary>
    public static DateTimeZone Zone { get; set; } = DateTimeZone.Utc;

    /// <summary>An instant in a zone, the days and months in the reader's language: <c>Mon 2 Mar 09:15</c>.</summary>
    /// <param name="zone">The reader's when absent.</param>
    public static string At(Instant at, DateTimeZone? zone = null)
    {
        var local = at.InZone(zone ?? Zone);
        return string.Create(CultureInfo.InvariantCulture, $"{Texts.T(Days[(int)local.DayOfWeek])} {local.Day} {Texts.T(Months[local.Month])} {local.Hour:00}:{local.Minute:00}");
    }

    /// <summary>A day: <c>2 Mar 2026</c>.</summary>
    public static string On(LocalDate day) => string.Create(CultureInfo.InvariantCulture, $"{day.Day} {Texts.T(Months[day.Month])} {day.Year}");

    /// <summary>A value of a history entry: instants in the reader's zone, words of the protocol as words.</summary>
    public static string Fact(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return NodaTime.Text.InstantPattern.ExtendedIso.Parse(value) is { Success: true, Value: var at } ? At(at)
            : value.Length > 1 && char.IsAsciiLetterLower(value[0]) && value.All(char.IsAsciiLetter) && value.Any(char.IsAsciiLetterUpper) ? Texts.T(Words.Sentence(value))
            : value;
    }

    /// <summary>How far a zone is from UTC at an instant: <c>UTC+5:30</c>.</summary>
    public static string Offset(Instant at, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var offset = zone.GetUtcOffset(at);
        var minutes = Math.Abs(offset.Seconds) / 60;
        return string.Create(CultureInfo.InvariantCulture, $"UTC{(offset.Seconds < 0 ? "−" : "+")}{minutes / 60}{(minutes % 60 == 0 ? "" : $":{minutes % 60:00}")}");
    }
}
