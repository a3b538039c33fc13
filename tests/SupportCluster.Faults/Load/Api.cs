using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using NodaTime;
using SupportCluster.Client;
using SupportCluster.Faults.Servers;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Faults.Load;

/// <summary>The REST interface without the client library's help: one attempt is one request, under a key that the caller knows.</summary>
/// <param name="patience">For how long one attempt may take; a minute where nobody else could be asked.</param>
internal sealed class Api(IService service, TimeSpan? patience = null) : IDisposable
{
    private const int MostAttempts = 100;
    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) }) { Timeout = patience ?? TimeSpan.FromMinutes(1) };
    private readonly ConcurrentDictionary<string, string> tokens = new();
    private readonly ConcurrentBag<(Instant At, Duration Took)> answered = [];

    /// <summary>When commands were sent that were answered, and how long that took: how quick the machine is at the time.</summary>
    internal IReadOnlyCollection<(Instant At, Duration Took)> Answered => answered;

    /// <summary>A development token; it outlives the server that gave it.</summary>
    internal async ValueTask<string> Token(string persona, CancellationToken cancel)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (tokens.TryGetValue(persona, out var token))
            {
                return token;
            }

            try
            {
                using var answer = await http.PostAsJsonAsync(new Uri(service.Addresses[attempt % service.Addresses.Count], "dev/token"), new DevelopmentTokenRequest(persona), WireJson.Tolerant, cancel);
                answer.EnsureSuccessStatusCode();
                tokens[persona] = (await answer.Content.ReadFromJsonAsync<DevelopmentToken>(WireJson.Tolerant, cancel))!.Token;
            }
            catch (Exception e) when (!cancel.IsCancellationRequested && attempt < MostAttempts && e is HttpRequestException or OperationCanceledException)
            {
                await RealTime.Think(TimeSpan.FromMilliseconds(100), cancel);
            }
        }
    }

    /// <summary>For the client library.</summary>
    /// <param name="first">Which server to begin with.</param>
    internal SupportClusterOptions Options(string persona, HttpMessageHandler? handler = null, int first = 0) => new()
    {
        Addresses = [.. service.Addresses.Skip(first % service.Addresses.Count), .. service.Addresses.Take(first % service.Addresses.Count)],
        Token = async cancel => await Token(persona, cancel),
        Handler = handler,
    };

    /// <summary>Sends a command once.</summary>
    internal async Task<Reply> Send(string persona, string path, object? body, Guid key, int server, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(service.Addresses[server], path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await Token(persona, cancel));
        request.Headers.Add("Idempotency-Key", key.ToString("D"));
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, body.GetType(), options: WireJson.Tolerant);
        }

        var at = RealTime.Now;
        try
        {
            using var response = await http.SendAsync(request, cancel);
            answered.Add((at, RealTime.Now - at));
            if (response.IsSuccessStatusCode)
            {
                return new(Outcome.Acknowledged, response.StatusCode, null, await response.Content.ReadFromJsonAsync<CaseView>(WireJson.Tolerant, cancel));
            }

            var problem = await response.Content.ReadFromJsonAsync<Problem>(WireJson.Tolerant, cancel);
            return new((int)response.StatusCode >= 500 ? Outcome.Unknown : Outcome.Refused, response.StatusCode, problem?.Code, null);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && e is HttpRequestException or IOException or OperationCanceledException or JsonException)
        {
            return new(Outcome.Unknown, null, null, null);
        }
    }

    /// <summary>What one server answers, as text; null when it does not.</summary>
    internal async Task<string?> Read(string persona, string path, int server, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(service.Addresses[server], path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await Token(persona, cancel));
        try
        {
            using var response = await http.SendAsync(request, cancel);
            return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(cancel) : null;
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && e is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    public void Dispose() => http.Dispose();
}
