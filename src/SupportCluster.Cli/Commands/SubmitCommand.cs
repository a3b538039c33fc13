using System.CommandLine;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Cli.Commands;

/// <summary>Reports a problem, by options, by a document, or by a document of which options replace members.</summary>
internal static class SubmitCommand
{
    internal static Command Create(Supportctl cli)
    {
        var file = Given.File("The report", required: false);
        var product = new Option<string?>("--product") { Description = "Id of a licensed product." };
        var title = new Option<string?>("--title") { Description = "The problem in one line." };
        var description = new Option<string?>("--description", "-d") { Description = "The problem in full." };
        var severity = Given.Severity("1 to 4, see: supportctl intake checklist.");
        var supportId = new Option<string?>("--support-id") { Description = "The contract; from the front desk." };
        var contact = new Option<string?>("--contact") { Description = "The reporting designated contact; from the front desk." };
        var channel = Given.Word<Channel>("--channel", "How it was reported.");
        var subject = Given.Word<ProblemSubject>("--subject", "What it is about.");
        var criteria = Given.Many("--criterion", "Severity criteria that apply.");
        var workaround = new Option<bool>("--workaround-available") { Description = "A workaround is at hand." };
        var serial = new Option<string?>("--serial-number") { Description = "Serial number of the product." };
        var language = new Option<string?>("--language") { Description = "ISO 639 code of the language to work in." };
        var named = Given.Many("--named-contact", "Contacts in charge of this case.");
        var systemType = new Option<string?>("--system-type") { Description = "The kind of system." };
        var operatingSystem = new Option<string?>("--operating-system") { Description = "Its operating system and version." };
        var network = new Option<string?>("--network-platform") { Description = "Its network platform." };
        var database = new Option<string?>("--database") { Description = "Its database and version." };
        var configuration = new Option<string?>("--configuration") { Description = "How it is configured." };
        var revision = new Option<string?>("--revision") { Description = "Revision of the product." };
        var hostId = new Option<string?>("--host-id") { Description = "Host ID of the licence." };
        var evidence = Given.Many("--evidence", "Names of logs, traces and screenshots at hand.");

        return cli.Command(
            "submit",
            "Report a problem.",
            async call =>
            {
                var given = call.Get(file) is { } path ? await Documents.Read<SubmitCase>(call.Terminal, path, call.Cancellation) : null;
                var request = new SubmitCase(
                    call.Get(product) ?? given?.Product ?? throw Missing("--product"),
                    call.Get(title) ?? given?.Title ?? throw Missing("--title"),
                    call.Get(description) ?? given?.Description ?? throw Missing("--description"),
                    call.Get(severity) ?? given?.Severity ?? throw Missing("--severity"),
                    call.Get(supportId) ?? given?.SupportId,
                    call.Get(contact) ?? given?.Contact,
                    call.Get(channel) ?? given?.Channel,
                    call.Get(subject) ?? given?.Subject,
                    call.List(criteria) ?? given?.Criteria,
                    call.Given(workaround) ? call.Get(workaround) : given?.WorkaroundAvailable,
                    call.Get(serial) ?? given?.SerialNumber,
                    Environment(call, given?.Environment),
                    call.Get(language) ?? given?.Language,
                    call.List(named) ?? given?.NamedContacts);
                call.Output.Write(await call.Client.Submit(request, call.Cancellation), view => CaseText.Short(call.Output, view));
            },
            file, product, title, description, severity, supportId, contact, channel, subject, criteria, workaround, serial, language, named,
            systemType, operatingSystem, network, database, configuration, revision, hostId, evidence);

        EnvironmentDetails? Environment(Call call, EnvironmentDetails? given)
        {
            var environment = new EnvironmentDetails(
                call.Get(systemType) ?? given?.SystemType,
                call.Get(operatingSystem) ?? given?.OperatingSystem,
                call.Get(network) ?? given?.NetworkPlatform,
                call.Get(database) ?? given?.Database,
                call.Get(configuration) ?? given?.Configuration,
                call.Get(revision) ?? given?.Revision,
                call.Get(hostId) ?? given?.HostId,
                call.List(evidence) ?? given?.Evidence);
            return environment == new EnvironmentDetails() ? null : environment;
        }
    }

    private static UsageException Missing(string option) => new($"{option} is missing: give it, or the whole report with --file.");
}
