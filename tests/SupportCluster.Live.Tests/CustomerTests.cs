using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using Orleans.Serialization;
using Orleans.TestingHost;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Entitlements;
using SupportCluster.Grains.Cases;
using SupportCluster.Grains.Customers;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Live;
using SupportCluster.Grains.Policies;
using SupportCluster.Server.Hosting;
using SupportCluster.Server.Live;
using SupportCluster.Storage;
using SupportCluster.Storage.Sqlite;

namespace SupportCluster.Live.Tests;

/// <summary>A customer's topic in a cluster of two silos over one store: told by cases wherever they live, and only while it is watched.</summary>
public sealed class CustomerTests : ITopicObserver
{
    private static readonly Actor Manager = new("mary", Role.Manager);
    private readonly System.Threading.Channels.Channel<(long From, long To, IReadOnlyList<TopicChange> Changes)> told = System.Threading.Channels.Channel.CreateUnbounded<(long, long, IReadOnlyList<TopicChange>)>();

    [Fact]
    public async Task Cases_on_both_silos_tell_a_watched_customer_and_do_not_activate_one_that_is_not()
    {
        var path = Directory.CreateTempSubdirectory("supportcluster-live-").FullName;
        using var folder = DataFolder.Take(path);
        var clock = new TimeProviderClock(RealClock.Provider);
        await using var store = SqliteStore.Open(folder, clock);
        await using var cluster = await Start(store, clock);
        var grains = cluster.Silos[0].ServiceProvider.GetRequiredService<IGrainFactory>();
        Assert.Null((await grains.GetGrain<IPolicyGrain>(IPolicyGrain.Current).Apply(PolicyFile.Read(PolicyFile.DefaultPath), Actor.System)).Refusal);
        var customer = grains.GetGrain<ICustomerGrain>("acme");
        var numbers = Enumerable.Range(1, 12).Select(i => CaseNumber.Of(4, i)).ToList();
        foreach (var number in numbers)
        {
            await Done(new CaseCommand.Open(number, Terms, Report, [], [], true, $"request:ada/{number}"));
        }

        Assert.False(cluster.TryGetGrainContext(customer.GetGrainId(), out _));

        // Some live here, some there.
        foreach (var (i, number) in numbers.Index())
        {
            var grain = grains.GetGrain<ICaseGrain>(number.Value);
            var silo = cluster.Silos[i % 2].SiloAddress;
            if (!cluster.TryGetGrainContext(grain.GetGrainId(), out var context) || context.Address.SiloAddress != silo)
            {
                await cluster.MigrateAsync(grain, silo);
            }
        }

        var observer = grains.CreateObjectReference<ITopicObserver>(this);
        var subscribed = (await customer.Subscribe("test", 1, observer, null))!;
        Assert.Equal(12, ((CustomerState)subscribed.State.View).Cases.Count);
        foreach (var silo in cluster.Silos)
        {
            await Until(() => silo.ServiceProvider.GetRequiredService<WatchedTopics>().Contains(new("customer", "acme")));
        }

        foreach (var number in numbers)
        {
            await Done(new CaseCommand.ChangeSeverity(3, "r"), number);
        }

        var state = ((CustomerState)subscribed.State.View).Cases;
        var version = 0L;
        await Follow(() => state.Values.All(c => c.Severity == 3));

        // What no case tells is seen at the next look at the store.
        var lost = state.Values.First() with { Number = CaseNumber.Of(4, 99).Value, SourceKey = "lost/1" };
        await store.Write(new(new("case", lost.Number), 0, "{}"u8.ToArray(), [new(1, clock.GetCurrentInstant(), "{}"u8.ToArray())], null, 3, lost, "t"));
        await Follow(() => state.ContainsKey(lost.Number));

        await Done(new CaseCommand.AddNote("inside", Internal: true), numbers[0]);
        await Done(new CaseCommand.Close("r"), numbers[0]);
        await Follow(() => state.Count == 12);
        await customer.Unsubscribe("test", 1);
        await Until(() => !cluster.TryGetGrainContext(customer.GetGrainId(), out _));
        GC.KeepAlive(observer);
        Directory.Delete(path, recursive: true);

        async Task Done(CaseCommand command, CaseNumber? number = null)
        {
            var reply = await grains.GetGrain<ICaseGrain>((number ?? ((CaseCommand.Open)command).Number).Value).Execute(new(command, Manager));
            Assert.Null(reply.Refusal);
        }

        async Task Follow(Func<bool> until)
        {
            while (!until())
            {
                var (from, to, changes) = await told.Next();
                Assert.Equal((version, to), (from, version + changes.Count));
                foreach (var change in changes)
                {
                    Assert.Equal(++version, change.Version);
                    var content = (CustomerChanged)change.Content;
                    state = content.Left is { } left ? state.Remove(left) : state.SetItem(content.Entry!.Number, content.Entry);
                }
            }
        }
    }

    Task<NotifyResult> ITopicObserver.Notify(long generation, long epoch, long from, long to, IReadOnlyList<TopicChange>? changes, TopicState? state)
    {
        told.Writer.TryWrite((from, to, changes!));
        return Task.FromResult(NotifyResult.Ok);
    }

    Task ITopicObserver.Moved(long generation) => Task.CompletedTask;

    private static CaseTerms Terms { get; } = new(new("acme"), "Acme", "essential", "db", "servers", "emea", "Europe/Dublin", "IE", "en", false, false, 1, 1);

    private static ProblemReport Report { get; } = new("Down", "It does not work.", 2, new("ada"), Channel.Online, [], false, null, new("a", "b", "c", "d", "e", "f", "g", ["log"]), []);

    private static async Task Until(Func<bool> so)
    {
        for (var looks = 0; !so(); looks++)
        {
            Assert.True(looks < 600, "It did not happen.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), RealClock.Provider);
        }
    }

    private static async Task<InProcessTestCluster> Start(IStore store, IClock clock)
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddReminders();
            silo.Services.AddSingleton(store).AddSingleton(clock).AddSingleton(RealClock.Provider);
            silo.AddGrainNodeServices(new GuardSwitches());
            silo.Services.AddWatchedTopics();
            silo.Services.AddLogging(logging => logging.ClearProviders());
        });
        builder.ConfigureClientHost(client => client.Services.AddSerializer(DomainSerialization.Add));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }
}
