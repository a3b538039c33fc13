using System.Diagnostics;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using NodaTime;

namespace SupportCluster.Server.Tests.Isolation;

/// <summary>The links by which wall displays sign in: told once, good until they are revoked, and then never again.</summary>
public sealed class WallDisplayTests(Running.Server server) : IClassFixture<Running.Server>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_link_is_told_once_and_only_the_hash_of_its_secret_is_stored()
    {
        var made = (await server.As("manager.emea").Post("/api/wall-displays", new { id = "once", shows = "dublin" })).Ok();
        var token = server.Tokens.Keep(made["link"].GetString()!.Split("#token=")[1]);
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal($"{server.Address}wall/dublin#token={token}", made["link"].GetString());
        Assert.StartsWith("wall_once_", token, StringComparison.Ordinal);
        Assert.Equal(43, token.Split('_', 3)[2].Length);

        var list = (await server.As("admin").Get("/api/wall-displays")).Ok();
        var display = list.Items().Single(d => d.Text("id") == "once");
        Assert.Equal(("dublin", "manager.emea", (string?)null), (display.Text("shows"), display.Text("madeBy"), display.Text("revokedAt")));
        var secret = System.Text.Encoding.UTF8.GetBytes(token.Split('_', 3)[2]);
        Assert.DoesNotContain(token.Split('_', 3)[2], list.Text, StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(server.Folder, "*.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, TestContext.Current.CancellationToken);
            Assert.True(bytes.ToArray().AsSpan().IndexOf(secret) < 0, $"{file} holds the secret.");
        }
    }

    [Fact]
    public async Task A_display_says_what_it_is_and_connects_as_browsers_do()
    {
        var token = await server.Display("browser", "emea");

        Assert.Equal("""{"subject":"wall.emea.browser","role":"wallboard","shows":"emea"}""", (await server.With(token).Get("/api/me")).Ok().Text);
        (await server.With(null).Get($"/api/me?access_token={token}")).Refused(401, "not-signed-in");
        await using var connection = new HubConnectionBuilder().WithUrl($"{server.Address}hub?access_token={token}", options =>
        {
            options.Transports = HttpTransportType.WebSockets;
            options.SkipNegotiation = true;
        }).Build();
        await connection.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HubConnectionState.Connected, connection.State);
    }

    [Fact]
    public async Task A_display_that_is_revoked_loses_its_connections_within_a_second_and_its_link_for_ever()
    {
        var (token, other) = (await server.Display("lost"), await server.Display("kept"));
        await using var watcher = await server.WatcherWith(token);
        await using var another = await server.WatcherWith(other);
        await watcher.Watch("wallboard:dublin");
        await watcher.Frame(f => f.Text("frame") == "snapshot");

        var since = Stopwatch.GetTimestamp();
        var revoked = (await server.As("admin").Post("/api/wall-displays/lost/revoke")).Ok();
        await watcher.Closed;
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, Second);
        Assert.Equal("admin", revoked["revokedBy"].GetString());
        Assert.Equal(revoked.Text, (await server.As("manager.emea").Post("/api/wall-displays/lost/revoke")).Ok().Text);
        await Refused(token);
        Assert.Equal(HubConnectionState.Connected, another.Connection.State);

        // Made anew, in the same second: another link, and the old one stays what it is.
        var anew = await server.Display("lost");
        Assert.NotEqual(token, anew);
        (await server.With(anew).Get("/api/centres")).Ok();
        await Refused(token);

        await server.Restart();
        await Refused(token);
        (await server.With(anew).Get("/api/centres")).Ok();
        (await server.With(other).Get("/api/centres")).Ok();
        Assert.Equal(2, (await server.As("admin").Get("/api/wall-displays")).Items().Count(d => d.Text("id") == "lost"));

        async Task Refused(string old)
        {
            (await server.With(old).Get("/api/centres")).Refused(401, "sign-in-revoked");
            (await server.With(old).Post("/hub/negotiate?negotiateVersion=1")).Refused(401, "sign-in-revoked");
            (await server.With(null).Post($"/hub/negotiate?negotiateVersion=1&access_token={old}")).Refused(401, "sign-in-revoked");
        }
    }

    [Fact]
    public async Task The_sign_ins_of_a_display_are_revoked_like_anybodys()
    {
        var token = await server.Display("by-subject");
        (await server.As("admin").Post("/api/sign-ins/wall.dublin.by-subject/revoke", new { reason = "r" })).Ok();
        (await server.With(token).Get("/api/me")).Refused(401, "sign-in-revoked");

        server.Clock.Leap(Duration.FromSeconds(2));
        (await server.As("manager.emea").Post("/api/wall-displays/by-subject/revoke")).Ok();
        (await server.With(await server.Display("by-subject")).Get("/api/me")).Ok();
    }

    [Fact]
    public async Task A_display_that_is_none_and_a_wrong_secret_are_answered_alike()
    {
        var token = await server.Display("guessed");
        var other = await server.Display("neighbour");
        var secret = new string('A', 43);
        var answers = new List<string>();
        foreach (var wrong in new[] { $"wall_guessed_{secret}", $"wall_nobody_{secret}", $"wall_guessed_{other.Split('_', 3)[2]}", $"{token}A", token[..^1], "wall_guessed_", "wall_guessed", "wall_", "wall__" })
        {
            var answer = await server.With(wrong).Get("/api/me");
            answer.Refused(401, "not-signed-in");
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
            answers.Add(answer.Text.Replace(answer["traceId"].GetString()!, "", StringComparison.Ordinal));
        }

        Assert.Single(answers.Distinct());
        (await server.With(token).Get("/api/me")).Ok();
    }

    [Fact]
    public async Task What_makes_no_display_is_refused_with_its_place()
    {
        var manager = server.As("manager.emea");
        await server.Display("there");
        (await manager.Post("/api/wall-displays", new { id = "there", shows = "world" })).Refused(409, "wall-display-exists");
        (await manager.Post("/api/wall-displays/nobody/revoke")).Refused(404, "wall-display-not-found");
        Assert.True((await manager.Post("/api/wall-displays", new { id = "new", shows = "atlantis" })).Refused(400, "wallboard-unknown")["errors"].TryGetProperty("/shows", out _));
        foreach (var id in new[] { "", "New", "a_b", "a b", new string('a', 65) })
        {
            Assert.True((await manager.Post("/api/wall-displays", new { id, shows = "world" })).Refused(400, "wall-display-id-malformed")["errors"].TryGetProperty("/id", out _));
        }

        (await manager.Post("/api/wall-displays", new { id = "new" })).Refused(400, "malformed");
    }
}
