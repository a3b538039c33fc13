using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SupportCluster.Storage;
using SupportCluster.Storage.Sqlite;

namespace SupportCluster.Server.Tests.StartUp;

/// <summary>What keeps a server from starting: exit code 1, one clear message on standard error, nothing overwritten.</summary>
public sealed class RefusalToStartTests
{
    private static readonly string[] Loopback = ["--urls", "http://127.0.0.1:0"];

    [Fact]
    public async Task A_second_server_on_the_same_folder()
    {
        using var folder = new TemporaryFolder();
        await using var first = await ServerProcess.Started(folder.Path);

        await Refused(folder.Path, Loopback, folder.Path, "in use by process");

        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(first.Address, "/health/ready"), TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written() => await Refused("/proc/supportcluster", Loopback, "/proc/supportcluster", "cannot be written");

    [Fact]
    public async Task A_file_that_is_no_store()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["supportcluster.db"], new string('x', 8192), TestContext.Current.CancellationToken);

        await Unchanged(folder, "supportcluster.db");
    }

    [Fact]
    public async Task A_store_of_a_newer_version()
    {
        using var folder = new TemporaryFolder();
        using (var taken = DataFolder.Take(folder.Path))
        {
            await using var store = SqliteStore.Open(taken, new Hosting.TimeProviderClock(new StandingClock(NodaTime.Instant.FromUtc(2035, 3, 5, 9, 15))));
        }

        // PRAGMA user_version stands at byte 60 of the file.
        using (var file = File.OpenWrite(folder["supportcluster.db"]))
        {
            file.Position = 60;
            file.Write([0, 0, 3, 231]);
        }

        await Unchanged(folder, "supportcluster.db", "999");
    }

    [Fact]
    public async Task A_damaged_file_to_be_restored()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["restore.db"], new string('x', 8192), TestContext.Current.CancellationToken);

        await Unchanged(folder, "restore.db");
    }

    [Theory]
    [InlineData("acknowledgement", "within", "\"PT0M\"", "/acknowledgement/within")]
    [InlineData("capacity", "cases", "\"many\"", "/capacity/cases")]
    [InlineData("cases", "reopen", "1", "/cases/reopen")]
    public async Task A_policy_with_a_mistake(string section, string name, string value, string path)
    {
        using var folder = new TemporaryFolder();
        var shipped = Path.Combine(AppContext.BaseDirectory, "policy", "policy.json");
        var policy = JsonNode.Parse(await File.ReadAllTextAsync(shipped, TestContext.Current.CancellationToken), documentOptions: new() { CommentHandling = JsonCommentHandling.Skip })!;
        policy["businessHours"]!["holidays"] = new JsonObject();
        policy[section]![name] = JsonNode.Parse(value);
        await File.WriteAllTextAsync(folder["policy.json"], policy.ToJsonString(), TestContext.Current.CancellationToken);

        await Refused(folder["data"], [.. Loopback, "--SupportCluster:Policy", folder["policy.json"]], folder["policy.json"], path);

        Assert.False(Directory.Exists(folder["data"]));
    }

    [Theory]
    [InlineData(null, "cannot be read")]
    [InlineData("{", "cannot be read")]
    [InlineData("", "cannot be read")]
    [InlineData("[]", "mistake")]
    [InlineData("""{"businessHours":{"holidays":{"IE":"gone.ics"}}}""", "gone.ics")]
    public async Task A_policy_that_is_none(string? content, string says)
    {
        using var folder = new TemporaryFolder();
        if (content is not null)
        {
            await File.WriteAllTextAsync(folder["policy.json"], content, TestContext.Current.CancellationToken);
        }

        await Refused(folder["data"], [.. Loopback, "--SupportCluster:Policy", folder["policy.json"]], folder["policy.json"], says);
    }

    [Theory]
    [InlineData("SupportCluster:DataFolde")]
    [InlineData("SupportCluster:Testing:Without")]
    public async Task An_unknown_setting(string key)
    {
        using var folder = new TemporaryFolder();

        await Refused(folder["data"], [.. Loopback, $"--{key}", "x"], string.Join(':', key.Split(':')[..2]), "DataFolder, Policy, Postgres, Role, DrainFor, Live, Mail, SignIn and Demo");

        Assert.False(Directory.Exists(folder["data"]));
    }

    [Theory]
    [InlineData("Role", "boss", "all, silo, gateway")]
    [InlineData("Role", "gateway", "SupportCluster:Postgres")]
    [InlineData("Role", "1", "all, silo, gateway")]
    [InlineData("DrainFor", "10", "PT10S")]
    [InlineData("DrainFor", "-PT1S", "PT10S")]
    [InlineData("DrainFor", "P1D", "PT10S")]
    [InlineData("Postgres", "Host=127.0.0.1;Port=1;Database=support;Username=support;Password=Zq7-secret", "127.0.0.1")]
    [InlineData("Postgres", "nonsense", "connection string")]
    [InlineData("Mail:Host", "mail.example.com", "SupportCluster:Mail:From")]
    [InlineData("Mail:From", "support@example.com", "SupportCluster:Mail:Host")]
    [InlineData("Demo", "perhaps", "true or false")]
    [InlineData("SignIn:ClientId", "support-pages", "Authentication:Schemes:Bearer:Authority")]
    [InlineData("SignIn:Client", "support-pages", "ClientId and Scope")]
    [InlineData("Mail:Hosts", "mail.example.com", "Host, Port, From, Security, User, Password, CaseLink")]
    public async Task A_setting_that_is_wrong(string key, string value, string says)
    {
        using var folder = new TemporaryFolder();

        var error = await Refused(folder["data"], [.. Loopback, $"--SupportCluster:{key}", value], says);

        Assert.DoesNotContain("Zq7-secret", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--urls", "http://0.0.0.0:0")]
    [InlineData("--urls", "http://127.0.0.1:0;http://*:0")]
    [InlineData("--urls", "http://[::]:0")]
    [InlineData("--urls", "http://supportcluster.example.org:0")]
    [InlineData("--http_ports", "0")]
    [InlineData("--Kestrel:Endpoints:Main:Url", "http://0.0.0.0:0")]
    public async Task Listening_to_the_world_without_an_authority(string setting, string value)
    {
        using var folder = new TemporaryFolder();

        await Refused(folder["data"], [setting, value], "Authentication:Schemes:Bearer:Authority");

        Assert.False(Directory.Exists(folder["data"]));
    }

    [Fact]
    public async Task Listening_to_the_world_by_an_environment_variable_without_an_authority()
    {
        using var folder = new TemporaryFolder();

        await Refused(folder["data"], [], [("ASPNETCORE_URLS", "http://0.0.0.0:0")], "Authentication:Schemes:Bearer:Authority");
    }

    [Fact]
    public async Task A_port_in_use()
    {
        using var folder = new TemporaryFolder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        await Refused(folder.Path, ["--urls", $"http://{listener.LocalEndpoint}"], "address already in use");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("http://localhost:0")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("https://127.0.0.1:0")]
    public async Task An_address_that_cannot_be_listened_on(string url)
    {
        using var folder = new TemporaryFolder();

        await Refused(folder.Path, ["--urls", url]);
    }

    private static async Task Unchanged(TemporaryFolder folder, string file, params string[] says)
    {
        var before = await Hash(folder[file]);
        await Refused(folder.Path, Loopback, [folder[file], .. says]);
        Assert.Equal(before, await Hash(folder[file]));
    }

    private static Task<string> Refused(string folder, string[] settings, params string[] says) => Refused(folder, settings, [], says);

    private static async Task<string> Refused(string folder, string[] settings, (string, string)[] environment, params string[] says)
    {
        var (code, error, output) = await ServerProcess.Refused(folder, settings, environment);

        Assert.True(code == 1, $"{code} {error} {output}");
        Assert.True(error.Length > 0, output);
        Assert.All(says, text => Assert.Contains(text, error, StringComparison.Ordinal));
        Assert.True(error.Split('\n').Count(line => !line.StartsWith("  ", StringComparison.Ordinal)) == 1, error);
        Assert.DoesNotContain("   at ", error + output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", error + output, StringComparison.Ordinal);
        return error;
    }

    private static async Task<string> Hash(string path) => Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(path)));
}
