using System.Text.Json;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Milestones;
using SupportCluster.Grains.Cases;
using SupportCluster.Grains.Engineers;
using SupportCluster.Grains.Policies;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;
using SupportCluster.Server.Api;
using SupportCluster.Server.SignIn;
using SupportCluster.Storage;

namespace SupportCluster.Server.Cases;

/// <summary>Cases over REST: list, read, history, explanation and every action.</summary>
public static class CaseEndpoints
{
    public static void MapCases(this IEndpointRouteBuilder api)
    {
        var cases = api.MapGroup("/cases").WithTags("cases");
        cases.MapGet("/", List).For(RoleNames.People).WithSummary("Lists cases, newest first").Produces<Page<CaseSummary>>();
        cases.MapGet("/{number}", Show).For(RoleNames.People).WithSummary("A case").Produces<CaseView>();
        cases.MapGet("/{number}/history", History).For(RoleNames.People).WithSummary("Everything that happened to a case").Produces<Page<HistoryEntry>>();
        cases.MapGet("/{number}/explain", ExplainCase).For(RoleNames.People).WithSummary("Why its deadlines are what they are").Produces<IReadOnlyList<DeadlineExplanation>>();

        string[] contact = [RoleNames.Contact], rep = [RoleNames.Representative], engineer = [RoleNames.Engineer], manager = [RoleNames.Manager];
        cases.MapPost("/{number}/take", Take).For(engineer).WithSummary("Takes a case, or accepts it when it rings").Produces<CaseView>();
        cases.MapPost("/{number}/decline", Decline).For(engineer).WithSummary("Declines a case that rings").Produces<CaseView>();
        cases.Action<Acknowledge>("acknowledge", "Acknowledges a reported case", [.. rep, .. manager], b => new CaseCommand.Acknowledge(b.Severity, b.Queue is null ? null : new QueueKey(b.Queue)));
        cases.Action<Release>("release", "Gives a case back to its queue", [.. engineer, .. manager], b => new CaseCommand.Release(b.Reason));
        cases.Action<Respond>("respond", "Records a response, the first of which is the initial response", [.. engineer, .. manager], b => new CaseCommand.Respond(b.Channel.To<Domain.Channel>(), b.Text));
        cases.Action<AddNote>("note", "Adds a note, public or internal", [.. contact, .. rep, .. engineer, .. manager], b => new CaseCommand.AddNote(b.Text, b.Internal));
        cases.Action<AskCustomer>("ask", "Asks the customer; restoration and solution clocks are on hold", [.. rep, .. engineer, .. manager], b => new CaseCommand.AskCustomer(b.Text));
        cases.Action<Answer>("answer", "Records the customer's answer; the clocks go on", [.. contact, .. rep, .. engineer, .. manager], b => new CaseCommand.Answer(b.Text));
        cases.Action<ChangeSeverity>("severity", "Changes the severity", [.. contact, .. rep, .. engineer, .. manager], b => new CaseCommand.ChangeSeverity(b.Severity, b.Reason));
        cases.Action<GiveWorkaround>("workaround", "Gives a workaround", [.. engineer, .. manager], b => new CaseCommand.GiveWorkaround(b.Text));
        cases.Action<RestoreService>("restore", "Records that service is restored", [.. contact, .. engineer, .. manager], b => new CaseCommand.RestoreService(b.Text));
        cases.Action<ProposeSolution>("propose", "Proposes a solution", [.. engineer, .. manager], b => new CaseCommand.ProposeSolution(b.Kind.To<Domain.SolutionKind>(), b.Text, b.Update));
        cases.Action<AcceptSolution>("accept", "Accepts the solution; the case is closed", [.. contact, .. rep, .. manager], b => new CaseCommand.AcceptSolution(b.Text));
        cases.Action<RejectSolution>("reject", "Rejects the solution; work goes on", [.. contact, .. rep, .. manager], b => new CaseCommand.RejectSolution(b.Reason));
        cases.Action<CloseCase>("close", "Closes a case", [.. contact, .. engineer, .. manager], b => new CaseCommand.Close(b.Reason));
        cases.Action<ReopenCase>("reopen", "Reopens a closed case", [.. contact, .. rep, .. engineer, .. manager], b => new CaseCommand.Reopen(b.Reason));
        cases.Action<ExcuseMiss>("excuse", "Excuses a miss", manager, b => new CaseCommand.ExcuseMiss(b.Milestone.To<MilestoneKind>(), b.Cause.To<Domain.ExcuseCause>(), b.Reason));
        cases.Action<RecordNoKnownFix>("no-known-fix", "Records that no workaround or fix is known", manager, b => new CaseCommand.RecordNoKnownFix(b.Reason));
        cases.Action<HandoffNote>("handoff-note", "Leaves a note for the next engineer", [.. engineer, .. manager], b => new CaseCommand.GiveHandoffNote(new(b.State, b.Plan, b.Tried, b.Next, b.Contact)));
        cases.Action<EscalateCase>("escalate", "Asks for the duty manager", [.. contact, .. rep, .. engineer, .. manager], b => new CaseCommand.Escalate(b.Reason));
        cases.Action<TakeUpEscalation>("take-up", "Takes an escalation up", manager, b => new CaseCommand.TakeUpEscalation(b.Cause.To<Domain.Escalations.EscalationCause>()));
        cases.Action<DeescalateCase>("deescalate", "Ends an escalation", manager, b => new CaseCommand.Deescalate(b.Cause.To<Domain.Escalations.EscalationCause>(), b.Reason));
        cases.Action<DeclineContinuousService>("decline-continuous-service", "Work stops outside local business hours", [.. contact, .. rep, .. engineer, .. manager], b => new CaseCommand.DeclineContinuousService(b.Reason));
        cases.Action<TakeBackContinuousService>("take-back-continuous-service", "Work goes on round the clock", [.. contact, .. rep, .. engineer, .. manager], b => new CaseCommand.TakeBackContinuousService(b.Text));
        cases.Action<ContactUnavailable>("contact-unavailable", "No qualified contact is available; clocks are on hold", [.. contact, .. rep, .. engineer, .. manager], b => new CaseCommand.ContactUnavailable(b.Reason));
        cases.Action<ContactAvailable>("contact-available", "A qualified contact is available again", [.. contact, .. rep, .. engineer, .. manager], b => new CaseCommand.ContactAvailable(b.Text));
    }

    /// <summary>Maps an action: one command to one case, answered with the case as it is afterwards.</summary>
    private static void Action<TBody>(this IEndpointRouteBuilder cases, string verb, string summary, string[] roles, Func<TBody, CaseCommand> command)
        where TBody : notnull => cases.MapPost($"/{{number}}/{verb}", async (string number, TBody body, HttpContext http, CaseAccess access, IGrainFactory grains, PolicyBook policies, IClock clock) =>
        {
            var actor = http.User.Actor();
            var (state, hidden) = await access.Find(number, actor);
            if (hidden is not null)
            {
                return Problems.Result(hidden);
            }

            var decided = command(body);
            var (key, malformed) = RequestKeys.Read(http, decided);
            var (seen, unreadable) = SeenVersion.Read(http);
            if ((malformed ?? unreadable) is { } wrong)
            {
                return Problems.Result(wrong);
            }

            return await Answered(await grains.GetGrain<ICaseGrain>(state!.Number.Value).Execute(new(decided, actor, key, seen)), actor, policies, clock);
        }).For(roles).WithSummary(summary).Produces<CaseView>();

    private static async Task<IResult> List(HttpContext http, IStore store, CaseAccess access, string? supportId, string? queue, string? region, string? owner, string? status, bool? open,
        int? severity, string? product, string? offer, string? text, bool? escalated, int? limit, string? after)
    {
        var actor = http.User.Actor();
        var (count, wrong) = Paging.Limit(limit);
        if ((wrong ?? WrongFilter(status, severity, text) ?? await access.Admit(actor)) is { } refusal)
        {
            return Problems.Result(refusal);
        }

        if (actor.Role == Role.Contact)
        {
            if (escalated is not null)
            {
                return Problems.Result(Refusal.Forbidden("role-not-allowed", "What is escalated is for the support organisation to list; each of your cases shows your own escalations."));
            }

            if (supportId is not null && supportId != actor.SupportId!.Value.Value)
            {
                return Results.Ok(new Page<CaseSummary>([]));
            }

            supportId = actor.SupportId!.Value.Value;
        }

        var filter = new CaseFilter(supportId, queue, region, owner, status, escalated == true ? true : open, severity, product, offer, text, escalated);
        DirectoryPage page;
        try
        {
            page = await store.ListCases(filter, count, after);
        }
        catch (ArgumentException)
        {
            return Problems.Result(Refusal.Malformed("cursor-malformed", "after is the 'next' of the page before.", "?after"));
        }

        return Results.Ok(new Page<CaseSummary>([.. page.Items.Select(CaseViews.Summary)], page.Next));
    }

    private static readonly string[] Statuses = [.. Enum.GetNames<Protocol.CaseStatus>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    private static Refusal? WrongFilter(string? status, int? severity, string? text) =>
        status is not null && !Statuses.Contains(status) ? Refusal.Malformed("status-malformed", $"status is one of {string.Join(", ", Statuses)}.", "?status")
        : severity is not (null or (>= 1 and <= 4)) ? Refusal.Malformed("severity-malformed", "A severity is 1, 2, 3 or 4.", "?severity", "HB-3.1")
        : text is not null && !text.Any(char.IsLetterOrDigit) ? Refusal.Malformed("text-malformed", "text holds at least one letter or digit.", "?text")
        : null;

    private static async Task<IResult> Show(string number, HttpContext http, CaseAccess access, PolicyBook policies, IClock clock)
    {
        var actor = http.User.Actor();
        var (state, refusal) = await access.Find(number, actor);
        return refusal is not null ? Problems.Result(refusal) : await Answered(new(state, null), actor, policies, clock);
    }

    private static async Task<IResult> History(string number, HttpContext http, CaseAccess access, IStore store, long? after, int? limit)
    {
        var actor = http.User.Actor();
        var (count, wrongLimit) = Paging.Limit(limit);
        var (start, wrongAfter) = Paging.After(after);
        if ((wrongLimit ?? wrongAfter) is { } wrong)
        {
            return Problems.Result(wrong);
        }

        var (state, refusal) = await access.Find(number, actor);
        if (refusal is not null)
        {
            return Problems.Result(refusal);
        }

        // A contact's versions count only what it may see, so its page is found by counting from the start.
        var forCustomer = actor.Role == Role.Contact;
        var entries = new List<HistoryEntry>(count + 1);
        var (version, shown) = (forCustomer ? 0 : start, 0L);
        while (entries.Count <= count)
        {
            var stored = await store.ReadEvents(new("case", state!.Number.Value), version, forCustomer ? 1000 : count + 1);
            foreach (var (stamp, happened) in stored.Select(e => (e.Version, JsonSerializer.Deserialize<CaseEvent>(e.Json.Span, DomainJson.Stored)!)))
            {
                version = stamp;
                if (forCustomer && happened.IsInternal)
                {
                    continue;
                }

                shown++;
                if (!forCustomer || shown > start)
                {
                    entries.Add(CaseViews.Entry(happened, forCustomer ? shown : version, forCustomer));
                }
            }

            if (stored.Count == 0 || !forCustomer)
            {
                break;
            }
        }

        return Results.Ok(new Page<HistoryEntry>([.. entries.Take(count)], entries.Count > count ? $"{entries[count - 1].Version}" : null));
    }

    private static async Task<IResult> ExplainCase(string number, HttpContext http, CaseAccess access, PolicyBook policies)
    {
        var (state, refusal) = await access.Find(number, http.User.Actor());
        return refusal is not null ? Problems.Result(refusal) : Results.Ok(Explanations.Of(state!, await policies.Get(state!.Terms.PolicyVersion)));
    }

    private static async Task<IResult> Take(string number, HttpContext http, CaseAccess access, IGrainFactory grains, PolicyBook policies, IClock clock)
    {
        var actor = http.User.Actor();
        var (state, hidden) = await access.Find(number, actor);
        if (hidden is not null)
        {
            return Problems.Result(hidden);
        }

        var (key, malformed) = RequestKeys.Read(http, new { take = state!.Number });
        return malformed is not null
            ? Problems.Result(malformed)
            : await Answered(await grains.GetGrain<IEngineerGrain>(actor.Id).Take(state.Number, actor, key), actor, policies, clock);
    }

    private static async Task<IResult> Decline(string number, DeclineRing body, HttpContext http, CaseAccess access, IGrainFactory grains, PolicyBook policies, IClock clock)
    {
        var actor = http.User.Actor();
        var (state, hidden) = await access.Find(number, actor);
        if (hidden is not null)
        {
            return Problems.Result(hidden);
        }

        var (key, malformed) = RequestKeys.Read(http, new { decline = state!.Number, body.Reason });
        return malformed is not null
            ? Problems.Result(malformed)
            : await Answered(await grains.GetGrain<IEngineerGrain>(actor.Id).Decline(state.Number, body.Reason, actor, key), actor, policies, clock);
    }

    internal static async Task<IResult> Answered(CaseReply reply, Actor actor, PolicyBook policies, IClock clock, bool created = false)
    {
        if (reply.Refusal is { } refusal)
        {
            return Problems.Result(refusal);
        }

        var view = CaseViews.View(reply.State!, actor.Role == Role.Contact, await policies.Get(reply.State!.Terms.PolicyVersion), clock.GetCurrentInstant());
        return created ? Results.Created($"/api/cases/{view.Number}", view) : Results.Ok(view);
    }
}
