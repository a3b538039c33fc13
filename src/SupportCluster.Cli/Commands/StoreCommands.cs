using System.CommandLine;

namespace SupportCluster.Cli.Commands;

/// <summary>Backup of the whole store, and what replaces the store by one.</summary>
internal static class StoreCommands
{
    internal static IEnumerable<Command> All(Supportctl cli)
    {
        yield return Backup(cli);
        yield return Restore(cli);
    }

    private static Command Backup(Supportctl cli)
    {
        var file = new Argument<string>("file") { Description = "Where the backup is written; must not exist." };
        return cli.Command(
            "backup",
            "Write a backup of the whole store to a file.",
            async call =>
            {
                var path = call.Get(file);
                if (File.Exists(path))
                {
                    throw new UsageException($"'{path}' exists already: backups are never written over one another.");
                }

                // Complete or absent: the name appears once everything is in it.
                var draft = path + ".part";
                File.Delete(draft);
                var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows())
                {
                    options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                }

                try
                {
                    await using (var destination = new FileStream(draft, options))
                    {
                        await call.Client.Backup(destination, call.Cancellation);
                        destination.Flush(flushToDisk: true);
                    }

                    File.Move(draft, path);
                }
                finally
                {
                    File.Delete(draft);
                }

                call.Output.Write(new { File = path, Bytes = new FileInfo(path).Length }, written => call.Output.Line($"{written.File}: {written.Bytes} bytes"));
            },
            file);
    }

    private static Command Restore(Supportctl cli)
    {
        var file = new Argument<string>("file") { Description = "A file that 'backup' wrote." };
        var yes = new Option<bool>("--yes") { Description = "Yes, replace everything that is stored now." };
        return cli.Command(
            "restore-backup",
            "Replace the whole store by a backup; the server restarts on it.",
            async call =>
            {
                if (!call.Get(yes))
                {
                    throw new UsageException($"This replaces everything that {call.Connection.Server} has stored by '{call.Get(file)}'. Say --yes if that is meant.");
                }

                await using var backup = File.OpenRead(call.Get(file));
                await call.Client.RestoreBackup(backup, call.Cancellation);
                call.Output.Write(new { Restored = call.Get(file) }, _ => call.Output.Line("Accepted: the server restarts on the backup."));
            },
            file, yes);
    }
}
