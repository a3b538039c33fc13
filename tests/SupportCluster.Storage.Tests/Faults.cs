using System.Runtime.Versioning;
using System.Text;
using Microsoft.Data.Sqlite;
using NodaTime;
using Xunit;

namespace SupportCluster.Storage.Tests;

[SupportedOSPlatform("linux")]
public sealed class Faults
{
    [Fact]
    public void A_new_folder_is_for_its_owner_alone()
    {
        using var parent = new TemporaryFolder();
        using var folder = DataFolder.Take(parent["a/b"]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.FullPath));
    }

    [Fact]
    public void A_folder_is_taken_once_within_a_process_too()
    {
        using var parent = new TemporaryFolder();
        using (DataFolder.Take(parent.Path))
        {
            Assert.Equal(StoreProblem.InUse, Assert.Throws<StoreException>(() => DataFolder.Take(parent.Path)).Code);
        }

        DataFolder.Take(parent.Path).Dispose();
    }

    [Fact]
    public async Task A_read_only_folder_is_refused_and_left_as_it_is()
    {
        using var mount = Mount.New(4096);
        await using (var test = TestStore.At(mount.Path))
        {
            await test.Store.Write(Writes.Next(Writes.Case(1), 0));
        }

        mount.MakeReadOnly();
        var refused = Assert.Throws<StoreException>(() => TestStore.At(mount.Path));
        Assert.Equal(StoreProblem.ReadOnly, refused.Code);
        Assert.Contains(mount.Path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_refused_at_the_start_and_works_once_there_is_space()
    {
        using var mount = Mount.New(4096);
        await using (var test = TestStore.At(mount.Path))
        {
            await test.Store.Write(Writes.Next(Writes.Case(1), 0));
        }

        var filler = mount.Fill(leave: 0);
        var refused = Assert.Throws<StoreException>(() => TestStore.At(mount.Path));
        Assert.Equal(StoreProblem.DiskFull, refused.Code);
        Assert.Contains(mount.Path, refused.Message, StringComparison.Ordinal);

        File.Delete(filler);
        await using var again = TestStore.At(mount.Path);
        Assert.Equal(1, (await again.Store.Read(Writes.Case(1)))!.Version);
    }

    [Fact]
    public async Task A_disk_that_fills_up_fails_writes_loses_nothing_and_works_once_there_is_space()
    {
        using var mount = Mount.New(6144);
        var written = new List<int>();
        await using (var test = TestStore.At(mount.Path))
        {
            var filler = mount.Fill(leave: 1_500_000);
            StoreException? failure = null;
            for (var number = 1; failure is null; number += 8)
            {
                var writes = Enumerable.Range(number, 8).Select(n => (Number: n, Task: test.Store.Write(Large(n)))).ToArray();
                foreach (var (n, task) in writes)
                {
                    try
                    {
                        Assert.Equal(StoreWriteResult.Written, await task);
                        written.Add(n);
                    }
                    catch (StoreException e)
                    {
                        failure = e;
                    }
                }
            }

            Assert.Equal(StoreProblem.DiskFull, failure.Code);
            Assert.Equal(StoreProblem.DiskFull, (await Assert.ThrowsAsync<StoreException>(() => test.Store.Write(Large(9_000, 1_500_000)))).Code);
            Assert.NotNull(await test.Store.Read(Writes.Case(1)));

            File.Delete(filler);
            Assert.Equal(StoreWriteResult.Written, await test.Store.Write(Large(9_001)));
            written.Add(9_001);
        }

        await using var again = TestStore.At(mount.Path);
        Assert.Equal(written.Select(n => Writes.Case(n).Id).Order(), await again.Store.ListIds("case", null, int.MaxValue));
        Assert.Equal(written.Count, (await again.Store.Figures()).Events);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        using var folder = new TemporaryFolder();
        var text = string.Concat(Enumerable.Repeat("this is no database ", 1000));
        await File.WriteAllTextAsync(folder["supportcluster.db"], text, TestContext.Current.CancellationToken);
        var refused = Assert.Throws<StoreException>(() => TestStore.At(folder.Path));
        Assert.Equal(StoreProblem.NotAStore, refused.Code);
        Assert.Contains(folder["supportcluster.db"], refused.Message, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(folder["supportcluster.db"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_database_of_another_program_is_refused_and_left_as_it_is()
    {
        using var folder = new TemporaryFolder();
        Sql(folder, "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)");
        var before = File.ReadAllBytes(folder["supportcluster.db"]);
        Assert.Equal(StoreProblem.NotAStore, Assert.Throws<StoreException>(() => TestStore.At(folder.Path)).Code);
        Assert.Equal(before, File.ReadAllBytes(folder["supportcluster.db"]));
    }

    [Fact]
    public async Task A_file_whose_first_pages_are_damaged_is_refused()
    {
        using var folder = new TemporaryFolder();
        await using (var test = TestStore.At(folder.Path))
        {
            await test.Store.Write(Writes.Next(Writes.Case(1), 0));
        }

        Damage(folder, 0, from: 100);
        Assert.Equal(StoreProblem.Corrupt, Assert.Throws<StoreException>(() => TestStore.At(folder.Path)).Code);
        Assert.Equal(StoreProblem.Corrupt, Assert.Throws<StoreException>(() => Sqlite.SqliteStore.Validate(folder["supportcluster.db"])).Code);
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_left_as_it_is()
    {
        using var folder = new TemporaryFolder();
        await TestStore.At(folder.Path).DisposeAsync();
        Sql(folder, "PRAGMA user_version = 999");
        var before = await File.ReadAllBytesAsync(folder["supportcluster.db"], TestContext.Current.CancellationToken);
        var refused = Assert.Throws<StoreException>(() => TestStore.At(folder.Path));
        Assert.Equal(StoreProblem.NewerSchema, refused.Code);
        Assert.Contains("999", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(folder["supportcluster.db"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Damage_met_in_one_row_harms_that_aggregate_alone()
    {
        using var folder = new TemporaryFolder();
        await using (var test = TestStore.At(folder.Path))
        {
            await Task.WhenAll(Enumerable.Range(1, 40).Select(n => test.Store.Write(Large(n))));
        }

        Damage(folder, Find(folder, "marker-20-"), from: 0);
        await using var again = TestStore.At(folder.Path);
        var refused = await Assert.ThrowsAsync<StoreException>(() => again.Store.Read(Writes.Case(20)));
        Assert.Equal(StoreProblem.Corrupt, refused.Code);
        Assert.Contains(Writes.Case(20).ToString(), refused.Message, StringComparison.Ordinal);

        // All of a group but the one are written.
        var writes = Enumerable.Range(1, 40).Select(n => (Number: n, Task: again.Store.Write(Writes.Next(Writes.Case(n), 1)))).ToArray();
        foreach (var (number, task) in writes)
        {
            if (number == 20)
            {
                Assert.Equal(StoreProblem.Corrupt, (await Assert.ThrowsAsync<StoreException>(() => task)).Code);
            }
            else
            {
                Assert.Equal(StoreWriteResult.Written, await task);
                Assert.Equal(2, (await again.Store.Read(Writes.Case(number)))!.Version);
            }
        }
    }

    /// <summary>A row that fills a page of its own.</summary>
    private static StoreWrite Large(int number, int size = 3_000)
        => new(Writes.Case(number), 0, Writes.Json($"marker-{number}-{new string('x', size)}"), [Writes.Event(1)], Writes.Monday + Duration.FromSeconds(number), 1);

    private static long Find(TemporaryFolder folder, string marker)
    {
        var at = File.ReadAllBytes(folder["supportcluster.db"]).AsSpan().IndexOf(Encoding.UTF8.GetBytes(marker));
        Assert.True(at > 0);
        return at / 4096 * 4096;
    }

    private static void Damage(TemporaryFolder folder, long page, int from)
    {
        using var file = File.OpenWrite(folder["supportcluster.db"]);
        file.Position = page + from;
        file.Write(Enumerable.Repeat((byte)0xFF, 64).ToArray());
    }

    private static void Sql(TemporaryFolder folder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder["supportcluster.db"]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Literals of the tests above.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
