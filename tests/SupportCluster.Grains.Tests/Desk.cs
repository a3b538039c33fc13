using System.Collections.Immutable;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Entitlements;
using SupportCluster.Grains.Cases;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Engineers;
using SupportCluster.Grains.Entitlements;
using SupportCluster.Grains.Queues;

namespace SupportCluster.Grains.Tests;

/// <summary>What people do at a support desk, in one line each.</summary>
internal static class Desk
{
    internal const string Queue = "emea/servers";

    internal static readonly Actor Manager = new("mary", Role.Manager);
    internal static readonly Actor Ada = new("ada", Role.Contact, new("acme"));

    internal static Actor Engineer(string id) => new(id, Role.Engineer);

    /// <summary>A request that is made now.</summary>
    internal static RequestKey Request(this TestNode node, long content = 1, Duration? ago = null) => new(Guid.CreateVersion7((node.Now - (ago ?? Duration.Zero)).ToDateTimeOffset()), content);

    internal static CaseNumber Number(int sequence) => CaseNumber.Of(4, sequence);

    internal static async Task Contract(this TestNode node, string offer = "essential", string supportId = "acme", Instant? from = null, LocalDate? end = null)
    {
        var text = new ContractText(
            new("Acme", "Europe/Dublin", "emea", "IE", "en", null), [], [new("db", "servers", null, null, [], null, null, true), new("os", "systems", null, null, [], null, null, true)],
            new(new LocalDate(2026, 1, 1), end ?? new LocalDate(2027, 12, 31)), null);
        ImmutableArray<DesignatedContact> contacts = [new(new("ada"), "Ada", "ada@example.org", null, [], null, null, null, false)];
        var (_, refusal) = await node.Grains.GetGrain<IContractGrain>(supportId).Execute(new ContractCommand.Apply(new(supportId), text, offer, from, contacts), Manager, null);
        Assert.Null(refusal);
    }

    internal static ProblemReport Report(int severity, string title = "Down") => new(title, "It does not work.", severity, new("ada"), Channel.Online, [], false, null, new("a", "b", "c", "d", "e", "f", "g", ["log"]), []);

    internal static IntakeRequest Problem(RequestKey request, int severity = 1, string supportId = "acme", string product = "db", string title = "Down") =>
        new(new(supportId), product, Report(severity, title) with { SerialNumber = "SN-1234" }, ProblemSubject.Technical, null, Ada with { SupportId = new(supportId) }, request);

    internal static IIntakeGrain Intake(this TestNode node, RequestKey request) => node.Grains.GetGrain<IIntakeGrain>($"ada/{request.Id:N}");

    /// <summary>Reports a problem on-line; it is acknowledged at once.</summary>
    internal static async Task<CaseNumber> Open(this TestNode node, int severity = 1, string supportId = "acme", string product = "db")
    {
        var request = node.Request();
        var reply = await node.Intake(request).Open(Problem(request, severity, supportId, product));
        Assert.Null(reply.Refusal);
        return reply.State!.Number;
    }

    internal static Task<CaseReply> Ask(this TestNode node, CaseNumber number, CaseCommand command, Actor? actor = null, RequestKey? request = null) => node.Case(number).Execute(new(command, actor ?? Manager, request));

    internal static async Task<CaseReply> Done(this Task<CaseReply> asked)
    {
        var reply = await asked;
        Assert.Null(reply.Refusal);
        return reply;
    }

    internal static async Task Hire(this TestNode node, string id, int cases = 8, int? severity1 = null, params string[] skills)
    {
        var profile = new EngineerProfile(id, "emea", skills.Length == 0 ? ["servers"] : [.. skills], ["en"], new(cases, severity1 ?? cases));
        var (_, refusal) = await node.Grains.GetGrain<IEngineerGrain>(id).SetProfile(profile, Manager, null);
        Assert.Null(refusal);
    }

    internal static Task<CaseReply> Take(this TestNode node, string engineer, CaseNumber number, RequestKey? request = null) =>
        node.Grains.GetGrain<IEngineerGrain>(engineer).Take(number, Engineer(engineer), request ?? node.Request());

    internal static Task<CaseReply> TakeNext(this TestNode node, string engineer, RequestKey? request = null, string queue = Queue) =>
        node.Grains.GetGrain<IQueueGrain>(queue).TakeNext(new(engineer), Engineer(engineer), request ?? node.Request());

    internal static async Task<Engineer> Read(this TestNode node, string engineer) => (await node.Grains.GetGrain<IEngineerGrain>(engineer).Read())!;

    internal static async Task<IReadOnlyList<CaseNumber>> Waiting(this TestNode node, string queue = Queue) => [.. (await node.Grains.GetGrain<IQueueGrain>(queue).Read()).Cases.Select(c => c.Number)];
}
