using System.Collections.Immutable;
using System.Text.Json.Serialization;
using NodaTime;
using SupportCluster.Domain.Cases;

namespace SupportCluster.Domain.SignIn;

/// <summary>What ended a right that somebody had. Discriminators are stored.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(Revoked), "sign-in-revoked.v1")]
[JsonDerivedType(typeof(ContactLeft), "sign-in-contact-left.v1")]
public abstract record SignInEvent(Instant At, string By)
{
    /// <summary>Tokens of this subject that were issued by then are worth nothing.</summary>
    public sealed record Revoked(Instant At, string By, string Subject, string Reason) : SignInEvent(At, By);

    /// <summary>Somebody is no longer a designated contact of a contract (HB-2.4): what is shown on its connections ends, its tokens stay.</summary>
    public sealed record ContactLeft(Instant At, string By, SupportId SupportId, ContactId Contact) : SignInEvent(At, By);
}

/// <summary>The sign-ins that were revoked, by subject, each with the last instant.</summary>
public sealed record SignIns(ImmutableSortedDictionary<string, Instant> Revoked, Instant LastAt)
{
    private const int LongestSubject = 256;

    /// <summary>Revokes the sign-ins of a subject up to now.</summary>
    public static Decision<SignInEvent> Revoke(SignIns? state, string subject, string reason, Actor actor, Instant clock)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return string.IsNullOrWhiteSpace(subject) || subject.Length > LongestSubject || subject.Any(char.IsControl)
            ? Refusal.Malformed("subject-malformed", $"A subject is one line of at most {LongestSubject} characters.", "")
            : Case.Required(reason, "/reason") is { } missing ? missing
            : new List<SignInEvent> { new SignInEvent.Revoked(Now(state, clock), actor.Id, subject, reason) };
    }

    /// <summary>Takes down that somebody is no longer a contact.</summary>
    public static Decision<SignInEvent> ContactLeft(SignIns? state, SupportId supportId, ContactId contact, Instant clock) =>
        new List<SignInEvent> { new SignInEvent.ContactLeft(Now(state, clock), Actor.System.Id, supportId, contact) };

    /// <summary>Folds an event into the state.</summary>
    public static SignIns Evolve(SignIns? state, SignInEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var s = state ?? new(ImmutableSortedDictionary.Create<string, Instant>(StringComparer.Ordinal), happened.At);
        return happened switch
        {
            SignInEvent.Revoked e => s with { Revoked = s.Revoked.SetItem(e.Subject, e.At), LastAt = e.At },
            SignInEvent.ContactLeft e => s with { LastAt = e.At },
            _ => throw new InvalidOperationException($"Unknown event {happened.GetType().Name}."),
        };
    }

    private static Instant Now(SignIns? state, Instant clock) => state is null ? clock : Instant.Max(clock, state.LastAt);
}
