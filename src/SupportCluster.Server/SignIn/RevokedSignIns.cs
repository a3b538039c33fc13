using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.SignIn;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Live;
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

    /// <summary>
    /// Whether a token is worth nothing any more. A token says the second in which it was issued, and one of the very second of the revocation is refused,
    /// too; one that does not say when it was issued is as old as it is valid, or older than anything.
    /// </summary>
    public bool Holds(ClaimsPrincipal user)
    {
        return !until.IsEmpty && until.TryGetValue(user.FindFirstValue(ClaimNames.Subject) ?? "", out var revoked)
            && (Second("iat") ?? Second("nbf") ?? Instant.MinValue) <= revoked;

        Instant? Second(string claim) =>
            long.TryParse(user.FindFirstValue(claim), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < int.MaxValue * 4L ? Instant.FromUnixTimeSeconds(seconds) : null;
    }

    internal void Add(string subject, Instant at) => until.AddOrUpdate(subject, at, (_, known) => Instant.Max(known, at));
}

/// <summary>Reads what ended people's rights before the first request, then twice a second, and ends the connections that it concerns.</summary>
internal sealed class RevokedSignInsPoll(RevokedSignIns revoked, LiveReaders readers, IStore store, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<RevokedSignInsPoll> logger)
    : NodePoll(time, lifetime, logger)
{
    private const int PageSize = 256;
    private readonly SemaphoreSlim one = new(1);
    private long version;

    /// <summary>The server does not listen yet: whoever was revoked finds no gap.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await store.Read(SignInsGrain.StoredAs) is { } stored)
        {
            version = stored.Version;
            foreach (var (subject, at) in JsonSerializer.Deserialize<Stored<SignIns, NoEffect>>(stored.State.Span, DomainJson.Stored)!.State.Revoked)
            {
                revoked.Add(subject, at);
            }
        }

        await base.StartAsync(cancellationToken);
    }

    public override async Task Poll()
    {
        await one.WaitAsync();
        try
        {
            IReadOnlyList<StoredEvent> events;
            do
            {
                events = await store.ReadEvents(SignInsGrain.StoredAs, version, PageSize);
                foreach (var stored in events)
                {
                    Take(JsonSerializer.Deserialize<SignInEvent>(stored.Json.Span, DomainJson.Stored)!);
                    version = stored.Version;
                }
            }
            while (events.Count == PageSize);
        }
        finally
        {
            one.Release();
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        one.Dispose();
    }

    private void Take(SignInEvent happened)
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
