using System.Text.Json;
using SupportCluster.Domain;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Live;
using SupportCluster.Storage;

namespace SupportCluster.Server.SignIn;

/// <summary>What this node knows of one aggregate of which each request must be judged: read before the first request, then twice a second.</summary>
internal abstract class AggregatePoll<TState, TEvent>(AggregateKey key, IStore store, TimeProvider time, IHostApplicationLifetime lifetime, ILogger logger) : NodePoll(time, lifetime, logger)
{
    private const int PageSize = 256;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim one = new(1);
    private readonly TimeProvider clock = time;
    private TaskCompletionSource next = NewTurn();
    private long version;

    /// <summary>The server does not listen yet: whoever was revoked finds no gap.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await store.Read(key) is { } stored)
        {
            version = stored.Version;
            Begin(JsonSerializer.Deserialize<Stored<TState, NoEffect>>(stored.State.Span, DomainJson.Stored)!.State);
        }

        await base.StartAsync(cancellationToken);
    }

    public override async Task Poll()
    {
        await one.WaitAsync();
        var turn = Interlocked.Exchange(ref next, NewTurn());
        try
        {
            IReadOnlyList<StoredEvent> events;
            do
            {
                events = await store.ReadEvents(key, version, PageSize);
                foreach (var stored in events)
                {
                    Take(JsonSerializer.Deserialize<TEvent>(stored.Json.Span, DomainJson.Stored)!);
                    version = stored.Version;
                }
            }
            while (events.Count == PageSize);
        }
        finally
        {
            one.Release();
            turn.SetResult();
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        one.Dispose();
    }

    /// <summary>Waits until everything is known that was committed before now: half a second and what the store takes, at most two. Costs the store nothing.</summary>
    protected Task NextPoll(CancellationToken cancellation) => Task.WhenAny(Volatile.Read(ref next).Task, Task.Delay(LongestWait, clock, cancellation));

    /// <summary>What was stored before this node began.</summary>
    protected abstract void Begin(TState state);

    /// <summary>What has happened since.</summary>
    protected abstract void Take(TEvent happened);

    private static TaskCompletionSource NewTurn() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
