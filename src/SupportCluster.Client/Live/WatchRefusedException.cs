namespace SupportCluster.Client.Live;

/// <summary>The server does not let this reader watch this topic; repeating will not help.</summary>
public sealed class WatchRefusedException : Exception
{
    /// <summary>The code when the reader's sign-in was revoked, or the link of a wall display.</summary>
    public const string SignInRevoked = "sign-in-revoked";

    public WatchRefusedException()
        : this("refused", "The server refused the watch.")
    {
    }

    public WatchRefusedException(string message)
        : this("refused", message)
    {
    }

    public WatchRefusedException(string message, Exception innerException)
        : base(message, innerException) => Code = "refused";

    public WatchRefusedException(string code, string message)
        : base(message) => Code = code;

    /// <summary>Stable code: <c>unauthorized</c>, <c>sign-in-revoked</c>, <c>forbidden</c>, <c>not-found</c>, <c>malformed-topic</c>, <c>unknown-topic</c>, <c>malformed-cursor</c>, <c>too-many-topics</c>, or another of the API.</summary>
    public string Code { get; }
}
