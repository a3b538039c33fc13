using System.Security.Cryptography;

namespace SupportCluster.Server.Web;

/// <summary>The pages for people: a program for the browser that talks to this server's API and hub like any other client.</summary>
internal static class WebPages
{
    private const string NonceKey = "supportcluster.nonce";

    public static void AddWebPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents().AddInteractiveWebAssemblyComponents();

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

    /// <summary>Pages load nothing from elsewhere, are shown in no frame, and run no script that is not theirs.</summary>
    private static Task Guard(HttpContext http, RequestDelegate next)
    {
        if (!http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && !http.Request.Path.StartsWithSegments("/scalar", StringComparison.Ordinal))
        {
            var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
            http.Items[NonceKey] = nonce;
            http.Response.Headers.ContentSecurityPolicy =
                $"default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; object-src 'none'";
            http.Response.Headers.XContentTypeOptions = "nosniff";
            http.Response.Headers["Referrer-Policy"] = "no-referrer";
        }

        return next(http);
    }
}
