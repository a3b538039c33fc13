using System.Collections.Immutable;
using Orleans.Concurrency;
using SupportCluster.Domain;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Policy;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Engineers;
using SupportCluster.Grains.Live;
using SupportCluster.Grains.Policies;

namespace SupportCluster.Grains.Centres;

/// <summary>A centre's engineers by id.</summary>
public sealed record CentreState(string Centre, ImmutableSortedDictionary<string, EngineerStanding> Engineers);

/// <summary>One change of a centre: an engineer who came or changed, or one who left.</summary>
public sealed record CentreChanged(EngineerStanding? Engineer, EngineerId? Left);

/// <summary>The engineers of a centre with what they have, for those who watch them (HB-3.5). Its key is the centre's code.</summary>
public interface ICentreGrain : ITopicGrain
{
    /// <summary>The type of the grain, by which it is known to be watched.</summary>
    const string Type = "centre";

    /// <summary>An engineer tells how it stands now: here, or not (null). Applied by engineer and version; sent without waiting, so that it may be lost.</summary>
    [AlwaysInterleave, OneWay]
    Task Changed(EngineerId id, long version, Engineer? engineer);
}

/// <inheritdoc cref="ICentreGrain"/>
[GrainType(ICentreGrain.Type)]
public sealed class CentreGrain(DurableServices services) : MemoryTopicGrain(services), ICentreGrain
{
    /// <summary>How many times only those who are known to be here are read, until all engineers are.</summary>
    private const int KnownOnly = 11;

    private readonly Dictionary<string, long> versions = [];
    private ImmutableSortedDictionary<string, EngineerStanding> engineers = ImmutableSortedDictionary.Create<string, EngineerStanding>(StringComparer.Ordinal);
    private SupportPolicy? policy;
    private int refreshes;

    protected override TimeSpan Period => TimeSpan.FromSeconds(5);

    protected override object View => new CentreState(Key, engineers);

    public Task Changed(EngineerId id, long version, Engineer? engineer)
    {
        // What is told during the activation is read from the store anyway.
        if (policy is not null && versions.GetValueOrDefault(id.Value) < version)
        {
            versions[id.Value] = version;
            if (engineer is not null)
            {
                engineers = engineers.SetItem(id.Value, EngineerStanding.Of(engineer, version, policy));
                Publish(new CentreChanged(engineers[id.Value], null));
            }
            else if (engineers.ContainsKey(id.Value))
            {
                engineers = engineers.Remove(id.Value);
                Publish(new CentreChanged(null, id));
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Reads engineers as they are stored, which activates none of them.</summary>
    protected override async Task Refresh(bool first)
    {
        policy = await Services.Policies.Get(await GrainFactory.GetGrain<IPolicyGrain>(IPolicyGrain.Current).CurrentVersion());
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
