using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Metadata;
using SupportCluster.Domain;
using SupportCluster.Grains.Durable;
using SupportCluster.Protocol;
using SupportCluster.Storage;

namespace SupportCluster.Server.Api;

/// <summary>The one place where a no becomes an answer (RFC 9457).</summary>
public static partial class Problems
{
    /// <summary>A refusal of the domain.</summary>
    public static IResult Result(Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return new RefusalResult(refusal);
    }

    /// <summary>Writes a problem that no handler was reached for.</summary>
    public static Task Write(HttpContext http, int status, string code, string detail, IReadOnlyDictionary<string, string[]>? errors = null) =>
        Write(http, new Problem($"urn:supportcluster:problem:{code}", Title(status), status, detail, code, Errors: errors, TraceId: TraceId(http)));

    /// <summary>Answers what no endpoint answered.</summary>
    public static Task Unmatched(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.Response.StatusCode switch
        {
            StatusCodes.Status400BadRequest => Write(http, StatusCodes.Status400BadRequest, "malformed", "The request is not as expected."),
            StatusCodes.Status404NotFound => Write(http, StatusCodes.Status404NotFound, "not-found", "There is nothing here."),
            StatusCodes.Status405MethodNotAllowed => Write(http, StatusCodes.Status405MethodNotAllowed, "method-not-allowed", "This address does not answer that method."),
            StatusCodes.Status413PayloadTooLarge => Write(http, StatusCodes.Status413PayloadTooLarge, "too-large", "The body is larger than this request may be."),
            StatusCodes.Status415UnsupportedMediaType => Write(http, StatusCodes.Status415UnsupportedMediaType, "not-json", "The body must be application/json."),
            _ => Task.CompletedTask,
        };
    }

    /// <summary>Turns exceptions into problems: bad requests with their place, failed infrastructure as an unknown outcome, anything else as an error without its inside.</summary>
    public static Task Handle(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var (exception, endpoint) = http.Features.Get<IExceptionHandlerFeature>() is { } failed ? (failed.Error, failed.Endpoint) : default;
        switch (exception)
        {
            case BadHttpRequestException { InnerException: JsonException json }:
                var pointer = Pointer(json.Path);
                var plain = Plain(json, endpoint?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType, pointer);
                return Write(http, StatusCodes.Status400BadRequest, "malformed", $"The body is not as expected{(pointer.Length == 0 ? "" : $" at {pointer}")}: {plain}",
                    new Dictionary<string, string[]> { [pointer] = [plain] });
            case BadHttpRequestException bad:
                return bad.StatusCode switch
                {
                    StatusCodes.Status413PayloadTooLarge => Write(http, bad.StatusCode, "too-large", "The body is larger than this request may be."),
                    StatusCodes.Status415UnsupportedMediaType => Write(http, bad.StatusCode, "not-json", "The body must be application/json."),
                    _ => Write(http, bad.StatusCode, "malformed", Parameters().Replace(bad.Message, "The value of '$1' is missing or malformed.")),
                };
            case RecordUnreadableException:
                return Write(http, StatusCodes.Status503ServiceUnavailable, "record-unreadable", "This record cannot be read and is set aside until it is mended.");
            // Orleans cancels what has expired before it knew where to send it, as when a node has just died.
            case StoreException or TimeoutException or Orleans.Runtime.OrleansException or OperationCanceledException:
                return HttpMethods.IsGet(http.Request.Method)
                    ? Write(http, StatusCodes.Status503ServiceUnavailable, "unavailable", "The service cannot answer at present: try again.")
                    : Write(http, StatusCodes.Status503ServiceUnavailable, "outcome-unknown", "Whether this was carried out is unknown: repeat it with the same Idempotency-Key.");
            default:
                LogInternal(http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("SupportCluster.Api"), exception, http.Request.Method, endpoint?.DisplayName);
                return Write(http, StatusCodes.Status500InternalServerError, "internal", "Something went wrong here; the trace id finds it in the log.");
        }
    }

    private static Task Write(HttpContext http, Problem problem)
    {
        http.Response.StatusCode = problem.Status!.Value;
        return http.Response.WriteAsJsonAsync(problem, WireJson.Tolerant, "application/problem+json");
    }

    private static string TraceId(HttpContext http) => Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;

    private static string Title(int status) => status switch
    {
        400 => "Malformed request",
        401 => "Not signed in",
        403 => "Not allowed",
        404 => "Not found",
        405 => "Method not allowed",
        409 => "Against the present state",
        413 => "Too large",
        415 => "Not JSON",
        422 => "Forbidden by a rule",
        429 => "Too many requests",
        503 => "Not available",
        _ => "Error",
    };

    private static string Pointer(string? path) => path is null or "$"
        ? ""
        : path.TrimStart('$').Replace("['", ".", StringComparison.Ordinal).Replace("']", "", StringComparison.Ordinal).Replace('.', '/').Replace('[', '/').Replace("]", "", StringComparison.Ordinal);

    /// <summary>The serializer's message in the words of the API: without positions and type names, and for a value of the wrong kind with what is expected.</summary>
    private static string Plain(JsonException e, Type? root, string pointer)
    {
        if (e.Message.Contains("allow null values", StringComparison.Ordinal))
        {
            return "null is not expected.";
        }

        if (e is { InnerException: FormatException } or { Message: "" } || e.Message.Contains("could not be converted", StringComparison.Ordinal))
        {
            return Expected(root is null ? null : TypeAt(root, pointer));
        }

        var plain = InType().Replace(Position().Replace(e.Message, ""), "");
        return plain.Contains("System.", StringComparison.Ordinal) || plain.Contains(nameof(SupportCluster), StringComparison.Ordinal) ? Expected(null) : plain;
    }

    private static Type? TypeAt(Type root, string pointer)
    {
        var type = root;
        foreach (var part in pointer.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            type = part.All(char.IsAsciiDigit)
                ? type.GetGenericArguments().FirstOrDefault()
                : type.GetProperties().FirstOrDefault(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name) == part)?.PropertyType;
            if (type is null)
            {
                return null;
            }

            type = Nullable.GetUnderlyingType(type) ?? type;
        }

        return type;
    }

    private static string Expected(Type? type) => type switch
    {
        { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName))} is expected.",
        not null when type == typeof(int) || type == typeof(long) => "a whole number is expected.",
        not null when type == typeof(bool) => "true or false is expected.",
        not null when type == typeof(string) => "a text is expected.",
        not null when type == typeof(NodaTime.Instant) => "an instant such as 2026-03-02T09:15:00Z is expected.",
        not null when type == typeof(NodaTime.LocalDate) => "a date such as 2026-03-02 is expected.",
        not null when type == typeof(NodaTime.Duration) => "a duration such as PT30M is expected.",
        { IsGenericType: true } => "a list is expected.",
        not null when type.Assembly == typeof(Problem).Assembly => "an object is expected.",
        _ => "a value of another form is expected.",
    };

    [GeneratedRegex(@" (Path: .*|LineNumber: .*)$", RegexOptions.Singleline)]
    private static partial Regex Position();

    [GeneratedRegex(@" (?:contained in|for) type '[^']+'| to any \.NET member")]
    private static partial Regex InType();

    [GeneratedRegex("^.*parameter \"[^\"]* (\\w+)\".*$", RegexOptions.Singleline)]
    private static partial Regex Parameters();

    [LoggerMessage(3001, LogLevel.Error, "A request failed: {Method} {Endpoint}.")]
    private static partial void LogInternal(ILogger logger, Exception? exception, string method, string? endpoint);

    private sealed class RefusalResult(Refusal refusal) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var status = refusal.Kind switch
            {
                RefusalKind.Malformed => StatusCodes.Status400BadRequest,
                RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
                RefusalKind.NotFound => StatusCodes.Status404NotFound,
                RefusalKind.State => StatusCodes.Status409Conflict,
                RefusalKind.Rule => StatusCodes.Status422UnprocessableEntity,
                RefusalKind.Unknown => StatusCodes.Status503ServiceUnavailable,
                _ => throw new InvalidOperationException($"Unknown kind {refusal.Kind}."),
            };
            var errors = refusal.Pointer is { Length: > 0 } pointer ? new Dictionary<string, string[]> { [pointer] = [refusal.Detail] } : null;
            return Write(httpContext, new Problem($"urn:supportcluster:problem:{refusal.Code}", Title(status), status, refusal.Detail, refusal.Code, refusal.Rule, errors, refusal.Facts, TraceId(httpContext)));
        }
    }
}
