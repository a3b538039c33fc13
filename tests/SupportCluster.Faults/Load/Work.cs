using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Faults.Load;

/// <summary>What people do all day: each takes a case that is known and does what fits how it stood when last heard of. Others do too, so much is refused.</summary>
internal sealed class Work(Desk desk, CancellationToken stop)
{
    private const int Recent = 40;
    private const int MostOpen = 25;
    private static readonly TimeSpan Thought = TimeSpan.FromMilliseconds(80);

    /// <summary>Starts everybody. Ends when <c>stop</c> is cancelled: each then sees the present command through.</summary>
    internal Task Start() => Task.WhenAll(
    [
        .. People.Engineers.Select(name => Repeat(() => Engineer(name))),
        .. People.Contacts.Select(contact => Repeat(() => Contact(contact))),
        Repeat(Representative),
        Repeat(Representative),
        Repeat(Manager),
    ]);

    /// <summary>An engineer does one thing at a time, so that what was taken can be counted.</summary>
    private Task Engineer(string name)
    {
        var (persona, by) = ($"eng.{name}", $"eng-{name}");
        var own = Pick(c => c.Owner == by);
        switch (desk.Chance(own is null ? 3 : 10))
        {
            case 0 or 1:
                return desk.Give(CommandKind.TakeNext, persona, by, $"api/queues/{People.Queue}/take", null, null, null, default);
            case 2:
                var waiting = Pick(c => c.Status == CaseStatus.Queued && c.Queue == People.Queue);
                return waiting is null ? Task.CompletedTask : desk.Give(CommandKind.Take, persona, by, $"api/cases/{waiting.Number}/take", waiting.Number, null, null, default);
            case 3:
                return Act(CommandKind.Respond, persona, by, own, m => new Respond(Channel.CallBack, m));
            case 4:
                return Act(CommandKind.Ask, persona, by, own, m => new AskCustomer(m));
            case 5:
                return Act(CommandKind.Propose, persona, by, own, m => new ProposeSolution(SolutionKind.Fix, m));
            case 6:
                return Act(CommandKind.Restore, persona, by, own, m => new RestoreService(m));
            case 7:
                return Act(CommandKind.Workaround, persona, by, own, m => new GiveWorkaround(m));
            case 8:
                return Act(CommandKind.Release, persona, by, own, m => new Release(m));
            default:
                return Act(CommandKind.Note, persona, by, own, m => new AddNote(m, Internal: true));
        }
    }

    private Task Contact(string contact)
    {
        if (Open < MostOpen)
        {
            return Submit(contact, null);
        }

        return desk.Chance(7) switch
        {
            0 => Act(CommandKind.Answer, contact, contact, Pick(c => c.Waiting is not null), m => new Answer(m)),
            1 => Act(CommandKind.Severity, contact, contact, Pick(), Severity),
            2 => Act(CommandKind.Accept, contact, contact, Pick(c => c.Status == CaseStatus.SolutionProposed), m => new AcceptSolution(m)),
            3 => Act(CommandKind.Reject, contact, contact, Pick(c => c.Status == CaseStatus.SolutionProposed), m => new RejectSolution(m)),
            4 => Act(CommandKind.Close, contact, contact, Pick(), m => new CloseCase(m)),
            5 => Act(CommandKind.Reopen, contact, contact, Pick(c => c.ClosedAt is not null), m => new ReopenCase(m)),
            _ => Act(CommandKind.Note, contact, contact, Pick(), m => new AddNote(m)),
        };
    }

    private Task Representative() => desk.Chance(6) switch
    {
        // By phone: acknowledged by hand, in time or not.
        0 => Open < MostOpen ? Submit("rep", People.Contacts[0]) : Task.CompletedTask,
        1 => Act(CommandKind.Acknowledge, "rep", "rep", Pick(c => c.Status == CaseStatus.Reported), _ => new Acknowledge()),
        2 => Act(CommandKind.Ask, "rep", "rep", Pick(), m => new AskCustomer(m)),
        3 => Act(CommandKind.Answer, "rep", "rep", Pick(c => c.Waiting is not null), m => new Answer(m)),
        4 => Act(CommandKind.Severity, "rep", "rep", Pick(), Severity),
        _ => Act(CommandKind.Note, "rep", "rep", Pick(), m => new AddNote(m)),
    };

    private Task Manager() => desk.Chance(5) switch
    {
        0 => Act(CommandKind.Release, "manager.emea", "manager.emea", Pick(c => c.Owner is not null), m => new Release(m)),
        1 => Act(CommandKind.Close, "manager.emea", "manager.emea", Pick(c => c.Owner is not null), m => new CloseCase(m)),
        2 => Act(CommandKind.Reopen, "manager.emea", "manager.emea", Pick(c => c.ClosedAt is not null), m => new ReopenCase(m)),
        3 => Act(CommandKind.Respond, "manager.emea", "manager.emea", Pick(), m => new Respond(Channel.CallBack, m)),
        _ => Act(CommandKind.Note, "manager.emea", "manager.emea", Pick(), m => new AddNote(m, Internal: true)),
    };

    private int Open => Known().Count(c => c.ClosedAt is null);

    private ChangeSeverity Severity(string marker) => new(1 + desk.Chance(4), marker);

    private Task<Reply> Submit(string persona, string? onBehalfOf)
    {
        var marker = desk.Marker();
        var report = new SubmitCase(People.Product, $"Trouble {marker}", marker, 1 + desk.Chance(4), onBehalfOf is null ? null : People.WideContract, onBehalfOf, onBehalfOf is null ? null : Channel.Phone);
        return desk.Give(CommandKind.Submit, persona, persona, "api/cases", null, marker, report, default);
    }

    private Task Act(CommandKind kind, string persona, string by, CaseView? on, Func<string, object> body)
    {
        if (on is null)
        {
            return Task.CompletedTask;
        }

        var marker = kind == CommandKind.Acknowledge ? null : desk.Marker();
#pragma warning disable CA1308 // Paths are lower case.
        return desk.Give(kind, persona, by, $"api/cases/{on.Number}/{kind.ToString().ToLowerInvariant()}", on.Number, marker, body(marker ?? ""), default);
#pragma warning restore CA1308
    }

    /// <summary>Case numbers rise: the last ones are the newest.</summary>
    private IEnumerable<CaseView> Known() => desk.Cases.Values.Where(c => c.SupportId == People.WideContract).OrderByDescending(c => c.ReportedAt).Take(Recent);

    private CaseView? Pick(Func<CaseView, bool>? which = null)
    {
        var fitting = Known().Where(which ?? (_ => true)).ToList();
        return fitting.Count == 0 ? null : fitting[desk.Chance(fitting.Count)];
    }

    private async Task Repeat(Func<Task> once)
    {
        while (!stop.IsCancellationRequested)
        {
            await once();
            await RealTime.Think(Thought * (0.5 + (desk.Chance(100) / 100.0)), default);
        }
    }
}
