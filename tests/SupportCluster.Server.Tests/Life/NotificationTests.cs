using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;

namespace SupportCluster.Server.Tests.Life;

/// <summary>Escalations are told by mail (HB-7.2): each level once, again and again until the mail server takes it.</summary>
public sealed class NotificationTests : IAsyncLifetime
{
    private readonly MailServer mail = new();
    private readonly Running.Server server = new();

    private string[] Settings =>
    [
        "--SupportCluster:Mail:Host", "127.0.0.1", "--SupportCluster:Mail:Port", mail.Port.ToString(CultureInfo.InvariantCulture), "--SupportCluster:Mail:Security", "none",
        "--SupportCluster:Mail:From", "support@example.com", "--SupportCluster:Mail:CaseLink", "https://desk.example.com/cases/{number}",
    ];

    public async ValueTask InitializeAsync()
    {
        await server.InitializeAsync();
        await server.Restart(Settings);
        var policy = JsonNode.Parse((await server.As("admin").Get("/api/policy")).Ok()["document"].GetRawText())!;
        policy["escalations"]!["addresses"] = new JsonObject { ["manager-emea"] = "duty@example.com" };
        (await server.As("admin").Put("/api/policy", policy)).Ok();
        await server.Conclude("northwind");
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await mail.DisposeAsync();
    }

    [Fact]
    public async Task A_duty_manager_is_told_once_of_what_the_customer_escalates_and_not_in_the_customers_words()
    {
        var number = await server.Submit("northwind");
        (await server.As("contact.northwind").Post($"/api/cases/{number}/escalate", new { reason = $"Nothing happens. {Running.Server.Marker}" })).Ok();

        await server.As("manager.emea").Until("/api/notifications/manager-emea", told => told.GetProperty("notifications").EnumerateArray().Any(n => n.TryGetProperty("sentAt", out _)));

        var (to, text) = Assert.Single(mail.Mails);
        Assert.Equal("duty@example.com", to);
        Assert.Contains($"Case {number}", text, StringComparison.Ordinal);
        Assert.Contains($"supportctl take-up {number} --cause customer", text, StringComparison.Ordinal);
        Assert.Contains($"https://desk.example.com/cases/{number}", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Running.Server.Marker, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_mail_server_does_not_take_is_sent_when_it_does_also_after_a_restart_in_between()
    {
        mail.Refuses = true;
        var number = await server.Submit("northwind");
        (await server.As("contact.northwind").Post($"/api/cases/{number}/escalate", new { reason = "Nothing happens." })).Ok();
        await server.As("manager.emea").Until("/api/notifications/manager-emea", _ => server.LogLines.Any(l => l.Contains("was not taken", StringComparison.Ordinal)));
        await server.Restart(Settings);
        Assert.Empty(mail.Mails);
        mail.Refuses = false;
        server.Clock.Leap(Duration.FromSeconds(10));

        await server.As("manager.emea").Until("/api/notifications/manager-emea", told => told.GetProperty("notifications")[0].TryGetProperty("sentAt", out _));
        Assert.Single(mail.Mails);
    }

    [Fact]
    public async Task Whom_the_policy_names_no_address_of_is_not_told_and_that_is_to_be_seen()
    {
        var now = server.Clock.Now;
        (await server.As("manager.emea").Post("/api/duty/emea/stand-in", new { from = now.ToString(), until = (now + Duration.FromDays(1)).ToString(), manager = "zoe" })).Ok();
        var number = await server.Submit("northwind");
        (await server.As("contact.northwind").Post($"/api/cases/{number}/escalate", new { reason = "Nothing happens." })).Ok();

        await server.As("manager.emea").Until("/api/notifications/zoe", told => told.GetProperty("notifications").EnumerateArray().Any(n => n.Text("notSent") == "no-address" && n.Text("case") == number));
        Assert.Empty(mail.Mails);
        Assert.Empty((await server.As("manager.emea").Get("/api/notifications/nobody")).Ok()["notifications"].EnumerateArray());
    }
}
