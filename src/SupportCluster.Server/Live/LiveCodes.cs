namespace SupportCluster.Server.Live;

/// <summary>Why a <c>Watch</c> is refused: the beginning of the exception's message, before the colon.</summary>
public static class LiveCodes
{
    public const string MalformedTopic = "malformed-topic";
    public const string UnknownTopic = "unknown-topic";
    public const string MalformedCursor = "malformed-cursor";
    public const string TooManyTopics = "too-many-topics";
    public const string Forbidden = "forbidden";
    public const string NotFound = "not-found";
}
