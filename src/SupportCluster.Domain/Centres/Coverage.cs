using System.Collections.Immutable;
using NodaTime;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Rosters;

namespace SupportCluster.Domain.Centres;

/// <summary>How many engineers a region has for a product line in a language.</summary>
/// <param name="Least">The fewest at any instant of the hour: 0 means that for some of it there is nobody.</param>
public sealed record CoverageCell(string Region, string ProductLine, string Language, int Least);

/// <summary>One hour of coverage.</summary>
/// <param name="Start">Inclusive; the hour ends 60 minutes later, the last one perhaps sooner.</param>
public sealed record CoverageHour(Instant Start, ImmutableArray<CoverageCell> Cells);

/// <summary>A stretch in which a continuous case of a product line would find nobody in the whole world (HB-6.3).</summary>
public sealed record CoverageGap(string ProductLine, Interval Stretch);

/// <summary>
/// Who could take a case, hour by hour (HB-3.4, HB-3.5, HB-5.5): engineers with the skill who are on shift in a centre that is open and serves
/// the product line. Presence and free capacity are of the moment and not planned. A plan, not a promise: leave may still come.
/// </summary>
public sealed record Coverage(ImmutableArray<CoverageHour> Hours, ImmutableArray<CoverageGap> Gaps)
{
    private static readonly Duration Hour = Duration.FromHours(1);

    /// <summary>The coverage of a stretch.</summary>
    /// <param name="from">Inclusive; hours are counted from here.</param>
    /// <param name="to">Exclusive.</param>
    /// <param name="productLines">The lines to look at; absent for all that an engineer or a centre names.</param>
    public static Coverage Of(Roster roster, Instant from, Instant to, IReadOnlyCollection<string>? productLines = null)
    {
        ArgumentNullException.ThrowIfNull(roster);
        var policy = roster.Policy;
        var lines = (productLines ?? [.. roster.Engineers.SelectMany(e => e.Profile.Skills), .. policy.Centres.Values.SelectMany(c => c.ProductLines ?? [])]).Distinct().Order(StringComparer.Ordinal).ToList();
        var available = roster.Engineers.ToDictionary(e => e.Id, e => roster.Available(e.Id, from, to).ToList());

        var cells = (from region in policy.Document.Regions
                     from line in lines
                     from language in region.Value.Languages
                     let able = roster.Engineers.Where(e => e.Profile.Region == region.Key && e.Profile.Languages.Contains(language) && Takes(e, line)).ToList()
                     select (Region: region.Key, Line: line, Language: language, Counts: new Counts(able.SelectMany(e => available[e.Id]), @from, to))).ToList();

        var hours = ImmutableArray.CreateBuilder<CoverageHour>();
        for (var start = from; start < to; start += Hour)
        {
            var end = Instant.Min(start + Hour, to);
            hours.Add(new(start, [.. cells.Select(c => new CoverageCell(c.Region, c.Line, c.Language, c.Counts.Least(start, end)))]));
        }

        return new(hours.DrainToImmutable(),
        [
            .. lines.SelectMany(line => new Counts(roster.Engineers.Where(e => Takes(e, line) && e.CapacityUnder(policy).Severity1 > 0).SelectMany(e => available[e.Id]), from, to)
                .Empty().Select(gap => new CoverageGap(line, gap))),
        ]);

        bool Takes(Engineer engineer, string line) =>
            engineer.Profile.Skills.Contains(line) && (engineer.Profile.Centre is not { } code || policy.Centre(code)?.Serves(line) != false);
    }

    /// <summary>How many stretches lie over one another, from one change to the next.</summary>
    private sealed class Counts
    {
        private readonly List<(Instant At, int Count)> steps = [];
        private readonly Instant to;

        internal Counts(IEnumerable<Interval> stretches, Instant from, Instant to)
        {
            this.to = to;
            var count = 0;
            var changes = stretches.SelectMany(s => new[] { (At: s.Start, By: 1), (At: s.End, By: -1) }).GroupBy(c => c.At).OrderBy(c => c.Key).ToList();
            if (changes.Count == 0 || changes[0].Key > from)
            {
                steps.Add((from, 0));
            }

            foreach (var change in changes.Where(c => c.Key < to))
            {
                count += change.Sum(c => c.By);
                steps.Add((change.Key, count));
            }
        }

        internal int Least(Instant start, Instant end)
        {
            var i = steps.FindLastIndex(s => s.At <= start);
            var least = steps[i].Count;
            for (i++; i < steps.Count && steps[i].At < end; i++)
            {
                least = Math.Min(least, steps[i].Count);
            }

            return least;
        }

        internal IEnumerable<Interval> Empty()
        {
            for (var i = 0; i < steps.Count; i++)
            {
                if (steps[i].Count == 0)
                {
                    yield return new(steps[i].At, i + 1 < steps.Count ? steps[i + 1].At : to);
                }
            }
        }
    }
}
