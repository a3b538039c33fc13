using System.Net;
using Xunit;

namespace SupportCluster.Cli.Tests;

public sealed class SigningIn
{
    private const string Me = """{"subject":"eng.aoife","role":"engineer","engineer":"eng-aoife","region":"emea"}""";
    private const string Token = """{"token":"t-1","expiresAt":"2026-03-02T21:15:00Z","subject":"eng.aoife","role":"engineer"}""";

    [Fact]
    public async Task A_login_is_remembered_for_its_server_and_readable_by_its_owner_only()
    {
        var server = Server();
        using var run = new TerminalRun(server);

        Assert.Equal(0, await run.Run("login", "--as", "eng.aoife", "--server", "http://support.example:8080"));
        Assert.Equal(0, await run.Run("whoami"));

        Assert.Equal("t-1", server.Received[^1].Bearer);
        var file = Path.Combine(run.Home, "supportctl", "sign-in.json");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.Contains("http://support.example:8080", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_remembered_token_goes_to_no_other_server()
    {
        var server = Server();
        using var run = new TerminalRun(server);
        await run.Run("login", "--as", "eng.aoife");
        await run.Run("whoami", "--server", "http://elsewhere.example");
        Assert.Null(server.Received[^1].Bearer);
    }

    [Fact]
    public async Task An_expired_sign_in_is_3_and_says_how_to_sign_in()
    {
        var server = Server();
        using var run = new TerminalRun(server);
        await run.Run("login", "--as", "eng.aoife");
        run.Time.Advance(TimeSpan.FromHours(13));
        Assert.Equal(3, await run.Run("whoami"));
        Assert.Contains("expired at 2026-03-02 21:15Z", run.Error, StringComparison.Ordinal);
        Assert.Contains("supportctl login", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_persona_is_fetched_for_one_run()
    {
        var server = Server();
        using var run = new TerminalRun(server);
        Assert.Equal(0, await run.Run("whoami", "--as", "eng.aoife"));
        Assert.Equal(["/dev/token", "/api/me"], server.Received.Select(r => r.Path));
        Assert.Equal("t-1", server.Received[^1].Bearer);
    }

    [Fact]
    public async Task A_server_without_personas_is_a_failed_sign_in()
    {
        using var run = TerminalRun.Refusing(HttpStatusCode.NotFound, """{"title":"Not found","code":"not-found"}""");
        Assert.Equal(3, await run.Run("whoami", "--as", "eng.aoife"));
    }

    [Fact]
    public async Task The_command_line_wins_over_the_environment()
    {
        var server = Server();
        using var run = new TerminalRun(server);
        run.Environment["SUPPORTCTL_TOKEN"] = "from-environment";
        await run.Run("whoami");
        await run.Run("whoami", "--token", "from-command-line");
        Assert.Equal(["from-environment", "from-command-line"], server.Received.Select(r => r.Bearer));
    }

    private static FakeServer Server() => new(request => FakeServer.Json(request.Path == "/dev/token" ? Token : Me));
}
