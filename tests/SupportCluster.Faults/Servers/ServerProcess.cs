using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;

namespace SupportCluster.Faults.Servers;

/// <summary>A server as a process of its own. It ends by its own number only: killed, or together with the test run.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private const int RememberedLines = 200;
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static readonly ConcurrentDictionary<int, Process> Living = new();

    private readonly Process process;
    private readonly ConcurrentQueue<string> output = new();
    private readonly TaskCompletionSource<Uri> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string? log;

    static ServerProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var process in Living.Values)
        {
            process.Kill();
        }
    };

    private ServerProcess(Process process, string? log) => (this.process, this.log) = (process, log);

    /// <summary>The address that the server printed.</summary>
    internal Uri Address => ready.Task.Result;

    internal int Id => process.Id;

    /// <summary>Completes when it has ended, by whatever.</summary>
    internal Task Ended => ended.Task;

    /// <summary>The last lines that the server wrote, for the report of a failure.</summary>
    internal string Output => string.Join(Environment.NewLine, output);

    /// <summary>Starts a server and waits until it listens.</summary>
    /// <param name="url">A loopback address; port 0 for any that is free.</param>
    /// <param name="sharedFolder">Lets the process pass the lock of its data folder, as only a test of the fence must.</param>
    /// <param name="settings">More of the command line.</param>
    /// <param name="log">A file for all that it writes.</param>
    /// <param name="begun">Told the process' number as soon as there is one.</param>
    internal static async Task<ServerProcess> Start(string program, string url, string folder, string policy, string? without, bool sharedFolder, CancellationToken cancel,
        IReadOnlyList<string>? settings = null, string? log = null, Action<int>? begun = null)
    {
        var start = new ProcessStartInfo("dotnet", [program, "--urls", url, "--SupportCluster:DataFolder", folder, "--SupportCluster:Policy", policy, .. settings ?? []])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (without is not null)
        {
            start.ArgumentList.Add("--SupportCluster:Testing:Without");
            start.ArgumentList.Add(without);
        }

        if (sharedFolder)
        {
            start.Environment["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1";
        }

        var server = new ServerProcess(new Process { StartInfo = start, EnableRaisingEvents = true }, log);
        server.process.OutputDataReceived += (_, line) => server.Read(line.Data);
        server.process.ErrorDataReceived += (_, line) => server.Read(line.Data);
        server.process.Exited += (_, _) =>
        {
            server.ready.TrySetException(new InvalidOperationException("The server ended before it was ready."));
            server.ended.TrySetResult();
        };
        server.process.Start();
        Living[server.process.Id] = server.process;
        begun?.Invoke(server.process.Id);
        server.process.BeginOutputReadLine();
        server.process.BeginErrorReadLine();
        try
        {
            await server.ready.Task.WaitAsync(StartLimit, RealTime.Provider, cancel);
            return server;
        }
        catch (Exception e)
        {
            await server.DisposeAsync();
            throw new InvalidOperationException($"The server did not start:{Environment.NewLine}{server.Output}", e);
        }
    }

    /// <summary>kill -9 of exactly this process. Answers the instant at which it was surely still alive.</summary>
    internal async Task<Instant> Kill()
    {
        var at = RealTime.Now;
        process.Kill();
        await process.WaitForExitAsync();
        Living.TryRemove(process.Id, out _);
        return at;
    }

    /// <summary>Sends a signal to exactly this process: STOP, CONT, TERM.</summary>
    internal async Task Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await Kill();
        }

        Living.TryRemove(process.Id, out _);
        process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        if (log is not null)
        {
            lock (output)
            {
                File.AppendAllText(log, $"{NodaTime.Text.InstantPattern.ExtendedIso.Format(RealTime.Now)[11..23]} {line}{Environment.NewLine}");
            }
        }

        output.Enqueue(line);
        if (output.Count > RememberedLines)
        {
            output.TryDequeue(out _);
        }

        if (Listening().Match(line) is { Success: true } match)
        {
            ready.TrySetResult(new Uri(match.Groups[1].Value));
        }
    }

    [GeneratedRegex("is ready on (http://[^, ]+)")]
    private static partial Regex Listening();
}
