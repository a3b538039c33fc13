using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Placement;
using SupportCluster.Grains.Live;

namespace SupportCluster.Live.Tests;

/// <summary>A topic to test with: adds amounts. Its store is the process's memory, fenced by the version, so that it outlives its silo.</summary>
public interface ITotalGrain : ITopicGrain
{
    Task<long> Add(long amount, bool @internal = false);

    Task<long> Pad(int length);

    Task<Total> Read();

    Task<SiloAddress> Where();

    Task Leave();
}

[RandomPlacement]
public sealed class TotalGrain(ILogger<TotalGrain> logger, IServiceProvider services) : Grain, ITotalGrain
{
    private static readonly ConcurrentDictionary<string, List<TopicChange>> Logs = new();
    private static readonly ConcurrentDictionary<string, Total> Totals = new();
    private Total total = new(0, 0, 0, 0);
    private TopicFeed feed = null!;

    private string Key => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        total = Totals.GetOrAdd(Key, total);
        var log = Logs.GetOrAdd(Key, _ => []);
        feed = new TopicFeed(
            GrainContext,
            Cursor.Durable,
            () => new TopicState(total.Version, total),
            services.GetRequiredService<TimeProvider>(),
            logger,
            new TopicFeedOptions { Tail = 16 },
            async after =>
            {
                await Task.Yield();
                lock (log)
                {
                    return [.. log.Where(change => change.Version > after)];
                }
            });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => feed.Deactivating();

    public async Task<long> Add(long amount, bool @internal = false)
    {
        var added = total.Next(amount, @internal);
        var next = total.With(added);
        await Task.Yield();
        var change = new TopicChange(next.Version, added);
        var log = Logs[Key];
        lock (log)
        {
            if (!Totals.TryUpdate(Key, next, total))
            {
                DeactivateOnIdle();
                throw new InvalidOperationException("Another activation has written.");
            }

            log.Add(change);
        }

        total = next;
        feed.Publish([change]);
        return total.Version;
    }

    public Task<long> Pad(int length)
    {
        var next = total with { Padding = new string('x', length) };
        Assert.True(Totals.TryUpdate(Key, next, total));
        total = next;
        return Task.FromResult(total.Version);
    }

    public Task<Total> Read() => Task.FromResult(total);

    public Task<SiloAddress> Where() => Task.FromResult(GrainContext.Address.SiloAddress!);

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<Subscription?> Subscribe(string server, long generation, ITopicObserver observer, Cursor? since) =>
        feed.Subscribe(server, generation, observer, since);

    public Task Unsubscribe(string server, long generation)
    {
        feed.Unsubscribe(server, generation);
        return Task.CompletedTask;
    }
}
