using System.Globalization;
using NodaTime;
using SupportCluster.Client.Live;
using SupportCluster.Faults.Checking;
using SupportCluster.Faults.Load;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;
using SupportCluster.Protocol.Engineers;

namespace SupportCluster.Faults.Sun;

/// <summary>
/// An engineer at work: connected from the begin of a shift to its end, answers what rings, works on what is held, leaves notes for whoever comes
/// next. One thing at a time, so that what was taken can be counted.
/// </summary>
internal sealed class SunEngineer(SunFloor floor, SunEngineerPlan plan, int first)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);
    private readonly List<EngineerView> told = [];
    private readonly HashSet<(string Number, Instant Until)> answered = [];
    private int steps;

    /// <summary>What the engineer was told while at work.</summary>
    internal WatchedEngineer Seen
    {
        get
        {
            lock (told)
            {
                return new(plan.Id, [.. told]);
            }
        }
    }

    /// <summary>Works all shifts. Ends when <paramref name="stop"/> is cancelled: the present command is seen through.</summary>
    internal async Task Work(CancellationToken stop)
    {
        try
        {
            foreach (var shift in plan.Shifts)
            {
                await RealTime.Until(shift.Start, stop);
                while (RealTime.Now < shift.End && !stop.IsCancellationRequested)
                {
                    if (await Connected(shift.End, stop))
                    {
                        // The connection is lost, and found again after a while.
                        await RealTime.Think(TimeSpan.FromSeconds(floor.Chance.Between(2, 6, plan.Id, Step("away"))), stop);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Everybody goes home.
        }
    }

    /// <summary>Works over one connection.</summary>
    /// <returns>True when it is lost before the shift ends.</returns>
    private async Task<bool> Connected(Instant end, CancellationToken stop)
    {
        await using var live = new LiveClient(floor.Api.Options(plan.Persona, first: first), RealTime.Provider);
        using var leave = new CancellationTokenSource();
        var hearing = Hear(live, leave.Token);
        try
        {
            while (RealTime.Now < end && !stop.IsCancellationRequested)
            {
                if (await Act())
                {
                    return true;
                }

                await RealTime.Think(Glance, default);
            }

            return false;
        }
        finally
        {
            await leave.CancelAsync();
            await hearing;
        }
    }

    private async Task Hear(LiveClient live, CancellationToken cancel)
    {
        try
        {
            await foreach (var update in live.WatchEngineer(plan.Id, ct: cancel))
            {
                if (update.View is { } view && update.Kind is UpdateKind.Snapshot or UpdateKind.Change)
                {
                    lock (told)
                    {
                        told.Add(view);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The engineer leaves.
        }
    }

    /// <summary>Does one thing, if there is one to do.</summary>
    /// <returns>True when the connection is lost by it.</returns>
    private async Task<bool> Act()
    {
        EngineerView? present;
        lock (told)
        {
            present = told.LastOrDefault();
        }

        if (present is null)
        {
            return false;
        }

        var now = RealTime.Now;
        if (present.Cases.FirstOrDefault(c => c.RingsUntil > now && !answered.Contains((c.Number, c.RingsUntil.Value))) is { RingsUntil: { } until } rings)
        {
            answered.Add((rings.Number, until));
            floor.Know(rings.Number);
            return await Answer(rings.Number);
        }

        foreach (var held in present.Cases.Where(c => !c.Reserved))
        {
            if (floor.View(held.Number) is { ClosedAt: null } view && view.Owner == plan.Id && await Proceed(floor.Know(held.Number), view, now))
            {
                return false;
            }
        }

        // Now and then somebody looks into a queue instead of waiting for a ring.
        if (present.Cases.Count == 0 && floor.Chance.Happens(0.02, plan.Id, Step("looks")))
        {
            await floor.Desk.Give(CommandKind.TakeNext, plan.Persona, plan.Id, $"api/queues/{plan.Region}/{plan.Skills[0]}/take", null, null, null, default);
        }

        return false;
    }

    /// <summary>Eight in ten accept; the others decline, lose their connection, or let it ring.</summary>
    private async Task<bool> Answer(string number)
    {
        var kind = floor.Chance.Of(plan.Id, Step("answers"));
        if (kind < 0.92)
        {
            await RealTime.Think(TimeSpan.FromMilliseconds(floor.Chance.Between(200, 1000, plan.Id, Step("thinks"))), default);
        }

        if (kind < 0.8)
        {
            await floor.Desk.Give(CommandKind.Take, plan.Persona, plan.Id, $"api/cases/{number}/take", number, null, null, default);
        }
        else if (kind < 0.88)
        {
            await floor.Give(CommandKind.Decline, plan.Persona, plan.Id, number, "decline", m => new DeclineRing(m), default);
        }

        return kind is >= 0.88 and < 0.92;
    }

    /// <summary>The next step of a case that the engineer owns.</summary>
    /// <returns>Whether there was one.</returns>
    private async Task<bool> Proceed(SunCase c, CaseView view, Instant now)
    {
        var step = Next(c, view, now);
        if (step is not { } todo || !c.Again($"{plan.Id} {todo.Kind}", 4))
        {
            return false;
        }

        await floor.Give(todo.Kind, plan.Persona, plan.Id, view.Number, todo.Verb, todo.Body, default);
        return true;
    }

    private (CommandKind Kind, string Verb, Func<string, object> Body)? Next(SunCase c, CaseView view, Instant now)
    {
        if (view.Handoff is { Seeking: false } handoff && handoff.From == plan.Id && floor.Happens(0.75, c, $"note {plan.Id}") && now > handoff.AskedAt + floor.Seconds(0.5, 3, c, "note after"))
        {
            return (CommandKind.HandoffNote, "handoff-note", m => new HandoffNote(m, "Go on.", "A restart.", "The log.", "Pat, by phone."));
        }

        var opened = view.AcknowledgedAt ?? view.ReportedAt;
        if (view.Milestones.First(m => m.Milestone == Milestone.InitialResponse).MetAt is null && now > opened + floor.Seconds(0.5, 4, c, "responds"))
        {
            return (CommandKind.Respond, "respond", m => new Respond(Channel.CallBack, m));
        }

        if (view.Solution is not null || view.Waiting is not null || view.WorkResumesAt is not null)
        {
            return null;
        }

        if (floor.Happens(0.12, c, "asks") && now > opened + floor.Seconds(4, 12, c, "asks after") && c.Once("asked"))
        {
            return (CommandKind.Ask, "ask", m => new AskCustomer(m));
        }

        // Service is restored within seconds in some cases; in most not before the case has seen two or three shifts.
        if (view.Severity == 1 && view.RestoredAt is null)
        {
            return now > opened + floor.Seconds(20, 150, c, "restores") ? (CommandKind.Restore, "restore", m => new RestoreService(m)) : null;
        }

        var length = floor.Happens(0.15, c, "hard") ? floor.Seconds(60, 140, c, "solves") : floor.Seconds(6, 30, c, "solves");
        var begun = view.RestoredAt is { } restored ? Instant.Max(restored + floor.Seconds(3, 10, c, "solves then"), opened + length) : opened + length;
        return now > begun ? (CommandKind.Propose, "propose", m => new ProposeSolution(SolutionKind.Fix, m)) : null;
    }

    private string Step(string what) => string.Create(CultureInfo.InvariantCulture, $"{what} {steps++}");
}
