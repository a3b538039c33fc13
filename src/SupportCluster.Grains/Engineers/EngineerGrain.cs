using Microsoft.Extensions.Logging;
using NodaTime;
using Orleans.Concurrency;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Centres;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Handoffs;
using SupportCluster.Domain.Policy;
using SupportCluster.Domain.Rosters;
using SupportCluster.Grains.Cases;
using SupportCluster.Grains.Centres;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Live;
using SupportCluster.Grains.Rosters;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Engineers;

/// <summary>An engineer: profile and load. Its key is the engineer id.</summary>
public interface IEngineerGrain : ITopicGrain
{
    [AlwaysInterleave]
    Task<Engineer?> Read();

    [AlwaysInterleave]
    Task<long> ReadVersion();

    Task<(Engineer? State, Refusal? Refusal)> SetProfile(EngineerProfile profile, Actor actor, RequestKey? request);

    /// <summary>Sets the schedule, and leaves the rest of the profile as it is.</summary>
    Task<(Engineer? State, Refusal? Refusal)> SetSchedule(EngineerSchedule schedule, Actor actor, RequestKey? request);

    /// <summary>Sets the schedule if the present one is still as it was when the new one was made of it; refused otherwise.</summary>
    Task<(Engineer? State, Refusal? Refusal)> ChangeSchedule(EngineerSchedule? from, EngineerSchedule to, Actor actor, RequestKey? request);

    /// <summary>Takes a case: reserves room, then asks the case (HB-5.5).</summary>
    Task<CaseReply> Take(CaseNumber number, Actor actor, RequestKey? request);

    /// <summary>The case that a request has taken, or has made room for, before; null when it has not.</summary>
    [AlwaysInterleave]
    Task<CaseNumber?> FindRequest(RequestKey? request);

    /// <summary>Puts a case to the engineer (HB-5.4): room is held while it rings. False when there is no room, or the case does not ring here.</summary>
    Task<bool> Ring(CaseNumber number, RingTarget target);

    /// <summary>Declines a case that rings here.</summary>
    Task<CaseReply> Decline(CaseNumber number, string reason, Actor actor, RequestKey? request);

    /// <summary>The engineer is not reached any more: what rings here ends, and rings elsewhere.</summary>
    [OneWay]
    Task PresenceLost();

    /// <summary>The closures of the centre have changed, or one begins: then everything held is handed over at once (HB-6.5). May be told again.</summary>
    Task ClosuresChanged(CentreClosures closures);

    /// <summary>A case tells that this engineer no longer has it.</summary>
    Task Released(CaseNumber number, Guid reservation);

    /// <summary>A case that was taken under this reservation tells its severity.</summary>
    Task SeverityChanged(CaseNumber number, Guid reservation, int severity, long caseVersion);
}

[GrainType("engineer")]
public sealed partial class EngineerGrain(DurableServices services) : DurableTopicGrain<Engineer, EngineerEvent, NoEffect>(services), IEngineerGrain
{
    private readonly ILogger logger = services.Loggers.CreateLogger<EngineerGrain>();
    private SupportPolicy? policyOfViews;

    public Task<Engineer?> Read() => Task.FromResult(State);

    public Task<long> ReadVersion() => Task.FromResult(Version);

    public async Task<(Engineer? State, Refusal? Refusal)> SetProfile(EngineerProfile profile, Actor actor, RequestKey? request)
    {
        var policy = await CurrentPolicy();
        var id = EngineerId.Create(this.GetPrimaryKeyString());
        var outcome = await Execute(request, (state, now) => Engineer.SetProfile(state, id, profile, actor, policy, now));
        return (State, outcome.Refusal);
    }

    public async Task<(Engineer? State, Refusal? Refusal)> ChangeSchedule(EngineerSchedule? from, EngineerSchedule to, Actor actor, RequestKey? request)
    {
        var policy = await CurrentPolicy();
        var outcome = await Execute(request, (state, now) => state is not null && EngineerSchedule.Same(state.Profile.Schedule, from)
            ? Engineer.SetProfile(state, state.Id, state.Profile with { Schedule = to }, actor, policy, now)
            : Refusal.State("schedule-changed", $"The schedule of {this.GetPrimaryKeyString()} was changed meanwhile: try again.", "HB-3.5"));
        return (State, outcome.Refusal);
    }

    public async Task<(Engineer? State, Refusal? Refusal)> SetSchedule(EngineerSchedule schedule, Actor actor, RequestKey? request) => State is null
        ? (null, Refusal.NotFound("engineer-not-found", $"There is no engineer '{this.GetPrimaryKeyString()}'."))
        : await SetProfile(State.Profile with { Schedule = schedule }, actor, request);

    public async Task<CaseNumber?> FindRequest(RequestKey? request) => request is null ? null
        : State?.Cases.FirstOrDefault(c => c.Reservation == request.Id)?.Number ?? (await Recall(request) as EngineerEvent.Assigned)?.Case;

    public async Task<CaseReply> Take(CaseNumber number, Actor actor, RequestKey? request)
    {
        if (State is null)
        {
            return new(null, Refusal.NotFound("engineer-not-found", $"There is no engineer '{this.GetPrimaryKeyString()}'."));
        }

        var (repeated, refused) = Check(request);
        if (refused is not null)
        {
            return new(null, refused);
        }

        var grain = GrainFactory.GetGrain<ICaseGrain>(number.Value);
        if (await grain.Read() is not { } known)
        {
            return new(null, Refusal.NotFound("case-not-found", "There is no such case."));
        }

        if (repeated)
        {
            // Sent twice at once, the second asks a queue whose first case is another one by now: the answer is the case that was taken.
            var taken = await FindRequest(request) ?? number;
            return new(taken == number ? known : await GrainFactory.GetGrain<ICaseGrain>(taken.Value).Read(), null, Repeated: true);
        }

        var held = State.Cases.FirstOrDefault(c => c.Number == number);
        var rings = held is { Assigned: false, RingsUntil: not null };
        var reservation = rings ? held!.Reservation : request?.Id ?? Guid.CreateVersion7();
        if (held is not null && (held.Assigned || held.Reservation != reservation))
        {
            // Taken before, or left by an attempt without an answer: the case says which.
            if (await IsUsed(held) is not { } used || (await Settle(number, held.Reservation, used)).Refusal is not null)
            {
                return new(null, OutcomeUnknown);
            }

            if (used)
            {
                return new(await grain.Read(), null, Repeated: true);
            }

            held = null;
        }

        if (held is null)
        {
            if (known.Owner is not null || known.ClosedAt is not null || known.AcknowledgedAt is null)
            {
                // Not worth a reservation: the case itself says why. It may have come free meanwhile; no case has severity 0, so that it is not given without room.
                return await grain.Execute(new(new CaseCommand.Assign(State.Id, Guid.CreateVersion7(), Severity: 0), actor, request));
            }

            var policy = await Services.Policies.Get(known.Terms.PolicyVersion);
            var reserved = await Execute(null, (state, now) => state!.Reserve(number, reservation, known.Severity, known.Terms.Product, known.Terms.ProductLine, policy, now));
            if (reserved.Refusal is { } full)
            {
                return new(null, full);
            }
        }

        // The case remembers the request too: one that was carried out and answered before does not take the case a second time.
        var reply = await grain.Execute(new(new CaseCommand.Assign(State.Id, reservation, held?.Severity ?? known.Severity), actor, request));
        if (reply.Refusal?.Kind == RefusalKind.Unknown)
        {
            return reply;
        }

        var assigned = reply.Refusal is null && reply.State?.Reservation == reservation;
        var settled = await Settle(number, reservation, assigned, assigned ? request : null);
        return settled.Refusal is { } lost ? new(null, lost) : reply;
    }

    public async Task<bool> Ring(CaseNumber number, RingTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var grain = GrainFactory.GetGrain<ICaseGrain>(number.Value);
        if (State is null || await grain.Read() is not { SeeksEngineer: true, Ring: null } known)
        {
            return false;
        }

        var policy = await Services.Policies.Get(known.Terms.PolicyVersion);
        var reservation = Guid.CreateVersion7();
        var until = known.Handoff is null ? policy.Ring(known.Severity) : policy.Handoffs.Ring;
        var reserved = await Execute(null, (state, now) => state!.Reserve(number, reservation, known.Severity, known.Terms.Product, known.Terms.ProductLine, policy, now, now + until));
        if (reserved.Refusal is not null || State?.Cases.Any(c => c.Reservation == reservation) != true)
        {
            return false;
        }

        var reply = await grain.Execute(new(new CaseCommand.Ring(State.Id, reservation, known.Severity, target.FallbackLanguage, target.Centre), Actor.System));
        if (reply.State?.Ring?.Reservation == reservation)
        {
            return true;
        }

        if (reply.Refusal is not { Kind: RefusalKind.Unknown })
        {
            await Settle(number, reservation, assigned: false);
        }

        return false;
    }

    public async Task<CaseReply> Decline(CaseNumber number, string reason, Actor actor, RequestKey? request)
    {
        ArgumentNullException.ThrowIfNull(actor);

        // The case knows a repeat, and whether it rings here still.
        var reservation = State?.Cases.FirstOrDefault(c => c.Number == number)?.Reservation ?? Guid.Empty;
        return await GrainFactory.GetGrain<ICaseGrain>(number.Value).Execute(new(new CaseCommand.DeclineRing(EngineerId.Create(this.GetPrimaryKeyString()), reservation, reason), actor, request));
    }

    public async Task PresenceLost()
    {
        foreach (var ringing in State?.Cases.Where(c => c is { Assigned: false, RingsUntil: not null }).ToList() ?? [])
        {
            await GrainFactory.GetGrain<ICaseGrain>(ringing.Number.Value).Execute(new(new CaseCommand.EndRing(State!.Id), Actor.System));
        }
    }

    public async Task Released(CaseNumber number, Guid reservation) => Delivered(await Settle(number, reservation, assigned: false));

    public async Task SeverityChanged(CaseNumber number, Guid reservation, int severity, long caseVersion) => Delivered(await Execute(null, (state, now) =>
        state?.Cases.Any(c => c.Number == number && c.Reservation == reservation && c.SeverityVersion < caseVersion) == true
            ? new List<EngineerEvent> { new EngineerEvent.SeverityChanged(Instant.Max(now, state.LastAt), Actor.System.Id, number, severity, caseVersion) }
            : []));

    protected override Engineer Evolve(Engineer? state, EngineerEvent happened) => Engineer.Evolve(state, happened);

    protected override Instant? DueOf(Engineer state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.NextDue;
    }

    public override async Task<Subscription?> Subscribe(string server, long generation, ITopicObserver observer, Cursor? since)
    {
        // The policy's capacity is shown where the engineer has none of one's own; a renewal brings a newer one.
        policyOfViews = await CurrentPolicy();
        return await base.Subscribe(server, generation, observer, since);
    }

    protected override object ViewOf(Engineer state) => EngineerStanding.Of(state, Version, policyOfViews!);

    protected override IEnumerable<object> ChangesOf(IReadOnlyList<EngineerEvent> events, long after, Engineer reached) => events;

    protected override void Committed(IReadOnlyList<EngineerEvent> events, Engineer? before, Engineer after)
    {
        base.Committed(events, before, after);
        GrainFactory.GetGrain<IRosterGrain>(IRosterGrain.World).Changed(Version, after).Ignore();
        foreach (var centre in new[] { before?.Profile.Centre, after.Profile.Centre }.OfType<string>().Distinct())
        {
            if (Services.Watched?.Contains(new(ICentreGrain.Type, centre)) == true)
            {
                GrainFactory.GetGrain<ICentreGrain>(centre).Changed(after.Id, Version, centre == after.Profile.Centre ? after : null).Ignore();
            }
        }
    }

    /// <summary>Reservations without an answer: the case says whether they were used, and refuses them for ever if not. The cases held are told of the end of the shift (HB-6.5).</summary>
    protected override async Task<Decision<EngineerEvent>> DecideDue(Engineer state, Instant now)
    {
        var events = new List<EngineerEvent>();
        var taken = false;
        foreach (var open in state.Cases.Where(c => c.AskAt <= now))
        {
            try
            {
                if (await IsUsed(open) is { } used)
                {
                    var at = Instant.Max(now, state.LastAt);
                    events.Add(used ? new EngineerEvent.Assigned(at, Actor.System.Id, open.Number, open.Reservation) : new EngineerEvent.Dropped(at, Actor.System.Id, open.Number, open.Reservation));
                    taken |= used;
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // One case that cannot answer keeps its own room, not that of the others.
                LogUnanswered(e, state.Id, open.Number);
            }
        }

        if (state.TellAt <= now)
        {
            var roster = await RosterOf(state);
            if (await TellCases(roster, state, now) is { } unknown)
            {
                // It stays due, and they are told again.
                return unknown;
            }

            events.Add(new EngineerEvent.ShiftPlanned(Instant.Max(now, state.LastAt), Actor.System.Id, state.Cases.Any(c => c.Assigned) ? NextNotice(roster, state, now) : null));
        }

        if (taken)
        {
            var notice = HandoffNotice.OfTaker(await RosterOf(state), state.Id, now);
            events.AddRange(Planned(events.Aggregate(state, Engineer.Evolve), notice, now));
        }

        return events;
    }

    protected override Instant AtOf(EngineerEvent happened) => happened.At;

    private async Task<SupportPolicy> CurrentPolicy() => await Services.Policies.Current(GrainFactory);

    /// <summary>Whether the case was taken under the reservation; if not it never will be. Null when the case cannot say.</summary>
    private async Task<bool?> IsUsed(EngineerCase held)
    {
        var reply = await GrainFactory.GetGrain<ICaseGrain>(held.Number.Value).Execute(new(new CaseCommand.VoidReservation(State!.Id, held.Reservation), Actor.System));
        return reply.Refusal?.Code switch
        {
            "already-assigned" => true,
            null or "case-not-found" => false,
            _ => null,
        };
    }

    /// <summary>An effect that was not written down here is delivered again: its sender must not take it for done.</summary>
    private void Delivered(Outcome outcome)
    {
        if (outcome.Refusal is { } refusal)
        {
            throw new StoreException($"Engineer {this.GetPrimaryKeyString()} has not taken note ({refusal.Code}).");
        }
    }

    /// <summary>Writes down what became of a reservation; with a case that was taken, in one go, when it is told of the end of the shift: no crash comes between.</summary>
    private async Task<Outcome> Settle(CaseNumber number, Guid reservation, bool assigned, RequestKey? request = null)
    {
        var notice = assigned && State is { } taker ? HandoffNotice.OfTaker(await RosterOf(taker), taker.Id, Now) : null;
        return await Execute(request, (state, now) =>
        {
            var held = state?.Cases.FirstOrDefault(c => c.Number == number && c.Reservation == reservation);
            if (held is null || (assigned && held.Assigned))
            {
                return new List<EngineerEvent>();
            }

            var at = Instant.Max(now, state!.LastAt);
            return assigned
                ? [new EngineerEvent.Assigned(at, Actor.System.Id, number, reservation), .. Planned(state, notice, at)]
                : new List<EngineerEvent> { new EngineerEvent.Dropped(at, Actor.System.Id, number, reservation) };
        });
    }

    [LoggerMessage(1201, LogLevel.Warning, "{Engineer} has room reserved for case {Case}, which cannot say what became of it; it will be asked again.")]
    private partial void LogUnanswered(Exception exception, EngineerId engineer, CaseNumber @case);
}
