using System.Net.Http.Headers;
using System.Text;
using NodaTime;

namespace SupportCluster.Server.Tests.Running;

/// <summary>Somebody who calls a server over HTTP; the token is made anew for every call.</summary>
internal sealed class Caller(HttpClient http, StandingClock clock, Func<string?> token)
{
    /// <summary>Also writes nulls, which our clients never do.</summary>
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>A new <c>Idempotency-Key</c>, made at the server's present.</summary>
    internal string NewKey(Duration? ago = null) => Guid.CreateVersion7((clock.Now - (ago ?? Duration.Zero)).ToDateTimeOffset()).ToString();

    internal Task<Answer> Get(string path) => Send(HttpMethod.Get, path);

    internal Task<Answer> Post(string path, object? body = null, string? key = null, string? ifMatch = null) => Send(HttpMethod.Post, path, body, key, ifMatch);

    internal Task<Answer> Put(string path, object body, string? key = null) => Send(HttpMethod.Put, path, body, key);

    internal Task<Answer> Delete(string path, string? key = null) => Send(HttpMethod.Delete, path, null, key);

    /// <param name="body">Content, a text that is sent as it is, or an object that is written as JSON.</param>
    internal async Task<Answer> Send(HttpMethod method, string path, object? body = null, string? key = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            string text => new StringContent(text, Encoding.UTF8, "application/json"),
            byte[] bytes => new ByteArrayContent(bytes) { Headers = { ContentType = new("application/json") } },
            _ => new StringContent(JsonSerializer.Serialize(body, Json), Encoding.UTF8, "application/json"),
        };
        // Refused before it is sent, as by the SDK: an answer in the middle of sending is a broken pipe to HttpClient.
        request.Headers.ExpectContinue = request.Content?.Headers.ContentLength > 1_000_000;
        if (token() is { } bearer)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var read = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return new($"{method} {path}", response.StatusCode, response.Content.Headers.ContentType?.MediaType, Encoding.UTF8.GetString(read), read, response.Headers);
    }

    /// <summary>Reads until it is so: for what another grain hears of a moment later.</summary>
    internal async Task<Answer> Until(string path, Func<JsonElement, bool> so)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var answer = (await Get(path)).Ok();
            if (so(answer.Json))
            {
                return answer;
            }

            Assert.False(limit.IsCancellationRequested, $"Not so after 30 s: {answer}");
        }
    }
}
