namespace SupportCluster.Client.Live;

/// <summary>The server does not let this reader watch this topic; repeating will not help.</summary>
public sealed class WatchRefusedException : Exception
{
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

    /// <summary>Stable code: <c>unauthorized</c>, <c>forbidden</c>, <c>not-found</c>, <c>malformed-topic</c>, <c>unknown-topic</c>, <c>malformed-cursor</c>, <c>too-many-topics</c>, or another of the API.</summary>
    public string Code { get; }
}
