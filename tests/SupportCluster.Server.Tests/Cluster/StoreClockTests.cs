using NodaTime;
using SupportCluster.Server.Hosting;
using SupportCluster.Storage;
using SupportCluster.Storage.Sqlite;

namespace SupportCluster.Server.Tests.Cluster;

/// <summary>The clock of a cluster is its store's.</summary>
public sealed class StoreClockTests
{
    private static readonly Instant Nine = Instant.FromUtc(2035, 3, 5, 9, 0);

    [Fact]
    public async Task A_machine_that_is_an_hour_ahead_still_gives_the_stores_time_and_is_found_to_be_off()
    {
        using var folder = new TemporaryFolder();
        using var taken = DataFolder.Take(folder.Path);
        var (stores, machines) = (new StandingClock(Nine), new StandingClock(Nine + Duration.FromHours(1)));
        await using var store = SqliteStore.Open(taken, new TimeProviderClock(stores));
        var clock = await StoreClock.Start(store, machines);

        Near(Nine, clock.GetCurrentInstant());
        Near(Nine + Duration.FromHours(1), Nine + clock.Ahead);
        Assert.True(NodeHealth.IsOff(clock.Ahead));
        Assert.True(NodeHealth.IsOff(-clock.Ahead));
        Assert.False(NodeHealth.IsOff(Duration.FromMilliseconds(250)));

        // The store's clock was corrected meanwhile, and the machine's was set back: the one is heard of when it is asked, the other never.
        stores.Leap(Duration.FromMinutes(5));
        machines.Leap(Duration.FromDays(-2));
        Near(Nine, clock.GetCurrentInstant());
        await clock.Read();
        Near(Nine + Duration.FromMinutes(5), clock.GetCurrentInstant());
    }

    /// <summary>The machine goes on counting while the test runs.</summary>
    private static void Near(Instant expected, Instant got) => Assert.InRange(got, expected - Duration.FromSeconds(1), expected + Duration.FromMinutes(1));
}
