using System.Globalization;
using NodaTime;
using SupportCluster.Domain.Calendars;
using SupportCluster.Domain.Policy;

namespace SupportCluster.Domain.Rosters;

/// <summary>Finds what is wrong with a schedule before it is taken (HB-3.5).</summary>
internal static class ScheduleCheck
{
    /// <summary>Longest leave, in days: what is longer is a change of the pattern.</summary>
    private const int LongestLeave = 366;

    /// <summary>The first mistake, with a pointer below <paramref name="path"/>; null when there is none.</summary>
    internal static Refusal? Find(EngineerSchedule schedule, string path)
    {
        if (schedule.Pattern is { } pattern && Wrong(() => WeeklyHours.Parse(pattern)) is { } noPattern)
        {
            return Refusal.Malformed("shifts-malformed", noPattern, $"{path}/pattern", "HB-3.5");
        }

        var leave = EngineerSchedule.List(schedule.Leave);
        for (var i = 0; i < leave.Length; i++)
        {
            if (leave[i].To < leave[i].From || Period.DaysBetween(leave[i].From, leave[i].To) >= LongestLeave)
            {
                return Refusal.Malformed("leave-malformed", string.Create(CultureInfo.InvariantCulture, $"Leave ends on the day that it starts on, or later, and lasts at most {LongestLeave} days."), $"{path}/leave/{i}", "HB-3.5");
            }

            if (Name.Check((leave[i].Reason, $"{path}/leave/{i}/reason")) is { } longReason)
            {
                return longReason;
            }
        }

        var extra = EngineerSchedule.List(schedule.Extra);
        for (var i = 0; i < extra.Length; i++)
        {
            var hours = extra[i].Hours;
            if (Wrong(() => DayWindow.Parse(hours)) is { } noHours)
            {
                return Refusal.Malformed("shifts-malformed", noHours, $"{path}/extra/{i}/hours", "HB-3.5");
            }

            if (extra[i].Zone is { } zone && SupportPolicy.FindZone(zone) is null)
            {
                return Refusal.Malformed("zone-unknown", $"'{zone}' is not an IANA time zone such as Europe/Dublin.", $"{path}/extra/{i}/zone");
            }
        }

        return null;
    }

    private static string? Wrong<T>(Func<T> read)
    {
        try
        {
            _ = read();
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
