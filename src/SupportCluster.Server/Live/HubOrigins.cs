using SupportCluster.Server.Api;

namespace SupportCluster.Server.Live;

/// <summary>Which web pages may connect: those of this server, and those of the origins that are configured. Browsers ask nobody before they open a WebSocket, so CORS does not help.</summary>
internal static class HubOrigins
{
    /// <summary>Refuses requests of other pages with 403 <c>origin-not-allowed</c>. What is no browser says no origin.</summary>
    public static TBuilder CheckOrigins<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = http => IsAllowed(http.Request, http.RequestServices.GetRequiredService<LiveOptions>().Origins)
                ? next(http)
                : Problems.Write(http, StatusCodes.Status403Forbidden, LiveCodes.OriginNotAllowed, "Pages of this origin may not connect: it is not the server's, nor in SupportCluster:Live:Origins.");
        });
        return builder;
    }

    /// <summary>An origin in its one spelling, such as <c>https://desk.example.org</c>; null when it is none.</summary>
    public static string? Normalise(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
            ? uri.GetLeftPart(UriPartial.Authority).ToLowerInvariant()
            : null;

    private static bool IsAllowed(HttpRequest request, IReadOnlyList<string> more)
    {
        if (request.Headers.Origin.Count == 0)
        {
            return true;
        }

        return request.Headers.Origin is [{ } given] && Normalise(given) is { } origin
            && (origin == Normalise($"{request.Scheme}://{request.Host}") || more.Contains(origin));
    }
}
