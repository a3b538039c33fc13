using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using NodaTime;
using SupportCluster.Protocol;

namespace SupportCluster.Client;

/// <summary>
/// The REST interface, one method per action of the server. Every call that changes something carries an idempotency key and
/// repeats itself with that key while its outcome is unknown; calls that only read fail at once. Of several addresses one is used until it
/// does not answer, or answers that it cannot serve; then the next, and a call that only reads fails when each has been asked.
/// </summary>
/// <remarks>Refusals are thrown as <see cref="SupportClusterException"/>, an unknown outcome as <see cref="OutcomeUnknownException"/>.</remarks>
public sealed partial class SupportClusterClient : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private const int LargeBody = 256 * 1024;
    private const string Unavailable = "unavailable";
    private const string JsonType = "application/json";

    private readonly SupportClusterOptions options;
    private readonly AddressBook addresses;
    private readonly TimeProvider time;
    private readonly HttpClient http;
    private readonly long? seen;

    /// <param name="time">The clock of time limits, pauses and idempotency keys.</param>
    public SupportClusterClient(SupportClusterOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        this.time = time;
        addresses = new AddressBook(options);
        // One pool of connections for the client's life; addresses that moved are noticed after two minutes. A browser has its own.
        http = options.Handler is { } handler
            ? new HttpClient(handler, disposeHandler: false)
            : OperatingSystem.IsBrowser() ? new HttpClient() : new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) });
        http.Timeout = Timeout.InfiniteTimeSpan;
    }

    private SupportClusterClient(SupportClusterClient other, long seen)
    {
        (options, addresses, time, http, this.seen) = (other.options, other.addresses, other.time, other.http, seen);
        (RepeatFor, AttemptTimeout, Repeating, Dated) = (other.RepeatFor, other.AttemptTimeout, other.Repeating, other.Dated);
    }

    /// <summary>This client, whose actions on a case are refused (<c>case-changed</c>) when somebody else has done something with the case since it was read.</summary>
    /// <param name="version">The version that was read.</param>
    public SupportClusterClient IfUnchangedSince(long version) => new(this, version);

    /// <summary>For how long a call with an unknown outcome is repeated; 30 s.</summary>
    public TimeSpan RepeatFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For how long one attempt may take before it counts as lost; 20 s.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Told before each repeat what happened to the attempt before.</summary>
    public Action<string>? Repeating { get; init; }

    /// <summary>
    /// Told with each answer what the server's clock said, cut off to the second, and between which instants of this client's clock that was: for whoever shows
    /// what is left until an instant of the server's on a machine whose clock may be wrong.
    /// </summary>
    public Action<Instant, Interval>? Dated { get; init; }

    public void Dispose()
    {
        if (seen is null)
        {
            http.Dispose();
        }
    }

    private async Task<T> Get<T>(string path, CancellationToken cancellation, TimeSpan? timeout = null)
    {
        var answer = await Anywhere(HttpMethod.Get, path, null, timeout ?? AttemptTimeout, cancellation);
        return answer.Failure is { } failure ? throw failure : Read<T>(answer);
    }

    /// <summary>Asks each address once, until one answers.</summary>
    private async Task<Attempt> Anywhere(HttpMethod method, string path, byte[]? body, TimeSpan timeout, CancellationToken cancellation)
    {
        Attempt answer;
        var asked = 0;
        do
        {
            answer = await Once(method, path, body, key: null, timeout, cancellation);
        }
        while (answer.Elsewhere && ++asked < addresses.Count);
        return answer;
    }

    /// <summary>A question with a body: changes nothing, so it is neither keyed nor repeated.</summary>
    private async Task<T> Query<T>(string path, object body, CancellationToken cancellation)
    {
        var answer = await Anywhere(HttpMethod.Post, path, Json(body), AttemptTimeout, cancellation);
        return answer.Failure is { } failure ? throw failure : Read<T>(answer);
    }

    private Task<T> Post<T>(string path, object? body, CancellationToken cancellation, TimeSpan? timeout = null) =>
        Change<T>(HttpMethod.Post, path, body, cancellation, timeout);

    private Task<T> Put<T>(string path, object body, CancellationToken cancellation) => Change<T>(HttpMethod.Put, path, body, cancellation);

    private Task<T> Delete<T>(string path, CancellationToken cancellation) => Change<T>(HttpMethod.Delete, path, null, cancellation);

    private async Task<T> Change<T>(HttpMethod method, string path, object? body, CancellationToken cancellation, TimeSpan? timeout = null)
    {
        var key = Guid.CreateVersion7(time.GetUtcNow());
        var (bytes, type) = body switch
        {
            null => (null, JsonType),
            Calendar calendar => (System.Text.Encoding.UTF8.GetBytes(calendar.Text), "text/calendar"),
            _ => (Json(body), JsonType),
        };
        var started = time.GetTimestamp();
        var pause = FirstPause;
        var arrived = false;
        while (true)
        {
            var answer = await Once(method, path, bytes, key, timeout ?? AttemptTimeout, cancellation, type);
            if (answer.Failure is null)
            {
                return Read<T>(answer);
            }

            if (!answer.Repeatable)
            {
                throw answer.Failure;
            }

            arrived |= answer.MayHaveArrived;
            var wait = pause * (0.5 + Random.Shared.NextDouble());
            if (time.GetElapsedTime(started) + wait > RepeatFor)
            {
                throw arrived ? new OutcomeUnknownException($"{method} /{path}", key, answer.Failure) : answer.Failure;
            }

            Repeating?.Invoke(answer.Failure.Message);
            await Task.Delay(wait, time, cancellation);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task<HttpRequestMessage> Request(HttpMethod method, Uri address, string path, Guid? key, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(method, new Uri(address, path));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(JsonType));
        if (options.Token is { } token && await token(cancellation) is { Length: > 0 } bearer)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        if (key is { } given)
        {
            request.Headers.Add("Idempotency-Key", given.ToString("D"));
            if (seen is { } version)
            {
                request.Headers.IfMatch.Add(new EntityTagHeaderValue(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\"{version}\"")));
            }
        }

        return request;
    }

    private async Task<Attempt> Once(HttpMethod method, string path, byte[]? body, Guid? key, TimeSpan timeout, CancellationToken cancellation, string type = JsonType)
    {
        var address = addresses.Present;
        using var request = await Request(method, address, path, key, cancellation);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
            // A large body waits for the server's word: one that is refused while it is still being sent would only look like a lost connection.
            request.Headers.ExpectContinue = body.Length > LargeBody;
        }

        using var limit = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var asked = Now();
        try
        {
            // The body is read within the attempt: a connection lost in the middle of an answer is a lost connection too.
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            if (Dated is not null && response.Headers.Date is { } date && Now() is var answered && answered >= asked)
            {
                Dated(Instant.FromDateTimeOffset(date), new(asked, answered));
            }

            var content = await response.Content.ReadAsByteArrayAsync(linked.Token);
            return response.IsSuccessStatusCode ? new Attempt(content) : Turned(Refused(response, content), address);
        }
        catch (Exception lost) when (Lost(lost) && !cancellation.IsCancellationRequested)
        {
            return Turned(Unanswered(lost, address), address);
        }
    }

    /// <summary>Another node may be able to do what this one could not: the next attempt asks it.</summary>
    private Attempt Turned(Attempt answer, Uri address)
    {
        if (answer.Elsewhere)
        {
            addresses.Leave(address);
        }

        return answer;
    }

    private static bool Lost(Exception exception) => exception is HttpRequestException or IOException or OperationCanceledException;

    private static Attempt Unanswered(Exception lost, Uri address)
    {
        var connected = lost is not HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError };
        var reason = lost is OperationCanceledException ? "it did not answer in time" : lost.Message.TrimEnd('.');
        var problem = new Problem(null, "The server was not reached", null, $"No answer from {address}: {reason}.", SupportClusterException.Unreachable);
        return new Attempt([], new SupportClusterException(null, problem, lost), Repeatable: true, MayHaveArrived: connected, Elsewhere: true);
    }

    private static Attempt Refused(HttpResponseMessage response, byte[] content)
    {
        var problem = ReadProblem(response, content);
        // Without a code the answer comes from a balancer in between, and says nothing about what the server did.
        var unknown = problem.Code == "outcome-unknown"
            || (problem.Code is null && response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout);
        return new Attempt([], new SupportClusterException(response.StatusCode, problem), Repeatable: unknown, MayHaveArrived: unknown, Elsewhere: unknown || problem.Code == Unavailable);
    }

    private static Problem ReadProblem(HttpResponseMessage response, byte[] content)
    {
        if (response.Content.Headers.ContentType?.MediaType is { } type && type.EndsWith("json", StringComparison.OrdinalIgnoreCase))
        {
            try
            {
                if (JsonSerializer.Deserialize<Problem>(content, WireJson.Tolerant) is { } problem)
                {
                    return problem;
                }
            }
            catch (JsonException)
            {
                // Not a problem of ours: described by its status below.
            }
        }

        var title = response.ReasonPhrase is { Length: > 0 } phrase ? phrase : response.StatusCode.ToString();
        return new Problem(null, title, (int)response.StatusCode, $"The server answered {(int)response.StatusCode} {title}.", null);
    }

    private T Read<T>(Attempt answer)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(answer.Content, WireJson.Tolerant) ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException unreadable)
        {
            var problem = new Problem(null, "The answer cannot be read", null, $"{addresses.Present} did not answer as a SupportCluster server does: {unreadable.Message}", "answer-unreadable");
            throw new SupportClusterException(HttpStatusCode.OK, problem, unreadable);
        }
    }

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());

    private static byte[] Json(object body) => JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), WireJson.Tolerant);

    private static string Escaped(string value) => Uri.EscapeDataString(value);

    private static string Where(params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var query = new System.Text.StringBuilder();
        foreach (var (name, value) in values)
        {
            var text = value switch
            {
                null => null,
                bool flag => flag ? "true" : "false",
                Enum word => JsonNamingPolicy.CamelCase.ConvertName(word.ToString()),
                IFormattable figure => figure.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
                _ => value.ToString(),
            };
            if (text is not null)
            {
                query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Escaped(text));
            }
        }

        return query.ToString();
    }

    /// <summary>A body that is no JSON.</summary>
    private sealed record Calendar(string Text);

    /// <summary>What became of one attempt: an answer's body, or a failure.</summary>
    /// <param name="Repeatable">Whether the call took effect cannot be told from it.</param>
    /// <param name="MayHaveArrived">False when no connection was made: then nothing was done.</param>
    /// <param name="Elsewhere">The node failed, not the call: another one may do better.</param>
    private sealed record Attempt(byte[] Content, SupportClusterException? Failure = null, bool Repeatable = false, bool MayHaveArrived = false, bool Elsewhere = false);
}
