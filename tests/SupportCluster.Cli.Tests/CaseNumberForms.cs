using Xunit;

namespace SupportCluster.Cli.Tests;

public sealed class CaseNumberForms
{
    [Theory]
    [InlineData("4001122337")]
    [InlineData("4 0011 2233 7")]
    [InlineData("4-0011-2233-7")]
    public async Task A_number_is_taken_with_or_without_blanks_and_hyphens(string number)
    {
        var server = new FakeServer(() => FakeServer.Json(CaseJson.View));
        using var run = new TerminalRun(server);
        Assert.Equal(0, await run.Run("show", number));
        Assert.Equal("/api/cases/4001122337", server.Received.Single().Path);
        Assert.StartsWith("4 0011 2233 7  Backup hangs", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_is_taken_as_four_arguments()
    {
        var server = new FakeServer(() => FakeServer.Json(CaseJson.View));
        using var run = new TerminalRun(server);
        Assert.Equal(0, await run.Run("note", "4", "0011", "2233", "7", "--text", "Called back."));
        Assert.Equal("/api/cases/4001122337/note", server.Received.Single().Path);
        Assert.Equal("""{"text":"Called back.","internal":false}""", server.Received.Single().Body);
    }

    [Theory]
    [InlineData("400112233")]
    [InlineData("40011223377")]
    [InlineData("4001122x37")]
    [InlineData("٤٠٠١١٢٢٣٣٧")]
    public void Anything_else_is_no_number(string text) => Assert.Null(CaseNumbers.Parse(text));
}
