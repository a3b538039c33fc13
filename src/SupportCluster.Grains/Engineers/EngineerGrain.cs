using NodaTime;
using Orleans.Concurrency;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Engineers;
using SupportCluster.Grains.Cases;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Policies;

namespace SupportCluster.Grains.Engineers;

/// <summary>An engineer: profile and load. Its key is the engineer id.</summary>
public interface IEngineerGrain : IGrainWithStringKey
{
    [AlwaysInterleave]
    Task<Engineer?> Read();

    [AlwaysInterleave]
    Task<long> ReadVersion();

    Task<(Engineer? State, Refusal? Refusal)> SetProfile(EngineerProfile profile, Actor actor, RequestKey? request);

    /// <summary>Takes a case: reserves room, then asks the case (HB-5.5).</summary>
    Task<CaseReply> Take(CaseNumber number, Actor actor, RequestKey? request);

    /// <summary>The case for which a request has made room before; null when it has not.</summary>
    [AlwaysInterleave]
    Task<CaseNumber?> FindRequest(RequestKey? request);

    /// <summary>A case tells that this engineer no longer has it.</summary>
    Task Released(CaseNumber number, Guid reservation);

    /// <summary>A case tells its severity.</summary>
    Task SeverityChanged(CaseNumber number, int severity, long caseVersion);
}

[GrainType("engineer")]
public sealed class EngineerGrain(DurableServices services) : DurableGrain<Engineer, EngineerEvent, NoEffect>(services), IEngineerGrain
{
    public Task<Engineer?> Read() => Task.FromResult(State);

    public Task<long> ReadVersion() => Task.FromResult(Version);

    public async Task<(Engineer? State, Refusal? Refusal)> SetProfile(EngineerProfile profile, Actor actor, RequestKey? request)
    {
        var policy = await Services.Policies.Get(await GrainFactory.GetGrain<IPolicyGrain>(IPolicyGrain.Current).CurrentVersion());
        var id = EngineerId.Create(this.GetPrimaryKeyString());
        var outcome = await Execute(request, (state, now) => Engineer.SetProfile(state, id, profile, actor, policy, now));
        return (State, outcome.Refusal);
    }

    public Task<CaseNumber?> FindRequest(RequestKey? request) =>
        Task.FromResult(State?.Cases.Where(c => request is not null && c.Reservation == request.Id).Select(c => (CaseNumber?)c.Number).FirstOrDefault());

    public async Task<CaseReply> Take(CaseNumber number, Actor actor, RequestKey? request)
    {
        if (State is null)
        {
            return new(null, Refusal.NotFound("engineer-not-found", $"There is no engineer '{this.GetPrimaryKeyString()}'."));
        }

        var grain = GrainFactory.GetGrain<ICaseGrain>(number.Value);
        if (await grain.Read() is not { } known)
        {
            return new(null, Refusal.NotFound("case-not-found", "There is no such case."));
        }

        var held = State.Cases.FirstOrDefault(c => c.Number == number);
        var reservation = held?.Reservation ?? request?.Id ?? Guid.CreateVersion7();
        if (held is null)
        {
            if (known.Owner is { } owner || known.ClosedAt is not null || known.AcknowledgedAt is null)
            {
                // Not worth a reservation: the case itself says why.
                return await grain.Execute(new(new CaseCommand.Assign(State.Id, Guid.CreateVersion7(), known.Severity), actor));
            }

            var policy = await Services.Policies.Get(known.Terms.PolicyVersion);
            var reserved = await Execute(null, (state, now) => state!.Reserve(number, reservation, known.Severity, known.Terms.Product, known.Terms.ProductLine, policy, now));
            if (reserved.Refusal is { } full)
            {
                return new(null, full);
            }
        }

        var reply = await grain.Execute(new(new CaseCommand.Assign(State.Id, reservation, held?.Severity ?? known.Severity), actor));
        if (reply.Refusal?.Kind == RefusalKind.Unknown)
        {
            return reply;
        }

        var settled = await Settle(number, reservation, assigned: reply.Refusal is null);
        return settled.Refusal is { } lost ? new(null, lost) : reply;
    }

    public Task Released(CaseNumber number, Guid reservation) => Settle(number, reservation, assigned: false);

    public async Task SeverityChanged(CaseNumber number, int severity, long caseVersion) => await Execute(null, (state, now) =>
        state?.Cases.Any(c => c.Number == number && c.Severity != severity && c.SeverityVersion < caseVersion) == true
            ? new List<EngineerEvent> { new EngineerEvent.SeverityChanged(Instant.Max(now, state.LastAt), Actor.System.Id, number, severity, caseVersion) }
            : []);

    protected override Engineer Evolve(Engineer? state, EngineerEvent happened) => Engineer.Evolve(state, happened);

    protected override Instant? DueOf(Engineer state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.NextDue;
    }

    /// <summary>Reservations without an answer: the case says whether they were used, and refuses them for ever if not.</summary>
    protected override async Task<Decision<EngineerEvent>> DecideDue(Engineer state, Instant now)
    {
        var events = new List<EngineerEvent>();
        foreach (var open in state.Cases.Where(c => !c.Assigned && c.ReservedAt + Engineer.ReservationOverdue <= now))
        {
            var reply = await GrainFactory.GetGrain<ICaseGrain>(open.Number.Value).Execute(new(new CaseCommand.VoidReservation(state.Id, open.Reservation), Actor.System));
            switch (reply.Refusal?.Code)
            {
                case null or "case-not-found":
                    events.Add(new EngineerEvent.Dropped(Instant.Max(now, state.LastAt), Actor.System.Id, open.Number, open.Reservation));
                    break;
                case "already-assigned":
                    events.Add(new EngineerEvent.Assigned(Instant.Max(now, state.LastAt), Actor.System.Id, open.Number, open.Reservation));
                    break;
            }
        }

        return events;
    }

    protected override Instant AtOf(EngineerEvent happened) => happened.At;

    private Task<Outcome> Settle(CaseNumber number, Guid reservation, bool assigned) => Execute(null, (state, now) =>
    {
        var held = state?.Cases.FirstOrDefault(c => c.Number == number && c.Reservation == reservation);
        if (held is null || (assigned && held.Assigned))
        {
            return new List<EngineerEvent>();
        }

        var at = Instant.Max(now, state!.LastAt);
        return new List<EngineerEvent> { assigned ? new EngineerEvent.Assigned(at, Actor.System.Id, number, reservation) : new EngineerEvent.Dropped(at, Actor.System.Id, number, reservation) };
    });
}
