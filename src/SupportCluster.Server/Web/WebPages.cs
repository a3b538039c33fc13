using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using SupportCluster.Server.SignIn;

namespace SupportCluster.Server.Web;

/// <summary>The pages for people: a program for the browser that talks to this server's API and hub like any other client.</summary>
internal static class WebPages
{
    private const string NonceKey = "supportcluster.nonce";

    public static void AddWebPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents().AddInteractiveWebAssemblyComponents();
        builder.Services.AddSingleton(PageSignIn.Read(builder.Configuration));

        // A route for files that appear later would answer for every address that there is not.
        builder.WebHost.UseSetting("ReloadStaticAssetsAtRuntime", "false");
        var unpublished = Path.Combine(AppContext.BaseDirectory, "SupportCluster.Server.staticwebassets.runtime.json");
        if (File.Exists(unpublished))
        {
            // As built, not as published: the files lie where they were built.
            builder.WebHost.UseSetting(WebHostDefaults.StaticWebAssetsKey, unpublished);
            builder.WebHost.UseStaticWebAssets();
        }
    }

    /// <summary>Whoever asks gets the program; what it shows is the API's to decide.</summary>
    public static void MapWebPages(this WebApplication app)
    {
        var assets = Path.Combine(AppContext.BaseDirectory, "SupportCluster.Server.staticwebassets.endpoints.json");
        if (!File.Exists(assets))
        {
            // A test that hosts the server in its own process has no pages.
            return;
        }

        app.Use(Guard);
        app.UseAntiforgery();
        var open = app.MapGroup("").AllowAnonymous();
        open.MapStaticAssets(assets);
        open.MapRazorComponents<App>().AddInteractiveWebAssemblyRenderMode().AddAdditionalAssemblies(typeof(SupportCluster.Web.Routes).Assembly);
    }

    internal static string? NonceOf(HttpContext http) => http.Items[NonceKey] as string;

    /// <summary>Pages load nothing from elsewhere, are shown in no frame, and run no script that is not theirs. Where people sign in at an authority they speak with that as well, and are shown in a frame of their own: so a sign-in is renewed that has no refresh token.</summary>
    private static async Task Guard(HttpContext http, RequestDelegate next)
    {
        if (!http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && !http.Request.Path.StartsWithSegments("/scalar", StringComparison.Ordinal))
        {
            var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
            http.Items[NonceKey] = nonce;
            var signIn = http.RequestServices.GetRequiredService<PageSignIn>();
            var (connect, frames) = ("", "frame-ancestors 'none'");
            if (signIn.Leaves && !Path.HasExtension(http.Request.Path))
            {
                connect = string.Concat((await signIn.Origins(http.RequestServices.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>(), http.RequestAborted)).Select(origin => " " + origin));
                frames = $"frame-src 'self'{connect}; frame-ancestors 'self'";
            }

            http.Response.Headers.ContentSecurityPolicy =
                $"default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'{connect}; {frames}; base-uri 'self'; object-src 'none'";
            http.Response.Headers.XContentTypeOptions = "nosniff";
            http.Response.Headers["Referrer-Policy"] = "no-referrer";
        }

        await next(http);
    }
}
