using System.Text.Json;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Milestones;
using SupportCluster.Domain.Policy;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Policies;
using SupportCluster.Server.Api;
using Wire = SupportCluster.Protocol;

namespace SupportCluster.Server.Policies;

/// <summary>What one policy says otherwise than another.</summary>
internal static class PolicyComparisons
{
    private const int Severities = 4;

    internal static PolicyComparison Of(SupportPolicy from, SupportPolicy to, Instant at) => new(from.Version, DocumentChange.Between(Json(from), Json(to)), [.. Deadlines(from, to, at)]);

    internal static JsonElement Json(SupportPolicy policy) => JsonSerializer.SerializeToElement(policy.Document, DomainJson.Stored);

    /// <summary>Every promise of every offer that both have, once for each region: local business hours are those of its first centre.</summary>
    private static IEnumerable<DeadlineChange> Deadlines(SupportPolicy from, SupportPolicy to, Instant at)
    {
        var places = from.Centres.Where(c => to.Document.Regions.ContainsKey(c.Value.Region)).OrderBy(c => c.Key, StringComparer.Ordinal).DistinctBy(c => c.Value.Region).Select(c => c.Value);
        foreach (var place in places)
        {
            var country = place.Holidays is [var first, ..] ? first : null;
            foreach (var offer in from.Document.Offers.Where(o => to.Offer(o.Id) is not null).Select(o => o.Id))
            {
                for (var severity = 1; severity <= Severities; severity++)
                {
                    var (before, after) = (Explain.WhatIf(from, offer, severity, place.Zone, country, at).Deadlines, Explain.WhatIf(to, offer, severity, place.Zone, country, at).Deadlines);
                    foreach (var (was, becomes) in before.Zip(after).Where(d => d.First.Target != d.Second.Target || d.First.Deadline != d.Second.Deadline))
                    {
                        yield return new(place.Region, place.Zone, offer, severity, was.Milestone.To<Wire.Milestone>(), Target(was), Target(becomes), was.Deadline, becomes.Deadline);
                    }
                }
            }
        }
    }

    private static string? Target(DeadlineExplained of) => of.Target.Length == 0 ? null : of.Target;
}
