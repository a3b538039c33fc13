using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using SupportCluster.Server.Hosting;

namespace SupportCluster.Server.SignIn;

/// <summary>How people sign in at the pages: as development personas, or at the authority by the code flow of OpenID Connect with PKCE. Pages are a public client: there is no secret.</summary>
/// <param name="Authority">The address of the authority; null where there is none.</param>
/// <param name="ClientId">As what the pages are registered there; null where they are not, and people cannot sign in at them.</param>
/// <param name="Scope">What they ask for, divided by blanks.</param>
/// <param name="Personas">Whether development personas sign in.</param>
public sealed record PageSignIn(Uri? Authority, string? ClientId, string Scope, bool Personas)
{
    /// <summary>Asks for a refresh token: a desk that is open all day is renewed without the frames that browsers forbid more and more.</summary>
    private const string UsualScope = "openid profile offline_access";

    private static readonly string[] Known = ["ClientId", "Scope"];

    /// <summary>For how long a page waits for the authority to say where it is; it says so again to the next page.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Whether the pages go to an authority.</summary>
    public bool Leaves => Authority is not null && ClientId is not null;

    /// <summary>Reads <c>SupportCluster:SignIn</c>.</summary>
    /// <exception cref="ConfigurationMistakeException">A key is unknown, or there is no authority for it.</exception>
    public static PageSignIn Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection("SupportCluster:SignIn");
        ConfigurationMistakeException.ThrowIfUnknown(section, Known, string.Join(" and ", Known));
        var given = configuration["Authentication:Schemes:Bearer:Authority"];
        if (section["ClientId"] is { Length: > 0 } && given is not { Length: > 0 })
        {
            throw new ConfigurationMistakeException("SupportCluster:SignIn:ClientId is for pages that sign in at an authority: set Authentication:Schemes:Bearer:Authority as well, or leave it out.");
        }

        return new(
            given is not { Length: > 0 } ? null : Uri.TryCreate(given, UriKind.Absolute, out var authority) && authority.Scheme is "http" or "https" ? authority : throw new ConfigurationMistakeException($"Authentication:Schemes:Bearer:Authority is '{given}': an address such as https://sign-in.example.org is expected."),
            section["ClientId"] is { Length: > 0 } client ? client : null,
            section["Scope"] is { Length: > 0 } scope ? scope : UsualScope,
            !SignInSetup.HasAuthority(configuration));
    }

    /// <summary>The origins that a page must reach to sign in: those of the authority's endpoints, or of the authority alone while it does not tell them.</summary>
    public async Task<IReadOnlyCollection<string>> Origins(IOptionsMonitor<JwtBearerOptions> bearer, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(bearer);
        HashSet<string> origins = [Authority!.GetLeftPart(UriPartial.Authority)];
        if (bearer.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager is { } manager)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(Patience);
            try
            {
                var told = await manager.GetConfigurationAsync(limit.Token).WaitAsync(limit.Token);
                origins.UnionWith(new[] { told.AuthorizationEndpoint, told.TokenEndpoint, told.UserInfoEndpoint, told.EndSessionEndpoint, told.JwksUri }
                    .Where(e => Uri.IsWellFormedUriString(e, UriKind.Absolute)).Select(e => new Uri(e).GetLeftPart(UriPartial.Authority)));
            }
            catch (Exception e) when (e is InvalidOperationException or IOException or OperationCanceledException && !cancel.IsCancellationRequested)
            {
                // It does not answer at the moment: nobody can sign in until it does.
            }
        }

        return origins;
    }
}
