using System.Collections.Immutable;
using SupportCluster.Domain.Escalations;

namespace SupportCluster.Grains.Escalations;

/// <summary>The mail server.</summary>
public interface IMail
{
    /// <summary>Sends notifications to one address. Whoever is told of one twice can tell it by the id of its message.</summary>
    /// <exception cref="MailException">They were not taken, or not all of them.</exception>
    Task Send(string address, ImmutableArray<Notification> notifications);
}

/// <summary>Mail was not taken.</summary>
public sealed class MailException : Exception
{
    public MailException()
    {
    }

    public MailException(string message)
        : base(message)
    {
    }

    public MailException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
