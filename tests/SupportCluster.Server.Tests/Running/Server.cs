using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Logging;
using NodaTime;
using SupportCluster.Server.Hosting;

namespace SupportCluster.Server.Tests.Running;

/// <summary>
/// A real server in this process, on a free port of 127.0.0.1 and a data folder of its own. Its clock stands at Monday, 5 March 2035, 09:15 UTC until a test moves it: ahead of the
/// machine's clock, by which SignalR ends connections with their tokens.
/// When it stops it looks through everything that it has logged, at level Information, for customers' texts and tokens.
/// </summary>
public sealed class Server : IAsyncLifetime
{
    /// <summary>Stands in every text that a test writes as a customer's: it may be in no log.</summary>
    internal const string Marker = "Zq7-customer-text";

    private readonly TemporaryFolder folder = new();
    private Logs logs = new();
    private ServerHost? host;

    /// <summary>From which level on everything is kept; set before the start.</summary>
    internal LogLevel LogsFrom { get; init; } = LogLevel.Information;

    internal StandingClock Clock { get; } = new(Instant.FromUtc(2035, 3, 5, 9, 15));

    internal Tokens Tokens { get; private set; } = null!;

    internal Uri Address { get; private set; } = null!;

    internal HttpClient Http { get; private set; } = null!;

    internal WebApplication App => host!.App;

    internal IReadOnlyCollection<string> LogLines => logs.Lines;

    internal string Folder => folder.Path;

    public async ValueTask InitializeAsync()
    {
        logs = new(LogsFrom);
        await Start();
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        folder.Dispose();
        var texts = logs.Lines.Where(line => line.Contains(Marker, StringComparison.Ordinal)).ToList();
        Assert.True(texts.Count == 0, $"A log holds a customer's text: {string.Join('\n', texts.Take(5))}");
        var signatures = Tokens.Made.Select(t => t.StartsWith("wall_", StringComparison.Ordinal) ? ["", "", t.Split('_', 3)[2]] : t.Split('.')).Select(t => t[2].Length > 0 ? t[2] : t[1]).ToHashSet();
        var tokens = logs.Lines.Where(line => signatures.Any(s => line.Contains(s, StringComparison.Ordinal))).ToList();
        Assert.True(tokens.Count == 0, $"A log holds a token: {string.Join('\n', tokens.Take(5))}");
        var failures = logs.Lines.Where(line => line.StartsWith("Error SupportCluster", StringComparison.Ordinal) || line.StartsWith("Critical", StringComparison.Ordinal)).ToList();
        Assert.True(failures.Count == 0, $"The server failed: {string.Join('\n', failures.Take(5))}");
    }

    /// <summary>Stops the server and starts it anew on the same data folder.</summary>
    internal async Task Restart(params string[] settings)
    {
        await Stop();
        await Start(settings);
    }

    internal Caller As(string persona) => new(Http, Clock, () => Tokens.Of(persona));

    internal Caller With(string? token) => new(Http, Clock, () => token);

    /// <summary>A connection to the hub that gives its token on every request.</summary>
    internal HubConnection Hub(string? token, HttpTransportType transports = HttpTransportType.WebSockets) => new HubConnectionBuilder()
        .WithUrl(new Uri(Address, "/hub"), options =>
        {
            options.AccessTokenProvider = () => Task.FromResult(token);
            options.Transports = transports;
        })
        .Build();

    /// <summary>A connected watcher.</summary>
    internal Task<Watcher> Watcher(string persona) => WatcherWith(Tokens.Of(persona));

    /// <summary>A connected watcher with a token.</summary>
    internal async Task<Watcher> WatcherWith(string token)
    {
        var watcher = new Watcher(Hub(token));
        await watcher.Connection.StartAsync(TestContext.Current.CancellationToken);
        return watcher;
    }

    private async Task Start(params string[] settings)
    {
        host = ServerHost.Build(
            ["--urls", "http://127.0.0.1:0", "--SupportCluster:DataFolder", folder.Path, "--Logging:LogLevel:Default", $"{LogsFrom}", "--Logging:LogLevel:Microsoft", $"{LogsFrom}", "--Logging:LogLevel:Microsoft.AspNetCore", $"{LogsFrom}", "--Logging:LogLevel:Orleans", "Information", .. settings],
            Clock,
            builder => builder.Logging.ClearProviders().AddProvider(logs));
        await host.App.StartAsync();
        Address = new Uri(host.App.Urls.First());
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        Tokens ??= new(await File.ReadAllBytesAsync(folder["development-sign-in.key"]), Clock);
    }

    private async Task Stop()
    {
        Http?.Dispose();
        if (host is not null)
        {
            await host.App.StopAsync();
            await host.DisposeAsync();
            host = null;
        }
    }
}
