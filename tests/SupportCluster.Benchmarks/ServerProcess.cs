using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SupportCluster.Benchmarks;

/// <summary>The real server in a process of its own, of the configuration that this benchmark was built in.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private readonly Process process;

    private ServerProcess(Process process, string url) => (this.process, Url) = (process, url);

    internal string Url { get; }

    /// <summary>From the start of the process to the first answer that it is ready.</summary>
    internal TimeSpan ReadyAfter { get; private set; }

    /// <summary>Processor time up to then; of the program itself, not of <c>dotnet run</c>.</summary>
    internal TimeSpan Cpu { get; private set; }

    internal static string Configuration => AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";

    /// <summary>Where a project's program lies.</summary>
    internal static string Program(string project, string name) => Path.Combine(Repository.Root, "src", project, "bin", Configuration, "net10.0", $"{name}.dll");

    /// <param name="byProject">By <c>dotnet run --no-build</c>, as a person would; otherwise the program itself.</param>
    /// <param name="more">More of the command line.</param>
    internal static Task<ServerProcess> Start(string folder, bool byProject = false, params string[] more) => Start(folder, url =>
        [
            .. byProject
                ? (string[])["run", "--no-build", "-c", Configuration, "--project", Path.Combine(Repository.Root, "src", "SupportCluster.Server"), "--"]
                : [Program("SupportCluster.Server", "SupportCluster.Server")],
            "--urls", url, .. more,
        ]);

    /// <summary>SignalR alone: <see cref="Live.BareHub"/>.</summary>
    internal static Task<ServerProcess> StartBare(string keyFile) => Start(Path.GetDirectoryName(keyFile)!, url => [typeof(Live.BareHub).Assembly.Location, "bare-hub", url, keyFile]);

    private static async Task<ServerProcess> Start(string folder, Func<string, string[]> command)
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)socket.LocalEndpoint).Port}");
        socket.Stop();
        var info = new ProcessStartInfo("dotnet", command(url)) { RedirectStandardOutput = true };
        info.Environment["SupportCluster__DataFolder"] = folder;
        var started = Stopwatch.GetTimestamp();
        var server = new ServerProcess(Process.Start(info)!, url);
        var said = new ConcurrentQueue<string?>();
        server.process.OutputDataReceived += (_, line) => said.Enqueue(line.Data);
        server.process.BeginOutputReadLine();
        while (!await IsReady(url))
        {
            if (server.process.HasExited || Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(2))
            {
                server.Dispose();
                throw new InvalidOperationException($"The server did not start on {folder}: {string.Join(Environment.NewLine, said.TakeLast(20))}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), Node.Time);
        }

        server.ReadyAfter = Stopwatch.GetElapsedTime(started);
        server.process.Refresh();
        server.Cpu = server.process.TotalProcessorTime;
        return server;
    }

    /// <summary>Processor time so far.</summary>
    internal TimeSpan TotalCpu()
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    /// <summary>Memory that the program holds, MB; of the program itself, not of <c>dotnet run</c>.</summary>
    internal double ResidentMegabytes()
    {
        process.Refresh();
        return process.WorkingSet64 / 1024.0 / 1024.0;
    }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    private static async Task<bool> IsReady(string url)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(url + "/health/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
