using System.Diagnostics;
using System.Reflection;

namespace SupportCluster.Faults.Servers;

/// <summary>Where the server's program is: the one that is delivered, and builds of it for tests alone.</summary>
internal static class ServerBuild
{
    private const string Program = "SupportCluster.Server.dll";
    private static readonly SemaphoreSlim Building = new(1, 1);
    private static readonly Dictionary<string, string> Built = [];

    /// <summary>The server as it is delivered.</summary>
    internal static string Delivered => Path.Combine(Metadata("Server"), Program);

    /// <summary>The policy that the server comes with.</summary>
    internal static string DefaultPolicy => Path.Combine(Metadata("Server"), "policy", "policy.json");

    /// <summary>The build whose protections can be switched off.</summary>
    internal static Task<string> Switched(CancellationToken cancel) => Of("switched", "TestSwitches", "SUPPORTCLUSTER_SWITCHED_SERVER", cancel);

    /// <summary>What a later version might be: it knows an event more and writes members more (tests/NextVersion).</summary>
    internal static Task<string> Next(CancellationToken cancel) => Of("next", "NextVersion", "SUPPORTCLUSTER_NEXT_SERVER", cancel);

    /// <param name="name">Of the folder in <c>artifacts</c> where its intermediate files lie, so that builds never mix.</param>
    /// <param name="property">What the build is told.</param>
    /// <param name="variable">Names the folder of the build when somebody has made it already (tests/run.sh does).</param>
    private static async Task<string> Of(string name, string property, string variable, CancellationToken cancel)
    {
        await Building.WaitAsync(cancel);
        try
        {
            return Built.TryGetValue(name, out var program) ? program
                : Built[name] = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } folder ? Path.Combine(folder, Program) : await Build(name, property, cancel);
        }
        finally
        {
            Building.Release();
        }
    }

    private static async Task<string> Build(string name, string property, CancellationToken cancel)
    {
        var root = Metadata("Root");
        var artifacts = Path.Combine(root, "artifacts", name);
        using var build = Process.Start(new ProcessStartInfo("dotnet",
            ["build", Path.Combine(root, "src", "SupportCluster.Server"), "-v", "quiet", "-nologo", "-nodeReuse:false", $"-p:{property}=true", "--artifacts-path", artifacts])
        { RedirectStandardOutput = true })!;
        var output = await build.StandardOutput.ReadToEndAsync(cancel);
        await build.WaitForExitAsync(cancel);
        return build.ExitCode == 0
            ? Path.Combine(artifacts, "bin", "SupportCluster.Server", "debug", Program)
            : throw new InvalidOperationException($"The build of the server with {property} failed:{Environment.NewLine}{output}");
    }

    private static string Metadata(string key) => typeof(ServerBuild).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
