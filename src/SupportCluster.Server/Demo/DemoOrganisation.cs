using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using SupportCluster.Client;
using SupportCluster.Protocol.Cases;
using SupportCluster.Protocol.Contracts;
using SupportCluster.Protocol.Engineers;

namespace SupportCluster.Server.Demo;

/// <summary>A believable organisation for trying things out: customers in all regions, and engineers who work round the clock.</summary>
internal static class DemoOrganisation
{
    private const string AllHours = "Mon-Sun 00:00-24:00";

    /// <summary>By support ID: name, zone, country, region, language, offer.</summary>
    internal static readonly (string Id, string Name, string Zone, string Country, string Region, string Language, string Offer)[] Customers =
    [
        ("northwind", "Northwind Rail", "Europe/Dublin", "IE", "emea", "en", "global"),
        ("harbour", "Harbour Credit Union", "Europe/London", "GB", "emea", "en", "datacenter"),
        ("meuse", "Meuse Logistique", "Europe/Paris", "FR", "emea", "fr", "essential"),
        ("shannon", "Shannon Dairy", "Europe/Dublin", "IE", "emea", "en", "basic"),
        ("blue-ridge", "Blue Ridge Grid", "America/New_York", "US", "americas", "en", "rps"),
        ("kestrel", "Kestrel Air Cargo", "America/Los_Angeles", "US", "americas", "en", "global"),
        ("santos", "Porto de Santos", "America/Sao_Paulo", "BR", "americas", "pt", "essential"),
        ("aomori", "Aomori Medical", "Asia/Tokyo", "JP", "apj", "ja", "national"),
        ("deccan", "Deccan Power", "Asia/Kolkata", "IN", "apj", "en", "essential"),
        ("southern", "Southern Telegraph", "Australia/Sydney", "AU", "apj", "en", "datacenter"),
    ];

    internal static readonly (string Id, string Line, string Name)[] Products = [("vault", "backup", "Vault"), ("relay", "mail", "Relay"), ("ledger", "archive", "Ledger")];

    /// <summary>By id: name, region, centre. The first is a persona of the sign-in page and works when its reader does.</summary>
    internal static readonly (string Id, string Name, string Region, string Centre)[] Engineers =
    [
        ("eng-aoife", "Aoife Byrne", "emea", "dublin"), ("eng-marek", "Marek Novak", "emea", "dublin"), ("eng-ngozi", "Ngozi Okafor", "emea", "dublin"), ("eng-liam", "Liam Walsh", "emea", "reading"),
        ("eng-priya", "Priya Shah", "emea", "reading"), ("eng-javier", "Javier Ruiz", "americas", "springfield"), ("eng-dana", "Dana Whitfield", "americas", "springfield"), ("eng-omar", "Omar Haddad", "americas", "springfield"),
        ("eng-beatriz", "Beatriz Lima", "americas", "sao-paulo"), ("eng-kenji", "Kenji Sato", "apj", "tokyo"), ("eng-yui", "Yui Tanaka", "apj", "tokyo"), ("eng-arjun", "Arjun Rao", "apj", "pune"), ("eng-ruby", "Ruby Walker", "apj", "sydney"),
    ];

    /// <summary>What is reported, by the worst severity that it has.</summary>
    internal static readonly (string Product, string Title, int Severity)[] Troubles =
    [
        ("vault", "Nightly backup stops at step 4", 1), ("relay", "No mail leaves the site", 1), ("ledger", "Dispatch console will not open sessions", 1), ("vault", "Restore is slower every day", 2),
        ("relay", "Route planner rejects new depots", 2), ("ledger", "Cold-store alarms delayed by minutes", 2), ("vault", "Meter readings arrive twice", 3), ("relay", "Voicemail export truncates at 2 GB", 3),
        ("ledger", "Report shows last month's totals", 3), ("vault", "How is the retention counted?", 4), ("relay", "Which ports does the relay need?", 4), ("ledger", "A typing error in the manual", 4),
    ];

    internal static readonly EnvironmentDetails Environment = new("server", "Debian 13", "ethernet", "PostgreSQL 18", "default", "7.1", Evidence: ["job.log"]);

    /// <summary>Puts all of them there; the same again changes nothing.</summary>
    internal static async Task Found(SupportClusterClient admin, CancellationToken cancel)
    {
        await KeepOpen(admin, Engineers[0].Centre, cancel);
        foreach (var c in Customers)
        {
            await admin.ApplyContract(c.Id, new ContractDocument(
                new(c.Name, c.Zone, c.Region, c.Country, c.Language), c.Offer,
                [.. Products.Select(p => new LicensedProduct(p.Id, p.Line, p.Name, "7.1"))],
                new(new LocalDate(2026, 1, 1), new LocalDate(2036, 12, 31)),
                Contacts: [new ContactDocument($"contact.{c.Id}", $"The contact of {c.Name}", $"support@{c.Id}.example", RoundTheClock: true)]), cancel);
        }

        foreach (var e in Engineers)
        {
            // Every day and night: whenever somebody tries it, somebody is there.
            await admin.ApplyEngineer(e.Id, new EngineerDocument(e.Name, e.Region, [.. Products.Select(p => p.Line)], ["en"], Centre: e.Centre,
                Schedule: new(AllHours), Levels: Products.ToDictionary(p => p.Line, p => 1 + (p.Line.Length % 4))), cancel);
        }
    }

    /// <summary>The visitor's centre never closes: whenever somebody tries it, cases ring there.</summary>
    private static async Task KeepOpen(SupportClusterClient admin, string centre, CancellationToken cancel)
    {
        var policy = JsonNode.Parse((await admin.Policy(cancellation: cancel)).Document.GetRawText())!;
        if (policy["centres"]?[centre] is JsonObject open && (string?)open["hours"] != AllHours)
        {
            open["hours"] = AllHours;
            open.Remove("holidays");
            await admin.ApplyPolicy(JsonSerializer.SerializeToElement(policy), cancel);
        }
    }
}
