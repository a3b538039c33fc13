using System.Security.Claims;
using System.Text.Json;
using SupportCluster.Domain;
using SupportCluster.Grains.Live;
using SupportCluster.Protocol;
using SupportCluster.Server.SignIn;

namespace SupportCluster.Server.Live;

/// <summary>A kind of topic that shows the same to everybody who may watch it.</summary>
/// <typeparam name="TState">The grain's state.</typeparam>
/// <typeparam name="TChange">The grain's change.</typeparam>
public abstract class WholeTopic<TState, TChange>(string prefix, bool viewWithChanges = false) : ITopicKind
    where TState : class
    where TChange : class
{
    public string Prefix { get; } = prefix;

    public bool ViewWithChanges { get; } = viewWithChanges;

    public virtual string? Normalise(string key) => Slug.IsValid(key) ? key : null;

    public abstract ITopicGrain Grain(string key);

    public async ValueTask<TopicAccess> Authorize(ClaimsPrincipal user, string key)
    {
        var actor = user.Actor();
        return await Refuse(actor, key) is { } refusal
            ? TopicAccess.Refused(refusal.Code, refusal.Detail)
            : TopicAccess.Allowed(actor.Role == Role.Contact ? Audience.Customer : Audience.Staff);
    }

    public long VersionOf(TopicState state, Audience audience)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Version;
    }

    public JsonElement ViewOf(TopicState state, Audience audience)
    {
        ArgumentNullException.ThrowIfNull(state);
        return JsonSerializer.SerializeToElement(View((TState)state.View), WireJson.Tolerant);
    }

    public long? VersionOf(TopicChange change, Audience audience)
    {
        ArgumentNullException.ThrowIfNull(change);
        return change.Version;
    }

    public JsonElement? JsonOf(TopicChange change, Audience audience)
    {
        ArgumentNullException.ThrowIfNull(change);
        return JsonSerializer.SerializeToElement(Change((TChange)change.Content, change.Version), WireJson.Tolerant);
    }

    /// <summary>Why this actor may not watch this topic; null when it may. Also refuses topics that do not exist.</summary>
    protected abstract ValueTask<Refusal?> Refuse(Actor actor, string key);

    protected abstract object View(TState state);

    protected abstract object Change(TChange change, long version);

    /// <summary>The refusal of a role that has no business here.</summary>
    protected static Refusal NotFor(string whom) => Refusal.Forbidden("role-not-allowed", $"{whom}.");
}
