using System.Collections.Immutable;
using System.Text;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Rosters;
using SupportCluster.Grains.Engineers;
using SupportCluster.Grains.Policies;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Engineers;
using SupportCluster.Server.Api;
using SupportCluster.Server.SignIn;
using SupportCluster.Storage;

namespace SupportCluster.Server.Engineers;

/// <summary>Engineers over REST.</summary>
public static class EngineerEndpoints
{
    private const string CalendarType = "text/calendar";
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void MapEngineers(this IEndpointRouteBuilder api)
    {
        var engineers = api.MapGroup("/engineers").WithTags("engineers");
        engineers.MapGet("/", List).For(RoleNames.Staff).WithSummary("Lists engineers by id").Produces<Page<EngineerView>>();
        engineers.MapGet("/{id}", async (string id, IGrainFactory grains, PolicyBook policies) => await View(id, grains, policies) is { } view
            ? Results.Ok(view)
            : Problems.Result(NotFound(id))).For(RoleNames.Staff).WithSummary("An engineer and the cases held").Produces<EngineerView>();
        engineers.MapPut("/{id}", Apply).For(RoleNames.Admin, RoleNames.Manager).WithSummary("Sets an engineer's profile").Produces<EngineerView>();
        engineers.MapGet("/{id}/schedule.ics", ReadSchedule).For(RoleNames.Staff).WithSummary("An engineer's schedule as iCalendar").Produces<string>(contentType: CalendarType);
        engineers.MapPut("/{id}/schedule.ics", ApplySchedule).For(RoleNames.Admin, RoleNames.Manager).WithSummary("Sets an engineer's schedule from iCalendar").Accepts<string>(CalendarType).Produces<EngineerView>();
        engineers.MapPost("/{id}/give-shift", Give).For(RoleNames.Admin, RoleNames.Manager).WithSummary("Gives an engineer's shifts of a day to another").Produces<EngineerView>();
    }

    /// <summary>Added to the one first and then taken off the other: cut short between, both have them, and a repeat does the rest.</summary>
    private static async Task<IResult> Give(string id, GiveShift body, HttpContext http, IGrainFactory grains, PolicyBook policies)
    {
        var (key, malformed) = RequestKeys.Read(http, body);
        if (malformed is not null)
        {
            return Problems.Result(malformed);
        }

        if (!Slug.IsValid(id) || await grains.GetGrain<IEngineerGrain>(id).Read() is not { } from)
        {
            return Problems.Result(NotFound(id));
        }

        if (!Slug.IsValid(body.To) || await grains.GetGrain<IEngineerGrain>(body.To).Read() is not { } to)
        {
            return Problems.Result(Refusal.Malformed("engineer-unknown", $"There is no engineer '{body.To}'.", "/to", "HB-3.5"));
        }

        var (left, taken, refusal) = ShiftSwap.Give(from, to, body.Date, await policies.Current(grains));
        refusal ??= (await grains.GetGrain<IEngineerGrain>(body.To).ChangeSchedule(to.Profile.Schedule, taken!, http.User.Actor(), key)).Refusal;
        refusal ??= (await grains.GetGrain<IEngineerGrain>(id).ChangeSchedule(from.Profile.Schedule, left!, http.User.Actor(), key)).Refusal;
        return refusal is not null ? Problems.Result(refusal) : Results.Ok(await View(id, grains, policies));
    }

    private static async Task<IResult> ReadSchedule(string id, IGrainFactory grains, PolicyBook policies, IClock clock)
    {
        if (!Slug.IsValid(id) || await grains.GetGrain<IEngineerGrain>(id).Read() is not { } engineer)
        {
            return Problems.Result(NotFound(id));
        }

        // A year ahead, and whatever days are dropped before and after: what is written reads back as the same schedule.
        var policy = await policies.Current(grains);
        var now = clock.GetCurrentInstant();
        var today = now.InZone((engineer.Profile.Centre is { } centre ? policy.Centre(centre)?.Calendar.Zone : null) ?? DateTimeZone.Utc).Date;
        var days = (engineer.Profile.Schedule?.Dropped ?? []).Append(today).Append(today.PlusYears(1)).ToList();
        return Results.Text(ScheduleFile.Write(engineer, policy, days.Min(), days.Max(), now), CalendarType, Encoding.UTF8);
    }

    private static async Task<IResult> ApplySchedule(string id, HttpContext http, IGrainFactory grains, PolicyBook policies)
    {
        if (!Slug.IsValid(id) || await grains.GetGrain<IEngineerGrain>(id).Read() is not { } engineer)
        {
            return Problems.Result(NotFound(id));
        }

        string text;
        EngineerSchedule schedule;
        try
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            text = Utf8.GetString(body.ToArray());
            schedule = ScheduleFile.Parse(text, engineer.Profile.Centre, await policies.Current(grains));
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            return Problems.Result(Refusal.Malformed("schedule-malformed", e is FormatException ? e.Message : "A schedule is a text in UTF-8.", "", "HB-3.5"));
        }

        var (key, malformed) = RequestKeys.Read(http, text);
        if (malformed is not null)
        {
            return Problems.Result(malformed);
        }

        var (_, refusal) = await grains.GetGrain<IEngineerGrain>(id).SetSchedule(schedule, http.User.Actor(), key);
        return refusal is not null ? Problems.Result(refusal) : Results.Ok(await View(id, grains, policies));
    }

    private static async Task<IResult> List(IStore store, IGrainFactory grains, PolicyBook policies, int? limit, string? after)
    {
        var (count, wrong) = Paging.Limit(limit);
        if (wrong is not null)
        {
            return Problems.Result(wrong);
        }

        var ids = await store.ListIds("engineer", after, count + 1);
        var views = new List<EngineerView>();
        foreach (var id in ids.Take(count))
        {
            views.Add((await View(id, grains, policies))!);
        }

        return Results.Ok(new Page<EngineerView>(views, ids.Count > count ? ids[count - 1] : null));
    }

    private static async Task<IResult> Apply(string id, EngineerDocument body, HttpContext http, IGrainFactory grains, PolicyBook policies)
    {
        if (!Slug.IsValid(id))
        {
            return Problems.Result(Refusal.Malformed("engineer-id-malformed", $"An engineer's id is {Slug.Form}.", ""));
        }

        var (key, malformed) = RequestKeys.Read(http, body);
        if (malformed is not null)
        {
            return Problems.Result(malformed);
        }

        var profile = new EngineerProfile(body.Name, body.Region, [.. body.Skills], [.. body.Languages ?? ["en"]], body.Capacity is { } c ? new(c.Cases, c.Severity1) : null, body.Centre, Schedule(body.Schedule), body.Levels);
        var (_, refusal) = await grains.GetGrain<IEngineerGrain>(id).SetProfile(profile, http.User.Actor(), key);
        return refusal is not null ? Problems.Result(refusal) : Results.Ok(await View(id, grains, policies));
    }

    internal static EngineerView View(EngineerStanding standing)
    {
        var (e, version, capacity, present, onShiftUntil) = standing;
        return new(e.Id.Value, version, e.Profile.Name, e.Profile.Region, e.Profile.Skills, e.Profile.Languages, new(capacity.Cases, capacity.Severity1),
            [.. e.Cases.Select(c => new HeldCase(c.Number.Value, c.Severity, !c.Assigned, c.RingsUntil))], e.Profile.Centre, Schedule(e.Profile.Schedule), e.Profile.Levels, present, onShiftUntil);
    }

    private static EngineerSchedule? Schedule(ScheduleDocument? s) => s is null ? null
        : new(s.Pattern, s.Leave?.Select(l => new Leave(l.From, l.To, l.Reason)).ToImmutableArray(), s.Dropped?.ToImmutableArray(),
            s.Extra?.Select(e => new ExtraShift(e.Date, e.Hours, e.Zone, e.For is null ? null : EngineerId.Create(e.For))).ToImmutableArray());

    private static ScheduleDocument? Schedule(EngineerSchedule? s) => s is null ? null
        : new(s.Pattern, s.Leave?.Select(l => new LeaveDocument(l.From, l.To, l.Reason)).ToArray(), s.Dropped,
            s.Extra?.Select(e => new ExtraShiftDocument(e.Date, e.Hours, e.Zone, e.For?.Value)).ToArray());

    internal static Refusal NotFound(string id) => Refusal.NotFound("engineer-not-found", $"There is no engineer '{id}'.");

    private static async Task<EngineerView?> View(string id, IGrainFactory grains, PolicyBook policies)
    {
        if (!Slug.IsValid(id))
        {
            return null;
        }

        var grain = grains.GetGrain<IEngineerGrain>(id);
        return await grain.Read() is { } engineer
            ? View(EngineerStanding.Of(engineer, await grain.ReadVersion(), await policies.Current(grains)))
            : null;
    }
}
