namespace SupportCluster.Client;

/// <summary>
/// Whether a call took effect is not known, also after repeating it: look before doing it again. Not a
/// <see cref="SupportClusterException"/>, so that nobody takes it for a refusal.
/// </summary>
public sealed class OutcomeUnknownException : Exception
{
    public OutcomeUnknownException(string action, Guid? key, Exception? inner = null)
        : base($"Whether '{action}' took effect is not known: no certain answer came.", inner)
    {
        Action = action;
        Key = key;
    }

    /// <summary>Method and path of the call.</summary>
    public string Action { get; }

    /// <summary>The idempotency key of all its attempts, where the call has one.</summary>
    public Guid? Key { get; }
}
