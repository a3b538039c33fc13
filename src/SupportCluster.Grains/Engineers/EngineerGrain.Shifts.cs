using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Centres;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Handoffs;
using SupportCluster.Domain.Rosters;
using SupportCluster.Grains.Cases;
using SupportCluster.Grains.Rosters;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Engineers;

/// <summary>The shifts of an engineer: the cases held hear when their owner leaves, and what a changed schedule or a closure means for that (HB-6.4, HB-6.5).</summary>
public sealed partial class EngineerGrain
{
    public async Task ClosuresChanged(CentreClosures closures)
    {
        ArgumentNullException.ThrowIfNull(closures);
        if (State is not { Cases.IsEmpty: false } state || state.Profile.Centre != closures.Centre)
        {
            return;
        }

        var now = Instant.Max(Now, closures.LastAt);
        var roster = new Roster(await CurrentPolicy(), [state], CentreClosures.ByCentre([closures]));
        if (closures.IsClosed(now))
        {
            // What rings here rings elsewhere.
            await PresenceLost();
        }

        var leaves = closures.IsClosed(now) && roster.Of(state.Id)!.IsOnShift(now);
        if (await TellCases(roster, state, now, leaves ? closures.LastAt : null) is { } unknown)
        {
            throw new StoreException($"Not all cases of {state.Id} were told of the closures of their owner's centre ({unknown.Code}).");
        }

        var notice = NextNotice(roster, state, now);
        if (notice != State!.Shift && State.Cases.Any(c => c.Assigned))
        {
            Delivered(await Execute(null, (known, at) => new List<EngineerEvent> { new EngineerEvent.ShiftPlanned(Instant.Max(at, known!.LastAt), Actor.System.Id, notice) }));
        }
    }

    /// <summary>Plans when the cases held are told, when that differs from what is known; at once when it is due. A changed profile is due already, and tells all of them.</summary>
    private static List<EngineerEvent> Planned(Engineer state, HandoffNotice? notice, Instant now) =>
        notice == state.Shift || state.ProfileChangedAt is not null ? [] : [new EngineerEvent.ShiftPlanned(Instant.Max(now, state.LastAt), Actor.System.Id, notice)];

    /// <summary>Tells every case held how its owner's shifts are by a roster; told again it changes nothing.</summary>
    /// <param name="closedAt">Since when the centre is closed while the engineer should be at work: everything is handed over at once.</param>
    /// <returns>Why not all have answered; null when they have.</returns>
    private async Task<Refusal?> TellCases(Roster roster, Engineer state, Instant now, Instant? closedAt = null)
    {
        var absence = HandoffNotice.Absence(roster, state.Id, now);
        CaseCommand command = absence is null
            ? new CaseCommand.StayOnShift(state.Id)
            : new CaseCommand.EndShift(state.Id, closedAt ?? absence.From, absence.Until, closedAt is not null);
        Refusal? failed = null;
        foreach (var held in state.Cases.Where(c => c.Assigned))
        {
            if ((await Tell(held.Number, command)).Refusal is { Kind: RefusalKind.Unknown } unknown)
            {
                failed = unknown;
            }
        }

        return failed;
    }

    /// <summary>The notice after the one that is given now.</summary>
    private static HandoffNotice? NextNotice(Roster roster, Engineer state, Instant now) =>
        HandoffNotice.Next(roster, state.Id, HandoffNotice.Absence(roster, state.Id, now)?.From ?? now);

    /// <summary>Its own engineer alone, at a centre that may be closed.</summary>
    private async Task<Roster> RosterOf(Engineer state) => new(
        await CurrentPolicy(), [state], state.Profile.Centre is { } centre && await GrainFactory.GetGrain<IRosterGrain>(IRosterGrain.World).ClosuresOf(centre) is { } closures ? CentreClosures.ByCentre([closures]) : null);

    private Task<CaseReply> Tell(CaseNumber number, CaseCommand command) => GrainFactory.GetGrain<ICaseGrain>(number.Value).Execute(new(command, Actor.System));
}
