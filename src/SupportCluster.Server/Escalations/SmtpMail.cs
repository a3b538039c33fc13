using System.Collections.Immutable;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using NodaTime;
using NodaTime.Text;
using SupportCluster.Domain.Escalations;
using SupportCluster.Grains.Escalations;
using static SupportCluster.Server.Api.Words;

namespace SupportCluster.Server.Escalations;

/// <summary>Sends mail over SMTP. A message names the case and what to do, and says nothing of what the customer wrote.</summary>
public sealed class SmtpMail(MailSettings settings) : IMail
{
    /// <summary>The grain that sends waits so long at most for all of it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <inheritdoc/>
    public async Task Send(string address, ImmutableArray<Notification> notifications)
    {
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            using var smtp = new SmtpClient();
            await smtp.ConnectAsync(settings.Host, settings.Port, settings.Security, limit.Token);
            if (settings.User is { } user)
            {
                await smtp.AuthenticateAsync(user, settings.Password ?? "", limit.Token);
            }

            foreach (var notification in notifications)
            {
                using var message = Message(address, notification);
                await smtp.SendAsync(message, limit.Token);
            }

            await smtp.DisconnectAsync(quit: true, limit.Token);
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ProtocolException or CommandException or AuthenticationException or SslHandshakeException
            or ServiceNotConnectedException or ServiceNotAuthenticatedException or ParseException or NotSupportedException)
        {
            throw new MailException($"The mail server {settings.Host} has not taken it: {e.GetType().Name}.", e);
        }
    }

    private MimeMessage Message(string address, Notification n)
    {
        var cause = Word(n.Cause);
        var message = new MimeMessage
        {
            MessageId = string.Create(CultureInfo.InvariantCulture, $"{n.Case.Value}.{n.CaseVersion}.{cause}@supportcluster"),
            Subject = string.Create(CultureInfo.InvariantCulture, $"Case {n.Case.Value}, severity {n.Severity}: escalated ({cause})"),
        };
        message.From.Add(MailboxAddress.Parse(settings.From));
        message.To.Add(MailboxAddress.Parse(address));
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Case {n.Case.Value} (severity {n.Severity}, {n.Region}) is escalated: {cause}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"You are told as {Word(n.Level)}, at {Utc(n.At)}.");
        text.AppendLine(n.NextAt is { } next ? $"Unless somebody takes it up, the next level is told at {Utc(next)}." : "No further level is told.");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Take it up: supportctl take-up {n.Case.Value} --cause {cause}");
        if (settings.CaseLink is { } link)
        {
            text.AppendLine(link.Replace("{number}", n.Case.Value, StringComparison.Ordinal));
        }

        message.Body = new TextPart("plain") { Text = text.ToString().ReplaceLineEndings("\r\n") };
        return message;
    }

    private static string Utc(Instant at) => InstantPattern.General.Format(at);
}
