using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace SupportCluster.Storage.Tests;

/// <summary>A real small file system in memory: real faults, not imitated ones. Needs the right to mount.</summary>
internal sealed class Mount : IDisposable
{
    private Mount(string path) => Path = path;

    internal string Path { get; }

    /// <summary>Skips the test where mounting is not permitted, and fails it in CI, where it must be.</summary>
    internal static Mount New(int kibibytes)
    {
        var path = Directory.CreateTempSubdirectory("supportcluster-mount-").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={kibibytes}k"), "tmpfs", path) is { } error)
        {
            Directory.Delete(path);
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"CI must be able to mount a small file system: {error}");
            Assert.Skip($"NOT TESTED: a real full or read-only disk, because mounting is not permitted here ({error}).");
        }

        return new Mount(path);
    }

    internal void MakeReadOnly() => Assert.Null(Run("mount", "-o", "remount,ro", Path));

    /// <summary>Leaves so many bytes free.</summary>
    internal string Fill(long leave)
    {
        var filler = System.IO.Path.Combine(Path, "filler");
        using var file = File.Create(filler);
        file.Write(new byte[new DriveInfo(Path).AvailableFreeSpace - leave]);
        return filler;
    }

    public void Dispose()
    {
        Run("umount", "-l", Path);
        Directory.Delete(Path);
    }

    private static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : error.Trim();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return e.Message;
        }
    }
}
