using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Centres;
using SupportCluster.Domain.Policy;
using SupportCluster.Domain.Rosters;
using SupportCluster.Grains.Policies;
using SupportCluster.Grains.Rosters;
using SupportCluster.Protocol.Centres;
using SupportCluster.Server.Api;
using SupportCluster.Server.SignIn;

namespace SupportCluster.Server.Centres;

/// <summary>Who works when, and what is covered (HB-3.5, HB-6.3).</summary>
public static class RosterEndpoints
{
    /// <summary>How long a stretch of coverage may be.</summary>
    private static readonly Duration Longest = Duration.FromDays(35);

    public static void MapRoster(this IEndpointRouteBuilder api)
    {
        api.MapGet("/roster", Show).For(RoleNames.Staff).WithTags("centres").WithSummary("Who is on shift, who comes next, and who is duty manager").Produces<RosterView>();
        api.MapGet("/coverage", Cover).For(RoleNames.Staff).WithTags("centres").WithSummary("Who could take a case, hour by hour").Produces<CoverageView>();
    }

    private static async Task<IResult> Show(IGrainFactory grains, PolicyBook policies, IClock clock, string? scope, string? at)
    {
        var (instant, wrong) = ReadInstant(at, "at");
        if (wrong is not null)
        {
            return Problems.Result(wrong);
        }

        var (roster, now, policy) = await Read(grains, policies);
        scope ??= SupportPolicy.World;
        if (!policy.HasScope(scope))
        {
            return Problems.Result(Refusal.Malformed("scope-unknown", $"'{scope}' is no centre and no region of the policy, nor '{SupportPolicy.World}'.", "?scope", "HB-3.5"));
        }

        var when = instant ?? clock.GetCurrentInstant();
        return Results.Ok(new RosterView(
            scope,
            when,
            [.. roster.OnShift(when, scope).Select(e => new OnShiftView(e.Id.Value, e.Profile.Name, e.Profile.Centre, InSight(roster.AvailableUntil(e.Id, when)), instant is null ? now.Present.Contains(e.Id) : null))],
            [.. roster.ComesNext(when, scope).Select(s => new ShiftView(s.Engineer.Value, s.Shift.Start, s.Shift.End))],
            [.. policy.Document.Regions.Keys.Select(region => (Region: region, Turn: DutyRoster.Of(policy, region, now.Duty.FirstOrDefault(d => d.Region == region)?.Overrides ?? []).At(when))).Select(d => new DutyManagerView(d.Region, d.Turn.Manager, InSight(d.Turn.Until)))],
            [.. now.Duty.Select(d => DutyEndpoints.View(d.Region, d.Overrides, when)).Where(d => d.StandIns.Count > 0)]));
    }

    private static async Task<IResult> Cover(IGrainFactory grains, PolicyBook policies, IClock clock, string? from, string? to)
    {
        var (start, wrongStart) = ReadInstant(from, "from");
        var (end, wrongEnd) = ReadInstant(to, "to");
        if ((wrongStart ?? wrongEnd) is { } wrong)
        {
            return Problems.Result(wrong);
        }

        var first = start ?? clock.GetCurrentInstant();
        var last = end ?? first + Duration.FromDays(1);
        if (last <= first || last - first > Longest)
        {
            return Problems.Result(Refusal.Malformed("stretch-malformed", $"A stretch of coverage ends after it starts, at most {Longest.Days} days later.", "?to"));
        }

        var (roster, _, _) = await Read(grains, policies);
        var coverage = Coverage.Of(roster, first, last);
        return Results.Ok(new CoverageView(
            first,
            last,
            [.. coverage.Hours.Select(h => new CoverageHourView(h.Start, [.. h.Cells.Select(c => new CoverageCellView(c.Region, c.ProductLine, c.Language, c.Least))]))],
            [.. coverage.Gaps.Select(g => new CoverageGapView(g.ProductLine, g.Stretch.Start, g.Stretch.End))]));
    }

    private static async Task<(Roster Roster, RosterNow Now, SupportPolicy Policy)> Read(IGrainFactory grains, PolicyBook policies)
    {
        var policy = await policies.Current(grains);
        var now = await grains.GetGrain<IRosterGrain>(IRosterGrain.World).Read();
        return (new(policy, now.Engineers, CentreClosures.ByCentre(now.Closures)), now, policy);
    }

    private static Instant? InSight(Instant? at) => at == Instant.MaxValue ? null : at;

    private static (Instant? At, Refusal? Wrong) ReadInstant(string? text, string name) => text is null ? (null, null)
        : NodaTime.Text.InstantPattern.ExtendedIso.Parse(text) is { Success: true } parsed ? (parsed.Value, null)
        : (null, Refusal.Malformed("instant-malformed", "An instant is written like 2026-03-29T01:00:00Z.", $"?{name}"));
}
