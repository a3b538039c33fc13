using System.Text.Json;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Importing;
using SupportCluster.Server.Hosting;
using Xunit;

namespace SupportCluster.Cli.Tests;

/// <summary>supportctl against the real server, in one process: the real log goes in, and its counts are read back from the stored cases after a restart.</summary>
public sealed class AgainstAServer : IAsyncLifetime
{
    private const string Week = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20350604T090000\r\nDTEND:20350604T170000\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("supportcluster-");
    private ServerHost? server;

    [Fact]
    public async Task The_real_log_goes_in_once_and_its_counts_are_read_back_after_a_restart()
    {
        var log = Path.Combine(Repository.Root, "..", "shared", "data", "bpi2013_incidents.csv.gz");
        Assert.SkipUnless(File.Exists(log), "The real log is not here (../shared/data): its import is not checked.");
        var mapping = Path.Combine(Repository.Root, "deploy", "import", "incident-log.mapping.json");

        var (code, first, error) = await Supportctl("--as", "admin", "import", log, "--mapping", mapping);
        Assert.True(code == 0, error);
        Assert.Contains("Cases created: 7554; rows added: 65533", first, StringComparison.Ordinal);
        await Restart();

        var stored = await Summary();
        Assert.Equal(7_554, stored.Cases);
        Assert.Equal(65_533, stored.Events);
        Assert.Equal(2_495, stored.WaitedForCustomer);
        Assert.Equal(510, stored.Reopened);
        Assert.Equal(2_473, stored.SeveralCountries);
        Assert.Equal(3_379, stored.RegionChanges);
        Assert.Equal(["3", "261", "4045", "3245"], Enumerable.Range(1, 4).Select(s => $"{stored.BySeverity[$"{s}"]}"));
        Assert.Equal(1_687, stored.Owners);
        Assert.Equal(6, stored.Milestones.Select(m => m.Offer).Distinct().Count());
        Assert.All(stored.Milestones.GroupBy(m => m.Offer), offer => Assert.Contains(offer, m => m.Missed > 0));

        (code, var again, _) = await Supportctl("--as", "admin", "import", log, "--mapping", mapping);
        Assert.Equal(0, code);
        Assert.Contains("rows added: 0", again, StringComparison.Ordinal);
        Assert.Equal(Text(stored), Text(await Summary()));
        Assert.Equal(stored.Source, JsonDocument.Parse(await Succeeds("--as", "admin", "import-summary", "--json")).RootElement.GetProperty("items").EnumerateArray().Single().GetProperty("source").GetString());

        static string Text(ImportSummary summary) => JsonSerializer.Serialize(summary, WireJson.Tolerant);
    }

    [Fact]
    public async Task A_policy_is_checked_before_it_is_applied()
    {
        var file = Path.Combine(folder.FullName, "policy.json");
        var policy = System.Text.Json.Nodes.JsonNode.Parse(await Succeeds("--as", "admin", "policy", "show", "--json"))!["document"]!;
        policy["targets"]!["essential"]!["1"]!["initialResponse"]!["within"] = "PT20M";
        await File.WriteAllTextAsync(file, policy.ToJsonString(), TestContext.Current.CancellationToken);

        var said = await Succeeds("--as", "admin", "policy", "check", "-f", file);
        Assert.Contains("/targets/essential/1/initialResponse/within", said, StringComparison.Ordinal);
        Assert.Contains("20 min", said, StringComparison.Ordinal);
        Assert.Single(JsonDocument.Parse(await Succeeds("--as", "admin", "policy", "versions", "--json")).RootElement.GetProperty("items").EnumerateArray());

        policy["offers"]![0]!["clock"] = "sundial";
        await File.WriteAllTextAsync(file, policy.ToJsonString(), TestContext.Current.CancellationToken);
        var (code, _, error) = await Supportctl("--as", "admin", "policy", "check", "-f", file);
        Assert.Equal(1, code);
        Assert.Contains("/offers/0/clock", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_case_goes_from_its_report_to_its_end_in_the_terminal()
    {
        var samples = Path.Combine(Repository.Root, "deploy", "samples");
        await Succeeds("--as", "admin", "contract", "apply", "-f", Path.Combine(samples, "northwind.contract.json"));
        await Succeeds("--as", "admin", "engineer", "apply", "-f", Path.Combine(samples, "engineers.json"));
        var submitted = await Succeeds("--as", "contact.northwind", "submit", "--product", "backup-server", "--severity", "2", "--title", "Slow", "--description", "Slow since Monday.", "--json");
        var number = JsonDocument.Parse(submitted).RootElement.GetProperty("number").GetString()!;

        // Severity 2 without all information waits for a representative (HB-4.2).
        await Succeeds("--as", "rep", "acknowledge", number);
        await Succeeds("--as", "eng.aoife", "take", number);
        var (code, _, error) = await Supportctl("--as", "eng.aoife", "respond", number, "--channel", "email", "--text", "Hello");
        Assert.Equal(1, code);
        Assert.Contains("HB-4.3", error, StringComparison.Ordinal);
        await Succeeds("--as", "eng.aoife", "respond", number, "--channel", "callBack", "--text", "Called.");
        await Succeeds("--as", "eng.aoife", "propose", number, "--kind", "fix", "--text", "Install MP2.");
        Assert.Contains("closed", await Succeeds("--as", "contact.northwind", "accept", number), StringComparison.Ordinal);
        Assert.NotEqual(0, (await Supportctl("--as", "contact.contoso", "show", number)).Code);
    }

    [Fact]
    public async Task A_centre_closes_somebody_stands_in_and_a_schedule_goes_out_and_comes_back_in_the_terminal()
    {
        await Succeeds("--as", "admin", "engineer", "apply", "-f", Path.Combine(Repository.Root, "deploy", "samples", "engineers.json"));
        Assert.Contains("Storm.", await Succeeds("--as", "manager.emea", "centre", "close", "dublin", "--from", "2100-01-04T00:00:00Z", "--until", "2100-01-05T00:00:00Z", "--reason", "Storm."), StringComparison.Ordinal);
        Assert.DoesNotContain("Storm.", await Succeeds("--as", "manager.emea", "centre", "reopen", "dublin"), StringComparison.Ordinal);
        Assert.Contains("zoe", await Succeeds("--as", "manager.emea", "duty", "stand-in", "emea", "--from", "2100-01-04T00:00:00Z", "--until", "2100-01-05T00:00:00Z", "--manager", "zoe"), StringComparison.Ordinal);
        Assert.Equal(1, (await Supportctl("--as", "manager.emea", "duty", "swap", "emea", "--first", "2100-01-04T01:00:00Z", "--second", "2100-01-04T02:00:00Z")).Code);
        Assert.Equal(2, (await Supportctl("--as", "manager.emea", "centre", "close", "dublin", "--until", "soon", "--reason", "Storm.")).Code);

        var file = Path.Combine(folder.FullName, "aoife.ics");
        await File.WriteAllTextAsync(file, Week, TestContext.Current.CancellationToken);
        Assert.Contains("Mon-Tue 09:00-17:00", await Succeeds("--as", "manager.emea", "engineer", "schedule", "eng-aoife", "-f", file), StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, await Succeeds("--as", "rep", "engineer", "schedule", "eng-aoife"), TestContext.Current.CancellationToken);
        Assert.Contains("Mon-Tue 09:00-17:00", await Succeeds("--as", "manager.emea", "engineer", "schedule", "eng-aoife", "-f", file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wall_display_is_made_listed_and_revoked_in_the_terminal()
    {
        var link = (await Succeeds("--as", "manager.emea", "wall-display", "add", "dublin-lobby", "--shows", "dublin")).Split('\n')[0].Trim();
        var token = new Uri(link).Fragment.Split('=')[1];
        Assert.Contains("wallboard", await Succeeds("--token", token, "whoami"), StringComparison.Ordinal);
        Assert.Contains("dublin-lobby", await Succeeds("--as", "manager.emea", "wall-display", "list"), StringComparison.Ordinal);
        Assert.Equal(1, (await Supportctl("--as", "manager.emea", "wall-display", "add", "dublin-lobby", "--shows", "dublin")).Code);
        Assert.Contains("manager.emea", await Succeeds("--as", "manager.emea", "wall-display", "revoke", "dublin-lobby"), StringComparison.Ordinal);

        var (code, _, error) = await Supportctl("--token", token, "whoami");
        Assert.Equal(3, code);
        Assert.Contains("revoked", error, StringComparison.Ordinal);
        Assert.Equal(3, (await Supportctl("--token", token, "watch", "wallboard:dublin")).Code);
    }

    public async ValueTask InitializeAsync()
    {
#pragma warning disable RS0030 // The server runs as it does in production, on the machine's clock.
        server = ServerHost.Build(["--urls", "http://127.0.0.1:0", "--SupportCluster:DataFolder", folder.FullName], TimeProvider.System);
#pragma warning restore RS0030
        await server.App.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        folder.Delete(recursive: true);
    }

    private async Task Restart()
    {
        await Stop();
        await InitializeAsync();
    }

    private async Task Stop()
    {
        if (server is not null)
        {
            await server.App.StopAsync(CancellationToken.None);
            await server.DisposeAsync();
            server = null;
        }
    }

    private async Task<ImportSummary> Summary() =>
        JsonSerializer.Deserialize<ImportSummary>(await Succeeds("--as", "admin", "import-summary", "incident-log", "--json"), WireJson.Tolerant)!;

    private async Task<string> Succeeds(params string[] arguments)
    {
        var (code, output, error) = await Supportctl(arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {error}");
        return output;
    }

    private async Task<(int Code, string Out, string Error)> Supportctl(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal
        {
            In = TextReader.Null,
            Out = output,
            Error = error,
            Environment = name => name == "XDG_CONFIG_HOME" ? folder.FullName : null,
#pragma warning disable RS0030 // As above.
            Time = TimeProvider.System,
#pragma warning restore RS0030
        };
        var code = await Cli.Supportctl.Run([.. arguments, "--server", server!.App.Urls.First()], terminal, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
