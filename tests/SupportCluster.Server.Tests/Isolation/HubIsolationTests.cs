using System.Reflection;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using SupportCluster.Server.Live;

namespace SupportCluster.Server.Tests.Isolation;

/// <summary>Every method and topic of the hub, tried as everybody.</summary>
public sealed class HubIsolationTests(Running.Server server) : IClassFixture<Running.Server>
{
    private const string Display = "a display by its link";

    /// <summary>Every method of every hub. A new one that is not entered here fails the test.</summary>
    private static readonly string[] Methods = ["SupportHub.Unwatch(String)", "SupportHub.Watch(String, String)"];

    [Fact]
    public void Every_method_of_every_hub_is_in_the_table()
    {
        var served = typeof(Program).Assembly.GetTypes().Where(t => typeof(Hub).IsAssignableFrom(t))
            .SelectMany(t => t.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
                .Where(m => m.GetBaseDefinition().DeclaringType == t)
                .Select(m => $"{t.Name}.{m.Name}({string.Join(", ", m.GetParameters().Select(p => p.ParameterType.Name))})"))
            .Order();

        Assert.Equal(Methods, served);
        Assert.All(typeof(Program).Assembly.GetTypes().Where(t => typeof(Hub).IsAssignableFrom(t)), t => Assert.NotNull(t.GetCustomAttribute<Microsoft.AspNetCore.Authorization.AuthorizeAttribute>()));
    }

    /// <summary>Every kind of topic, and what each persona gets: <c>hub-a</c> is the customer that the topics are of. A new kind that is not entered here fails the test.</summary>
    private static readonly Dictionary<string, Dictionary<string, string>> Kinds = new()
    {
        ["case"] = Row("snapshot", "case-not-found", "contact-not-designated", "snapshot", "role-not-allowed"),
        ["customer"] = Row("snapshot", "contract-not-found", "contact-not-designated", "snapshot", "role-not-allowed"),
        ["queue"] = Row("role-not-allowed", "role-not-allowed", "role-not-allowed", "snapshot", "snapshot"),
        ["engineer"] = Row("role-not-allowed", "role-not-allowed", "role-not-allowed", "snapshot", "role-not-allowed"),
        ["centre"] = Row("role-not-allowed", "role-not-allowed", "role-not-allowed", "snapshot", "snapshot"),
        ["readers"] = Row("role-not-allowed", "role-not-allowed", "role-not-allowed", "snapshot", "role-not-allowed"),
        ["wallboard"] = Row("role-not-allowed", "role-not-allowed", "role-not-allowed", "snapshot", "snapshot"),
    };

    [Fact]
    public void Every_kind_of_topic_is_in_the_table() => Assert.Equal(Kinds.Keys.Order(), server.App.Services.GetServices<ITopicKind>().Select(k => k.Prefix).Order());

    [Fact]
    public async Task Who_may_watch_what()
    {
        var topics = await Topics();
        var display = await server.Display("hub-hall");
        foreach (var (kind, row) in Kinds)
        {
            foreach (var (persona, outcome) in row)
            {
                await using var watcher = await (persona == Display ? server.WatcherWith(display) : server.Watcher(persona));
                if (outcome == "snapshot")
                {
                    await watcher.Watch(topics[kind]);
                    Assert.Equal(topics[kind], (await watcher.Frame(f => f.Text("frame") == "snapshot")).Text("topic"));
                }
                else
                {
                    Assert.Equal((kind, persona, outcome), (kind, persona, await watcher.RefusedToWatch(topics[kind])));
                }
            }
        }
    }

    [Fact]
    public async Task What_is_not_there_is_refused_as_what_is_not_ones_own()
    {
        await server.Conclude("hub-e");
        await server.Conclude("hub-f");
        await using var contact = await server.Watcher("contact.hub-e");

        Assert.Equal(await Refusal("customer:hub-none"), await Refusal("customer:hub-f"));

        async Task<string> Refusal(string topic) => (await Assert.ThrowsAsync<HubException>(() => contact.Watch(topic))).Message;
    }

    /// <summary>One topic of each kind.</summary>
    private async Task<Dictionary<string, string>> Topics()
    {
        await server.Conclude("hub-a", more: "contact.hub-a.former");
        await server.Conclude("hub-b");
        await server.Employ("aoife");
        await using (var former = await server.Watcher("contact.hub-a.former"))
        {
            // Whoever leaves is disconnected within a second: a connection made meanwhile would be, too.
            (await server.As("rep").Delete("/api/contracts/hub-a/contacts/contact.hub-a.former")).Ok();
            await former.Closed;
        }

        var number = await server.Submit("hub-a");
        return new()
        {
            ["case"] = $"case:{number}",
            ["readers"] = $"readers:{number}",
            ["customer"] = "customer:hub-a",
            ["queue"] = "queue:emea/backup",
            ["engineer"] = "engineer:eng-aoife",
            ["centre"] = "centre:dublin",
            ["wallboard"] = "wallboard:world",
        };
    }

    private static Dictionary<string, string> Row(string own, string other, string former, string staff, string wallboard) => new()
    {
        ["contact.hub-a"] = own,
        ["contact.hub-b"] = other,
        ["contact.hub-a.former"] = former,
        ["rep"] = staff,
        ["eng.aoife"] = staff,
        ["manager.emea"] = staff,
        ["admin"] = staff,
        ["wall.dublin"] = wallboard,
        [Display] = wallboard,
    };

    [Fact]
    public async Task Bad_tokens_do_not_connect()
    {
        var tokens = server.Tokens;
        string?[] bad = [null, tokens.Expired("admin"), tokens.OfAnotherKey("admin"), tokens.Unsigned("admin"), tokens.With(("sub", "x"), ("role", "contact")), tokens.With(("sub", "x"), ("role", "contact"), ("role", "admin"))];
        foreach (var token in bad)
        {
            foreach (var transport in new[] { HttpTransportType.WebSockets, HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling })
            {
                await using var connection = server.Hub(token, transport);
                var refused = await Assert.ThrowsAsync<HttpRequestException>(() => connection.StartAsync(TestContext.Current.CancellationToken));
                Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            }
        }
    }

    [Fact]
    public async Task A_browsers_token_in_the_address_connects_and_is_not_logged()
    {
        var token = server.Tokens.Of("rep");
        await using var connection = new HubConnectionBuilder().WithUrl($"{server.Address}hub?access_token={token}", options =>
        {
            options.Transports = HttpTransportType.WebSockets;
            options.SkipNegotiation = true;
        }).Build();

        await connection.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HubConnectionState.Connected, connection.State);
        Assert.DoesNotContain(server.LogLines, line => line.Contains(token.Split('.')[2], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "malformed-topic")]
    [InlineData("case", "malformed-topic")]
    [InlineData(":4001122337", "malformed-topic")]
    [InlineData("case:", "malformed-topic")]
    [InlineData("case:12", "malformed-topic")]
    [InlineData("case:4001122330", "malformed-topic")]
    [InlineData("case:4999999993", "case-not-found")]
    [InlineData("contract:northwind", "unknown-topic")]
    [InlineData("wallboard:nowhere", "wallboard-not-found")]
    [InlineData("wallboard:World", "malformed-topic")]
    [InlineData("customer:nobody", "contract-not-found")]
    [InlineData("customer:no body", "malformed-topic")]
    [InlineData("customer:", "malformed-topic")]
    [InlineData("engineer:eng-nobody", "engineer-not-found")]
    [InlineData("engineer:Eng", "malformed-topic")]
    [InlineData("centre:atlantis", "centre-not-found")]
    [InlineData("centre:emea", "centre-not-found")]
    [InlineData("queue:emea", "malformed-topic")]
    [InlineData("queue:emea/backup/x", "malformed-topic")]
    [InlineData("queue:EMEA/backup", "malformed-topic")]
    [InlineData("queue:mars/backup", "queue-not-found")]
    public async Task A_topic_that_is_none_is_refused_with_its_code(string topic, string code)
    {
        await using var watcher = await server.Watcher("admin");

        Assert.Equal(code, await watcher.RefusedToWatch(topic));
        Assert.Equal(HubConnectionState.Connected, watcher.Connection.State);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1")]
    [InlineData("1.-1")]
    [InlineData("1.2.3")]
    [InlineData("99999999999999999999.1")]
    public async Task A_cursor_that_is_none_is_refused(string cursor)
    {
        await server.Conclude("hub-c");
        var number = await server.Submit("hub-c");
        await using var watcher = await server.Watcher("admin");

        Assert.Equal("malformed-cursor", await watcher.RefusedToWatch($"case:{number}", cursor));
    }

    [Fact]
    public async Task A_staff_members_cursor_in_a_contacts_hand_gives_the_contacts_state_anew()
    {
        await server.Conclude("hub-d");
        var number = await server.Submit("hub-d");
        (await server.As("rep").Post($"/api/cases/{number}/note", new Dictionary<string, object> { ["text"] = "inside", ["internal"] = true })).Ok();
        await using var staff = await server.Watcher("rep");
        await staff.Watch($"case:{number}");
        var cursor = (await staff.Frame(f => f.Text("frame") == "snapshot")).Text("cursor");
        await using var contact = await server.Watcher("contact.hub-d");

        await contact.Watch($"case:{number}", cursor);

        Assert.DoesNotContain("inside", (await contact.Frame(f => f.Text("frame") == "snapshot")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_oversized_message_ends_its_connection_and_no_other()
    {
        await using var other = await server.Watcher("admin");
        await using var watcher = await server.Watcher("rep");

        await Assert.ThrowsAnyAsync<Exception>(() => watcher.Watch($"case:{new string('4', 100_000)}"));
        await watcher.Closed;

        await other.Watch("queue:emea/backup");
        await other.Frame(f => f.Text("frame") == "snapshot");
    }

    [Theory]
    [InlineData("Watch", 0)]
    [InlineData("Nothing", 1)]
    [InlineData("OnConnectedAsync", 0)]
    [InlineData("Dispose", 0)]
    public async Task A_method_or_arguments_that_are_none_are_refused(string method, int arguments)
    {
        await using var watcher = await server.Watcher("rep");

        await Assert.ThrowsAsync<HubException>(() => watcher.Connection.InvokeCoreAsync(method, [.. Enumerable.Repeat<object?>("x", arguments)], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Null_is_no_topic()
    {
        await using var watcher = await server.Watcher("rep");

        Assert.Equal("malformed-topic", await watcher.RefusedToWatch(null));
        Assert.Equal(HubConnectionState.Connected, watcher.Connection.State);
    }
}
