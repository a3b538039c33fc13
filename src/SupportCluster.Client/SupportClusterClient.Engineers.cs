using System.Text;
using NodaTime;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;
using SupportCluster.Protocol.Centres;
using SupportCluster.Protocol.Engineers;

namespace SupportCluster.Client;

public sealed partial class SupportClusterClient
{
    /// <summary>Lists engineers, page by page.</summary>
    public Task<Page<EngineerView>> Engineers(int? limit = null, string? after = null, CancellationToken cancellation = default) =>
        Get<Page<EngineerView>>("api/engineers" + Where(("limit", limit), ("after", after)), cancellation);

    /// <summary>The support centres of the policy (HB-3.5).</summary>
    public Task<Page<CentreSummary>> Centres(CancellationToken cancellation = default) => Get<Page<CentreSummary>>("api/centres", cancellation);

    /// <summary>An engineer and the cases held.</summary>
    public Task<EngineerView> Engineer(string id, CancellationToken cancellation = default) => Get<EngineerView>($"api/engineers/{Escaped(id)}", cancellation);

    /// <summary>Adds or changes an engineer; the same document again changes nothing.</summary>
    public Task<EngineerView> ApplyEngineer(string id, EngineerDocument document, CancellationToken cancellation = default) =>
        Put<EngineerView>($"api/engineers/{Escaped(id)}", document, cancellation);

    /// <summary>An engineer's schedule as iCalendar (RFC 5545).</summary>
    public async Task<string> EngineerSchedule(string id, CancellationToken cancellation = default)
    {
        var answer = await Anywhere(HttpMethod.Get, $"api/engineers/{Escaped(id)}/schedule.ics", null, AttemptTimeout, cancellation);
        return answer.Failure is { } failure ? throw failure : Encoding.UTF8.GetString(answer.Content);
    }

    /// <summary>Sets an engineer's schedule from iCalendar (RFC 5545); the same schedule again changes nothing.</summary>
    public Task<EngineerView> ApplyEngineerSchedule(string id, string icalendar, CancellationToken cancellation = default) =>
        Change<EngineerView>(HttpMethod.Put, $"api/engineers/{Escaped(id)}/schedule.ics", new Calendar(icalendar), cancellation);

    /// <summary>Closes a centre beside its hours (HB-3.5): when it begins everything held there is handed over.</summary>
    public Task<CentreClosuresView> CloseCentre(string code, CloseCentre closure, CancellationToken cancellation = default) =>
        Post<CentreClosuresView>($"api/centres/{Escaped(code)}/close", closure, cancellation);

    /// <summary>Ends the closures of a centre that run or are to come.</summary>
    public Task<CentreClosuresView> ReopenCentre(string code, CancellationToken cancellation = default) => Post<CentreClosuresView>($"api/centres/{Escaped(code)}/reopen", null, cancellation);

    /// <summary>Names somebody as duty manager of a region for a stretch (HB-3.5).</summary>
    public Task<DutyView> NameStandIn(string region, NameStandIn standIn, CancellationToken cancellation = default) => Post<DutyView>($"api/duty/{Escaped(region)}/stand-in", standIn, cancellation);

    /// <summary>Swaps two turns of duty of a region, whole.</summary>
    public Task<DutyView> SwapDuty(string region, SwapDuty turns, CancellationToken cancellation = default) => Post<DutyView>($"api/duty/{Escaped(region)}/swap", turns, cancellation);

    /// <summary>What somebody was told of escalations by mail (HB-7.2). Managers only.</summary>
    /// <param name="recipient">The id by which policy and duty roster name the person.</param>
    public Task<NotificationsView> Notifications(string recipient, CancellationToken cancellation = default) => Get<NotificationsView>($"api/notifications/{Escaped(recipient)}", cancellation);

    /// <summary>Gives an engineer's shifts of a day to another (HB-3.5): taken off the one and added to the other.</summary>
    public Task<EngineerView> GiveShift(string id, GiveShift shift, CancellationToken cancellation = default) => Post<EngineerView>($"api/engineers/{Escaped(id)}/give-shift", shift, cancellation);

    /// <summary>Who is on shift, who comes next, and who is duty manager (HB-3.5).</summary>
    /// <param name="scope">A centre, a region or <c>world</c>; the world when absent.</param>
    /// <param name="at">Any instant; now when absent.</param>
    public Task<RosterView> Roster(string? scope = null, Instant? at = null, CancellationToken cancellation = default) => Get<RosterView>("api/roster" + Where(("scope", scope), ("at", Text(at))), cancellation);

    /// <summary>Who could take a case, hour by hour, and where a continuous one would find nobody (HB-6.3).</summary>
    /// <param name="from">Inclusive; now when absent.</param>
    /// <param name="to">Exclusive; a day later when absent.</param>
    public Task<CoverageView> Coverage(Instant? from = null, Instant? to = null, CancellationToken cancellation = default) => Get<CoverageView>("api/coverage" + Where(("from", Text(from)), ("to", Text(to))), cancellation);

    private static string? Text(Instant? at) => at is { } instant ? NodaTime.Text.InstantPattern.ExtendedIso.Format(instant) : null;
}
