using System.Globalization;
using SupportCluster.Storage.Sqlite;
using Xunit;

namespace SupportCluster.Storage.Tests;

/// <summary>The process is killed with SIGKILL while it writes.</summary>
public abstract class Killed(Engine engine)
{
    [Theory]
    [InlineData(50)]
    [InlineData(1_000)]
    [InlineData(6_000)]
    public async Task Every_acknowledged_write_is_there_after_kill_9(int after)
    {
        using var place = new TestPlace(engine);
        var acknowledged = new Dictionary<string, long>();
        for (var life = 0; life < 2; life++)
        {
            using var child = Child.Start("write", engine, place.Path);
            for (var count = 0; await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line; count++)
            {
                if (count == after)
                {
                    child.Kill();
                }

                // The last line may be cut off.
                if (line.Split(' ') is [{ Length: 10 } id, var version] && long.TryParse(version, CultureInfo.InvariantCulture, out var number) && number == acknowledged.GetValueOrDefault(id) + 1)
                {
                    acknowledged[id] = number;
                }
            }

            await child.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(137, child.ExitCode);
        }

        Assert.True(acknowledged.Values.Sum() > after);
        long events = 0;
        await using (var test = await TestStore.At(engine, place.Path))
        {
            foreach (var (id, version) in acknowledged)
            {
                var key = new AggregateKey("case", id);
                var read = await test.Store.Read(key);
                var stored = await test.Store.ReadEvents(key, 0, int.MaxValue);
                Assert.True(read!.Version >= version, $"{key} was acknowledged at version {version} and is at {read.Version}.");
                Assert.Equal($"{{\"text\":\"state {read.Version}\"}}", read.State.Text());
                Assert.Equal(Enumerable.Range(1, (int)read.Version).Select(v => (long)v), stored.Select(e => e.Version));
                Assert.Contains(id, (await test.Store.ListCases(new CaseFilter(Text: $"text {read.Version}"), 100)).Items.Select(i => i.Number));
                events += read.Version;
            }

            Assert.Equal(events, (await test.Store.Figures()).Events);
        }

        if (engine == Engine.Sqlite)
        {
            Assert.Equal(events, SqliteStore.Validate(Path.Combine(place.Path, "supportcluster.db")).Events);
        }
    }
}

public sealed class KilledOnSqlite() : Killed(Engine.Sqlite)
{
    [Fact]
    public async Task The_folder_of_a_killed_process_is_free_that_of_a_living_one_is_not()
    {
        using var folder = new TemporaryFolder();
        using var child = Child.Start("hold", Engine.Sqlite, folder.Path);
        Assert.Equal("open", await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

        var refused = Assert.Throws<StoreException>(() => DataFolder.Take(folder.Path));
        Assert.Equal(StoreProblem.InUse, refused.Code);
        Assert.Contains($"process {child.Id}:", refused.Message, StringComparison.Ordinal);

        child.Kill();
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        DataFolder.Take(folder.Path).Dispose();
    }
}

public sealed class KilledOnPostgres() : Killed(Engine.Postgres);
