using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using Orleans.Reminders;
using Orleans.TestingHost;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Grains.Cases;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Policies;
using SupportCluster.Grains.Waking;
using SupportCluster.Server.Hosting;
using SupportCluster.Storage;
using SupportCluster.Storage.Sqlite;

namespace SupportCluster.Grains.Tests;

/// <summary>Which of the three nets of waking are there, and whether queues put their cases to engineers.</summary>
[Flags]
public enum Nets
{
    None = 0,
    Timer = 1,
    Reminder = 2,
    Sweep = 4,
    All = Timer | Reminder | Sweep,
    Rings = 8,
}

/// <summary>A silo over the real store in a folder of its own, on a clock that stands still until it is moved. Stopped and started, it goes on where it was.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    /// <summary>Monday morning in Dublin, which keeps universal time in winter.</summary>
    internal static readonly Instant Monday = Instant.FromUtc(2026, 3, 2, 9, 0);

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);

    /// <summary>How often a condition is looked at in vain before the test fails: a minute or more.</summary>
    private const int Looks = 6000;

    private readonly string path = Directory.CreateTempSubdirectory("supportcluster-").FullName;
    private readonly Nets nets;
    private readonly GuardSwitches guards;
    private readonly SqliteStoreOptions options;
    private DataFolder folder = null!;
    private SqliteStore sqlite = null!;
    private InProcessTestCluster cluster = null!;

    private TestNode(Nets nets, GuardSwitches? guards, SqliteStoreOptions? options, Instant start)
    {
        this.nets = nets;
        this.guards = (guards ?? new()) with { TimerNet = nets.HasFlag(Nets.Timer), Rings = nets.HasFlag(Nets.Rings) };
        this.options = options ?? new();
        Time = new FakeTimeProvider(start.ToDateTimeOffset());
    }

    internal FakeTimeProvider Time { get; }

    internal TestingStore Store { get; private set; } = null!;

    internal IGrainFactory Grains { get; private set; } = null!;

    internal ConcurrentQueue<(LogLevel Level, string Text)> Log { get; } = new();

    internal Instant Now => Instant.FromDateTimeOffset(Time.GetUtcNow());

    /// <summary>A sweep whose passes the test itself asks for.</summary>
    internal WakeSweep NewSweep() => new(Store, Grains, new TimeProviderClock(Time), Time, Service<IHostApplicationLifetime>(), Service<ILoggerFactory>().CreateLogger<WakeSweep>());

    internal static async Task<TestNode> Start(Nets nets = Nets.None, GuardSwitches? guards = null, SqliteStoreOptions? options = null, Instant? start = null)
    {
        var node = new TestNode(nets, guards, options, start ?? Monday);
        await node.Start();
        var (_, refusal) = await node.Grains.GetGrain<IPolicyGrain>(IPolicyGrain.Current).Apply(PolicyFile.Read(PolicyFile.DefaultPath), Actor.System);
        Assert.Null(refusal);
        return node;
    }

    internal T Service<T>()
        where T : notnull => cluster.Silos[0].ServiceProvider.GetRequiredService<T>();

    internal ICaseGrain Case(CaseNumber number) => Grains.GetGrain<ICaseGrain>(number.Value);

    internal async Task<CaseState> State(CaseNumber number) => (await Case(number).Read())!;

    /// <summary>The journal of a case.</summary>
    internal async Task<IReadOnlyList<CaseEvent>> Events(CaseNumber number) => await Events<CaseEvent>("case", number.Value);

    internal async Task<IReadOnlyList<T>> Events<T>(string type, string id) =>
        [.. (await Store.ReadEvents(new(type, id), 0, int.MaxValue)).Select(e => JsonSerializer.Deserialize<T>(e.Json.Span, DomainJson.Stored)!)];

    /// <summary>Stops the node; with a crash nothing more is written on the way down.</summary>
    internal async Task Stop(bool crash = false)
    {
        if (crash)
        {
            Store.Faults = _ => Fault.Refuse;
            await cluster.KillSiloAsync(cluster.Silos[0]);
        }

        await cluster.StopAllSilosAsync();
        await cluster.DisposeAsync();
        await sqlite.DisposeAsync();
        folder.Dispose();
    }

    internal async Task Start()
    {
        folder = DataFolder.Take(path);
        var clock = new TimeProviderClock(Time);
        sqlite = SqliteStore.Open(folder, clock, options);
        Store = new TestingStore(sqlite);
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.InitializeClientOnDeploy = false;
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddReminders();
            silo.Configure<ReminderOptions>(o => (o.RefreshReminderListPeriod, o.ReminderLoadingWindow) = (TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10)));
            silo.Services.AddSingleton<IStore>(Store).AddSingleton<IClock>(clock);
            silo.Services.AddKeyedSingleton<TimeProvider>(ReminderTimeProviderNames.Reminders, new CreepingClock(Time));
            silo.AddGrainNodeServices(guards);

            // The silo's own clock stays the real one: only our services and the reminders live by the test's.
            silo.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<DurableServices>(services, Time));
            foreach (var sweep in silo.Services.Where(d => d.ServiceType == typeof(IHostedService) && d.ImplementationFactory?.Method.ReturnType == typeof(WakeSweep)).ToList())
            {
                silo.Services.Remove(sweep);
            }

            if (nets.HasFlag(Nets.Sweep))
            {
                silo.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<WakeSweep>(services, Time));
            }

            if (!nets.HasFlag(Nets.Reminder))
            {
                silo.Services.AddSingleton<IReminderTable, NoReminders>();
            }

            silo.Services.AddLogging(logging => logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddProvider(new LogKeeper(Log)));
        });
        cluster = builder.Build();
        await cluster.DeployAsync();
        Grains = Service<IGrainFactory>();
    }

    /// <summary>The activation goes away, as after a long silence.</summary>
    internal Task Deactivate(IAddressable grain) => Service<IGrainFactory>() is { } && cluster.TryGetGrainContext(grain.GetGrainId(), out _) ? cluster.DeactivateAsync(grain) : Task.CompletedTask;

    /// <summary>Waits, without time passing on the test's clock, until something is true; looks again with each of the store's writes.</summary>
    internal async Task Until(Func<Task<bool>> condition)
    {
        for (var looks = 0; !await condition(); looks++)
        {
            Assert.True(looks < Looks, $"It did not happen by {Now}.{string.Concat(Log.TakeLast(5).Select(l => $"\n{l.Level} {l.Text}"))}");
            await NextWrite();
        }
    }

    /// <summary>Lets time pass in steps until something is true; then time stands still, and it must become true by itself.</summary>
    internal async Task PassUntil(Func<Task<bool>> condition, Duration most)
    {
        var end = Now + most;
        while (Now < end && !await condition())
        {
            await Step(end);
        }

        await Until(condition);
    }

    /// <summary>Lets time pass in steps, and lets each step's work be done.</summary>
    internal async Task Pass(Duration span)
    {
        var end = Now + span;
        while (Now < end)
        {
            await Step(end);
        }
    }

    /// <summary>Waits for as long as the store is being written to.</summary>
    internal async Task Settle()
    {
        while (await NextWrite())
        {
        }
    }

    // Reminders need steps no longer than their refresh period, and must not be driven faster than they read the store.
    private async Task Step(Instant end)
    {
        Time.Advance(Duration.Min(Duration.FromSeconds(nets.HasFlag(Nets.Reminder) ? 5 : 20), end - Now).ToTimeSpan());
        await Settle();
    }

    /// <summary>The next write, or none within a moment: false.</summary>
    private async Task<bool> NextWrite()
    {
        try
        {
            await Store.Next.WaitAsync(Moment);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        Directory.Delete(path, recursive: true);
    }

    private sealed class NoReminders : IReminderTable
    {
        public Task<ReminderTableData> ReadRows(GrainId grainId) => Task.FromResult(new ReminderTableData());

        public Task<ReminderTableData> ReadRows(uint begin, uint end) => Task.FromResult(new ReminderTableData());

        public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => Task.FromResult<ReminderEntry?>(null);

        public Task<string?> UpsertRow(ReminderEntry entry) => throw new NotSupportedException();

        public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => throw new NotSupportedException();

        public Task TestOnlyClearTable() => Task.CompletedTask;
    }

    private sealed class LogKeeper(ConcurrentQueue<(LogLevel Level, string Text)> log) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Enqueue((logLevel, $"{formatter(state, exception)} {exception}"));

        public void Dispose()
        {
        }
    }
}

/// <summary>
/// The test's clock, which creeps while it is asked. Reminders wait until an instant with one delay after another, and a delay of less than
/// a millisecond is none: on a clock that stands still just before such an instant that never ends. It never creeps a whole millisecond.
/// </summary>
internal sealed class CreepingClock(TimeProvider time) : TimeProvider
{
    private readonly Lock sync = new();
    private DateTimeOffset stands;
    private long crept;

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow()
    {
        lock (sync)
        {
            var now = time.GetUtcNow();
            (stands, crept) = (now, now == stands ? Math.Min(crept + 1, TimeSpan.TicksPerMillisecond - 1) : 0);
            return now.AddTicks(crept);
        }
    }

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);
}
