using System.Globalization;

namespace SupportCluster.Benchmarks;

/// <summary>Options of the command line, <c>--name value</c>, and <c>--quick</c> for less of everything.</summary>
internal sealed class Options(string[] args)
{
    internal bool Quick => args.Contains("--quick");

    internal int Number(string name, int otherwise)
        => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    internal string? Text(string name)
        => Array.IndexOf(args, $"--{name}") is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;

    /// <summary>A folder for this run: <c>--folder</c>, which stays, or a temporary one.</summary>
    internal string Root() => Directory.CreateDirectory(Text("folder") ?? Path.Combine(Path.GetTempPath(), $"supportcluster-benchmark-{Guid.CreateVersion7():N}")).FullName;

    /// <summary>Removes a temporary folder.</summary>
    internal void Clear(string root)
    {
        if (Text("folder") is null)
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
