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
        return t.Days > 0 ? string.Create(CultureInfo.InvariantCulture, $"{sign}{t.Days} d {t.Hours:00}:{t.Minutes:00}")
            : t.Hours > 0 ? string.Create(CultureInfo.InvariantCulture, $"{sign}{t.Hours}:{t.Minutes:00}:{t.Seconds:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{sign}{t.Minutes:00}:{t.Seconds:00}");
    }

    /// <summary>Why something was refused, with the handbook's rule where one applies.</summary>
    public static string Refusal(SupportClusterException refused)
    {
        ArgumentNullException.ThrowIfNull(refused);
        return refused.Problem.Rule is { } rule ? $"{refused.Message} ({rule})" : refused.Message;
    }

    /// <summary>An instant in a zone, with its offset: <c>Mon 2 Mar 09:15</c>.</summary>
    public static string At(Instant at, DateTimeZone zone) => at.InZone(zone).ToString("ddd d MMM HH:mm", CultureInfo.InvariantCulture);

    /// <summary>How far a zone is from UTC at an instant: <c>UTC+5:30</c>.</summary>
    public static string Offset(Instant at, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var offset = zone.GetUtcOffset(at);
        var minutes = Math.Abs(offset.Seconds) / 60;
        return string.Create(CultureInfo.InvariantCulture, $"UTC{(offset.Seconds < 0 ? "−" : "+")}{minutes / 60}{(minutes % 60 == 0 ? "" : $":{minutes % 60:00}")}");
    }
}
