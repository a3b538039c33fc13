using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace SupportCluster.Cli.Tests;

/// <summary>A request as it arrived.</summary>
internal sealed record Received(string Method, string Path, string Body, string? Key, string? Bearer, string Authority = "");

/// <summary>Answers requests by a function, and keeps what it was asked.</summary>
internal sealed class FakeServer(Func<Received, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    private readonly Lock gate = new();
    private readonly List<Received> received = [];

    internal FakeServer(Func<Received, HttpResponseMessage> answer)
        : this((request, _) => Task.FromResult(answer(request)))
    {
    }

    /// <summary>Gives these answers one after the other, then the last one for ever.</summary>
    internal FakeServer(params Func<HttpResponseMessage>[] answers)
        : this(Sequence(answers))
    {
    }

    internal IReadOnlyList<Received> Received
    {
        get
        {
            lock (gate)
            {
                return [.. received];
            }
        }
    }

    internal static HttpResponseMessage Json(string json, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };

    internal static HttpResponseMessage Problem(HttpStatusCode status, string json) =>
        new(status) { Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/problem+json")) };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : "";
        var key = request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : null;
        var one = new Received(request.Method.Method, request.RequestUri!.PathAndQuery, body, key, request.Headers.Authorization?.Parameter, request.RequestUri.Authority);
        lock (gate)
        {
            received.Add(one);
        }

        return await answer(one, cancellationToken);
    }

    private static Func<Received, CancellationToken, Task<HttpResponseMessage>> Sequence(Func<HttpResponseMessage>[] answers)
    {
        var next = 0;
        return (_, _) => Task.FromResult(answers[Math.Min(next++, answers.Length - 1)]());
    }
}
