using Microsoft.Extensions.Logging;
using NodaTime;
using Orleans.Concurrency;
using SupportCluster.Domain;
using SupportCluster.Domain.Escalations;
using SupportCluster.Grains.Durable;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Escalations;

/// <summary>Tells one person of escalations by mail (HB-7.2). Its key is the id by which policy and duty roster name the person.</summary>
public interface INotifierGrain : IGrainWithStringKey
{
    /// <summary>Under which type they are stored.</summary>
    const string Type = "notifier";

    /// <summary>Null when there never was anything to tell.</summary>
    [AlwaysInterleave]
    Task<Notifier?> Read();

    /// <summary>Takes a notification; told again it changes nothing. It is sent afterwards, and nobody waits for the mail server.</summary>
    Task Ask(Notification notification);
}

/// <inheritdoc cref="INotifierGrain"/>
[GrainType(INotifierGrain.Type)]
public sealed partial class NotifierGrain(DurableServices services) : DurableGrain<Notifier, NotifierEvent, NoEffect>(services), INotifierGrain
{
    private readonly ILogger logger = services.Loggers.CreateLogger<NotifierGrain>();

    public Task<Notifier?> Read() => Task.FromResult(State);

    public async Task Ask(Notification notification)
    {
        var outcome = await Execute(null, (state, now) => new Decision<NotifierEvent>(Notifier.Ask(state, this.GetPrimaryKeyString(), notification, now), null));
        if (outcome.Refusal is { } refusal)
        {
            throw new StoreException($"The notifier of {this.GetPrimaryKeyString()} has not taken note ({refusal.Code}).");
        }
    }

    protected override Notifier Evolve(Notifier? state, NotifierEvent happened) => Notifier.Evolve(state, happened);

    protected override Instant? DueOf(Notifier state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.SendAt;
    }

    /// <summary>Sent first and written afterwards: a crash between sends once more, and loses none.</summary>
    protected override async Task<Decision<NotifierEvent>> DecideDue(Notifier state, Instant now)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.SendAt is null || state.SendAt > now)
        {
            return new List<NotifierEvent>();
        }

        var policy = await Services.Policies.Current(GrainFactory);
        var address = policy.Escalations.Addresses?.GetValueOrDefault(state.Recipient);
        if (Services.Mail is not { } mail || address is null)
        {
            var why = Services.Mail is null ? Notifier.NoMail : Notifier.NoAddress;
            LogNotTold(state.Recipient, state.Pending.Length, why);
            return new List<NotifierEvent> { state.GiveUp(why, now) };
        }

        try
        {
            await mail.Send(address, state.Pending);
            return new List<NotifierEvent> { state.Send(now) };
        }
        catch (MailException e)
        {
            LogNotSent(e, state.Recipient, state.Pending.Length);
            return new List<NotifierEvent> { state.Fail(now) };
        }
    }

    protected override Instant AtOf(NotifierEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return happened.At;
    }

    [LoggerMessage(1401, LogLevel.Warning, "{Recipient} is not told of {Count} escalations by mail ({Why}); they stand on the cases")]
    private partial void LogNotTold(string recipient, int count, string why);

    [LoggerMessage(1402, LogLevel.Warning, "Mail to {Recipient} about {Count} escalations was not taken; it is tried again")]
    private partial void LogNotSent(Exception exception, string recipient, int count);
}
