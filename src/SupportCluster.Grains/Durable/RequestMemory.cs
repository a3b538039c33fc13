using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Durable;

/// <summary>A request's id (UUIDv7) and the hash of its content.</summary>
public sealed record RequestKey(Guid Id, long Fingerprint)
{
    /// <summary>When the id was made, by its own clock.</summary>
    public Instant MadeAt => Instant.FromUnixTimeMilliseconds((long)(ulong)Convert.ToInt64(Id.ToString("N")[..12], 16));
}

/// <summary>The requests that an aggregate has carried out: 24 hours, at most 256. They are read back from the events, so they outlive a crash.</summary>
public sealed class RequestMemory
{
    /// <summary>How many requests are remembered.</summary>
    public const int Capacity = 256;

    /// <summary>How old a request may be.</summary>
    public static readonly Duration Span = Duration.FromHours(24);

    /// <summary>How far a caller's clock may be ahead: an id from the future could not be told from a forgotten one for as long.</summary>
    public static readonly Duration MostAhead = Duration.FromMinutes(10);

    private readonly Dictionary<Guid, RecentRequest> known = [];

    /// <summary>Forgotten in the order of their own clocks: whatever is forgotten is older than whatever is known, also when a caller's clock is ahead.</summary>
    private readonly PriorityQueue<Guid, Instant> order = new();
    private Instant forgottenUntil = Instant.MinValue;

    /// <summary>Remembers what was read from the store.</summary>
    /// <param name="knownSince">Where the recent ones are not all: requests made up to this instant may have been carried out and are not known.</param>
    public void Load(IEnumerable<RecentRequest> recent, Instant? knownSince)
    {
        ArgumentNullException.ThrowIfNull(recent);
        forgottenUntil = knownSince ?? forgottenUntil;
        foreach (var request in recent)
        {
            Add(request);
        }
    }

    /// <summary>What is known of a request.</summary>
    public RecentRequest? Find(Guid id) => known.GetValueOrDefault(id);

    public void Add(RecentRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!known.TryAdd(request.RequestId, request))
        {
            return;
        }

        order.Enqueue(request.RequestId, new RequestKey(request.RequestId, 0).MadeAt);
        while (order.Count > Capacity && order.TryDequeue(out var forgotten, out var madeAt))
        {
            known.Remove(forgotten);
            forgottenUntil = Instant.Max(forgottenUntil, madeAt);
        }
    }

    /// <summary>Whether the request was carried out already, or is refused: too old to know, or another request under the same id.</summary>
    public (bool Repeated, Refusal? Refusal) Check(RequestKey? request, Instant now)
    {
        if (request is null)
        {
            return (false, null);
        }

        if (known.TryGetValue(request.Id, out var before))
        {
            return before.Fingerprint == request.Fingerprint
                ? (true, null)
                : (false, Refusal.ByRule("key-reused", "HB-6.1", "This Idempotency-Key belongs to another request: make a new one for each request."));
        }

        if (request.MadeAt > now + MostAhead)
        {
            return (false, new("key-from-future", RefusalKind.Malformed, "This Idempotency-Key was made more than 10 minutes ahead of the service's clock: set the clock."));
        }

        return request.MadeAt <= now - Span || request.MadeAt <= forgottenUntil
            ? (false, Refusal.State("request-expired", "This Idempotency-Key is too old to know whether it was used: read the present state, then use a new one."))
            : (false, null);
    }
}
