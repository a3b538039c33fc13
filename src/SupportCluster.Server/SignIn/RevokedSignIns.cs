using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using NodaTime;
using SupportCluster.Domain.SignIn;
using SupportCluster.Grains.SignIn;
using SupportCluster.Server.Live;
using SupportCluster.Storage;

namespace SupportCluster.Server.SignIn;

/// <summary>A token was issued before its subject's sign-ins were revoked.</summary>
internal sealed class SignInRevokedException() : Exception("The sign-in was revoked: sign in again.")
{
    internal const string Code = "sign-in-revoked";
}

/// <summary>The sign-ins that were revoked, as this node knows them: asked at every request, so it is a look into memory.</summary>
internal sealed class RevokedSignIns
{
    private readonly ConcurrentDictionary<string, Instant> until = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> links = new(StringComparer.Ordinal);

    /// <summary>
    /// Whether a token is worth nothing any more: its subject's sign-ins were revoked, or the link of its wall display. A token says the second in which it was issued, and one of the very second of the revocation is refused,
    /// too; one that does not say when it was issued is as old as it is valid, or older than anything.
    /// </summary>
    public bool Holds(ClaimsPrincipal user)
    {
        return (!until.IsEmpty && until.TryGetValue(user.FindFirstValue(ClaimNames.Subject) ?? "", out var revoked)
            && (Second("iat") ?? Second("nbf") ?? Instant.MinValue) <= revoked)
            || (user.FindFirstValue(ClaimNames.Link) is { } link && links.ContainsKey(link));

        Instant? Second(string claim) =>
            long.TryParse(user.FindFirstValue(claim), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < int.MaxValue * 4L ? Instant.FromUnixTimeSeconds(seconds) : null;
    }

    internal void Add(string subject, Instant at) => until.AddOrUpdate(subject, at, (_, known) => Instant.Max(known, at));

    /// <param name="link">The hash of a wall display's link.</param>
    internal void AddLink(string link) => links[link] = true;
}

/// <summary>Learns what ended people's rights, and ends the connections that it concerns.</summary>
internal sealed class RevokedSignInsPoll(RevokedSignIns revoked, LiveReaders readers, IStore store, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<RevokedSignInsPoll> logger)
    : AggregatePoll<SignIns, SignInEvent>(SignInsGrain.StoredAs, store, time, lifetime, logger)
{
    protected override void Begin(SignIns state)
    {
        foreach (var (subject, at) in state.Revoked)
        {
            revoked.Add(subject, at);
        }
    }

    protected override void Take(SignInEvent happened)
    {
        switch (happened)
        {
            case SignInEvent.Revoked e:
                revoked.Add(e.Subject, e.At);
                readers.End(e.Subject, revoked.Holds);
                break;
            case SignInEvent.ContactLeft e:
                readers.End(e.Contact.Value, user => user.FindFirstValue(ClaimNames.SupportId) == e.SupportId.Value);
                break;
            default:
                throw new InvalidOperationException($"Unknown event {happened.GetType().Name}.");
        }
    }
}
