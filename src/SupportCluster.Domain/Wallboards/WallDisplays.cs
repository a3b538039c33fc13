using System.Collections.Immutable;
using System.Text.Json.Serialization;
using NodaTime;
using SupportCluster.Domain.Policy;

namespace SupportCluster.Domain.Wallboards;

/// <summary>What happened to the links by which wall displays sign in. Discriminators are stored.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(Made), "wall-display-made.v1")]
[JsonDerivedType(typeof(Revoked), "wall-display-revoked.v1")]
public abstract record WallDisplayEvent(Instant At, string By)
{
    /// <summary>A display was given a link. Its secret is shown once and never stored: <paramref name="Sha256"/> is the hash of it, in hexadecimal.</summary>
    public sealed record Made(Instant At, string By, string Id, string Shows, string Sha256) : WallDisplayEvent(At, By);

    /// <summary>The link of a display is worth nothing any more, for ever.</summary>
    public sealed record Revoked(Instant At, string By, string Id) : WallDisplayEvent(At, By);
}

/// <summary>A wall display, or one of former times: what it shows, and by which link it signs in.</summary>
/// <param name="Shows">The code of a centre or region, or <c>world</c>.</param>
/// <param name="Sha256">The hash of the link's secret, in hexadecimal.</param>
/// <param name="RevokedAt">Null while the link is good.</param>
public sealed record WallDisplay(string Id, string Shows, string Sha256, Instant MadeAt, string MadeBy, Instant? RevokedAt = null, string? RevokedBy = null);

/// <summary>The wall displays.</summary>
/// <param name="Displays">In the order in which they were made, those that were revoked among them; at most one of an id is not.</param>
public sealed record WallDisplays(ImmutableArray<WallDisplay> Displays, Instant LastAt)
{
    /// <summary>The display of an id that was made last; null when there was none.</summary>
    public WallDisplay? Find(string id) => Displays.LastOrDefault(d => d.Id == id);

    /// <summary>Makes a display with a new link. Refused for an id that a display has whose link is good, and for a code that has no wallboard.</summary>
    /// <param name="sha256">The hash of the link's secret, in hexadecimal.</param>
    public static Decision<WallDisplayEvent> Make(WallDisplays? state, SupportPolicy policy, string id, string shows, string sha256, Actor actor, Instant clock)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return Forbidden(actor) is { } forbidden ? forbidden
            : !Slug.IsValid(id) ? Refusal.Malformed("wall-display-id-malformed", $"A wall display's id is {Slug.Form}.", "/id")
            : !policy.HasScope(shows) ? Refusal.Malformed("wallboard-unknown", $"A display shows a centre or region of the policy, or '{SupportPolicy.World}'.", "/shows")
            : state?.Find(id) is { RevokedAt: null } ? Refusal.State("wall-display-exists", $"There is a display '{id}' already, and its link was shown when it was made: revoke that link to make another.")
            : new List<WallDisplayEvent> { new WallDisplayEvent.Made(Now(state, clock), actor.Id, id, shows, sha256) };
    }

    /// <summary>Revokes the link of a display; nothing happens when it is revoked already.</summary>
    public static Decision<WallDisplayEvent> Revoke(WallDisplays? state, string id, Actor actor, Instant clock) => Forbidden(actor) is { } forbidden ? forbidden
        : state?.Find(id) is not { } display ? Refusal.NotFound("wall-display-not-found", "There is no such display.")
        : display.RevokedAt is not null ? new List<WallDisplayEvent>()
        : new List<WallDisplayEvent> { new WallDisplayEvent.Revoked(Now(state, clock), actor.Id, id) };

    /// <summary>Folds an event into the state.</summary>
    public static WallDisplays Evolve(WallDisplays? state, WallDisplayEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var s = state ?? new([], happened.At);
        return happened switch
        {
            WallDisplayEvent.Made e => new(s.Displays.Add(new(e.Id, e.Shows, e.Sha256, e.At, e.By)), e.At),
            WallDisplayEvent.Revoked e => new([.. s.Displays.Select(d => d.Id == e.Id && d.RevokedAt is null ? d with { RevokedAt = e.At, RevokedBy = e.By } : d)], e.At),
            _ => throw new InvalidOperationException($"Unknown event {happened.GetType().Name}."),
        };
    }

    private static Refusal? Forbidden(Actor actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return actor.Role is Role.Manager or Role.Admin ? null : Refusal.Forbidden("role-not-allowed", "Links of wall displays are given by managers.");
    }

    private static Instant Now(WallDisplays? state, Instant clock) => state is null ? clock : Instant.Max(clock, state.LastAt);
}
