using System.Text.Json.Nodes;
using SupportCluster.Importing;
using Xunit;

namespace SupportCluster.Cli.Tests;

public sealed class MappingMistakes
{
    [Theory]
    [InlineData("$.source", "slug", "source", "\"Old Desk\"")]
    [InlineData("$.stamp.zone", "IANA", "stamp", """{"zone":"CET+1"}""")]
    [InlineData("$.stamp.format", "pattern", "stamp", """{"format":"dd.MM.QQQQ"}""")]
    [InlineData("$.severities['High']", "1 to 4", "severities", """{"High":7}""")]
    [InlineData("$.term.end", "2010-01-01", "term", """{"start":"2010-01-01","end":"2009-01-01"}""")]
    [InlineData("$.defaults.customer", "$.customers", "defaults", """{"customer":"Nobody"}""")]
    [InlineData("$.file.encoding", "utf-8", "file", """{"encoding":"klingon"}""")]
    [InlineData("$.file.delimiter", "one character", "file", """{"delimiter":";;"}""")]
    [InlineData("$.countries['Schweden']", "ISO 3166", "countries", """{"Schweden":"Sweden"}""")]
    [InlineData("$.orderBy", "one of file, column, stamp is expected", "orderBy", "\"alphabet\"")]
    [InlineData("$.steps.Queued", "one of queued, working, waitingForCustomer, ended, noted is expected", "steps", """{"Queued":"parked"}""")]
    [InlineData("$.customers['Acme'].zone", "IANA", "customers", """{"Acme":{"supportId":"a","name":"A","offer":"basic","zone":"Mars/Base","region":"emea"}}""")]
    [InlineData("$.customers['B'].supportId", "'A'", "customers", """{"A":{"supportId":"a","name":"A","offer":"basic","zone":"UTC","region":"emea"},"B":{"supportId":"a","name":"B","offer":"basic","zone":"UTC","region":"emea"}}""")]
    public void A_mistake_is_named_with_its_place_and_what_was_expected(string path, string expected, string member, string value)
    {
        var mistake = Assert.Single(Mistakes(m => m[member] = JsonNode.Parse(value)));
        Assert.Equal(path, mistake.Path);
        Assert.Contains(expected, mistake.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelt_member_is_a_mistake() => Assert.Contains("serverities", Assert.Single(Mistakes(m => m["serverities"] = new JsonObject())).Expected, StringComparison.Ordinal);

    [Fact]
    public void A_missing_member_is_a_mistake() => Assert.Contains("term", Assert.Single(Mistakes(m => m.Remove("term"))).Expected, StringComparison.Ordinal);

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var mistakes = Mistakes(m =>
        {
            m["source"] = "Old Desk";
            m["customers"]!["Acme"]!["zone"] = "Nowhere";
            m["customers"]!["Zen"]!["country"] = "Japan";
        });
        Assert.Equal(["$.source", "$.customers['Acme'].zone", "$.customers['Zen'].country"], mistakes.Select(m => m.Path));
    }

    [Fact]
    public void A_column_that_the_log_does_not_have_is_named_with_those_it_has()
    {
        var wrong = Assert.Throws<MappingException>(() => Logs.Read("", m =>
        {
            m["columns"]!["team"] = "group";
            m["title"] = "Incident {number}";
        }));
        Assert.Equal(["$.columns.team", "$.title"], wrong.Mistakes.Select(m => m.Path));
        Assert.Contains("id, n, at, state", wrong.Mistakes[0].Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_log_has_no_columns() => Assert.Throws<MappingException>(() => Logs.ReadAll(""));

    [Fact]
    public async Task Nothing_is_sent_and_the_exit_code_is_2()
    {
        var server = new FakeServer(() => FakeServer.Json("{}"));
        using var run = new TerminalRun(server);
        var mapping = run.File("mapping.json", """{"source":"x"}""");
        var log = run.File("log.csv", Logs.Header);
        Assert.Equal(2, await run.Run("import", log, "--mapping", mapping));
        Assert.Contains("columns", run.Error, StringComparison.Ordinal);
        Assert.Empty(server.Received);
    }

    private static IReadOnlyList<MappingMistake> Mistakes(Action<JsonObject> change)
    {
        var mapping = Logs.Mapping();
        change(mapping);
        return Assert.Throws<MappingException>(() => MappingFile.Parse(mapping.ToJsonString())).Mistakes;
    }
}
