using System.Diagnostics;
using Microsoft.AspNetCore.SignalR.Client;
using NodaTime;

namespace SupportCluster.Server.Tests.Isolation;

/// <summary>What ends with a right: REST at once, connections within a second.</summary>
public sealed class EndOfRightsTests(Running.Server server) : IClassFixture<Running.Server>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_contact_that_is_removed_loses_what_it_watches_within_a_second_and_a_namesake_elsewhere_nothing()
    {
        await server.Conclude("end-a", more: "jo");
        await server.Conclude("end-b", more: "jo");
        var number = await server.Submit("end-a");
        var atA = server.Tokens.With(("sub", "jo"), ("role", "contact"), ("support_id", "end-a"));
        await using var watcher = await Watching(atA, $"case:{number}", "customer:end-a");
        await using var namesake = await Watching(server.Tokens.With(("sub", "jo"), ("role", "contact"), ("support_id", "end-b")), "customer:end-b");
        await using var colleague = await Watching(server.Tokens.Of("contact.end-a"), "customer:end-a");

        (await server.As("rep").Delete("/api/contracts/end-a/contacts/jo")).Ok();
        await EndsWithinASecond(watcher);

        (await server.With(atA).Get($"/api/cases/{number}")).Refused(403, "contact-not-designated");
        await using var again = await Connected(atA);
        Assert.Equal("contact-not-designated", await again.RefusedToWatch("customer:end-a"));
        Assert.Equal("contact-not-designated", await again.RefusedToWatch($"case:{number}"));
        Assert.Equal(HubConnectionState.Connected, namesake.Connection.State);
        Assert.Equal(HubConnectionState.Connected, colleague.Connection.State);
    }

    [Fact]
    public async Task Sign_ins_that_are_revoked_end_everywhere_and_a_new_one_begins_anew_also_after_a_restart()
    {
        await server.Employ("eve");
        var old = server.Tokens.Of("eng.eve");
        var ageless = server.Tokens.With(("sub", "eng-eve"), ("role", "engineer"));
        await using var watcher = await Watching(old, "wallboard:world");
        await using var other = await Watching(server.Tokens.Of("eng.frank"), "wallboard:world");

        var done = (await server.As("admin").Post("/api/sign-ins/eng-eve/revoke", new { reason = "Left the company." })).Ok();
        Assert.Equal("eng-eve", done["subject"].GetString());
        await EndsWithinASecond(watcher);
        Assert.Equal(HubConnectionState.Connected, other.Connection.State);

        foreach (var token in new[] { old, ageless })
        {
            (await server.With(token).Get("/api/me")).Refused(401, "sign-in-revoked");
            (await server.With(token).Post("/hub/negotiate?negotiateVersion=1")).Refused(401, "sign-in-revoked");
        }

        (await server.As("eng.frank").Get("/api/me")).Ok();
        server.Clock.Leap(Duration.FromSeconds(2));
        var renewed = server.Tokens.Of("eng.eve");
        (await server.With(renewed).Get("/api/me")).Ok();

        await server.Restart();
        (await server.With(old).Get("/api/me")).Refused(401, "sign-in-revoked");
        (await server.With(renewed).Get("/api/me")).Ok();
    }

    [Fact]
    public async Task Revoking_needs_a_reason_and_is_repeated_safely()
    {
        var admin = server.As("admin");
        (await admin.Post("/api/sign-ins/somebody/revoke", new { reason = " " })).Refused(400, "text-missing");
        (await admin.Post("/api/sign-ins/somebody/revoke", new { })).Problem();
        var key = admin.NewKey();
        var first = (await admin.Post("/api/sign-ins/auth0%7Csome%20body/revoke", new { reason = "r" }, key)).Ok();
        server.Clock.Leap(Duration.FromSeconds(2));
        var again = (await admin.Post("/api/sign-ins/auth0%7Csome%20body/revoke", new { reason = "r" }, key)).Ok();

        Assert.Equal("auth0|some body", first["subject"].GetString());
        Assert.Equal(first["until"].GetString(), again["until"].GetString());
    }

    [Theory]
    [InlineData("case")]
    [InlineData("customer")]
    [InlineData("queue")]
    [InlineData("engineer")]
    [InlineData("centre")]
    [InlineData("wallboard")]
    public async Task A_watch_of_any_kind_ends_with_its_token(string kind)
    {
        await server.Conclude("end-c");
        await server.Employ("gus");
        var topic = kind switch
        {
            "case" => $"case:{await server.Submit("end-c")}",
            "customer" => "customer:end-c",
            "queue" => "queue:emea/backup",
            "engineer" => "engineer:eng-gus",
            "centre" => "centre:dublin",
            _ => "wallboard:world",
        };

        // SignalR ends connections by the machine's clock, by which the server's is years ahead.
#pragma warning disable RS0030 // It is the machine's clock that this is about.
        var ahead = server.Clock.Now - SystemClock.Instance.GetCurrentInstant();
#pragma warning restore RS0030
        server.Clock.Leap(-ahead);
        Running.Watcher watcher;
        try
        {
            watcher = await Connected(server.Tokens.For("rep", Duration.FromSeconds(5)));
        }
        finally
        {
            server.Clock.Leap(ahead);
        }

        await using (watcher)
        {
            await watcher.Watch(topic);
            await watcher.Frame(f => f.Text("frame") == "snapshot");
            await watcher.Closed;
        }
    }

    private static async Task EndsWithinASecond(Running.Watcher watcher)
    {
        var since = Stopwatch.GetTimestamp();
        await watcher.Closed;
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, Second);
    }

    private async Task<Running.Watcher> Watching(string token, params string[] topics)
    {
        var watcher = await Connected(token);
        foreach (var topic in topics)
        {
            await watcher.Watch(topic);
            await watcher.Frame(f => f.Text("topic") == topic && f.Text("frame") == "snapshot");
        }

        return watcher;
    }

    private async Task<Running.Watcher> Connected(string token)
    {
        var watcher = new Running.Watcher(server.Hub(token));
        await watcher.Connection.StartAsync(TestContext.Current.CancellationToken);
        return watcher;
    }
}
