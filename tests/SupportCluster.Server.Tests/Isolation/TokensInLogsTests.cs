using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Logging;

namespace SupportCluster.Server.Tests.Isolation;

/// <summary>No log holds a token, however much is logged.</summary>
public sealed class TokensInLogsTests
{
    [Fact]
    public async Task At_the_finest_level_no_category_of_the_host_logs_a_token()
    {
        var server = new Running.Server { LogsFrom = LogLevel.Trace };
        await server.InitializeAsync();
        await using (server)
        {
            var (good, display) = (server.Tokens.Of("rep"), await server.Display("lobby"));
            foreach (var token in new[] { good, display, server.Tokens.Keep("wall_lobby_of-nobody-at-all"), server.Tokens.Expired("admin"), server.Tokens.OfAnotherKey("admin"), server.Tokens.Tampered() })
            {
                await server.With(token).Get("/api/me");
                await server.With(null).Post($"/hub/negotiate?negotiateVersion=1&access_token={token}");
                foreach (var transport in new[] { HttpTransportType.WebSockets, HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling })
                {
                    await using var connection = new HubConnectionBuilder().WithUrl($"{server.Address}hub?access_token={token}", transport).Build();
                    try
                    {
                        await connection.StartAsync(TestContext.Current.CancellationToken);
                        await connection.InvokeAsync("Watch", "queue:emea/backup", null, TestContext.Current.CancellationToken);
                    }
                    catch (HttpRequestException e) when (token != good && token != display && e.StatusCode == HttpStatusCode.Unauthorized)
                    {
                        // As it should be.
                    }
                }
            }

            Assert.Contains(server.LogLines, line => line.StartsWith("Trace ", StringComparison.Ordinal) || line.StartsWith("Debug ", StringComparison.Ordinal));

            // The server looks through its log for the tokens when it is disposed of.
        }
    }
}
