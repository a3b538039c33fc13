using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using SupportCluster.Client;
using SupportCluster.Faults.Servers;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Faults.Load;

/// <summary>The REST interface without the client library's help: one attempt is one request, under a key that the caller knows.</summary>
internal sealed class Api(Service service) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) }) { Timeout = TimeSpan.FromMinutes(1) };
    private readonly ConcurrentDictionary<string, string> tokens = new();

    /// <summary>A development token; it outlives the server that gave it.</summary>
    internal async ValueTask<string> Token(string persona, CancellationToken cancel)
    {
        if (!tokens.TryGetValue(persona, out var token))
        {
            using var answer = await http.PostAsJsonAsync(new Uri(service.Addresses[0], "dev/token"), new DevelopmentTokenRequest(persona), WireJson.Tolerant, cancel);
            answer.EnsureSuccessStatusCode();
            tokens[persona] = token = (await answer.Content.ReadFromJsonAsync<DevelopmentToken>(WireJson.Tolerant, cancel))!.Token;
        }

        return token;
    }

    /// <summary>For the client library.</summary>
    internal SupportClusterOptions Options(string persona, HttpMessageHandler? handler = null) => new()
    {
        Address = service.Addresses[0],
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

        try
        {
            using var response = await http.SendAsync(request, cancel);
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

    public void Dispose() => http.Dispose();
}
