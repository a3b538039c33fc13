using NodaTime;
using SupportCluster.Faults.Load;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Faults.Sun;

/// <summary>The contacts of all customers: report what the log says when it says so, answer, accept solutions, and now and then want something else.</summary>
internal sealed class SunCustomers(SunFloor floor)
{
    private const int Desks = 6;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);

    /// <summary>Reports the cases, at the distances of the log, drawn together to a span.</summary>
    internal async Task Report(IReadOnlyList<LoggedCase> cases, Duration within, CancellationToken cancel)
    {
        var (began, whole) = (RealTime.Now, cases[^1].At - cases[0].At);
        var reporting = new List<Task>();
        foreach (var logged in cases)
        {
            await RealTime.Until(began + (whole == Duration.Zero ? Duration.Zero : within * ((logged.At - cases[0].At) / whole)), cancel);
            reporting.Add(Report(logged, cancel));
        }

        await Task.WhenAll(reporting);
    }

    /// <summary>Does everything else, until <paramref name="stop"/> is cancelled.</summary>
    internal Task Work(CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, Desks).Select(async desk =>
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (var (c, view) in floor.Open().Where(o => o.Case.Logged is { } l && l.Place % Desks == desk))
            {
                if (!stop.IsCancellationRequested && Wish(c, view, RealTime.Now) is { } wish && c.Again($"{wish.Kind}", 4))
                {
                    await floor.Give(wish.Kind, SunPeople.Contact(c.Logged!), SunPeople.Contact(c.Logged!), c.Number, wish.Verb, wish.Body, default);
                }
            }

            await RealTime.Think(Glance, default);
        }
    }));

    private async Task Report(LoggedCase logged, CancellationToken cancel)
    {
        var marker = floor.Desk.Marker();
        var report = new SubmitCase($"{floor.Chance.Pick(SunPolicy.Lines, logged.Product, "line")}-exec", $"{logged.Product} {marker}", marker, logged.Severity);
        var answer = await floor.Desk.Give(CommandKind.Submit, SunPeople.Contact(logged), SunPeople.Contact(logged), "api/cases", null, marker, report, cancel, insist: true);
        if (answer.View is { } view)
        {
            floor.Know(view.Number, logged);
        }
    }

    private (CommandKind Kind, string Verb, Func<string, object> Body)? Wish(SunCase c, CaseView view, Instant now)
    {
        if (view.Waiting is { Reason: "contact" } away && now > away.Since + floor.Seconds(8, 30, c, "back"))
        {
            return (CommandKind.ContactAvailable, "contact-available", m => new ContactAvailable(m));
        }

        if (view.Waiting is { Reason: "customer" } asked && now > asked.Since + floor.Seconds(2, 8, c, "answers"))
        {
            return (CommandKind.Answer, "answer", m => new Answer(m));
        }

        if (view.Solution is { } solution && now > solution.ProposedAt + floor.Seconds(0.5, 5, c, "agrees"))
        {
            return floor.Happens(0.05, c, "rejects") && c.Once("rejected") ? (CommandKind.Reject, "reject", m => new RejectSolution(m)) : (CommandKind.Accept, "accept", m => new AcceptSolution(m));
        }

        if (view.Severity > 1 && floor.Happens(0.1, c, "worse") && now > view.ReportedAt + floor.Seconds(2, 10, c, "worse after") && c.Once("worse"))
        {
            return (CommandKind.Severity, "severity", m => new ChangeSeverity(1, m));
        }

        if (view.Continuous && floor.Happens(0.12, c, "declines") && now > view.ReportedAt + floor.Seconds(10, 40, c, "declines after") && c.Once("declined"))
        {
            return (CommandKind.DeclineContinuousService, "decline-continuous-service", m => new DeclineContinuousService(m));
        }

        if (view is { Continuous: false, Severity: 1, RestoredAt: null } && SunPolicy.ContinuousOffers.Contains(view.Offer) && floor.Happens(0.12, c, "declines") && c.Since("declined") > Duration.FromSeconds(25) && c.Once("wants it back"))
        {
            return (CommandKind.TakeBackContinuousService, "take-back-continuous-service", m => new TakeBackContinuousService(m));
        }

        if (view.Continuous && floor.Happens(0.12, c, "flies") && now > view.ReportedAt + floor.Seconds(10, 40, c, "flies after") && c.Once("flies"))
        {
            return (CommandKind.ContactUnavailable, "contact-unavailable", m => new ContactUnavailable(m));
        }

        return floor.Happens(0.03, c, "escalates") && now > view.ReportedAt + floor.Seconds(10, 40, c, "escalates after") && c.Once("escalated")
            ? (CommandKind.Escalate, "escalate", m => new EscalateCase(m))
            : null;
    }
}
