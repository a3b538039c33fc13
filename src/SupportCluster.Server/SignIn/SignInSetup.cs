using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.IdentityModel.Tokens;
using SupportCluster.Server.Api;

namespace SupportCluster.Server.SignIn;

/// <summary>Bearer tokens everywhere, and nothing for whoever is not granted it.</summary>
public static class SignInSetup
{
    /// <summary>Whether tokens come from an authority or from configured keys; otherwise from development personas.</summary>
    public static bool HasAuthority(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var bearer = configuration.GetSection("Authentication:Schemes:Bearer");
        return bearer["Authority"] is { Length: > 0 } || bearer.GetSection("SigningKeys").GetChildren().Any();
    }

    public static IServiceCollection AddSignIn(this IServiceCollection services, IConfiguration configuration, Personas? personas)
    {
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
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
                    // Browsers cannot set headers on a WebSocket: the token comes in the query, for the hub only, and stays out of the logs.
                    if (context.HttpContext.Request.Path.StartsWithSegments("/hub", StringComparison.Ordinal) && context.Request.Query["access_token"] is { Count: 1 } token)
                    {
                        context.Token = token;
                    }

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
                OnChallenge = async context =>
                {
                    context.HandleResponse();
                    context.Response.Headers.WWWAuthenticate = "Bearer";
                    await Problems.Write(context.HttpContext, StatusCodes.Status401Unauthorized, context.AuthenticateFailure is SignInRevokedException ? SignInRevokedException.Code : "not-signed-in", context.AuthenticateFailure switch
                    {
                        SignInRevokedException revoked => revoked.Message,
                        null => "A bearer token is required.",
                        SecurityTokenExpiredException => "The token has expired: sign in again.",
                        _ => "The token is not valid here.",
                    });
                },
                OnForbidden = context => Problems.Write(context.HttpContext, StatusCodes.Status403Forbidden, "role-not-allowed", "This is not for your role."),
            };
        });
        // A token lives by the clock that everything lives by.
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<TimeProvider>((options, time) =>
            options.TokenValidationParameters.LifetimeValidator = (begins, ends, _, _) =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                return ends is null || ends > now ? ends is not null && (begins is null || begins <= now) : throw new SecurityTokenExpiredException();
            });

        services.AddSingleton<RevokedSignIns>().AddSingleton<RevokedSignInsPoll>().AddHostedService(provider => provider.GetRequiredService<RevokedSignInsPoll>());

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

    /// <summary>Grants an endpoint to roles.</summary>
    public static TBuilder For<TBuilder>(this TBuilder builder, params string[] roles)
        where TBuilder : IEndpointConventionBuilder => builder.RequireAuthorization(policy => policy.RequireAuthenticatedUser().RequireRole(roles));
}
