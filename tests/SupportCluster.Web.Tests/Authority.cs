using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SupportCluster.Web.Tests;

/// <summary>An authority as far as OpenID Connect's code flow with PKCE goes: whoever comes chooses a name. A refresh token is good for one renewal.</summary>
internal sealed class Authority : IAsyncDisposable
{
    internal const string Client = "support-pages";
    internal const string Audience = "supportcluster";

    private static readonly Dictionary<string, Dictionary<string, object>> People = new()
    {
        ["ada"] = new() { ["sub"] = "contact.northwind", ["role"] = "contact", ["support_id"] = "northwind" },
        ["aoife"] = new() { ["sub"] = "eng-aoife", ["role"] = "engineer" },
        ["chief"] = new() { ["sub"] = "chief", ["role"] = "admin" },
        ["stranger"] = new() { ["sub"] = "stranger" },
    };

    private readonly RSA key = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, IQueryCollection> codes = new();
    private readonly ConcurrentDictionary<string, string> refreshing = new();
    private WebApplication? app;

    internal Uri Address { get; private set; } = null!;

    /// <summary>For how long an access token lives.</summary>
    internal TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether nobody's sign-in is renewed.</summary>
    internal bool RefusesToRenew { get; set; }

    /// <summary>How many were renewed.</summary>
    internal int Renewed { get; private set; }

    /// <summary>How many have signed out here.</summary>
    internal int Ended { get; private set; }

    internal async Task Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddCors();
        app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UseCors(cors => cors.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod());
        app.MapGet("/.well-known/openid-configuration", () => new Dictionary<string, object>
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = $"{Issuer}/authorize",
            ["token_endpoint"] = $"{Issuer}/token",
            ["userinfo_endpoint"] = $"{Issuer}/userinfo",
            ["end_session_endpoint"] = $"{Issuer}/end",
            ["jwks_uri"] = $"{Issuer}/keys",
        });
        var shown = key.ExportParameters(includePrivateParameters: false);
        app.MapGet("/keys", () => new { keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = "1", n = Base64Url(shown.Modulus!), e = Base64Url(shown.Exponent!) } } });
        app.MapGet("/authorize", (HttpRequest request) => request.Query["prompt"] == "none"
            ? Back(request, "error=login_required")
            : request.Query["client_id"] == Client && request.Query["code_challenge_method"] == "S256"
                ? Results.Content($"<!doctype html><html lang=en><title>Authority</title><h1>Who are you?</h1>{string.Concat(People.Keys.Select(name => $"<p><a href='/authorize/{name}{request.QueryString}'>{name}</a>"))}", "text/html")
                : Results.BadRequest());
        app.MapGet("/authorize/{name}", (string name, HttpRequest request) =>
        {
            var code = $"{name}.{Guid.NewGuid():N}";
            codes[code] = request.Query;
            return Back(request, $"code={code}");
        });
        app.MapPost("/token", async (HttpRequest request) => Token(await request.ReadFormAsync()));
        app.MapGet("/userinfo", (HttpRequest request) => JsonSerializer.Deserialize<JsonElement>(Convert.FromBase64String(Padded(request.Headers.Authorization.ToString().Split('.')[1]))));
        app.MapGet("/end", (HttpRequest request) =>
        {
            Ended++;
            return Results.Redirect($"{request.Query["post_logout_redirect_uri"]}?state={request.Query["state"]}");
        });
        await app.StartAsync();
        Address = new(app.Urls.Single());
    }

    /// <summary>A token as one of its people gets it.</summary>
    internal string AccessToken(string name) => Signed(new(People[name]) { ["aud"] = Audience });

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        key.Dispose();
    }

    private string Issuer => Address.GetLeftPart(UriPartial.Authority);

    private static IResult Back(HttpRequest request, string answer) => Results.Redirect($"{request.Query["redirect_uri"]}?{answer}&state={request.Query["state"]}");

    private IResult Token(IFormCollection form)
    {
        string name;
        string? nonce = null;
        if (form["grant_type"] == "refresh_token")
        {
            if (RefusesToRenew || !refreshing.TryRemove(form["refresh_token"].ToString(), out name!))
            {
                return Results.BadRequest(new { error = "invalid_grant" });
            }

            Renewed++;
        }
        else if (codes.TryRemove(form["code"].ToString(), out var asked) && asked["code_challenge"] == Base64Url(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) && asked["redirect_uri"] == form["redirect_uri"])
        {
            (name, nonce) = (form["code"].ToString().Split('.')[0], asked["nonce"]);
        }
        else
        {
            return Results.BadRequest(new { error = "invalid_grant" });
        }

        var next = Guid.NewGuid().ToString("N");
        refreshing[next] = name;
        var identity = new Dictionary<string, object>(People[name]) { ["aud"] = Client };
        if (nonce is not null)
        {
            identity["nonce"] = nonce;
        }

        return Results.Json(new Dictionary<string, object>
        {
            ["access_token"] = AccessToken(name),
            ["id_token"] = Signed(identity),
            ["refresh_token"] = next,
            ["token_type"] = "Bearer",
            ["expires_in"] = (int)Lifetime.TotalSeconds,
            ["scope"] = "openid profile offline_access",
        });
    }

    private string Signed(Dictionary<string, object> claims)
    {
        var now = WebServer.Time.GetUtcNow().ToUnixTimeSeconds();
        var all = new Dictionary<string, object>(claims) { ["iss"] = Issuer, ["iat"] = now, ["exp"] = now + (long)Lifetime.TotalSeconds };
        var told = $"{Base64Url(JsonSerializer.SerializeToUtf8Bytes(new { alg = "RS256", typ = "JWT", kid = "1" }))}.{Base64Url(JsonSerializer.SerializeToUtf8Bytes(all))}";
        return $"{told}.{Base64Url(key.SignData(Encoding.ASCII.GetBytes(told), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static string Padded(string base64Url) => base64Url.Replace('-', '+').Replace('_', '/').PadRight((base64Url.Length + 3) / 4 * 4, '=');
}
