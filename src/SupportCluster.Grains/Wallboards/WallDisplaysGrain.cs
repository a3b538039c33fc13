using NodaTime;
using Orleans.Concurrency;
using SupportCluster.Domain;
using SupportCluster.Domain.Wallboards;
using SupportCluster.Grains.Durable;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Wallboards;

/// <summary>Keeps the wall displays and the hashes of their links. There is one; every node reads its events from the store.</summary>
public interface IWallDisplaysGrain : IGrainWithStringKey
{
    /// <summary>The key of the only one.</summary>
    const string Only = "current";

    /// <summary>Null when there never was a display.</summary>
    [AlwaysInterleave]
    Task<WallDisplays?> Read();

    /// <summary>Makes a display with a new link.</summary>
    /// <param name="sha256">The hash of its secret, in hexadecimal.</param>
    Task<(WallDisplay? Display, Refusal? Refusal)> Make(string id, string shows, string sha256, Actor actor);

    /// <summary>Revokes the link of a display.</summary>
    Task<(WallDisplay? Display, Refusal? Refusal)> Revoke(string id, Actor actor);
}

/// <inheritdoc cref="IWallDisplaysGrain"/>
[GrainType("wall-displays")]
public sealed class WallDisplaysGrain(DurableServices services) : DurableGrain<WallDisplays, WallDisplayEvent, NoEffect>(services), IWallDisplaysGrain
{
    /// <summary>Where its events are stored.</summary>
    public static AggregateKey StoredAs { get; } = new("wall-displays", IWallDisplaysGrain.Only);

    public Task<WallDisplays?> Read() => Task.FromResult(State);

    public async Task<(WallDisplay? Display, Refusal? Refusal)> Make(string id, string shows, string sha256, Actor actor)
    {
        var policy = await Services.Policies.Current(GrainFactory);
        var outcome = await Execute(null, (state, now) => WallDisplays.Make(state, policy, id, shows, sha256, actor, now));
        return (State?.Find(id), outcome.Refusal);
    }

    public async Task<(WallDisplay? Display, Refusal? Refusal)> Revoke(string id, Actor actor)
    {
        var outcome = await Execute(null, (state, now) => WallDisplays.Revoke(state, id, actor, now));
        return (State?.Find(id), outcome.Refusal);
    }

    protected override WallDisplays Evolve(WallDisplays? state, WallDisplayEvent happened) => WallDisplays.Evolve(state, happened);

    protected override Instant? DueOf(WallDisplays state) => null;

    protected override Task<Decision<WallDisplayEvent>> DecideDue(WallDisplays state, Instant now) => Task.FromResult<Decision<WallDisplayEvent>>(new List<WallDisplayEvent>());

    protected override Instant AtOf(WallDisplayEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return happened.At;
    }
}
