using System.Net;
using SupportCluster.Client;
using SupportCluster.Protocol.Cases;
using Xunit;

namespace SupportCluster.Cli.Tests;

public sealed class ClientRepeats
{
    private static readonly Uri Address = new("http://support.example:8080");
    private readonly QuickTime time = new();

    [Fact]
    public async Task An_unknown_outcome_is_repeated_with_the_same_key_and_body()
    {
        var server = new FakeServer(Unknown, Unknown, () => FakeServer.Json(CaseJson.View));
        using var client = Client(server);

        var view = await client.Note("4001122337", new AddNote("Looked at the log."), TestContext.Current.CancellationToken);

        Assert.Equal("4001122337", view.Number);
        Assert.Equal(3, server.Received.Count);
        Assert.Single(server.Received.Select(r => (r.Method, r.Path, r.Body, r.Key)).Distinct());
    }

    [Fact]
    public async Task The_key_is_a_UUIDv7_of_the_clock()
    {
        var server = new FakeServer(() => FakeServer.Json(CaseJson.View));
        using var client = Client(server);

        await client.Take("4001122337", TestContext.Current.CancellationToken);
        await client.Take("4001122337", TestContext.Current.CancellationToken);

        var keys = server.Received.Select(r => Guid.Parse(r.Key!)).ToList();
        Assert.All(keys, k => Assert.Equal(7, k.Version));
        Assert.Equal(2, keys.Distinct().Count());
        var milliseconds = Convert.ToInt64(keys[0].ToString("N")[..12], 16);
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 9, 15, 0, TimeSpan.Zero), DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
    }

    [Fact]
    public async Task A_lost_connection_is_repeated()
    {
        var server = new FakeServer(() => throw new HttpRequestException(HttpRequestError.ResponseEnded), () => FakeServer.Json(CaseJson.View));
        using var client = Client(server);

        await client.Take("4001122337", TestContext.Current.CancellationToken);

        Assert.Equal(2, server.Received.Count);
        Assert.Equal(server.Received[0].Key, server.Received[1].Key);
    }

    [Fact]
    public async Task A_connection_lost_within_the_answer_is_repeated()
    {
        var server = new FakeServer(() => new HttpResponseMessage { Content = new StreamContent(new BrokenStream()) }, () => FakeServer.Json(CaseJson.View));
        using var client = Client(server);

        await client.Take("4001122337", TestContext.Current.CancellationToken);

        Assert.Equal(2, server.Received.Count);
    }

    [Fact]
    public async Task An_attempt_without_an_answer_is_given_up_and_repeated()
    {
        var attempts = 0;
        var server = new FakeServer(async (_, cancellation) =>
        {
            if (attempts++ == 0)
            {
                time.Advance(TimeSpan.FromSeconds(20));
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);
            }

            return FakeServer.Json(CaseJson.View);
        });
        using var client = Client(server);

        await client.Take("4001122337", TestContext.Current.CancellationToken);

        Assert.Equal(2, attempts);
    }

    [Fact]
    public async Task After_half_a_minute_the_outcome_stays_unknown()
    {
        var server = new FakeServer(Unknown);
        using var client = Client(server);
        var started = time.GetUtcNow();

        var unknown = await Assert.ThrowsAsync<OutcomeUnknownException>(() => client.Take("4001122337", TestContext.Current.CancellationToken));

        Assert.InRange((time.GetUtcNow() - started).TotalSeconds, 20, 30);
        Assert.Equal("POST /api/cases/4001122337/take", unknown.Action);
        Assert.Equal(server.Received[0].Key, unknown.Key!.Value.ToString());
        Assert.InRange(server.Received.Count, 6, 20);
    }

    [Fact]
    public async Task A_server_that_was_never_connected_to_did_nothing()
    {
        var server = new FakeServer(() => throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"));
        using var client = Client(server);

        var refused = await Assert.ThrowsAsync<SupportClusterException>(() => client.Take("4001122337", TestContext.Current.CancellationToken));

        Assert.Equal(SupportClusterException.Unreachable, refused.Code);
        Assert.Null(refused.Status);
        Assert.True(server.Received.Count > 1);
    }

    [Fact]
    public async Task A_refusal_is_not_repeated_and_carries_the_problem()
    {
        var server = new FakeServer(() => FakeServer.Problem(
            HttpStatusCode.UnprocessableEntity,
            """{"title":"Over the limit","detail":"The offer allows 2 contacts.","code":"contact-limit","rule":"HB-2.1","errors":{"/id":["one too many"]},"facts":{"limit":"2"}}"""));
        using var client = Client(server);

        var refused = await Assert.ThrowsAsync<SupportClusterException>(() => client.Take("4001122337", TestContext.Current.CancellationToken));

        Assert.Single(server.Received);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal("contact-limit", refused.Code);
        Assert.Equal("HB-2.1", refused.Problem.Rule);
        Assert.Equal("one too many", refused.Problem.Errors!["/id"].Single());
        Assert.Equal("2", refused.Problem.Facts!["limit"]);
        Assert.Equal("The offer allows 2 contacts.", refused.Message);
    }

    [Fact]
    public async Task A_503_with_another_code_is_a_refusal()
    {
        var server = new FakeServer(() => FakeServer.Problem(HttpStatusCode.ServiceUnavailable, """{"code":"not-ready"}"""));
        using var client = Client(server);

        await Assert.ThrowsAsync<SupportClusterException>(() => client.Take("4001122337", TestContext.Current.CancellationToken));

        Assert.Single(server.Received);
    }

    [Fact]
    public async Task A_502_of_a_balancer_is_an_unknown_outcome()
    {
        var server = new FakeServer(() => new HttpResponseMessage(HttpStatusCode.BadGateway), () => FakeServer.Json(CaseJson.View));
        using var client = Client(server);

        await client.Take("4001122337", TestContext.Current.CancellationToken);

        Assert.Equal(2, server.Received.Count);
    }

    [Fact]
    public async Task Reading_is_neither_keyed_nor_repeated()
    {
        var server = new FakeServer(Unknown);
        using var client = Client(server);

        await Assert.ThrowsAsync<SupportClusterException>(() => client.Case("4001122337", TestContext.Current.CancellationToken));

        Assert.Null(Assert.Single(server.Received).Key);
    }

    [Fact]
    public async Task Cancelling_ends_the_repeats()
    {
        using var cancelled = new CancellationTokenSource();
        var server = new FakeServer(_ =>
        {
            cancelled.Cancel();
            return Unknown();
        });
        using var client = Client(server);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Take("4001122337", cancelled.Token));

        Assert.Single(server.Received);
    }

    [Fact]
    public async Task Queries_are_escaped_and_written_as_on_the_wire()
    {
        var server = new FakeServer(() => FakeServer.Json("""{"items":[]}"""));
        using var client = Client(server);

        await client.Cases(new CaseQuery(Queue: "emea/backup", Status: Protocol.CaseStatus.WaitingForCustomer, Open: true, Severity: 1, Text: "a&b"), TestContext.Current.CancellationToken);

        Assert.Equal("/api/cases?queue=emea%2Fbackup&status=waitingForCustomer&open=true&severity=1&text=a%26b", server.Received.Single().Path);
    }

    private static HttpResponseMessage Unknown() => FakeServer.Problem(HttpStatusCode.ServiceUnavailable, CaseJson.OutcomeUnknown);

    private SupportClusterClient Client(FakeServer server) => new(new SupportClusterOptions { Address = Address, Handler = server }, time);

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new HttpIOException(HttpRequestError.ResponseEnded);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => throw new HttpIOException(HttpRequestError.ResponseEnded);

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new HttpIOException(HttpRequestError.ResponseEnded);
    }
}
