using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using SupportCluster.Domain.Wallboards;
using SupportCluster.Grains.Wallboards;
using SupportCluster.Server.Live;
using SupportCluster.Server.SignIn;
using SupportCluster.Storage;

namespace SupportCluster.Server.Wallboards;

/// <summary>The wall displays, as this node knows them; ends the connections of those that are revoked.</summary>
internal sealed class WallDisplaysPoll(RevokedSignIns revoked, LiveReaders readers, IStore store, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<WallDisplaysPoll> logger)
    : AggregatePoll<WallDisplays, WallDisplayEvent>(WallDisplaysGrain.StoredAs, store, time, lifetime, logger)
{
    private ImmutableArray<(byte[] Sha256, ClaimsPrincipal Display, string Id)> links = [];
    private WallDisplays? state;

    /// <summary>
    /// Who signs in by a token, revoked or not; null when it is nobody's. That takes until the next look into the store: another node may have made the display a moment ago,
    /// and whoever guesses waits, whether there is such a display or not.
    /// </summary>
    public async ValueTask<ClaimsPrincipal?> Find(string token, CancellationToken cancellation)
    {
        var (id, sha256) = WallToken.Read(token);
        if (Known(id, sha256) is { } known)
        {
            return known;
        }

        await NextPoll(cancellation);
        return Known(id, sha256);
    }

    protected override void Begin(WallDisplays state)
    {
        Learn(state);
        foreach (var display in state.Displays.Where(d => d.RevokedAt is not null))
        {
            revoked.AddLink(display.Sha256);
        }
    }

    protected override void Take(WallDisplayEvent happened)
    {
        var good = happened is WallDisplayEvent.Revoked e ? state?.Find(e.Id) : null;
        Learn(WallDisplays.Evolve(state, happened));
        if (good is not null)
        {
            revoked.AddLink(good.Sha256);
            readers.End(SubjectOf(good), revoked.Holds);
        }
    }

    private void Learn(WallDisplays now)
    {
        state = now;
        ImmutableInterlocked.InterlockedExchange(ref links, [.. now.Displays.Select(d => (Convert.FromHexString(d.Sha256), PrincipalOf(d), d.Id))]);
    }

    /// <summary>Looks at all of them, so that the time tells nothing.</summary>
    private ClaimsPrincipal? Known(string id, byte[] sha256)
    {
        ClaimsPrincipal? found = null;
        foreach (var link in links)
        {
            if (CryptographicOperations.FixedTimeEquals(link.Sha256, sha256) && link.Id == id)
            {
                found = link.Display;
            }
        }

        return found;
    }

    private static string SubjectOf(WallDisplay display) => $"wall.{display.Shows}.{display.Id}";

    private static ClaimsPrincipal PrincipalOf(WallDisplay display) => new(new ClaimsIdentity(
    [
        new(ClaimNames.Subject, SubjectOf(display)),
        new(ClaimNames.Role, RoleNames.Wallboard),
        new(ClaimNames.Shows, display.Shows),
        new(ClaimNames.Link, display.Sha256),
        new("iat", display.MadeAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
    ], WallDisplayHandler.Scheme, ClaimNames.Subject, ClaimNames.Role));
}
