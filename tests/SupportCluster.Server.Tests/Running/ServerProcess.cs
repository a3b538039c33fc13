using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace SupportCluster.Server.Tests.Running;

/// <summary>The built server as a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder errors = new();
    private readonly StringBuilder output = new();

    private ServerProcess(string folder, string[] settings, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "SupportCluster.Server.dll"));
        foreach (var setting in settings)
        {
            start.ArgumentList.Add(setting);
        }

        start.ArgumentList.Add("--SupportCluster:DataFolder");
        start.ArgumentList.Add(folder);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, e) => Take(e.Data);
        process.ErrorDataReceived += (_, e) => errors.AppendLine(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    internal Uri Address { get; private set; } = null!;

    internal int Id => process.Id;

    /// <summary>Waits for the end; answers the exit code.</summary>
    internal async Task<int> Ended()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(90));
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    /// <summary>A port that is free now; for servers that must come back on the same one.</summary>
    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts a server and waits until it says that it is ready.</summary>
    internal static async Task<ServerProcess> Started(string folder, params string[] settings)
    {
        var server = new ServerProcess(folder, ["--urls", $"http://127.0.0.1:{FreePort()}", .. settings]);
        await server.Ready();
        return server;
    }

    /// <summary>Starts a server that cannot start, and waits for its end.</summary>
    internal static async Task<(int Code, string Error, string Output)> Refused(string folder, string[] settings, params (string Name, string Value)[] environment)
    {
        await using var server = new ServerProcess(folder, settings, environment);
        return (await server.Ended(), server.errors.ToString().Trim(), server.output.ToString().Trim());
    }

    /// <summary>Waits until the server says, the first time or after a restart, that it is ready.</summary>
    internal async Task Ready()
    {
        const string Saying = "SupportCluster is ready on ";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(90));
        try
        {
            await foreach (var line in lines.Reader.ReadAllAsync(limit.Token))
            {
                if (line.StartsWith(Saying, StringComparison.Ordinal))
                {
                    Address = new Uri(line[Saying.Length..].Split(',')[0]);
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
        }

        Assert.Fail($"The server did not become ready: {output} {errors}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            lines.Writer.TryComplete();
            return;
        }

        lock (output)
        {
            output.AppendLine(line);
        }

        lines.Writer.TryWrite(line);
    }
}
