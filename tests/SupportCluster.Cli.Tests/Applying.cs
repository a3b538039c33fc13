using Xunit;

namespace SupportCluster.Cli.Tests;

public sealed class Applying
{
    private const string Engineer = """{"id":"eng-aoife","version":1,"name":"Aoife","region":"emea","skills":["backup"],"languages":["en"],"capacity":{"cases":8,"severity1":2},"cases":[]}""";

    [Fact]
    public async Task Several_documents_name_their_ids()
    {
        var server = new FakeServer(() => FakeServer.Json(Engineer));
        using var run = new TerminalRun(server);
        run.In = """[{"id":"eng-aoife","name":"Aoife","region":"emea","skills":["backup"]},{"id":"eng-ben","name":"Ben","region":"apj","skills":["backup"]}]""";
        Assert.Equal(0, await run.Run("engineer", "apply", "-f", "-"));
        Assert.Equal(["PUT /api/engineers/eng-aoife", "PUT /api/engineers/eng-ben"], server.Received.Select(r => $"{r.Method} {r.Path}"));
        Assert.Equal("""{"name":"Aoife","region":"emea","skills":["backup"]}""", server.Received[0].Body);
    }

    [Fact]
    public async Task One_document_gets_its_id_from_the_command_line()
    {
        var server = new FakeServer(() => FakeServer.Json(Engineer));
        using var run = new TerminalRun(server);
        var file = run.File("engineer.json", """{"name":"Aoife","region":"emea","skills":["backup"]}""");
        Assert.Equal(0, await run.Run("engineer", "apply", "-f", file, "--id", "eng-aoife"));
        Assert.Equal(2, await run.Run("engineer", "apply", "-f", file));
        Assert.Contains("$.id is missing", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misspelt_member_is_named_with_its_place_before_anything_is_sent()
    {
        var server = new FakeServer(() => FakeServer.Json(Engineer));
        using var run = new TerminalRun(server);
        run.In = """[{"id":"eng-aoife","name":"Aoife","region":"emea","skills":["backup"],"capacity":{"cases":8,"severity1":2,"severty2":1}}]""";
        Assert.Equal(2, await run.Run("engineer", "apply", "-f", "-"));
        Assert.Contains("$[0].capacity", run.Error, StringComparison.Ordinal);
        Assert.Contains("severty2", run.Error, StringComparison.Ordinal);
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task Options_replace_members_of_a_report()
    {
        var server = new FakeServer(() => FakeServer.Json(CaseJson.View, System.Net.HttpStatusCode.Created));
        using var run = new TerminalRun(server);
        run.In = """{"product":"vault","title":"Backup hangs","description":"At 80 percent.","severity":3,"environment":{"database":"none"}}""";
        Assert.Equal(0, await run.Run("submit", "-f", "-", "-s", "2", "--channel", "live-transfer", "--criterion", "a", "b", "--host-id", "h1"));
        Assert.Equal(
            """{"product":"vault","title":"Backup hangs","description":"At 80 percent.","severity":2,"channel":"liveTransfer","criteria":["a","b"],"environment":{"database":"none","hostId":"h1"}}""",
            server.Received.Single().Body);
    }
}
