using System.Diagnostics;
using System.Reflection;

namespace SupportCluster.Faults.Servers;

/// <summary>Where the server's program is: the one that is delivered, and the test build whose protections can be switched off.</summary>
internal static class ServerBuild
{
    /// <summary>Folder of the test build when somebody has built it already (tests/run.sh does).</summary>
    private const string SwitchedVariable = "SUPPORTCLUSTER_SWITCHED_SERVER";
    private const string Program = "SupportCluster.Server.dll";
    private static readonly SemaphoreSlim Building = new(1, 1);
    private static string? switched;

    /// <summary>The server as it is delivered.</summary>
    internal static string Delivered => Path.Combine(Metadata("Server"), Program);

    /// <summary>The policy that the server comes with.</summary>
    internal static string DefaultPolicy => Path.Combine(Metadata("Server"), "policy", "policy.json");

    /// <summary>The test build. Its intermediate files lie apart, so that the two builds never mix.</summary>
    internal static async Task<string> Switched(CancellationToken cancel)
    {
        await Building.WaitAsync(cancel);
        try
        {
            return switched ??= Environment.GetEnvironmentVariable(SwitchedVariable) is { Length: > 0 } folder ? Path.Combine(folder, Program) : await Build(cancel);
        }
        finally
        {
            Building.Release();
        }
    }

    private static async Task<string> Build(CancellationToken cancel)
    {
        var root = Metadata("Root");
        var artifacts = Path.Combine(root, "artifacts", "switched");
        using var build = Process.Start(new ProcessStartInfo("dotnet",
            ["build", Path.Combine(root, "src", "SupportCluster.Server"), "-v", "quiet", "-nologo", "-nodeReuse:false", "-p:TestSwitches=true", "--artifacts-path", artifacts])
        { RedirectStandardOutput = true })!;
        var output = await build.StandardOutput.ReadToEndAsync(cancel);
        await build.WaitForExitAsync(cancel);
        return build.ExitCode == 0
            ? Path.Combine(artifacts, "bin", "SupportCluster.Server", "debug", Program)
            : throw new InvalidOperationException($"The test build of the server failed:{Environment.NewLine}{output}");
    }

    private static string Metadata(string key) => typeof(ServerBuild).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
