using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SupportCluster.Client;
using SupportCluster.Protocol.Cases;
using Xunit;

namespace SupportCluster.Web.Tests;

/// <summary>The built server as a process of its own, on a free loopback port that it keeps when it is killed and started again, with a small organisation in it.</summary>
public class WebServer : IAsyncLifetime
{
    /// <summary>As built; <c>SUPPORTCLUSTER_WEB_PROGRAM</c> is another, a published one perhaps.</summary>
    private static readonly string Program = Environment.GetEnvironmentVariable("SUPPORTCLUSTER_WEB_PROGRAM") is { Length: > 0 } given ? given : Path.Combine(Repository.Root, "src", "SupportCluster.Server", "bin", Configuration, "net10.0", "SupportCluster.Server.dll");
    private readonly string folder = Directory.CreateTempSubdirectory("supportcluster-web-").FullName;
    private readonly StringBuilder output = new();
    private Process? process;

#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

#pragma warning disable RS0030 // The server is a process of its own and lives by the machine's clock.
    internal static TimeProvider Time { get; } = TimeProvider.System;
#pragma warning restore RS0030

    internal Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>More arguments of the program.</summary>
    private protected virtual string[] Arguments => [];

    /// <summary>The default policy, but that it is always open everywhere: tests pass at any hour.</summary>
    private protected virtual string? Policy => Path.Combine(folder, "policy.json");

    public async ValueTask InitializeAsync()
    {
        if (Policy is { } path)
        {
            await WritePolicy(path);
        }

        await Prepare();
        await Start();
        await Found();
    }

    /// <summary>What must be there before the server is.</summary>
    private protected virtual Task Prepare() => Task.CompletedTask;

    private static async Task WritePolicy(string path)
    {
        var policy = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(Program)!, "policy", "policy.json")), documentOptions: new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!;
        policy["businessHours"] = new JsonObject { ["hours"] = "Mon-Sun 00:00-24:00", ["holidays"] = new JsonObject() };
        foreach (var (_, centre) in policy["centres"]!.AsObject())
        {
            centre!["hours"] = "Mon-Sun 00:00-24:00";
            centre.AsObject().Remove("holidays");
        }

        await File.WriteAllTextAsync(path, policy.ToJsonString());
    }

    /// <summary>Puts the organisation there.</summary>
    private protected virtual async Task Found()
    {
        using var admin = As("admin");
        await admin.ApplyContract("northwind", new(new("Northwind Rail", "Europe/Dublin", "emea", "IE", "en"), "global", [new("vault", "backup", "Vault")], new(new(2020, 1, 1), new(2099, 12, 31)),
            Contacts: [new("contact.northwind", "Ada", "ada@example.com")]));
        foreach (var (name, centre) in new[] { ("aoife", "dublin"), ("marek", "dublin"), ("rhys", "reading") })
        {
            await admin.ApplyEngineer($"eng-{name}", new(char.ToUpperInvariant(name[0]) + name[1..], "emea", ["backup"], ["en"], Centre: centre, Schedule: new("Mon-Sun 00:00-24:00")));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        GC.SuppressFinalize(this);
    }

    private protected virtual async ValueTask End()
    {
        await Kill();
        Directory.Delete(folder, recursive: true);
    }

    internal SupportClusterClient As(string persona)
    {
        string? token = null;
        return new(new SupportClusterOptions
        {
            Address = Address,
            Token = async cancel => token ??= await Token(persona, cancel),
        }, Time);
    }

    private protected virtual async Task<string> Token(string persona, CancellationToken cancel)
    {
        using var anybody = new SupportClusterClient(new() { Address = Address }, Time);
        return (await anybody.DevelopmentToken(new(persona), cancel)).Token;
    }

    /// <summary>A case of the contact of northwind.</summary>
    internal async Task<CaseView> Report(int severity, string title = "Backup stops")
    {
        using var contact = As("contact.northwind");
        return await contact.Submit(new SubmitCase("vault", title, "It stops after ten minutes.", severity, Environment: new("server", "Debian 13", "ethernet", "PostgreSQL 18", "default", "7.1", Evidence: ["job.log"]), SerialNumber: "SN-0001"));
    }

    /// <summary>Waits for something that comes within a minute.</summary>
    internal static async Task Until(Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), Time);
        var begun = Time.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Time.GetElapsedTime(begun) < TimeSpan.FromMinutes(1), "It did not come in a minute.");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>SIGKILL.</summary>
    internal async Task Kill()
    {
        if (process is not null)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
            process = null;
        }
    }

    /// <summary>Starts the server, at the address that it had.</summary>
    internal async Task Start()
    {
        var ready = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { Program, "--urls", Address.ToString(), "--SupportCluster:DataFolder", Path.Combine(folder, "data") }.Concat(Policy is { } path ? ["--SupportCluster:Policy", path] : []).Concat(Arguments))
        {
            start.ArgumentList.Add(argument);
        }

        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, e) => Take(e.Data);
        process.ErrorDataReceived += (_, e) => Take(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            Address = await ready.Task.WaitAsync(TimeSpan.FromMinutes(2), Time);
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"The server did not start:{Environment.NewLine}{output}", e);
        }

        void Take(string? line)
        {
            if (line is null)
            {
                return;
            }

            lock (output)
            {
                output.AppendLine(line);
            }

            if (line.Split(' ').FirstOrDefault(word => word.StartsWith("http://127.0.0.1:", StringComparison.Ordinal)) is { } address)
            {
                ready.TrySetResult(new(new Uri(address).GetLeftPart(UriPartial.Authority)));
            }
        }
    }
}
