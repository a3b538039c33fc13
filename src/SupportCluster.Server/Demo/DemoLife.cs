using System.Security.Cryptography;
using NodaTime;
using SupportCluster.Client;
using SupportCluster.Client.Live;
using SupportCluster.Protocol;
using SupportCluster.Server.SignIn;

namespace SupportCluster.Server.Demo;

/// <summary>
/// With <c>--demo</c>: an organisation in an empty store, and people who report, answer and work by chance, over the same API as everybody. Whoever signs in as one of
/// them joins in. A store with an organisation of its own is left alone.
/// </summary>
internal sealed partial class DemoLife(Personas personas, TimeProvider time, IHostApplicationLifetime lifetime, Microsoft.AspNetCore.Hosting.Server.IServer server, ILogger<DemoLife> logger) : BackgroundService
{
    private static readonly Duration Night = Duration.FromHours(12);
    private readonly Dictionary<string, SupportClusterClient> clients = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        try
        {
            await started.Task.WaitAsync(stoppingToken);
            var admin = As("admin");
            if ((await admin.Contracts(limit: 200, cancellation: stoppingToken)).Items.Any(c => DemoOrganisation.Customers.All(d => d.Id != c.SupportId)))
            {
                LogLeftAlone();
                return;
            }

            await DemoOrganisation.Found(admin, stoppingToken);
            await Task.WhenAll([Reports(stoppingToken), .. DemoOrganisation.Engineers.Skip(1).Select(e => Work(e.Id, stoppingToken))]);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
        finally
        {
            foreach (var client in clients.Values)
            {
                client.Dispose();
            }
        }
    }

    /// <summary>A case every few seconds, more often a mild one; at first a handful at once.</summary>
    private async Task Reports(CancellationToken cancel)
    {
        for (var i = 0; ; i++)
        {
            var customer = Any(DemoOrganisation.Customers);
            var trouble = Any(DemoOrganisation.Troubles);
            await Try(() => As($"contact.{customer.Id}").Submit(
                new(trouble.Product, trouble.Title, $"{trouble.Title}, since {RandomNumberGenerator.GetInt32(1, 9)} hours.", trouble.Severity, SerialNumber: "SN-0001", Environment: DemoOrganisation.Environment), cancel));
            await Pause(i < 15 ? 0.3 : 20, i < 15 ? 0.6 : 40, cancel);
        }
    }

    /// <summary>An engineer at the desk: accepts most of what rings, and works on each case that is held until it is solved.</summary>
    private async Task Work(string engineer, CancellationToken cancel)
    {
        var persona = $"eng.{engineer["eng-".Length..]}";
        var me = As(persona);
        await using var live = new LiveClient(Options(persona), time);
        var begun = new HashSet<string>();
        await foreach (var update in live.WatchEngineer(engineer, null, cancel))
        {
            foreach (var held in update.View?.Cases ?? [])
            {
                if (begun.Add($"{held.Number}/{held.Reserved}"))
                {
                    _ = held.Reserved ? Answer(me, held.Number, cancel) : Solve(me, held.Number, cancel);
                }
            }

            if (begun.Count > 1000)
            {
                begun.Clear();
            }
        }
    }

    private async Task Answer(SupportClusterClient me, string number, CancellationToken cancel)
    {
        await Pause(2, 12, cancel);
        await Try(() => RandomNumberGenerator.GetInt32(10) < 8 ? me.Take(number, cancel) : me.Decline(number, new("In another call."), cancel));
    }

    private async Task Solve(SupportClusterClient me, string number, CancellationToken cancel)
    {
        if (await Try(() => me.Case(number, cancel)) is not { ClosedAt: null } view)
        {
            return;
        }

        var contact = As(view.Contact);
        await Pause(5, 40, cancel);
        await Try(() => me.Respond(number, new(Channel.CallBack, "We have reproduced it and are looking for the cause."), cancel));
        await Pause(20, 90, cancel);
        if (RandomNumberGenerator.GetInt32(3) == 0)
        {
            await Try(() => me.Ask(number, new("Please send the log of last night."), cancel));
            await Pause(20, 120, cancel);
            await Try(() => contact.Answer(number, new("Sent."), cancel));
        }

        if (view.Severity == 1)
        {
            await Pause(30, 120, cancel);
            await Try(() => me.RestoreService(number, new("Service is back on the standby."), cancel));
        }

        await Pause(60, 300, cancel);
        await Try(() => me.Propose(number, new(SolutionKind.Fix, "Install the fix of this week; the restart takes a minute."), cancel));
        await Pause(20, 240, cancel);
        await Try(() => RandomNumberGenerator.GetInt32(10) > 0 ? contact.Accept(number, new("Thank you."), cancel) : contact.Reject(number, new("It happens again."), cancel));
    }

    /// <summary>What is refused was somebody else's doing, a visitor's perhaps.</summary>
    private async Task<T?> Try<T>(Func<Task<T>> act)
        where T : class
    {
        try
        {
            return await act();
        }
        catch (Exception e) when (e is SupportClusterException or OutcomeUnknownException)
        {
            LogRefused(e.Message);
            return null;
        }
    }

    private Task Pause(double least, double most, CancellationToken cancel) => Task.Delay(TimeSpan.FromSeconds(least + ((most - least) * RandomNumberGenerator.GetInt32(1000) / 1000)), time, cancel);

    private static T Any<T>(T[] of) => of[RandomNumberGenerator.GetInt32(of.Length)];

    private SupportClusterClient As(string persona)
    {
        lock (clients)
        {
            return clients.TryGetValue(persona, out var known) ? known : clients[persona] = new(Options(persona), time);
        }
    }

    private SupportClusterOptions Options(string persona)
    {
        DevelopmentToken? token = null;
        return new()
        {
            Address = new Uri(server.Features.Get<Microsoft.AspNetCore.Hosting.Server.Features.IServerAddressesFeature>()!.Addresses.First()),
            Token = _ =>
            {
                var now = Instant.FromDateTimeOffset(time.GetUtcNow());
                token = token is { } known && known.ExpiresAt > now + (Night / 2) ? known : personas.Issue(Personas.Claims(persona)!, Night);
                return ValueTask.FromResult<string?>(token.Token);
            },
        };
    }

    [LoggerMessage(1501, LogLevel.Warning, "The store holds an organisation of its own: the demo leaves it alone. Give it a folder of its own with --SupportCluster:DataFolder.")]
    private partial void LogLeftAlone();

    [LoggerMessage(1502, LogLevel.Debug, "Refused in the demo: {Why}")]
    private partial void LogRefused(string why);
}
