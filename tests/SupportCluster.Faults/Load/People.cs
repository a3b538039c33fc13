using SupportCluster.Client;
using SupportCluster.Faults.Servers;
using SupportCluster.Protocol.Contracts;

namespace SupportCluster.Faults.Load;

/// <summary>Who works during a run, and under which contracts.</summary>
internal static class People
{
    internal const string DenseContract = "dense";
    internal const string WideContract = "wide";
    internal const string Product = "vault";
    internal const string Line = "backup";
    internal const string Queue = "emea/backup";

    /// <summary>The line of the cases that fall due around a kill, so that they do not crowd out the others.</summary>
    internal const string DenseLine = "ledger";
    internal const string DenseQueue = "emea/ledger";
    internal const string DenseContact = "contact.dense.pat";

    /// <summary>The engineer who has many cases at the instant of every kill.</summary>
    internal const string Stocked = "stock";
    internal const int StockedCapacity = 60;
    internal const int Capacity = 6;

    internal static readonly string[] Engineers = ["ada", "bob", "cy"];
    internal static readonly string[] Contacts = ["contact.wide.ann", "contact.wide.ben", "contact.wide.cat"];

    /// <summary>The customer that a contact belongs to; null for staff.</summary>
    internal static string? CustomerOf(string persona) => persona.Split('.') is ["contact", var customer, ..] ? customer : null;

    /// <summary>Sets up contracts and engineers.</summary>
    internal static async Task SetUp(Api api, CancellationToken cancel)
    {
        using var admin = new SupportClusterClient(api.Options("admin"), RealTime.Provider);
        await admin.ApplyContract(DenseContract, Contract(ShortPolicy.DenseOffer, DenseLine, [DenseContact]), cancel);
        await admin.ApplyContract(WideContract, Contract(ShortPolicy.WideOffer, Line, Contacts), cancel);
        foreach (var engineer in Engineers)
        {
            await admin.ApplyEngineer($"eng-{engineer}", new(engineer, "emea", [Line], Capacity: new(Capacity, Capacity)), cancel);
        }

        await admin.ApplyEngineer($"eng-{Stocked}", new(Stocked, "emea", [DenseLine], Capacity: new(StockedCapacity, StockedCapacity)), cancel);
    }

    private static ContractDocument Contract(string offer, string line, IReadOnlyList<string> contacts) => new(
        new(offer, "Europe/Dublin", "emea", Language: "en"),
        offer,
        [new(Product, line)],
        new(new(2020, 1, 1), new(2099, 12, 31)),
        Contacts: [.. contacts.Select(c => new ContactDocument(c, c, "contact@example.com"))]);
}
