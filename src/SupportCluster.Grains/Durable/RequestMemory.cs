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

    private readonly Dictionary<Guid, RecentRequest> known = [];
    private readonly Queue<RecentRequest> order = new();
    private Instant forgottenUntil = Instant.MinValue;

    /// <summary>Remembers what was read from the store.</summary>
    /// <param name="complete">False when there were requests before the oldest of them.</param>
    public void Load(IEnumerable<RecentRequest> recent, bool complete)
    {
        foreach (var request in recent)
        {
            if (!complete && order.Count == 0)
            {
                forgottenUntil = request.At;
            }

            Add(request);
        }
    }

    public void Add(RecentRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!known.TryAdd(request.RequestId, request))
        {
            return;
        }

        order.Enqueue(request);
        while (order.Count > Capacity)
        {
            var forgotten = order.Dequeue();
            known.Remove(forgotten.RequestId);
            forgottenUntil = Instant.Max(forgottenUntil, forgotten.At);
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

        return request.MadeAt <= now - Span || request.MadeAt <= forgottenUntil
            ? (false, Refusal.State("request-expired", "This Idempotency-Key is too old to know whether it was used: read the present state, then use a new one."))
            : (false, null);
    }
}
