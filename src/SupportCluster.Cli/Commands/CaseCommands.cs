using System.CommandLine;
using SupportCluster.Client;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Cli.Commands;

/// <summary>Flat verbs for cases, one for each action of the server.</summary>
internal static class CaseCommands
{
    internal static IEnumerable<Command> All(Supportctl cli)
    {
        yield return SubmitCommand.Create(cli);
        yield return List(cli);
        yield return Show(cli);
        yield return History(cli);
        yield return Explain(cli);
        yield return Acknowledge(cli);
        yield return Verb(cli, "take", "Take the case.", (call, number) => call.Client.Take(number, call.Cancellation));
        yield return Reasoned(cli, "release", "Give the case back to its queue.", (call, number, reason) => call.Client.Release(number, new Release(reason), call.Cancellation));
        yield return Respond(cli);
        yield return Note(cli);
        yield return Worded(cli, "ask", "Ask the customer; restoration and solution clocks are on hold.", (call, number, text) => call.Client.Ask(number, new AskCustomer(text), call.Cancellation));
        yield return Worded(cli, "answer", "Give the customer's answer.", (call, number, text) => call.Client.Answer(number, new Answer(text), call.Cancellation));
        yield return Severity(cli);
        yield return Worded(cli, "workaround", "Record a workaround.", (call, number, text) => call.Client.GiveWorkaround(number, new GiveWorkaround(text), call.Cancellation));
        yield return Worded(cli, "restore", "Record that service is restored.", (call, number, text) => call.Client.RestoreService(number, new RestoreService(text), call.Cancellation));
        yield return Propose(cli);
        yield return Accept(cli);
        yield return Reasoned(cli, "reject", "Reject the proposed solution.", (call, number, reason) => call.Client.Reject(number, new RejectSolution(reason), call.Cancellation));
        yield return Reasoned(cli, "close", "Close the case.", (call, number, reason) => call.Client.Close(number, new CloseCase(reason), call.Cancellation));
        yield return Reasoned(cli, "reopen", "Reopen a closed case.", (call, number, reason) => call.Client.Reopen(number, new ReopenCase(reason), call.Cancellation));
        yield return Excuse(cli);
        yield return Reasoned(cli, "no-known-fix", "Record that no workaround or fix is known.", (call, number, reason) => call.Client.RecordNoKnownFix(number, new RecordNoKnownFix(reason), call.Cancellation));
        yield return Reasoned(cli, "decline", "Decline the case that rings.", (call, number, reason) => call.Client.Decline(number, new DeclineRing(reason), call.Cancellation));
        yield return HandoffNote(cli);
        yield return Reasoned(cli, "escalate", "Ask for the duty manager.", (call, number, reason) => call.Client.Escalate(number, new EscalateCase(reason), call.Cancellation));
        yield return TakeUp(cli);
        yield return Deescalate(cli);
        yield return Reasoned(cli, "decline-continuous-service", "Work stops outside local business hours.", (call, number, reason) => call.Client.DeclineContinuousService(number, new DeclineContinuousService(reason), call.Cancellation));
        yield return Verb(cli, "take-back-continuous-service", "Work goes on round the clock.", (call, number) => call.Client.TakeBackContinuousService(number, new TakeBackContinuousService(), call.Cancellation));
        yield return Reasoned(cli, "contact-unavailable", "Record that no qualified contact is available.", (call, number, reason) => call.Client.ContactUnavailable(number, new ContactUnavailable(reason), call.Cancellation));
        yield return ContactAvailable(cli);
        yield return WatchCommand.Create(cli);
    }

    private static Command List(Supportctl cli)
    {
        var supportId = new Option<string?>("--support-id") { Description = "Of this contract." };
        var queue = new Option<string?>("--queue") { Description = "In this queue, such as emea/backup." };
        var region = new Option<string?>("--region") { Description = "Of this region." };
        var owner = new Option<string?>("--owner") { Description = "Of this engineer." };
        var status = Given.Word<CaseStatus>("--status", "With this status.");
        var open = new Option<bool>("--open") { Description = "Without closed cases." };
        var severity = Given.Severity("Of this severity.");
        var product = new Option<string?>("--product") { Description = "Of this product." };
        var offer = new Option<string?>("--offer") { Description = "Of this offer." };
        var text = new Option<string?>("--text") { Description = "With this in the title." };
        var escalated = new Option<bool>("--escalated") { Description = "Only those with an open escalation." };
        var limit = Given.Limit();
        var after = Given.After();
        return cli.Command(
            "list",
            "List cases.",
            async call =>
            {
                var query = new CaseQuery(
                    call.Get(supportId), call.Get(queue), call.Get(region), call.Get(owner), call.Get(status), call.Get(open) ? true : null, call.Get(severity),
                    call.Get(product), call.Get(offer), call.Get(text), call.Get(limit), call.Get(after), call.Get(escalated) ? true : null);
                call.Output.Write(await call.Client.Cases(query, call.Cancellation), page => CaseText.List(call.Output, page));
            },
            supportId, queue, region, owner, status, open, severity, product, offer, text, escalated, limit, after);
    }

    private static Command Show(Supportctl cli)
    {
        var number = Given.Number();
        return cli.Command(
            "show",
            "Show a case.",
            async call => call.Output.Write(await call.Client.Case(call.Get(number), call.Cancellation), view => CaseText.Full(call.Output, view)),
            number);
    }

    private static Command History(Supportctl cli)
    {
        var number = Given.Number();
        var limit = Given.Limit();
        var after = Given.After();
        return cli.Command(
            "history",
            "Show what happened in a case.",
            async call => call.Output.Write(
                await call.Client.History(call.Get(number), call.Get(after), call.Get(limit), call.Cancellation),
                page =>
                {
                    foreach (var entry in page.Items)
                    {
                        call.Output.Line(CaseText.Entry(entry));
                    }

                    call.Output.More(page.Next);
                }),
            number, limit, after);
    }

    private static Command Explain(Supportctl cli)
    {
        var number = Given.Number();
        return cli.Command(
            "explain",
            "Show why the deadlines of a case are what they are.",
            async call => call.Output.Write(await call.Client.Explain(call.Get(number), call.Cancellation), e => CaseText.Explanations(call.Output, e)),
            number);
    }

    private static Command Acknowledge(Supportctl cli)
    {
        var severity = Given.Severity("The severity agreed with the customer.");
        var queue = new Option<string?>("--queue") { Description = "Another queue than the product's." };
        return Verb(
            cli,
            "acknowledge",
            "Acknowledge a reported case.",
            (call, number) => call.Client.Acknowledge(number, new Acknowledge(call.Get(severity), call.Get(queue)), call.Cancellation),
            severity, queue);
    }

    private static Command Respond(Supportctl cli)
    {
        var channel = Given.Word<Channel>("--channel", "How the customer was reached.", required: true);
        var text = Given.Text("What was said.");
        return Verb(
            cli,
            "respond",
            "Record the initial response.",
            async (call, number) => await call.Client.Respond(number, new Respond(call.Required(channel)!.Value, await call.Text(text)), call.Cancellation),
            channel, text);
    }

    private static Command Note(Supportctl cli)
    {
        var text = Given.Text("The note.");
        var hidden = new Option<bool>("--internal") { Description = "Never shown to the customer." };
        return Verb(
            cli,
            "note",
            "Add a note.",
            async (call, number) => await call.Client.Note(number, new AddNote(await call.Text(text), call.Get(hidden)), call.Cancellation),
            text, hidden);
    }

    private static Command Severity(Supportctl cli)
    {
        var severity = Given.Severity("The new severity.", required: true);
        var reason = Given.Reason();
        return Verb(
            cli,
            "severity",
            "Change the severity; open milestones are re-targeted.",
            (call, number) => call.Client.ChangeSeverity(number, new ChangeSeverity(call.Required(severity)!.Value, call.Required(reason)), call.Cancellation),
            severity, reason);
    }

    private static Command Propose(Supportctl cli)
    {
        var kind = Given.Word<SolutionKind>("--kind", "What is proposed.", required: true);
        var text = Given.Text("The solution.");
        var update = new Option<string?>("--update") { Description = "The coming software update, for planned-for-coming-version." };
        return Verb(
            cli,
            "propose",
            "Propose a solution.",
            async (call, number) => await call.Client.Propose(number, new ProposeSolution(call.Required(kind)!.Value, await call.Text(text), call.Get(update)), call.Cancellation),
            kind, text, update);
    }

    private static Command Accept(Supportctl cli)
    {
        var text = Given.Text("What the contact said.", required: false);
        return Verb(
            cli,
            "accept",
            "Accept the proposed solution: the case is closed.",
            async (call, number) => await call.Client.Accept(number, new AcceptSolution(call.Given(text) ? await call.Text(text) : null), call.Cancellation),
            text);
    }

    private static Command Excuse(Supportctl cli)
    {
        var milestone = Given.Word<Milestone>("--milestone", "Which miss.", required: true);
        var cause = Given.Word<ExcuseCause>("--cause", "What excuses it.", required: true);
        var reason = Given.Reason();
        return Verb(
            cli,
            "excuse",
            "Excuse a miss.",
            (call, number) => call.Client.Excuse(number, new ExcuseMiss(call.Required(milestone)!.Value, call.Required(cause)!.Value, call.Required(reason)), call.Cancellation),
            milestone, cause, reason);
    }

    private static Command HandoffNote(Supportctl cli)
    {
        var state = new Option<string>("--state") { Description = "Where the case stands.", Required = true };
        var plan = new Option<string>("--plan") { Description = "The plan of action.", Required = true };
        var tried = new Option<string>("--tried") { Description = "What was tried.", Required = true };
        var next = new Option<string>("--next") { Description = "What is next.", Required = true };
        var contact = new Option<string>("--contact") { Description = "When and how the customer's contact is available.", Required = true };
        return Verb(
            cli,
            "handoff-note",
            "Leave a note for the next engineer.",
            (call, number) => call.Client.GiveHandoffNote(
                number, new HandoffNote(call.Required(state), call.Required(plan), call.Required(tried), call.Required(next), call.Required(contact)), call.Cancellation),
            state, plan, tried, next, contact);
    }

    private static Command TakeUp(Supportctl cli)
    {
        var cause = Given.Word<EscalationCause>("--cause", "Which escalation.", required: true);
        return Verb(cli, "take-up", "Take an escalation up.", (call, number) => call.Client.TakeUp(number, new TakeUpEscalation(call.Required(cause)!.Value), call.Cancellation), cause);
    }

    private static Command Deescalate(Supportctl cli)
    {
        var cause = Given.Word<EscalationCause>("--cause", "Which escalation.", required: true);
        var reason = Given.Reason();
        return Verb(
            cli,
            "deescalate",
            "End an escalation.",
            (call, number) => call.Client.Deescalate(number, new DeescalateCase(call.Required(cause)!.Value, call.Required(reason)), call.Cancellation),
            cause, reason);
    }

    private static Command ContactAvailable(Supportctl cli)
    {
        var text = Given.Text("Who is available.", required: false);
        return Verb(
            cli,
            "contact-available",
            "Record that a qualified contact is available again.",
            async (call, number) => await call.Client.ContactAvailable(number, new ContactAvailable(call.Given(text) ? await call.Text(text) : null), call.Cancellation),
            text);
    }

    private static Command Reasoned(Supportctl cli, string name, string description, Func<Call, string, string, Task<CaseView>> action)
    {
        var reason = Given.Reason();
        return Verb(cli, name, description, (call, number) => action(call, number, call.Required(reason)), reason);
    }

    private static Command Worded(Supportctl cli, string name, string description, Func<Call, string, string, Task<CaseView>> action)
    {
        var text = Given.Text("The text.");
        return Verb(cli, name, description, async (call, number) => await action(call, number, await call.Text(text)), text);
    }

    private static Command Verb(Supportctl cli, string name, string description, Func<Call, string, Task<CaseView>> action, params ReadOnlySpan<Option> options)
    {
        var number = Given.Number();
        return cli.Command(
            name,
            description,
            async call => call.Output.Write(await action(call, call.Get(number)), view => CaseText.Short(call.Output, view)),
            [number, .. options]);
    }
}
