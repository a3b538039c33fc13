namespace SupportCluster.Server.Live;

/// <summary>Why a call, a connection or a request to connect is refused: the beginning of the exception's or the closing message, before the colon.</summary>
public static class LiveCodes
{
    public const string MalformedTopic = "malformed-topic";
    public const string UnknownTopic = "unknown-topic";
    public const string MalformedCursor = "malformed-cursor";
    public const string TooManyTopics = "too-many-topics";
    public const string Forbidden = "forbidden";
    public const string NotFound = "not-found";

    /// <summary>The call is not carried out; a little later it is.</summary>
    public const string TooManyCalls = "too-many-calls";

    /// <summary>The connection ends: its person has too many others on this node.</summary>
    public const string TooManyConnections = "too-many-connections";

    /// <summary>The connection ends.</summary>
    public const string MessageTooLarge = "message-too-large";

    /// <summary>A web page of another origin may not connect: 403.</summary>
    public const string OriginNotAllowed = "origin-not-allowed";
}
