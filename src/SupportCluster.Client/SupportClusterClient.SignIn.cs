using SupportCluster.Protocol;

namespace SupportCluster.Client;

public sealed partial class SupportClusterClient
{
    /// <summary>A token of a development persona; only from a server without an authority, on the same machine.</summary>
    public Task<DevelopmentToken> DevelopmentToken(DevelopmentTokenRequest request, CancellationToken cancellation = default) =>
        Query<DevelopmentToken>("dev/token", request, cancellation);

    /// <summary>Who is signed in.</summary>
    public Task<SignedIn> Me(CancellationToken cancellation = default) => Get<SignedIn>("api/me", cancellation);

    /// <summary>Ends all sign-ins of a person: its tokens up to now, and its connections within a second.</summary>
    public Task<SignInsRevoked> RevokeSignIns(string subject, RevokeSignIns request, CancellationToken cancellation = default) =>
        Post<SignInsRevoked>($"api/sign-ins/{Escaped(subject)}/revoke", request, cancellation);

    /// <summary>Figures of the start page.</summary>
    public Task<Figures> Figures(CancellationToken cancellation = default) => Get<Figures>("api/figures", cancellation);
}
