using System.Net;

namespace SupportCluster.Cli.Tests;

/// <summary>One run of supportctl in this process, against a fake server, with a home of its own.</summary>
internal sealed class TerminalRun : IDisposable
{
    private readonly FakeServer server;

    internal TerminalRun(FakeServer server)
    {
        this.server = server;
        Environment["XDG_CONFIG_HOME"] = Home;
    }

    internal string Home { get; } = Directory.CreateTempSubdirectory("supportctl-").FullName;

    internal Dictionary<string, string> Environment { get; } = [];

    internal QuickTime Time { get; } = new();

    internal string In { get; set; } = "";

    internal string Out { get; private set; } = "";

    internal string Error { get; private set; } = "";

    internal static TerminalRun Answering(string json, HttpStatusCode status = HttpStatusCode.OK) => new(new FakeServer(() => FakeServer.Json(json, status)));

    internal static TerminalRun Refusing(HttpStatusCode status, string problem) => new(new FakeServer(() => FakeServer.Problem(status, problem)));

    internal async Task<int> Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal
        {
            In = new StringReader(In),
            Out = output,
            Error = error,
            Environment = name => Environment.GetValueOrDefault(name),
            Time = Time,
            Handler = server,
        };
        var code = await Supportctl.Run(arguments, terminal, Xunit.TestContext.Current.CancellationToken);
        Out = output.ToString();
        Error = error.ToString();
        return code;
    }

    internal string File(string name, string content)
    {
        var path = Path.Combine(Home, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Home, recursive: true);
}
