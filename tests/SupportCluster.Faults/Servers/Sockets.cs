using System.Globalization;

namespace SupportCluster.Faults.Servers;

/// <summary>Asks the kernel whose connection it is: between two nodes, a connection does not say from which of them it comes.</summary>
internal static class Sockets
{
    /// <summary>The one of these processes that has connected from this port of loopback; null when it is none of them.</summary>
    internal static int? Owner(int port, IEnumerable<int> processes)
    {
        if (Inode(port) is not { } inode)
        {
            return null;
        }

        var socket = $"socket:[{inode}]";
        foreach (var process in processes)
        {
            try
            {
                if (Directory.EnumerateFiles($"/proc/{process}/fd").Any(file => Target(file) == socket))
                {
                    return process;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has just died.
            }
        }

        return null;
    }

    private static string? Target(string file)
    {
        try
        {
            return new FileInfo(file).LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string? Inode(int port)
    {
        var ending = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        foreach (var table in new[] { "/proc/net/tcp", "/proc/net/tcp6" })
        {
            foreach (var line in File.ReadLines(table))
            {
                var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (columns.Length > 9 && columns[1].EndsWith(ending, StringComparison.Ordinal))
                {
                    return columns[9];
                }
            }
        }

        return null;
    }
}
