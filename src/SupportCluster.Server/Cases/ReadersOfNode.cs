using System.Collections.Immutable;
using System.Security.Claims;
using SupportCluster.Grains.Cases;
using SupportCluster.Grains.Live;
using SupportCluster.Server.Live;
using SupportCluster.Server.SignIn;

namespace SupportCluster.Server.Cases;

/// <summary>Tells cases who has them open through this node.</summary>
internal sealed class ReadersOfNode(LiveTopics topics, IGrainFactory grains, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<ReadersOfNode> logger) : NodePoll(time, lifetime, logger)
{
    /// <summary>A node that is silent for longer is taken for gone, and everything is forgotten when a case's home moves.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(3);
    private readonly Dictionary<string, (ImmutableArray<Reader> Readers, long At)> told = [];
    private readonly TimeProvider time = time;

    public override async Task Poll()
    {
        var now = topics.Mailboxes.Where(m => m.Prefix == IReadersGrain.Type).ToDictionary(m => m.Key, m => Readers(m.Watchers));
        foreach (var number in told.Keys.Except(now.Keys).ToList())
        {
            now[number] = [];
        }

        foreach (var (number, readers) in now)
        {
            var known = told.GetValueOrDefault(number);
            if (known.Readers.IsDefault ? readers.IsEmpty : known.Readers.SequenceEqual(readers) && time.GetElapsedTime(known.At) < Again)
            {
                continue;
            }

            await grains.GetGrain<IReadersGrain>(number).Are(topics.Server, readers);
            if (readers.IsEmpty)
            {
                told.Remove(number);
            }
            else
            {
                told[number] = (readers, time.GetTimestamp());
            }
        }
    }

    private static ImmutableArray<Reader> Readers(IReadOnlyList<ClaimsPrincipal> watchers) =>
        [.. watchers.Select(u => new Reader(u.Actor().Id, u.FindFirstValue(ClaimNames.Role)!)).Distinct().OrderBy(r => r.Person, StringComparer.Ordinal)];
}
