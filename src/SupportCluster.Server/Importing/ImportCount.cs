using System.Text.Json;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Milestones;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Policies;
using SupportCluster.Protocol.Importing;
using SupportCluster.Server.Api;
using SupportCluster.Storage;
using Wire = SupportCluster.Protocol;

namespace SupportCluster.Server.Importing;

/// <summary>Counts what is stored of a source, from the stored cases and their journals.</summary>
public sealed class ImportCount(IStore store, PolicyBook policies, IGrainFactory grains)
{
    private const int Page = 500;

    public async Task<ImportSummary> Of(string source)
    {
        var prefix = ImportEndpoints.SourceKey(source, "");
        var policy = await policies.Current(grains);
        var regionOf = policy.Document.Regions.SelectMany(r => r.Value.Countries.Select(c => (Country: c, Region: r.Key))).ToDictionary(c => c.Country, c => c.Region);
        var tally = new Tally();
        string? after = null;
        while (await store.ListIds("case", after, Page) is { Count: > 0 } ids)
        {
            foreach (var id in ids)
            {
                var key = new AggregateKey("case", id);
                var stored = await store.Read(key);
                var state = JsonSerializer.Deserialize<Stored<CaseState, CaseEffect>>(stored!.State.Span, DomainJson.Stored)!.State;
                if (state.SourceKey?.StartsWith(prefix, StringComparison.Ordinal) == true && state.IsImported)
                {
                    await Add(tally, key, state, regionOf);
                }
            }

            after = ids[^1];
        }

        return new(source, tally.Cases, tally.Events, tally.Open, tally.BySeverity, [.. tally.Outcomes.OrderBy(o => policy.Rank(o.Key.Offer)).ThenBy(o => o.Key.Milestone).Select(o => o.Value)],
            tally.WaitedForCustomer, tally.Waits, tally.Reopened, tally.Owners.Count, tally.Countries, tally.SeveralCountries, tally.RegionChanges);
    }

    private async Task Add(Tally tally, AggregateKey key, CaseState state, Dictionary<string, string> regionOf)
    {
        tally.Cases++;
        tally.Open += state.ClosedAt is null ? 1 : 0;
        Count(tally.BySeverity, $"{state.Severity}");
        foreach (var milestone in state.Milestones)
        {
            tally.Outcome(state.Terms.Offer, milestone.Kind, milestone.MetAt is not null, milestone.MissedAt is not null, milestone.Excuse is not null, milestone.State is MilestoneState.Pending or MilestoneState.Running or MilestoneState.OnHold);
            foreach (var earlier in milestone.Earlier)
            {
                tally.Outcome(state.Terms.Offer, milestone.Kind, earlier.MetAt is not null, earlier.MissedAt is not null, earlier.Excuse is not null, false);
            }
        }

        var rows = new List<CaseEvent.SourceRecorded>();
        var version = 0L;
        while (await store.ReadEvents(key, version, Page) is { Count: > 0 } events)
        {
            foreach (var stored in events)
            {
                switch (JsonSerializer.Deserialize<CaseEvent>(stored.Json.Span, DomainJson.Stored))
                {
                    case CaseEvent.SourceRecorded row:
                        rows.Add(row);
                        break;
                    case CaseEvent.CustomerAsked:
                        tally.Waits++;
                        break;
                }
            }

            version = events[^1].Version;
        }

        tally.Events += rows.Count;
        tally.WaitedForCustomer += rows.Any(r => r.Step == SourceStep.WaitingForCustomer) ? 1 : 0;
        tally.Reopened += rows.Zip(rows.Skip(1)).Any(r => r.First.Step == SourceStep.Ended && r.Second.Step is SourceStep.Working or SourceStep.Queued or SourceStep.WaitingForCustomer) ? 1 : 0;
        tally.Owners.UnionWith(rows.Select(r => r.Owner).OfType<string>());
        var countries = rows.Select(r => r.OwnerCountry).OfType<string>().ToList();
        tally.SeveralCountries += countries.Distinct().Count() > 1 ? 1 : 0;
        foreach (var country in countries)
        {
            Count(tally.Countries, country);
        }

        tally.RegionChanges += countries.Zip(countries.Skip(1)).Count(c => regionOf.GetValueOrDefault(c.First) != regionOf.GetValueOrDefault(c.Second));
    }

    private static void Count(Dictionary<string, long> counts, string key) => counts[key] = counts.GetValueOrDefault(key) + 1;

    private sealed class Tally
    {
        public long Cases, Events, Open, WaitedForCustomer, Waits, Reopened, SeveralCountries, RegionChanges;

        public Dictionary<string, long> BySeverity { get; } = [];

        public Dictionary<string, long> Countries { get; } = [];

        public HashSet<string> Owners { get; } = [];

        public Dictionary<(string Offer, MilestoneKind Milestone), OfferOutcome> Outcomes { get; } = [];

        public void Outcome(string offer, MilestoneKind kind, bool met, bool missed, bool excused, bool open)
        {
            var before = Outcomes.GetValueOrDefault((offer, kind)) ?? new(offer, kind.To<Wire.Milestone>(), 0, 0, 0, 0, 0);
            Outcomes[(offer, kind)] = missed ? before with { Missed = before.Missed + 1, Excused = before.Excused + (excused ? 1 : 0) }
                : met ? before with { Met = before.Met + 1 }
                : open ? before with { Open = before.Open + 1 }
                : before with { NotApplicable = before.NotApplicable + 1 };
        }
    }
}
