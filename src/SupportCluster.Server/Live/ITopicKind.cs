using System.Security.Claims;
using System.Text.Json;
using SupportCluster.Grains.Live;

namespace SupportCluster.Server.Live;

/// <summary>Who a topic is shown to: each audience has its own line of versions and its own view.</summary>
public enum Audience
{
    /// <summary>Everything.</summary>
    Staff,

    /// <summary>A customer's contact: only what the customer may see, under versions that count only that.</summary>
    Customer,
}

/// <summary>Whether a reader may watch a topic, and as whom.</summary>
/// <param name="Audience">Null when refused.</param>
/// <param name="Code">Why it is refused: <see cref="LiveCodes"/> or another stable code.</param>
/// <param name="Message">The refusal in words.</param>
public sealed record TopicAccess(Audience? Audience, string? Code, string? Message)
{
    public static TopicAccess Allowed(Audience audience) => new(audience, null, null);

    public static TopicAccess Refused(string code, string message) => new(null, code, message);
}

/// <summary>One kind of topic: where its grain is, who may watch it, and how its changes and states are rendered. Rendering is pure and quick.</summary>
public interface ITopicKind
{
    /// <summary>What comes before the colon, such as <c>case</c>.</summary>
    string Prefix { get; }

    /// <summary>True when the view goes along with every change. Then the grain's feed is to send its state with every change, too.</summary>
    bool ViewWithChanges { get; }

    /// <summary>The one spelling of a key; null when it is malformed.</summary>
    string? Normalise(string key);

    /// <summary>The grain behind a topic.</summary>
    ITopicGrain Grain(string key);

    /// <summary>Whether this reader may watch this topic; asked at every <c>Watch</c>. Also refuses topics that do not exist.</summary>
    ValueTask<TopicAccess> Authorize(ClaimsPrincipal user, string key);

    /// <summary>The audience's version of a state: the number of changes that it may see.</summary>
    long VersionOf(TopicState state, Audience audience);

    /// <summary>The state as the audience sees it.</summary>
    JsonElement ViewOf(TopicState state, Audience audience);

    /// <summary>The audience's version after a change, one more than after the visible change before; null when the audience may not see it.</summary>
    long? VersionOf(TopicChange change, Audience audience);

    /// <summary>The change as the audience sees it; null when it may not.</summary>
    JsonElement? JsonOf(TopicChange change, Audience audience);
}
