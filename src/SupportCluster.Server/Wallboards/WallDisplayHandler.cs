using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using SupportCluster.Server.SignIn;

namespace SupportCluster.Server.Wallboards;

/// <summary>Signs wall displays in by the tokens of their links, beside whatever else gives tokens. They are wallboards and nothing else.</summary>
internal sealed class WallDisplayHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, WallDisplaysPoll displays, RevokedSignIns revoked)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    internal new const string Scheme = "WallDisplay";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync() => SignInSetup.TokenOf(Request) is not { } token ? AuthenticateResult.NoResult()
        : await displays.Find(token, Context.RequestAborted) is not { } display ? AuthenticateResult.Fail("No display has this link.")
        : revoked.Holds(display) ? AuthenticateResult.Fail(new SignInRevokedException())
        : AuthenticateResult.Success(new(display, Scheme));

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties) => await SignInSetup.Challenge(Context, (await HandleAuthenticateOnceSafeAsync()).Failure);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => SignInSetup.Forbid(Context);
}
