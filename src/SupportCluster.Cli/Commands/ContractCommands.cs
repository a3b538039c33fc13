using System.CommandLine;
using NodaTime.Text;
using SupportCluster.Protocol.Contracts;

namespace SupportCluster.Cli.Commands;

/// <summary>Support contracts and their designated contacts.</summary>
internal static class ContractCommands
{
    internal static IEnumerable<Command> All(Supportctl cli)
    {
        yield return new Command("contract", "Support contracts.") { Apply(cli), Show(cli), List(cli), History(cli), Consume(cli) };
        yield return new Command("contact", "Designated contacts.") { ApplyContact(cli), RemoveContact(cli) };
    }

    private static Command Apply(Supportctl cli)
    {
        var file = Given.File("One contract, or an array of contracts with 'id'");
        var id = new Option<string?>("--id") { Description = "The support ID, where the document does not name it." };
        return cli.Command(
            "apply",
            "Conclude or change contracts.",
            async call =>
            {
                var documents = await Documents.ReadMany<ContractDocument>(call.Terminal, call.Required(file), call.Get(id), keepId: false, call.Cancellation);
                foreach (var (supportId, document) in documents)
                {
                    call.Output.Write(await call.Client.ApplyContract(supportId, document, call.Cancellation), view => Line(call.Output, view));
                }
            },
            file, id);
    }

    private static Command Show(Supportctl cli)
    {
        var supportId = SupportId();
        return cli.Command(
            "show",
            "Show a contract.",
            async call => call.Output.Write(await call.Client.Contract(call.Get(supportId), call.Cancellation), view => Full(call.Output, view)),
            supportId);
    }

    private static Command List(Supportctl cli)
    {
        var limit = Given.Limit();
        var after = Given.After();
        return cli.Command(
            "list",
            "List contracts.",
            async call => call.Output.Write(
                await call.Client.Contracts(call.Get(limit), call.Get(after), call.Cancellation),
                page =>
                {
                    call.Output.Table(
                        ["support id", "customer", "offer", "term", "in force"],
                        page.Items.Select(c => new[] { c.SupportId, c.Customer, c.Offer, Term(c.Term), c.InForce ? "yes" : "no" }));
                    call.Output.More(page.Next);
                }),
            limit, after);
    }

    private static Command History(Supportctl cli)
    {
        var supportId = SupportId();
        var limit = Given.Limit();
        var after = Given.After();
        return cli.Command(
            "history",
            "Show the changes of a contract.",
            async call => call.Output.Write(
                await call.Client.ContractHistory(call.Get(supportId), call.Get(after), call.Get(limit), call.Cancellation),
                page =>
                {
                    foreach (var entry in page.Items)
                    {
                        var facts = entry.Facts is { Count: > 0 } given ? $" ({string.Join(", ", given.Select(f => $"{f.Key} {f.Value}"))})" : "";
                        call.Output.Line($"{entry.Version,4}  {Output.UtcWithSeconds(entry.At)}  {entry.Type} by {entry.By}{facts}");
                    }

                    call.Output.More(page.Next);
                }),
            supportId, limit, after);
    }

    private static Command Consume(Supportctl cli)
    {
        var supportId = SupportId();
        var name = new Argument<string>("entitlement") { Description = "A counted entitlement of the offer." };
        var reason = Given.Reason();
        return cli.Command(
            "consume",
            "Consume one of a counted entitlement.",
            async call => call.Output.Write(
                await call.Client.Consume(call.Get(supportId), new ConsumeEntitlement(call.Get(name), call.Required(reason)), call.Cancellation),
                view => Entitlements(call.Output, view)),
            supportId, name, reason);
    }

    private static Command ApplyContact(Supportctl cli)
    {
        var supportId = SupportId();
        var file = Given.File("One contact, or an array of contacts");
        var id = new Option<string?>("--id") { Description = "The contact's id, where the document does not name it." };
        return cli.Command(
            "apply",
            "Register or change designated contacts.",
            async call =>
            {
                var documents = await Documents.ReadMany<ContactDocument>(call.Terminal, call.Required(file), call.Get(id), keepId: true, call.Cancellation);
                foreach (var (_, document) in documents)
                {
                    call.Output.Write(await call.Client.ApplyContact(call.Get(supportId), document, call.Cancellation), view => Line(call.Output, view));
                }
            },
            supportId, file, id);
    }

    private static Command RemoveContact(Supportctl cli)
    {
        var supportId = SupportId();
        var contact = new Argument<string>("contact") { Description = "The contact's id." };
        return cli.Command(
            "remove",
            "Remove a designated contact.",
            async call => call.Output.Write(await call.Client.RemoveContact(call.Get(supportId), call.Get(contact), call.Cancellation), view => Line(call.Output, view)),
            supportId, contact);
    }

    private static void Line(Output output, ContractView view) =>
        output.Line($"{view.SupportId}  {view.Customer.Name}, offer {view.Offer}, {Term(view.Term)}, {view.Products.Count} products, {view.Contacts.Count} contacts, version {view.Version}");

    private static void Full(Output output, ContractView view)
    {
        Line(output, view);
        output.Pairs(
            ("zone", view.Customer.Zone),
            ("region", view.Customer.Region),
            ("country", view.Customer.Country),
            ("language", view.Customer.Language),
            ("address", view.Customer.Address),
            ("in force", view.InForce ? "yes" : "no"),
            ("options", view.Options.Count == 0 ? null : string.Join(", ", view.Options)),
            ("coming offer", view.ComingOffer is { } coming ? $"{coming.Offer} from {Output.In(coming.From, view.Customer.Zone)}" : null),
            ("policy", $"{view.PolicyVersion}"));
        output.Line();
        output.Table(["product", "line", "version", "site"], view.Products.Select(p => new[] { p.Id, p.Line, p.Version, p.Site?.Zone }));
        output.Line();
        output.Table(["contact", "name", "e-mail", "products"], view.Contacts.Select(c => new[] { c.Id, c.Name, c.Email, c.Products is null ? "all" : string.Join(", ", c.Products) }));
        output.Line();
        Entitlements(output, view);
    }

    private static void Entitlements(Output output, ContractView view) =>
        output.Table(["entitlement", "value", "used"], view.Entitlements.Select(e => new[] { e.Name, e.Value, e.Limit is { } limit ? $"{e.Used ?? 0} of {limit}" : null }));

    private static string Term(ContractTerm term) => $"{LocalDatePattern.Iso.Format(term.Start)} to {LocalDatePattern.Iso.Format(term.End)}";

    private static Argument<string> SupportId() => new("support-id") { Description = "The contract's support ID." };
}
