using System.Security.Claims;
using System.Text.Json;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Grains.Cases;
using SupportCluster.Grains.Live;
using SupportCluster.Protocol;
using SupportCluster.Server.Live;
using SupportCluster.Server.SignIn;

namespace SupportCluster.Server.Cases;

/// <summary>The topic <c>case:&lt;number&gt;</c>: a contact sees it under its public version.</summary>
public sealed class CaseTopic(IGrainFactory grains, CaseAccess access) : ITopicKind
{
    public string Prefix => "case";

    public bool ViewWithChanges => true;

    public string? Normalise(string key) => CaseNumber.TryParse(key, out var number) ? number.Value : null;

    public ITopicGrain Grain(string key) => grains.GetGrain<ICaseGrain>(key);

    public async ValueTask<TopicAccess> Authorize(ClaimsPrincipal user, string key)
    {
        var actor = user.Actor();
        if (actor.Role == Role.Wallboard)
        {
            return TopicAccess.Refused("role-not-allowed", "A wallboard does not watch cases.");
        }

        var (_, refusal) = await access.Find(key, actor);
        return refusal is null ? TopicAccess.Allowed(actor.Role == Role.Contact ? Audience.Customer : Audience.Staff) : TopicAccess.Refused(refusal.Code, refusal.Detail);
    }

    public long VersionOf(TopicState state, Audience audience)
    {
        ArgumentNullException.ThrowIfNull(state);
        return audience == Audience.Staff ? state.Version : ((CaseState)state.View).PublicVersion;
    }

    public JsonElement ViewOf(TopicState state, Audience audience)
    {
        ArgumentNullException.ThrowIfNull(state);
        var view = (CaseState)state.View;
        return JsonSerializer.SerializeToElement(CaseViews.View(view, audience == Audience.Customer, null, view.LastAt), WireJson.Tolerant);
    }

    public long? VersionOf(TopicChange change, Audience audience)
    {
        ArgumentNullException.ThrowIfNull(change);
        var content = (CaseChange)change.Content;
        return audience == Audience.Staff ? change.Version : content.Event.IsInternal ? null : content.PublicVersion;
    }

    public JsonElement? JsonOf(TopicChange change, Audience audience) => VersionOf(change, audience) is { } version
        ? JsonSerializer.SerializeToElement(CaseViews.Entry(((CaseChange)change.Content).Event, version, audience == Audience.Customer), WireJson.Tolerant)
        : null;
}
