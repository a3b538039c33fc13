using System.Net;
using System.Text.Json;
using Xunit;

namespace SupportCluster.Cli.Tests;

public sealed class ExitCodes
{
    [Fact]
    public async Task Done_is_0()
    {
        using var run = TerminalRun.Answering(CaseJson.View);
        Assert.Equal(0, await run.Run("take", "4001122337"));
        Assert.Equal("4 0011 2233 7  in progress, severity 2, owner eng-aoife\n  initial response: due Mon 2026-03-02 11:15 Europe/Dublin, 1 h 30 min left\n", run.Out.ReplaceLineEndings("\n"));
        Assert.Equal("", run.Error);
    }

    [Theory]
    [InlineData(HttpStatusCode.Conflict, 1)]
    [InlineData(HttpStatusCode.UnprocessableEntity, 1)]
    [InlineData(HttpStatusCode.Forbidden, 1)]
    [InlineData(HttpStatusCode.BadRequest, 1)]
    [InlineData(HttpStatusCode.Unauthorized, 3)]
    [InlineData(HttpStatusCode.NotFound, 4)]
    public async Task A_refusal_is_told_by_its_status(HttpStatusCode status, int code)
    {
        using var run = TerminalRun.Refusing(status, """{"title":"No","code":"some-code"}""");
        Assert.Equal(code, await run.Run("take", "4001122337"));
        Assert.Equal("", run.Out);
        Assert.StartsWith("supportctl: No.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_outcome_is_5()
    {
        using var run = TerminalRun.Refusing(HttpStatusCode.ServiceUnavailable, CaseJson.OutcomeUnknown);
        Assert.Equal(5, await run.Run("take", "4001122337"));
        Assert.Contains("not known", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show", "123")]
    [InlineData("show")]
    [InlineData("list", "--severity", "5")]
    [InlineData("respond", "4001122337", "--channel", "pigeon", "--text", "x")]
    [InlineData("dance")]
    [InlineData("queue", "show", "emea")]
    [InlineData("figures", "--server", "nowhere")]
    [InlineData("contract", "apply", "-f", "/no/such/file.json")]
    [InlineData("submit", "--product", "vault")]
    [InlineData("restore-backup", "store.backup")]
    public async Task A_wrong_command_line_is_2_and_nothing_is_sent(params string[] arguments)
    {
        var server = new FakeServer(() => FakeServer.Json("{}"));
        using var run = new TerminalRun(server);
        Assert.Equal(2, await run.Run(arguments));
        Assert.StartsWith("supportctl: ", run.Error, StringComparison.Ordinal);
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task A_refusal_names_what_where_rule_and_facts()
    {
        using var run = TerminalRun.Refusing(
            HttpStatusCode.UnprocessableEntity,
            """{"title":"Refused","detail":"The offer allows 2 contacts.","code":"contact-limit","rule":"HB-2.1","errors":{"/contacts":["one too many"]},"facts":{"limit":"2"}}""");
        Assert.Equal(1, await run.Run("take", "4001122337"));
        Assert.Equal("supportctl: Refused. The offer allows 2 contacts.\n  /contacts: one too many\n  limit: 2\n  rule: HB-2.1\n  code: contact-limit\n", run.Error.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task What_the_detail_says_already_is_not_said_again()
    {
        using var run = TerminalRun.Refusing(HttpStatusCode.BadRequest, """{"title":"Malformed request","detail":"No.","code":"malformed","errors":{"/severity":["No."],"":["No."]}}""");
        Assert.Equal(1, await run.Run("take", "4001122337"));
        Assert.Equal("supportctl: Malformed request. No.\n  at /severity\n  code: malformed\n", run.Error.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task With_json_the_problem_is_JSON_on_standard_error()
    {
        using var run = TerminalRun.Refusing(HttpStatusCode.Conflict, """{"title":"Refused","code":"wrong-state","rule":"HB-6.6"}""");
        Assert.Equal(1, await run.Run("take", "4001122337", "--json"));
        using var problem = JsonDocument.Parse(run.Error);
        Assert.Equal("wrong-state", problem.RootElement.GetProperty("code").GetString());
        Assert.Equal("HB-6.6", problem.RootElement.GetProperty("rule").GetString());
    }

    [Fact]
    public async Task With_json_the_answer_is_JSON_without_colour()
    {
        using var run = TerminalRun.Answering(CaseJson.View);
        Assert.Equal(0, await run.Run("--json", "show", "4 0011 2233 7"));
        using var view = JsonDocument.Parse(run.Out);
        Assert.Equal("4001122337", view.RootElement.GetProperty("number").GetString());
    }

    [Fact]
    public async Task What_others_wrote_cannot_steer_the_terminal()
    {
        using var run = TerminalRun.Answering(CaseJson.View.Replace("Backup hangs", "\\u001b[2JBackup", StringComparison.Ordinal));
        Assert.Equal(0, await run.Run("show", "4001122337"));
        Assert.DoesNotContain('\u001b', run.Out);
    }
}
