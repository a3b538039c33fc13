using System.Runtime.Versioning;
using SupportCluster.Storage.Sqlite;
using Xunit;

namespace SupportCluster.Storage.Tests;

[SupportedOSPlatform("linux")]
public sealed class BackupAndRestore
{
    [Fact]
    public async Task A_backup_taken_while_commands_go_on_is_whole_and_can_be_restored()
    {
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        var backup = elsewhere["backup.db"];
        var atLeast = new long[4];
        await using (var test = TestStore.At(folder.Path))
        {
            using var stop = new CancellationTokenSource();
            var counts = new long[4];
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var writers = Enumerable.Range(0, 4).Select(n => Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await test.Store.Write(Writes.Next(Writes.Case(n), counts[n], entry: Writes.Entry(Writes.Case(n))));
                    if (++counts[n] == 200)
                    {
                        enough.TrySetResult();
                    }
                }
            })).ToArray();
            await enough.Task;
            counts.CopyTo(atLeast, 0);
            await test.Store.Backup(backup, TestContext.Current.CancellationToken);
            await stop.CancelAsync();
            await Task.WhenAll(writers);
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(backup));
        Assert.Equal([backup], Directory.GetFiles(elsewhere.Path));
        var figures = SqliteStore.Validate(backup);
        Assert.Equal(4, figures.Cases);

        File.Move(backup, folder["restore.db"]);
        await using (var restored = TestStore.At(folder.Path))
        {
            long events = 0;
            for (var n = 0; n < 4; n++)
            {
                var version = (await restored.Store.Read(Writes.Case(n)))!.Version;
                Assert.True(version >= atLeast[n]);
                Assert.Equal(version, (await restored.Store.ReadEvents(Writes.Case(n), 0, int.MaxValue)).Count);
                events += version;
                Assert.Equal(StoreWriteResult.Written, await restored.Store.Write(Writes.Next(Writes.Case(n), version)));
            }

            Assert.Equal(figures.Events, events);
        }

        Assert.False(File.Exists(folder["restore.db"]));
        var kept = folder["supportcluster-before-restore-20261122T083000Z.db"];
        Assert.True(SqliteStore.Validate(kept).Events > figures.Events);
    }

    [Fact]
    public async Task A_restore_after_a_kill_keeps_what_was_only_in_the_log()
    {
        using var folder = new TemporaryFolder();
        using (var other = new TemporaryFolder())
        {
            await using var source = TestStore.At(other.Path);
            await source.Store.Write(Writes.Next(Writes.Case(7), 0));
            await source.Store.Backup(folder["restore.db.later"], TestContext.Current.CancellationToken);
        }

        using var child = Child.Start("write", Engine.Sqlite, folder.Path);
        for (var lines = 0; lines < 100; lines++)
        {
            await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        }

        child.Kill();
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(new FileInfo(folder["supportcluster.db-wal"]).Length > 0);

        File.Move(folder["restore.db.later"], folder["restore.db"]);
        await using (var test = TestStore.At(folder.Path))
        {
            Assert.Equal([Writes.Case(7).Id], await test.Store.ListIds("case", null, 100));
        }

        Assert.True(SqliteStore.Validate(folder["supportcluster-before-restore-20261122T083000Z.db"]).Events >= 99);
    }

    [Fact]
    public async Task A_damaged_store_can_be_replaced_by_a_backup()
    {
        using var folder = new TemporaryFolder();
        await using (var test = TestStore.At(folder.Path))
        {
            await test.Store.Write(Writes.Next(Writes.Case(1), 0));
            await test.Store.Backup(folder["restore.db"], TestContext.Current.CancellationToken);
        }

        await File.WriteAllTextAsync(folder["supportcluster.db"], new string('x', 5000), TestContext.Current.CancellationToken);
        await using var again = TestStore.At(folder.Path);
        Assert.Equal(1, (await again.Store.Read(Writes.Case(1)))!.Version);
        Assert.Equal(5000, new FileInfo(folder["supportcluster-before-restore-20261122T083000Z.db"]).Length);
    }

    [Fact]
    public async Task A_backup_never_overwrites()
    {
        await using var test = TestStore.New();
        var path = Path.Combine(test.Place, "mine.txt");
        await File.WriteAllTextAsync(path, "mine", TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<StoreException>(() => test.Store.Backup(path, TestContext.Current.CancellationToken));
        Assert.Equal(StoreProblem.BackupExists, refused.Code);
        Assert.Equal("mine", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_backup_without_space_leaves_nothing_behind()
    {
        using var mount = Mount.New(64);
        await using var test = TestStore.New();
        var refused = await Assert.ThrowsAsync<StoreException>(() => test.Store.Backup(Path.Combine(mount.Path, "backup.db"), TestContext.Current.CancellationToken));
        Assert.Equal(StoreProblem.DiskFull, refused.Code);
        Assert.Empty(Directory.GetFiles(mount.Path));
    }

    [Fact]
    public async Task A_cancelled_backup_leaves_nothing_behind()
    {
        await using var test = TestStore.New();
        using var folder = new TemporaryFolder();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => test.Store.Backup(folder["backup.db"], cancelled.Token));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("newer")]
    [InlineData("empty")]
    [InlineData("log")]
    public async Task An_unfit_restore_file_is_refused_and_nothing_is_changed(string what)
    {
        using var folder = new TemporaryFolder();
        await using (var test = TestStore.At(folder.Path))
        {
            await test.Store.Write(Writes.Next(Writes.Case(1), 0));
            await test.Store.Backup(folder["restore.db"], TestContext.Current.CancellationToken);
        }

        switch (what)
        {
            case "garbage":
                await File.WriteAllTextAsync(folder["restore.db"], new string('x', 5000), TestContext.Current.CancellationToken);
                break;
            case "newer":
                await using (var file = File.OpenWrite(folder["restore.db"]))
                {
                    // The user version stands at byte 60, big-endian.
                    file.Position = 63;
                    file.WriteByte(99);
                }

                break;
            case "empty":
                await File.WriteAllBytesAsync(folder["restore.db"], [], TestContext.Current.CancellationToken);
                break;
            default:
                await File.WriteAllTextAsync(folder["restore.db-wal"], "log", TestContext.Current.CancellationToken);
                break;
        }

        var before = Directory.GetFiles(folder.Path).Order().Select(f => (f, new FileInfo(f).Length)).ToArray();
        var refused = Assert.Throws<StoreException>(() => TestStore.At(folder.Path));
        Assert.Equal(StoreProblem.RestoreRefused, refused.Code);
        Assert.Equal(before, Directory.GetFiles(folder.Path).Order().Select(f => (f, new FileInfo(f).Length)));

        File.Delete(folder["restore.db"]);
        await using var again = TestStore.At(folder.Path);
        Assert.Equal(1, (await again.Store.Read(Writes.Case(1)))!.Version);
    }
}
