using System.Collections.Immutable;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Grains.Cases;
using SupportCluster.Grains.Policies;
using SupportCluster.Protocol.Cases;
using SupportCluster.Server.Api;
using SupportCluster.Server.SignIn;

namespace SupportCluster.Server.Cases;

/// <summary>Intake over REST (HB-3.2, HB-5.1, HB-5.2), and what-if on deadlines.</summary>
public static class IntakeEndpoints
{
    public static void MapIntake(this IEndpointRouteBuilder api)
    {
        api.MapPost("/cases", Submit).For(RoleNames.Contact, RoleNames.Representative, RoleNames.Engineer, RoleNames.Manager)
            .WithTags("cases").WithSummary("Reports a problem").Produces<CaseView>(StatusCodes.Status201Created);
        var intake = api.MapGroup("/intake").WithTags("intake");
        intake.MapGet("/checklist", async (IGrainFactory grains, PolicyBook policies) =>
        {
            var rules = (await policies.Current(grains)).Document.Intake;
            return Results.Ok(new IntakeChecklist(
                [.. rules.Criteria.Select(c => new SeverityCriterion(c.Key, c.Value.Severity, c.Value.Text))],
                [.. rules.Information.Select(i => Words.Word(i))]));
        }).For(RoleNames.People).WithSummary("Severity criteria, and information to give").Produces<IntakeChecklist>();
        intake.MapPost("/check", Check).For(RoleNames.People).WithSummary("The severity that criteria imply; changes nothing").Produces<IntakeAdvice>();
        api.MapPost("/explain", WhatIfDeadlines).For(RoleNames.People).WithTags("intake").WithSummary("What if: deadlines under an offer, a severity and a place").Produces<IReadOnlyList<DeadlineExplanation>>();
    }

    private static async Task<IResult> Submit(SubmitCase body, HttpContext http, CaseAccess access, IGrainFactory grains, PolicyBook policies, IClock clock)
    {
        var actor = http.User.Actor();
        if (await access.Admit(actor) is { } notAdmitted)
        {
            return Problems.Result(notAdmitted);
        }

        var isContact = actor.Role == Role.Contact;
        if (isContact && ((body.SupportId is not null && body.SupportId != actor.SupportId!.Value.Value) || (body.Contact is not null && body.Contact != actor.Id)))
        {
            return Problems.Result(Refusal.Forbidden("not-your-contract", "A contact reports problems under its own support ID and name.", "HB-2.1"));
        }

        if (!isContact && (body.SupportId is null || body.Contact is null))
        {
            return Problems.Result(Refusal.Malformed(body.SupportId is null ? "support-id-missing" : "contact-missing", "The front desk gives the support ID and the designated contact.", body.SupportId is null ? "/supportId" : "/contact", "HB-5.3"));
        }

        var channel = (body.Channel ?? Protocol.Channel.Online).To<Domain.Channel>();
        if (channel is not (Channel.Online or Channel.Phone or Channel.Email) || (isContact && channel != Channel.Online))
        {
            return Problems.Result(Refusal.Malformed("channel-malformed", isContact ? "A contact reports online." : "A problem is reported online, by phone or by email.", "/channel", "HB-4.2"));
        }

        var e = body.Environment;
        var report = new ProblemReport(
            body.Title,
            body.Description,
            body.Severity,
            new(body.Contact ?? actor.Id),
            channel,
            [.. body.Criteria ?? []],
            body.WorkaroundAvailable ?? false,
            body.SerialNumber,
            e is null ? null : new(e.SystemType, e.OperatingSystem, e.NetworkPlatform, e.Database, e.Configuration, e.Revision, e.HostId, [.. e.Evidence ?? []]),
            [.. (body.NamedContacts ?? []).Select(c => new ContactId(c))]);
        var subject = (body.Subject ?? Protocol.ProblemSubject.Technical).To<Domain.Cases.ProblemSubject>();
        var supportId = isContact ? actor.SupportId!.Value : new SupportId(body.SupportId!);
        var (key, malformed) = RequestKeys.Read(http, body);
        if (malformed is not null)
        {
            return Problems.Result(malformed);
        }

        // Without a key of the caller's the request has one of its own: repeats are then other requests.
        key ??= new(Guid.CreateVersion7(clock.GetCurrentInstant().ToDateTimeOffset()), 0);
        var request = new IntakeRequest(supportId, body.Product, report, subject, body.Language, actor, key);
        var reply = await grains.GetGrain<IIntakeGrain>(request.Key).Open(request);
        return await CaseEndpoints.Answered(reply, actor, policies, clock, created: !reply.Repeated);
    }

    private static async Task<IResult> Check(IntakeCheck body, IGrainFactory grains, PolicyBook policies)
    {
        var policy = await policies.Current(grains);
        ImmutableArray<string> criteria = [.. body.Criteria ?? []];
        var unknown = criteria.FirstOrDefault(c => !policy.Document.Intake.Criteria.ContainsKey(c));
        if (unknown is not null)
        {
            return Problems.Result(Refusal.Malformed("criterion-unknown", $"'{unknown}' is not one of {string.Join(", ", policy.Document.Intake.Criteria.Keys)}.", "/criteria", "HB-3.2"));
        }

        var remarks = new List<string>();
        if (body.Subject is { } subject && Intake.Referral(policy, subject.To<Domain.Cases.ProblemSubject>()) is { } referral)
        {
            remarks.Add(referral.Detail);
        }

        var proposed = Intake.ProposedSeverity(policy, criteria, body.WorkaroundAvailable ?? false);
        if (proposed is not null && body.Severity is { } given && given != proposed)
        {
            remarks.Add($"The criteria imply severity {proposed}; the severity given is {given} and stays.");
        }

        return Results.Ok(new IntakeAdvice(proposed, remarks));
    }

    private static async Task<IResult> WhatIfDeadlines(WhatIf body, IGrainFactory grains, PolicyBook policies, IClock clock)
    {
        var (explanations, refusal) = Explanations.WhatIf(await policies.Current(grains), body, clock.GetCurrentInstant());
        return refusal is not null ? Problems.Result(refusal) : Results.Ok(explanations);
    }
}
