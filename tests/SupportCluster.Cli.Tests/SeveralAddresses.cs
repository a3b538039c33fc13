using System.Net;
using SupportCluster.Client;
using SupportCluster.Protocol.Cases;
using Xunit;

namespace SupportCluster.Cli.Tests;

/// <summary>A cluster has several nodes, any of which may die: the library goes on to the next.</summary>
public sealed class SeveralAddresses
{
    private readonly QuickTime time = new();

    [Fact]
    public async Task A_command_whose_node_dies_is_repeated_at_the_next_with_the_same_key()
    {
        var server = Answering(r => r.Authority == "one" ? throw new HttpRequestException(HttpRequestError.ResponseEnded) : FakeServer.Json(CaseJson.View));
        using var client = Client(server);

        await client.Note("4001122337", new AddNote("Looked at the log."), TestContext.Current.CancellationToken);

        Assert.Equal(["one", "two"], server.Received.Select(r => r.Authority));
        Assert.Single(server.Received.Select(r => (r.Method, r.Path, r.Body, r.Key)).Distinct());
    }

    [Fact]
    public async Task A_command_whose_outcome_a_node_does_not_know_is_repeated_at_the_next()
    {
        var server = Answering(r => r.Authority == "one" ? FakeServer.Problem(HttpStatusCode.ServiceUnavailable, CaseJson.OutcomeUnknown) : FakeServer.Json(CaseJson.View));
        using var client = Client(server);

        await client.Take("4001122337", TestContext.Current.CancellationToken);

        Assert.Equal(["one", "two"], server.Received.Select(r => r.Authority));
    }

    [Fact]
    public async Task Whoever_has_moved_on_stays_there()
    {
        var server = Answering(r => r.Authority == "one" ? throw new HttpRequestException(HttpRequestError.ConnectionError) : FakeServer.Json(CaseJson.View));
        using var client = Client(server);

        await client.Case("4001122337", TestContext.Current.CancellationToken);
        await client.Case("4001122337", TestContext.Current.CancellationToken);

        Assert.Equal(["one", "two", "two"], server.Received.Select(r => r.Authority));
    }

    [Fact]
    public async Task A_question_asks_each_address_once()
    {
        var server = Answering(_ => throw new HttpRequestException(HttpRequestError.ConnectionError));
        using var client = Client(server);

        var failure = await Assert.ThrowsAsync<SupportClusterException>(() => client.Case("4001122337", TestContext.Current.CancellationToken));

        Assert.Equal(SupportClusterException.Unreachable, failure.Code);
        Assert.Equal(["one", "two", "three"], server.Received.Select(r => r.Authority));
    }

    [Fact]
    public async Task A_refusal_is_the_same_everywhere()
    {
        var server = Answering(_ => FakeServer.Problem(HttpStatusCode.Conflict, """{"code":"not-owner","detail":"no"}"""));
        using var client = Client(server);

        await Assert.ThrowsAsync<SupportClusterException>(() => client.Take("4001122337", TestContext.Current.CancellationToken));

        Assert.Single(server.Received);
    }

    [Fact]
    public void No_address_is_a_mistake() => Assert.Throws<ArgumentException>(() => new SupportClusterClient(new SupportClusterOptions(), time));

    [Fact]
    public async Task Supportctl_takes_a_list_of_servers()
    {
        var server = Answering(r => r.Authority == "one" ? throw new HttpRequestException(HttpRequestError.ConnectionError) : FakeServer.Json(CaseJson.View));

        using var run = new TerminalRun(server);

        Assert.Equal(0, await run.Run("--server", "http://one, http://two", "--token", "t", "show", "4001122337"));
        Assert.Equal(["one", "two"], server.Received.Select(r => r.Authority).Take(2));
    }

    private static FakeServer Answering(Func<Received, HttpResponseMessage> answer) => new(answer);

    private SupportClusterClient Client(FakeServer server) =>
        new(new SupportClusterOptions { Addresses = [new("http://one"), new("http://two/"), new("http://three")], Handler = server }, time);
}
