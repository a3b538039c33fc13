using System.Collections.Immutable;
using System.Text.Json.Serialization;
using NodaTime;
using SupportCluster.Domain.Cases;

namespace SupportCluster.Domain.Escalations;

/// <summary>What somebody is told of an escalation (HB-7.2): which case it is, and never what the customer wrote.</summary>
/// <param name="CaseVersion">The version of the case at which it was decided: with case and cause it names the notification.</param>
/// <param name="NextAt">When the next level is told unless somebody takes it up; null after the last.</param>
public sealed record Notification(CaseNumber Case, long CaseVersion, EscalationCause Cause, EscalationLevel Level, int Severity, string Region, Instant At, Instant? NextAt)
{
    /// <summary>Whether it is the same one, told again.</summary>
    public bool IsSameAs(Notification other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Case, CaseVersion, Cause) == (other.Case, other.CaseVersion, other.Cause);
    }
}

/// <summary>What became of a notification.</summary>
/// <param name="At">When it was sent or given up.</param>
/// <param name="GivenUp">Why it was not sent; null when it was.</param>
public sealed record EndedNotification(Notification Notification, Instant At, string? GivenUp = null);

/// <summary>What happened to the notifications of one person. Discriminators are stored.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(Asked), "notification-asked.v1")]
[JsonDerivedType(typeof(Sent), "notification-sent.v1")]
[JsonDerivedType(typeof(Failed), "notification-failed.v1")]
[JsonDerivedType(typeof(GivenUp), "notification-given-up.v1")]
public abstract record NotifierEvent(Instant At)
{
    /// <summary>A case asks that the person is told.</summary>
    public sealed record Asked(Instant At, string Recipient, Notification Notification) : NotifierEvent(At);

    /// <summary>The mail server has taken all that was pending.</summary>
    public sealed record Sent(Instant At, int Count) : NotifierEvent(At);

    /// <summary>The mail server could not be reached, or did not take it.</summary>
    public sealed record Failed(Instant At, Instant RetryAt) : NotifierEvent(At);

    /// <summary>What is pending is not sent.</summary>
    /// <param name="Why">Such as <c>no-address</c>.</param>
    public sealed record GivenUp(Instant At, string Why) : NotifierEvent(At);
}

/// <summary>Tells one person of escalations by mail (HB-7.2): each once, again and again until the mail server takes it, for a day.</summary>
/// <param name="Recipient">The id by which policy and duty roster name the person.</param>
/// <param name="Pending">Oldest first.</param>
/// <param name="Ended">The last ones, oldest first: what is asked again is recognised by them.</param>
/// <param name="Failures">How often sending failed since it last did not.</param>
/// <param name="SendAt">When the pending ones are sent, or tried again; null when none is pending.</param>
public sealed record Notifier(string Recipient, ImmutableArray<Notification> Pending, ImmutableArray<EndedNotification> Ended, int Failures, Instant? SendAt, Instant LastAt)
{
    /// <summary>No mail server is configured.</summary>
    public const string NoMail = "no-mail";

    /// <summary>The policy names no address of the person.</summary>
    public const string NoAddress = "no-address";

    /// <summary>The mail server has not taken it for a day.</summary>
    public const string TooLate = "too-late";

    private const int Remembered = 50;
    private static readonly Duration Pause = Duration.FromSeconds(5);
    private static readonly Duration Patience = Duration.FromDays(1);

    /// <summary>Takes a notification; one that was taken before changes nothing.</summary>
    public static IReadOnlyList<NotifierEvent> Ask(Notifier? state, string recipient, Notification notification, Instant clock)
    {
        ArgumentNullException.ThrowIfNull(notification);
        return state is not null && (state.Pending.Any(notification.IsSameAs) || state.Ended.Any(e => notification.IsSameAs(e.Notification)))
            ? []
            : [new NotifierEvent.Asked(state is null ? clock : Instant.Max(clock, state.LastAt), recipient, notification)];
    }

    /// <summary>What follows when the pending ones were sent.</summary>
    public NotifierEvent Send(Instant clock) => new NotifierEvent.Sent(Instant.Max(clock, LastAt), Pending.Length);

    /// <summary>What follows when they could not be sent: another try after a pause that doubles up to five minutes, or the end.</summary>
    public NotifierEvent Fail(Instant clock)
    {
        var now = Instant.Max(clock, LastAt);
        return now - Pending[0].At > Patience
            ? new NotifierEvent.GivenUp(now, TooLate)
            : new NotifierEvent.Failed(now, now + (Pause * (1 << Math.Min(Failures, 6))));
    }

    /// <summary>What follows when nobody can be told.</summary>
    public NotifierEvent GiveUp(string why, Instant clock) => new NotifierEvent.GivenUp(Instant.Max(clock, LastAt), why);

    /// <summary>Folds an event into the state.</summary>
    public static Notifier Evolve(Notifier? state, NotifierEvent happened)
    {
        if (happened is NotifierEvent.Asked a)
        {
            var before = state ?? new(a.Recipient, [], [], 0, null, a.At);
            return before with { Pending = before.Pending.Add(a.Notification), SendAt = before.SendAt ?? a.At, LastAt = a.At };
        }

        var known = state ?? throw new InvalidOperationException("A notifier starts with what is asked of it.");
        return happened switch
        {
            NotifierEvent.Sent e => known.End(known.Pending[..Math.Min(e.Count, known.Pending.Length)], e.At, null),
            NotifierEvent.GivenUp e => known.End(known.Pending, e.At, e.Why),
            NotifierEvent.Failed e => known with { Failures = known.Failures + 1, SendAt = e.RetryAt, LastAt = e.At },
            _ => throw new InvalidOperationException($"Unknown event {happened?.GetType().Name}."),
        };
    }

    private Notifier End(ImmutableArray<Notification> these, Instant at, string? why)
    {
        var left = Pending.RemoveRange(0, these.Length);
        return this with
        {
            Pending = left,
            Ended = [.. Ended.Concat(these.Select(n => new EndedNotification(n, at, why))).TakeLast(Remembered)],
            Failures = 0,
            SendAt = left.IsEmpty ? null : at,
            LastAt = at,
        };
    }
}
