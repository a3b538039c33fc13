using System.Net.Http.Headers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.IdentityModel.Tokens;
using SupportCluster.Server.Api;
using SupportCluster.Server.Wallboards;

namespace SupportCluster.Server.SignIn;

/// <summary>Bearer tokens everywhere, and nothing for whoever is not granted it.</summary>
public static class SignInSetup
{
    /// <summary>The scheme that looks which of the others a token is for.</summary>
    private const string Any = "Any";

    /// <summary>Whether tokens come from an authority or from configured keys; otherwise from development personas.</summary>
    public static bool HasAuthority(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var bearer = configuration.GetSection("Authentication:Schemes:Bearer");
        return bearer["Authority"] is { Length: > 0 } || bearer.GetSection("SigningKeys").GetChildren().Any();
    }

    public static IServiceCollection AddSignIn(this IServiceCollection services, IConfiguration configuration, Personas? personas)
    {
        services.AddAuthentication(Any).AddPolicyScheme(Any, null, options => options.ForwardDefaultSelector = http => WallToken.IsOne(TokenOf(http.Request)) ? WallDisplayHandler.Scheme : JwtBearerDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, WallDisplayHandler>(WallDisplayHandler.Scheme, null).AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            options.TokenValidationParameters.NameClaimType = ClaimNames.Subject;
            options.TokenValidationParameters.RoleClaimType = ClaimNames.Role;
            options.TokenValidationParameters.ClockSkew = TimeSpan.Zero;
            if (personas is not null)
            {
                options.TokenValidationParameters.ValidIssuer = Personas.Issuer;
                options.TokenValidationParameters.ValidAudience = Personas.Issuer;
                options.TokenValidationParameters.IssuerSigningKey = personas.Key;
            }

            options.Events = new JwtBearerEvents
            {
                OnMessageReceived = context =>
                {
                    context.Token = TokenOf(context.Request);
                    return Task.CompletedTask;
                },
                OnTokenValidated = context =>
                {
                    if (!SignedInPerson.IsComplete(context.Principal!))
                    {
                        context.Fail("The token needs sub, one role of contact, representative, engineer, manager, admin, wallboard, and for a contact support_id.");
                    }
                    else if (context.HttpContext.RequestServices.GetRequiredService<RevokedSignIns>().Holds(context.Principal!))
                    {
                        context.Fail(new SignInRevokedException());
                    }

                    return Task.CompletedTask;
                },
                OnChallenge = context =>
                {
                    context.HandleResponse();
                    return Challenge(context.HttpContext, context.AuthenticateFailure);
                },
                OnForbidden = context => Forbid(context.HttpContext),
            };
        });
        // A token lives by the clock that everything lives by.
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<TimeProvider>((options, time) =>
            options.TokenValidationParameters.LifetimeValidator = (begins, ends, _, _) =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                return ends is null || ends > now ? ends is not null && (begins is null || begins <= now) : throw new SecurityTokenExpiredException();
            });

        services.AddSingleton<RevokedSignIns>();
        services.AddSingleton<RevokedSignInsPoll>().AddHostedService(provider => provider.GetRequiredService<RevokedSignInsPoll>());
        services.AddSingleton<WallDisplaysPoll>().AddHostedService(provider => provider.GetRequiredService<WallDisplaysPoll>());

        // Request logs hold the query, and that of the hub a browser's token.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning));
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        if (personas is not null)
        {
            services.AddSingleton(personas);

            // Any web page could reach this machine under a name of its own that resolves to it, and ask for a token.
            services.Configure<HostFilteringOptions>(options => options.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);
        }

        return services;
    }

    /// <summary>The bearer token of a request. Browsers cannot set headers on a WebSocket: theirs comes in the query, for the hub only, and stays out of the logs.</summary>
    internal static string? TokenOf(HttpRequest request) =>
        request.Path.StartsWithSegments("/hub", StringComparison.Ordinal) && request.Query["access_token"] is { Count: 1 } token ? token.ToString()
        : AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) && header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) ? header.Parameter
        : null;

    /// <summary>Answers whoever is not signed in.</summary>
    internal static Task Challenge(HttpContext http, Exception? failure)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Write(http, StatusCodes.Status401Unauthorized, failure is SignInRevokedException ? SignInRevokedException.Code : "not-signed-in", failure switch
        {
            SignInRevokedException revoked => revoked.Message,
            null => "A bearer token is required.",
            SecurityTokenExpiredException => "The token has expired: sign in again.",
            // Said above: whoever runs the authority can mend it.
            AuthenticationFailureException incomplete => incomplete.Message,
            _ => "The token is not valid here.",
        });
    }

    /// <summary>Answers whoever is signed in and may not.</summary>
    internal static Task Forbid(HttpContext http) => Problems.Write(http, StatusCodes.Status403Forbidden, "role-not-allowed", "This is not for your role.");

    /// <summary>Grants an endpoint to roles.</summary>
    public static TBuilder For<TBuilder>(this TBuilder builder, params string[] roles)
        where TBuilder : IEndpointConventionBuilder => builder.RequireAuthorization(policy => policy.RequireAuthenticatedUser().RequireRole(roles));
}
