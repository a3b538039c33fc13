using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace SupportCluster.Cli.Tests;

public sealed class ImportRuns
{
    private const string Summary = """
        {"source":"old-desk","cases":3,"events":4,"openCases":1,"bySeverity":{"1":2,"4":1},"milestones":[{"offer":"basic","milestone":"initialResponse","met":1,"missed":1,"excused":0,"open":0,"notApplicable":0}],
         "waitedForCustomer":1,"waits":1,"reopened":0,"owners":2,"ownerCountries":{"SE":2},"severalCountries":0,"regionChanges":0}
        """;

    private const string Rows = Logs.Header + """
        c1,1,2011-03-01T08:00:00Z,Queued,,robot,,desk,Acme,High,V
        c1,2,2011-03-01T09:00:00Z,Accepted,,ann,SE,desk,Acme,High,V
        c2,1,2011-03-01T08:00:00Z,Queued,,robot,,desk,Zen,Low,W
        c3,1,2011-03-01T08:00:00Z,Queued,,robot,,desk,Zen,Low,W

        """;

    [Fact]
    public async Task Contracts_go_first_then_batches_then_the_summary_is_shown()
    {
        var server = Server("created");
        using var run = new TerminalRun(server);
        Assert.Equal(0, await Import(run, Rows));
        var paths = server.Received.Select(r => $"{r.Method} {r.Path}").ToList();
        Assert.Equal(["PUT /api/contracts/acme", "PUT /api/contracts/zen"], paths[..2].Order(StringComparer.Ordinal));
        Assert.Equal(["POST /api/import", "POST /api/import", "GET /api/imports/old-desk"], paths[2..]);
        Assert.Contains("created: 3", run.Out, StringComparison.Ordinal);
        Assert.Contains("3 of 3 cases sent", run.Out, StringComparison.Ordinal);
        Assert.Contains("initial response", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Out);
        var contract = server.Received.Single(r => r.Path == "/api/contracts/acme").Body;
        Assert.Equal(
            """{"customer":{"name":"Acme","zone":"Europe/Stockholm","region":"emea","country":"SE","language":"en"},"offer":"basic","products":[{"id":"v","line":"v"}],"term":{"start":"2010-01-01","end":"2029-12-31"}}""",
            contract);
    }

    [Fact]
    public async Task A_refused_case_is_reported_with_its_line_and_the_exit_code_is_1()
    {
        using var run = new TerminalRun(Server("refused"));
        Assert.Equal(1, await Import(run, Rows));
        Assert.Contains("line 4: case c2 refused at its row 1: not licensed", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_row_is_reported_and_the_exit_code_is_1()
    {
        using var run = new TerminalRun(Server("created"));
        Assert.Equal(1, await Import(run, Rows + "c3,2,never,Accepted,,ann,SE,desk,Zen,Low,W\n"));
        Assert.Contains("line 6: row of case c3 is left out: 'never' is not a stamp", run.Error, StringComparison.Ordinal);
        Assert.Contains("created: 3", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_sends_nothing()
    {
        var server = Server("created");
        using var run = new TerminalRun(server);
        Assert.Equal(0, await Import(run, Rows, "--check"));
        Assert.Empty(server.Received);
        Assert.Contains("4 rows: 3 cases with 4 events, 2 contracts", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_contract_ends_the_import_before_any_case()
    {
        var server = new FakeServer(_ => FakeServer.Problem(HttpStatusCode.BadRequest, """{"title":"Malformed","code":"malformed","errors":{"/offer":["not an offer of the policy"]}}"""));
        using var run = new TerminalRun(server);
        Assert.Equal(1, await Import(run, Rows));
        Assert.DoesNotContain(server.Received, r => r.Path == "/api/import");
        Assert.Contains("/offer: not an offer of the policy", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_json_everything_is_one_answer()
    {
        using var run = new TerminalRun(Server("unchanged"));
        Assert.Equal(0, await Import(run, Rows, "--json"));
        var answer = JsonNode.Parse(run.Out)!;
        Assert.Equal(3, (int)answer["outcomes"]!["unchanged"]!);
        Assert.Equal(3, (int)answer["summary"]!["cases"]!);
    }

    private static Task<int> Import(TerminalRun run, string rows, params string[] more) =>
        run.Run(["import", run.File("log.csv", rows), "--mapping", run.File("mapping.json", Logs.Mapping().ToJsonString()), "--batch", "2", .. more]);

    private static FakeServer Server(string outcome) => new(request =>
    {
        if (request.Path != "/api/import")
        {
            return FakeServer.Json(request.Path.StartsWith("/api/imports/", StringComparison.Ordinal) ? Summary : Contract);
        }

        var cases = JsonNode.Parse(request.Body)!["cases"]!.AsArray();
        var results = cases.Select(c => outcome == "refused"
            ? $$"""{"key":"{{c!["key"]}}","outcome":"refused","events":0,"code":"not-licensed","detail":"not licensed","eventKey":1}"""
            : $$"""{"key":"{{c!["key"]}}","outcome":"{{outcome}}","events":1}""");
        return FakeServer.Json($$"""{"cases":[{{string.Join(",", results)}}]}""");
    });

    private const string Contract = """
        {"supportId":"acme","version":1,"customer":{"name":"Acme","zone":"UTC","region":"emea"},"offer":"basic","options":[],"products":[],
         "term":{"start":"2010-01-01","end":"2029-12-31"},"inForce":true,"contacts":[],"entitlements":[],"policyVersion":1}
        """;
}
