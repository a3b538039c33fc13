using System.Collections.Immutable;
using NodaTime;
using SupportCluster.Domain.Calendars;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Policy;

namespace SupportCluster.Domain.Rosters;

/// <summary>One engineer's shifts of a day are worked by another (HB-3.5): taken off the one, added to the other, so that neither is worked twice or by nobody.</summary>
public static class ShiftSwap
{
    /// <summary>
    /// Both schedules afterwards. Refused where the first has no shift that starts on the day, or the other is on leave or at work during it.
    /// Giving a shift on that was taken over goes through the same door.
    /// </summary>
    /// <param name="date">Local to the centre of <paramref name="from"/>.</param>
    public static (EngineerSchedule? From, EngineerSchedule? To, Refusal? Refusal) Give(Engineer from, Engineer to, LocalDate date, SupportPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(policy);
        if (from.Id == to.Id)
        {
            return (null, null, Refusal.Malformed("swap-with-oneself", "A shift is given to somebody else.", "/to", "HB-3.5"));
        }

        var centre = from.Profile.Centre is { } code ? policy.Centre(code) : null;
        var zone = centre?.Calendar.Zone ?? DateTimeZone.Utc;
        var mine = from.Profile.Schedule ?? new EngineerSchedule(centre?.Calendar.Hours.ToString());
        var off = EngineerSchedule.List(mine.Leave).Any(l => l.From <= date && date <= l.To) || EngineerSchedule.List(mine.Dropped).Contains(date)
            || centre?.Calendar.Holidays.NameOf(date) is not null;
        var ofPattern = off || mine.Pattern is null ? [] : WeeklyHours.Parse(mine.Pattern)[date.DayOfWeek];
        var extra = EngineerSchedule.List(mine.Extra);
        var (given, kept) = (extra.Where(e => e.Date == date).ToImmutableArray(), extra.Where(e => e.Date != date).ToImmutableArray());
        ImmutableArray<ExtraShift> shifts =
        [
            .. ofPattern.Select(w => new ExtraShift(date, w.ToString(), zone.Id, from.Id)),
            .. given.Select(e => e with { Zone = e.Zone ?? zone.Id, For = e.For ?? from.Id }),
        ];
        var toCentre = to.Profile.Centre is { } other ? policy.Centre(other) : null;
        var theirs = to.Profile.Schedule ?? new EngineerSchedule(toCentre?.Calendar.Hours.ToString());
        var known = EngineerSchedule.List(theirs.Extra);
        if (shifts.IsEmpty)
        {
            // Told again, it is done already.
            return known.Any(e => e.Date == date && e.For == from.Id) ? (mine, theirs, null) : (null, null, Refusal.State("no-shift", $"{from.Id} has no shift that starts on {NodaTime.Text.LocalDatePattern.Iso.Format(date)}.", "HB-3.5"));
        }

        if (EngineerSchedule.List(theirs.Leave).Any(l => l.From <= date && date <= l.To))
        {
            return (null, null, Refusal.State("on-leave", $"{to.Id} is on leave on {NodaTime.Text.LocalDatePattern.Iso.Format(date)}.", "HB-3.5"));
        }

        // Given before, and not taken off the first yet: that is left to do.
        if (shifts.All(known.Contains))
        {
            return (Without(), theirs, null);
        }

        var at = EngineerShifts.Of(to.Profile, policy);
        if (shifts.Select(s => EngineerShifts.IntervalOf(s, zone)).Any(i => at.Between(i.Start, i.End).Any()))
        {
            return (null, null, Refusal.State("already-on-shift", $"{to.Id} is at work during that shift.", "HB-3.5"));
        }

        return (Without(), theirs with { Extra = [.. known, .. shifts] }, null);

        EngineerSchedule Without() => mine with
        {
            Dropped = ofPattern.IsEmpty ? mine.Dropped : [.. EngineerSchedule.List(mine.Dropped), date],
            Extra = given.IsEmpty ? mine.Extra : kept,
        };
    }
}
