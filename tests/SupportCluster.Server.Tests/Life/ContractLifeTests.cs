using NodaTime;
using NodaTime.Text;

namespace SupportCluster.Server.Tests.Life;

/// <summary>Contracts, offers and the policy over REST.</summary>
public sealed class ContractLifeTests(Running.Server server) : IClassFixture<Running.Server>
{
    [Fact]
    public async Task Applying_a_contract_again_changes_nothing()
    {
        var admin = server.As("admin");
        var document = World.Contract("same", "rps", contacts: [World.Contact("contact.same"), World.Contact("second", "vault")]);
        var first = (await admin.Put("/api/contracts/same", document)).Ok();

        var again = (await admin.Put("/api/contracts/same", document)).Ok();
        var contactAgain = (await admin.Put("/api/contracts/same/contacts/second", World.Contact("second", "vault"))).Ok();

        Assert.Equal(first.Text, again.Text);
        Assert.Equal(first.Text, contactAgain.Text);
        Assert.Equal(first["version"].GetInt64(), (await admin.Get("/api/contracts/same/history")).Ok().Items().Count());
    }

    [Fact]
    public async Task What_was_applied_can_be_read_and_applied_again()
    {
        var admin = server.As("admin");
        var view = (await admin.Put("/api/contracts/round", World.Contract("round", "essential", options: ["priorityCallQueueing"], contactLimit: 3))).Ok();
        string[] ofTheDocument = ["customer", "offer", "products", "term", "options", "contacts", "contactLimit"];

        var again = (await admin.Put("/api/contracts/round", view.Json.EnumerateObject().Where(m => ofTheDocument.Contains(m.Name)).ToDictionary(m => m.Name, m => m.Value))).Ok();

        Assert.Equal(view.Text, again.Text);
    }

    [Fact]
    public async Task Every_change_of_a_contract_is_kept_with_who_when_and_what()
    {
        await server.Conclude("kept");
        (await server.As("contact.kept").Put("/api/contracts/kept/contacts/new", World.Contact("new"))).Ok();
        (await server.As("rep").Delete("/api/contracts/kept/contacts/new")).Ok();
        (await server.As("rep").Delete("/api/contracts/kept/contacts/new")).Refused(404, "contact-not-found");

        var history = (await server.As("rep").Get("/api/contracts/kept/history")).Ok().Items().ToList();

        Assert.Equal(["contract-concluded", "contract-contact-registered", "contract-contact-registered", "contract-contact-removed"], history.Select(e => e.Text("type")));
        Assert.Equal(["admin", "admin", "contact.kept", "rep"], history.Select(e => e.Text("by")));
        Assert.Equal("new", history[^1].GetProperty("facts").Text("contact"));
    }

    [Fact]
    public async Task An_upgrade_of_the_offer_gives_open_cases_its_targets_and_a_downgrade_does_not()
    {
        await server.Conclude("grow", "essential");
        await using var live = await server.Watcher("rep");
        var number = await server.Submit("grow", 1);
        await live.Watch($"case:{number}");
        var before = (await server.As("rep").Get($"/api/cases/{number}")).Ok();
        server.Clock.Leap(Duration.FromMinutes(1));

        (await server.As("admin").Put("/api/contracts/grow", World.Contract("grow", "global"))).Ok();

        await live.Frame(f => f.ToString().Contains("case-offer-changed", StringComparison.Ordinal));
        var after = (await server.As("rep").Get($"/api/cases/{number}")).Ok();
        Assert.Equal(("essential", "global"), (before["offer"].GetString(), after["offer"].GetString()));
        Assert.True(after["priorityCall"].GetBoolean());
        Assert.Equal(InstantPattern.ExtendedIso.Format(server.Clock.Now + Duration.FromMinutes(15)), after.Milestone("initialResponse").Text("deadline"));
        Assert.Equal(before.Milestone("initialResponse").Text("deadline"), after.Milestone("initialResponse").GetProperty("earlier")[0].Text("deadline"));

        (await server.As("admin").Put("/api/contracts/grow", World.Contract("grow", "essential"))).Ok();
        Assert.Equal("global", (await server.As("rep").Post($"/api/cases/{number}/note", new { text = "t" })).Ok()["offer"].GetString());
    }

    [Fact]
    public async Task A_coming_offer_takes_effect_at_its_instant()
    {
        await server.Conclude("coming", "basic");
        await using var live = await server.Watcher("rep");
        var number = await server.Submit("coming", 3);
        await live.Watch($"case:{number}");
        var from = server.Clock.Now + Duration.FromHours(1);

        var view = (await server.As("admin").Put("/api/contracts/coming", World.Contract("coming", "essential", offerFrom: InstantPattern.ExtendedIso.Format(from)))).Ok();
        Assert.Equal("basic", view["offer"].GetString());
        Assert.Equal("essential", view["comingOffer"].GetProperty("offer").GetString());

        // The sweep wakes what is overdue by more than a second.
        server.Clock.Leap(Duration.FromHours(1) + Duration.FromSeconds(2));

        await live.Frame(f => f.ToString().Contains("case-offer-changed", StringComparison.Ordinal));
        Assert.Equal("essential", (await server.As("rep").Get("/api/contracts/coming")).Ok()["offer"].GetString());
    }

    [Fact]
    public async Task Contracts_and_engineers_are_listed_page_by_page()
    {
        await server.Conclude("list-1");
        await server.Conclude("list-2");
        await server.Employ("a-one");
        await server.Employ("a-two");

        foreach (var (path, member, some) in new (string, string, string[])[] { ("/api/contracts", "supportId", ["list-1", "list-2"]), ("/api/engineers", "id", ["eng-a-one", "eng-a-two"]) })
        {
            var ids = new List<string>();
            string? after = null;
            do
            {
                var page = (await server.As("manager.emea").Get($"{path}?limit=1{(after is null ? "" : $"&after={after}")}")).Ok();
                ids.Add(Assert.Single(page.Items()).Text(member)!);
                after = page.Json.Text("next");
            }
            while (after is not null);

            Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
            Assert.Equal(ids.Distinct(), ids);
            Assert.Subset(ids.ToHashSet(), some.ToHashSet());
        }
    }
}
