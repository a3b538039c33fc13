using System.Collections.Immutable;
using NodaTime;
using Orleans.Concurrency;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Live;

namespace SupportCluster.Grains.Cases;

/// <summary>One who has a case open.</summary>
public sealed record Reader(string Person, string Role);

/// <summary>Who has a case open.</summary>
public sealed record ReadersState(string Case, ImmutableArray<ReadingSince> Readers);

/// <summary>One of them, and since when.</summary>
public sealed record ReadingSince(Reader Reader, Instant Since);

/// <summary>Those of the support organisation who have a case open before them. Its key is the case number; it lives in memory, and each node tells it who reads there.</summary>
public interface IReadersGrain : ITopicGrain
{
    /// <summary>The prefix of its topics, and the type of the grain.</summary>
    const string Type = "readers";

    /// <summary>All who read on a node. Told again and again: a node that is silent for ten seconds has no readers.</summary>
    [AlwaysInterleave]
    Task Are(string node, ImmutableArray<Reader> readers);
}

/// <inheritdoc cref="IReadersGrain"/>
[GrainType(IReadersGrain.Type)]
public sealed class ReadersGrain(DurableServices services) : MemoryTopicGrain(services), IReadersGrain
{
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, (long At, ImmutableArray<Reader> Readers)> nodes = [];
    private ImmutableArray<ReadingSince> readers = [];

    protected override TimeSpan Period => TimeSpan.FromSeconds(5);

    protected override bool IsTold => false;

    protected override object View => new ReadersState(Key, readers);

    public Task Are(string node, ImmutableArray<Reader> readers)
    {
        nodes[node] = (Services.Time.GetTimestamp(), readers);
        Settle();
        return Task.CompletedTask;
    }

    protected override Task Refresh(bool first)
    {
        Settle();
        return Task.CompletedTask;
    }

    private void Settle()
    {
        foreach (var node in nodes.Where(n => Services.Time.GetElapsedTime(n.Value.At) > Silent).Select(n => n.Key).ToList())
        {
            nodes.Remove(node);
        }

        var present = nodes.Values.SelectMany(n => n.Readers).Distinct().ToList();
        var known = readers.Select(r => r.Reader).ToList();
        if (present.Count != known.Count || present.Except(known).Any())
        {
            var now = Services.Clock.GetCurrentInstant();
            readers = [.. readers.Where(r => present.Contains(r.Reader)), .. present.Except(known).OrderBy(r => r.Person, StringComparer.Ordinal).Select(r => new ReadingSince(r, now))];
            Replaced();
        }
    }
}
