using System.Globalization;
using MailKit.Security;
using MimeKit;
using SupportCluster.Server.Hosting;

namespace SupportCluster.Server.Escalations;

/// <summary>What the configuration says under <c>SupportCluster:Mail</c>, checked at start.</summary>
/// <param name="From">Address of the sender.</param>
/// <param name="User">Null for a server that asks for no sign-in.</param>
/// <param name="CaseLink">Where a case is shown, with <c>{number}</c> in it; null for none.</param>
public sealed record MailSettings(string Host, int Port, string From, SecureSocketOptions Security, string? User, string? Password, string? CaseLink)
{
    private static readonly string[] Known = [nameof(Host), nameof(Port), nameof(From), nameof(Security), nameof(User), nameof(Password), nameof(CaseLink)];

    private static readonly Dictionary<string, SecureSocketOptions> Securities = new(StringComparer.OrdinalIgnoreCase)
    {
        ["none"] = SecureSocketOptions.None,
        ["startTls"] = SecureSocketOptions.StartTls,
        ["tls"] = SecureSocketOptions.SslOnConnect,
    };

    /// <summary>Reads the settings; null where there are none.</summary>
    /// <exception cref="ConfigurationMistakeException">A key is unknown or its value is wrong.</exception>
    public static MailSettings? Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection("SupportCluster:Mail");
        if (!section.Exists())
        {
            return null;
        }

        ConfigurationMistakeException.ThrowIfUnknown(section, Known, string.Join(", ", Known));

        if (section[nameof(Host)] is not { Length: > 0 } host)
        {
            throw new ConfigurationMistakeException("SupportCluster:Mail:Host is missing: the name of the mail server.");
        }

        if (section[nameof(From)] is not { Length: > 0 } from || !MailboxAddress.TryParse(from, out _))
        {
            throw new ConfigurationMistakeException($"SupportCluster:Mail:From is '{section[nameof(From)]}': the sender's address is expected, such as support@example.com.");
        }

        var securityText = section[nameof(Security)] ?? "startTls";
        if (!Securities.TryGetValue(securityText, out var security))
        {
            throw new ConfigurationMistakeException($"SupportCluster:Mail:Security is '{securityText}': one of {string.Join(", ", Securities.Keys)} is expected.");
        }

        var port = security == SecureSocketOptions.SslOnConnect ? 465 : security == SecureSocketOptions.StartTls ? 587 : 25;
        if (section[nameof(Port)] is { Length: > 0 } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535))
        {
            throw new ConfigurationMistakeException($"SupportCluster:Mail:Port is '{text}': a port from 1 to 65535 is expected.");
        }

        return new(host, port, from, security, section[nameof(User)], section[nameof(Password)], section[nameof(CaseLink)]);
    }
}
