using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Centres;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Handoffs;
using SupportCluster.Domain.Policy;
using SupportCluster.Domain.Queues;
using SupportCluster.Domain.Rosters;
using SupportCluster.Grains.Centres;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Engineers;

namespace SupportCluster.Grains.Rosters;

/// <summary>Whom a case is put to next.</summary>
/// <param name="FallbackLanguage">The engineer does not speak the customer's language, but the region's main one (HB-3.4).</param>
public sealed record RingTarget(EngineerId Engineer, string? Centre, bool FallbackLanguage);

/// <summary>The engineers, who of them is reached at this moment, when centres are closed beside their hours, and who stands in for duty managers.</summary>
public sealed record RosterNow(ImmutableArray<Engineer> Engineers, ImmutableArray<EngineerId> Present, ImmutableArray<CentreClosures> Closures, ImmutableArray<DutyBook> Duty);

/// <summary>All engineers of the organisation, who is on shift and who is reached (HB-3.5, HB-5.5). There is one, under the key <see cref="World"/>.</summary>
public interface IRosterGrain : IGrainWithStringKey
{
    /// <summary>The key of the only one.</summary>
    const string World = "world";

    /// <summary>An engineer tells how it stands now. Applied by version; sent without waiting, so that it may be lost.</summary>
    [AlwaysInterleave, OneWay]
    Task Changed(long version, Engineer engineer);

    /// <summary>A node tells which engineers are connected to it: all of them, each time. One that has told nothing for a while has none.</summary>
    [AlwaysInterleave]
    Task Connected(string node, ImmutableArray<string> engineers);

    /// <summary>Whom a case is put to next (HB-5.4, HB-6.5); null when nobody comes into question at this moment.</summary>
    [AlwaysInterleave]
    Task<RingTarget?> Choose(CaseState state);

    /// <summary>The closures of a centre have changed. Applied by version.</summary>
    [AlwaysInterleave]
    Task ClosuresChanged(long version, CentreClosures closures);

    /// <summary>Who stands in for the duty managers of a region has changed. Applied by version; sent without waiting, so that it may be lost.</summary>
    [AlwaysInterleave, OneWay]
    Task DutyChanged(long version, DutyBook book);

    /// <summary>The closures of a centre; null when it was never closed.</summary>
    [AlwaysInterleave]
    Task<CentreClosures?> ClosuresOf(string centre);

    /// <summary>Who is connected at this moment.</summary>
    [AlwaysInterleave]
    Task<ImmutableArray<string>> Present();

    /// <summary>As it is now.</summary>
    [AlwaysInterleave]
    Task<RosterNow> Read();
}

/// <summary>
/// The roster lives in memory: it reads the engineers at its activation and from time to time, and hears of their changes between. What it answers
/// is advice: room is the engineer's to give, and the case the case's.
/// </summary>
[GrainType("roster")]
public sealed partial class RosterGrain(DurableServices services) : Grain, IRosterGrain
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    /// <summary>Nodes tell every few seconds who is connected: one that has not for so long is taken for gone.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private readonly ILogger logger = services.Loggers.CreateLogger<RosterGrain>();
    private readonly Dictionary<string, (long Version, Engineer Engineer)> engineers = [];
    private readonly Dictionary<string, (long At, ImmutableHashSet<string> Engineers)> nodes = [];
    private readonly Dictionary<string, (long Version, CentreClosures State)> closures = [];
    private readonly Dictionary<string, (long Version, DutyBook State)> duty = [];
    private ImmutableHashSet<string> present = [];
    private SupportPolicy policy = null!;
    private Roster? roster;
    private long looked;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await Refresh();
        this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions { DueTime = Glance, Period = Glance, Interleave = true });
    }

    public Task Changed(long version, Engineer engineer)
    {
        ArgumentNullException.ThrowIfNull(engineer);
        if (engineers.GetValueOrDefault(engineer.Id.Value).Version < version)
        {
            engineers[engineer.Id.Value] = (version, engineer);
            roster = roster?.Of(engineer.Id) is null ? null : roster.With(engineer);
        }

        return Task.CompletedTask;
    }

    public Task ClosuresChanged(long version, CentreClosures closures)
    {
        ArgumentNullException.ThrowIfNull(closures);
        if (this.closures.GetValueOrDefault(closures.Centre).Version < version)
        {
            this.closures[closures.Centre] = (version, closures);
            roster = null;
        }

        return Task.CompletedTask;
    }

    public Task DutyChanged(long version, DutyBook book)
    {
        ArgumentNullException.ThrowIfNull(book);
        if (duty.GetValueOrDefault(book.Region).Version < version)
        {
            duty[book.Region] = (version, book);
        }

        return Task.CompletedTask;
    }

    public Task<CentreClosures?> ClosuresOf(string centre) => Task.FromResult(closures.TryGetValue(centre, out var known) ? known.State : null);

    public Task Connected(string node, ImmutableArray<string> engineers)
    {
        nodes[node] = (services.Time.GetTimestamp(), [.. engineers]);
        Settle();
        return Task.CompletedTask;
    }

    public Task<RingTarget?> Choose(CaseState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (present.IsEmpty)
        {
            return Task.FromResult<RingTarget?>(null);
        }

        var now = services.Clock.GetCurrentInstant();
        var choice = state.Handoff is null
            ? Dispatch.Choose(DispatchCase.Of(state), Known(), IsPresent, now)
            : NextOwner.Choose(state, Known(), IsPresent, now);
        return Task.FromResult(choice is null ? null : new RingTarget(choice.Engineer.Id, choice.Engineer.Profile.Centre, choice.FallbackLanguage));
    }

    public Task<RosterNow> Read() => Task.FromResult(new RosterNow([.. engineers.Values.Select(e => e.Engineer)], [.. present.Select(EngineerId.Create)], [.. closures.Values.Select(c => c.State)], [.. duty.Values.Select(d => d.State)]));

    public Task<ImmutableArray<string>> Present() => Task.FromResult(present.ToImmutableArray());

    private bool IsPresent(EngineerId engineer) => present.Contains(engineer.Value);

    private Roster Known() => roster ??= new Roster(policy, engineers.Values.Select(e => e.Engineer), CentreClosures.ByCentre(closures.Values.Select(c => c.State)));

    private async Task Tick()
    {
        foreach (var silent in nodes.Where(n => services.Time.GetElapsedTime(n.Value.At) > Silence).Select(n => n.Key).ToList())
        {
            nodes.Remove(silent);
        }

        Settle();
        if (services.Time.GetElapsedTime(looked) < Look)
        {
            return;
        }

        try
        {
            await Refresh();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotRefreshed(e);
        }
    }

    /// <summary>Who is not reached any more is told, so that nothing goes on ringing there.</summary>
    private void Settle()
    {
        var now = nodes.Values.Aggregate(ImmutableHashSet<string>.Empty, (all, node) => all.Union(node.Engineers));
        foreach (var gone in present.Except(now))
        {
            GrainFactory.GetGrain<IEngineerGrain>(gone).PresenceLost().Ignore();
            TellCentre(gone, isPresent: false);
        }

        foreach (var come in now.Except(present))
        {
            TellCentre(come, isPresent: true);
        }

        present = now;
    }

    private void TellCentre(string engineer, bool isPresent)
    {
        if (engineers.TryGetValue(engineer, out var known) && known.Engineer.Profile.Centre is { } centre && services.Watched?.Contains(new(ICentreGrain.Type, centre)) == true)
        {
            GrainFactory.GetGrain<ICentreGrain>(centre).PresenceChanged(engineer, isPresent).Ignore();
        }
    }

    private async Task Refresh()
    {
        looked = services.Time.GetTimestamp();
        var current = await services.Policies.Current(GrainFactory);
        if (policy != current)
        {
            (policy, roster) = (current, null);
        }

        foreach (var centre in policy.Centres.Keys)
        {
            if (await StoredFacts.Read<CentreClosures, TellCentre>(services.Store, new(ICentreClosuresGrain.Type, centre), closures.GetValueOrDefault(centre).Version) is { } read)
            {
                await ClosuresChanged(read.Version, read.State);
            }
        }

        foreach (var region in policy.Document.Regions.Keys)
        {
            if (await StoredFacts.Read<DutyBook, NoEffect>(services.Store, new(IDutyGrain.Type, region), duty.GetValueOrDefault(region).Version) is { } read)
            {
                await DutyChanged(read.Version, read.State);
            }
        }

        foreach (var id in await StoredEngineers.Ids(services.Store))
        {
            if (await StoredEngineers.Read(services.Store, id, engineers.GetValueOrDefault(id).Version) is { } read)
            {
                await Changed(read.Version, read.Engineer);
            }
        }
    }

    [LoggerMessage(1301, LogLevel.Warning, "The roster could not look at the store; it goes by what it knew and tries again")]
    private partial void LogNotRefreshed(Exception exception);
}
