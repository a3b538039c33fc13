using System.Collections.Immutable;
using Orleans.Concurrency;
using SupportCluster.Domain;
using SupportCluster.Domain.Centres;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Policy;
using SupportCluster.Domain.Rosters;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Engineers;
using SupportCluster.Grains.Live;
using SupportCluster.Grains.Rosters;

namespace SupportCluster.Grains.Centres;

/// <summary>A centre's engineers by id, and whether it is open.</summary>
public sealed record CentreState(string Centre, ImmutableSortedDictionary<string, EngineerStanding> Engineers, CentreOpening? Opening = null);

/// <summary>One change of a centre: an engineer who came or changed, one who left, or its opening.</summary>
public sealed record CentreChanged(EngineerStanding? Engineer, EngineerId? Left, CentreOpening? Opening = null);

/// <summary>The engineers of a centre with what they have, for those who watch them (HB-3.5). Its key is the centre's code.</summary>
public interface ICentreGrain : ITopicGrain
{
    /// <summary>The type of the grain, by which it is known to be watched.</summary>
    const string Type = "centre";

    /// <summary>An engineer tells how it stands now: here, or not (null). Applied by engineer and version; sent without waiting, so that it may be lost.</summary>
    [AlwaysInterleave, OneWay]
    Task Changed(EngineerId id, long version, Engineer? engineer);

    /// <summary>An engineer was connected, or is not any more. Sent without waiting, so that it may be lost.</summary>
    [AlwaysInterleave, OneWay]
    Task PresenceChanged(string id, bool isPresent);
}

/// <inheritdoc cref="ICentreGrain"/>
[GrainType(ICentreGrain.Type)]
public sealed class CentreGrain(DurableServices services) : MemoryTopicGrain(services), ICentreGrain
{
    /// <summary>How many times only those who are known to be here are read, until all engineers are.</summary>
    private const int KnownOnly = 11;

    private readonly Dictionary<string, long> versions = [];
    private ImmutableSortedDictionary<string, EngineerStanding> engineers = ImmutableSortedDictionary.Create<string, EngineerStanding>(StringComparer.Ordinal);
    private ImmutableHashSet<string> present = [];
    private CentreClosures? closures;
    private SupportPolicy? policy;
    private CentreOpening? opening;
    private int refreshes;

    protected override TimeSpan Period => TimeSpan.FromSeconds(5);

    protected override object View => new CentreState(Key, engineers, opening);

    public Task Changed(EngineerId id, long version, Engineer? engineer)
    {
        // What is told during the activation is read from the store anyway.
        if (policy is not null && versions.GetValueOrDefault(id.Value) < version)
        {
            versions[id.Value] = version;
            if (engineer is not null)
            {
                Show(engineer, version);
            }
            else if (engineers.ContainsKey(id.Value))
            {
                engineers = engineers.Remove(id.Value);
                Publish(new CentreChanged(null, id));
            }
        }

        return Task.CompletedTask;
    }

    public Task PresenceChanged(string id, bool isPresent)
    {
        present = isPresent ? present.Add(id) : present.Remove(id);
        if (engineers.TryGetValue(id, out var standing))
        {
            Show(standing.Engineer, standing.Version);
        }

        return Task.CompletedTask;
    }

    /// <summary>Tells how an engineer stands, when that differs from what was told.</summary>
    private void Show(Engineer engineer, long version)
    {
        var roster = new Roster(policy!, [engineer], closures is null ? null : CentreClosures.ByCentre([closures]));
        var standing = EngineerStanding.Of(engineer, version, policy!) with
        {
            Present = present.Contains(engineer.Id.Value),
            OnShiftUntil = roster.AvailableUntil(engineer.Id, Services.Clock.GetCurrentInstant()),
        };
        if (!standing.Equals(engineers.GetValueOrDefault(engineer.Id.Value)))
        {
            engineers = engineers.SetItem(engineer.Id.Value, standing);
            Publish(new CentreChanged(standing, null));
        }
    }

    /// <summary>Reads engineers as they are stored, which activates none of them; and who of them is connected and on shift at this moment.</summary>
    protected override async Task Refresh(bool first)
    {
        policy = await Services.Policies.Current(GrainFactory);
        var world = GrainFactory.GetGrain<IRosterGrain>(IRosterGrain.World);
        (present, closures) = ([.. await world.Present()], await world.ClosuresOf(Key));
        var now = policy.Centre(Key)?.Opening(Services.Clock.GetCurrentInstant(), closures?.Intervals);
        if (now != opening)
        {
            opening = now;
            Publish(new CentreChanged(null, null, now));
        }

        foreach (var standing in engineers.Values)
        {
            Show(standing.Engineer, standing.Version);
        }

        if (refreshes++ % (KnownOnly + 1) != 0)
        {
            foreach (var id in engineers.Keys)
            {
                await Look(id);
            }

            return;
        }

        foreach (var id in await StoredEngineers.Ids(Services.Store))
        {
            await Look(id);
        }
    }

    private async Task Look(string id)
    {
        if (await StoredEngineers.Read(Services.Store, id, versions.GetValueOrDefault(id)) is { } read)
        {
            await Changed(read.Engineer.Id, read.Version, read.Engineer.Profile.Centre == Key ? read.Engineer : null);
        }
    }
}
