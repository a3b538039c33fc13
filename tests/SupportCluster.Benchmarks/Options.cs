using System.Globalization;

namespace SupportCluster.Benchmarks;

/// <summary>Options of the command line, <c>--name value</c>.</summary>
internal sealed class Options(string[] args)
{
    internal int Number(string name, int otherwise)
        => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    internal string? Text(string name)
        => Array.IndexOf(args, $"--{name}") is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
