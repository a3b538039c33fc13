using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Entitlements;
using SupportCluster.Domain.Policy;
using SupportCluster.Grains.Cases;
using SupportCluster.Grains.Durable;
using SupportCluster.Server.Hosting;
using SupportCluster.Storage;

namespace SupportCluster.Benchmarks;

/// <summary>What happens to a case from its report to its end: 26 commands, most of them notes.</summary>
internal static class Lives
{
    internal static readonly SupportPolicy Policy = SupportPolicy.ReadStored(1, JsonSerializer.SerializeToUtf8Bytes(PolicyFile.Read(PolicyFile.DefaultPath), DomainJson.Stored));

    private static readonly SupportId Customer = new("northwind");
    private static readonly Actor Contact = new("contact.northwind", Role.Contact, Customer);
    private static readonly Actor Engineer = new("eng-aoife", Role.Engineer);
    private static readonly Actor Manager = new("manager.emea", Role.Manager);

    /// <summary>Commands in a life.</summary>
    internal static int Length => Steps.Length;

    private static readonly Func<(CaseCommand, Actor)>[] Steps =
    [
        () => (new CaseCommand.Assign(new(Engineer.Id), Guid.CreateVersion7(Node.Time.GetUtcNow()), 2), Engineer),
        () => (new CaseCommand.Respond(Channel.CallBack, Text(120)), Engineer),
        Note, Note, Note,
        () => (new CaseCommand.AskCustomer(Text(90)), Engineer),
        CustomerNote,
        () => (new CaseCommand.Answer(Text(200)), Contact),
        Note, Note, Note, Note,
        () => (new CaseCommand.ChangeSeverity(3, "The backup of last night is complete."), Contact),
        Note, CustomerNote, Note, Note,
        () => (new CaseCommand.GiveWorkaround(Text(150)), Engineer),
        Note, Note,
        () => (new CaseCommand.AskCustomer(Text(60)), Engineer),
        () => (new CaseCommand.Answer(Text(80)), Contact),
        Note,
        () => (new CaseCommand.ProposeSolution(SolutionKind.Fix, Text(180), null), Engineer),
        () => (new CaseCommand.AcceptSolution("It works again."), Contact),
    ];

    internal static (CaseCommand Command, Actor Actor) Step(int step) => Steps[step]();

    internal static (CaseCommand Command, Actor Actor) Note() => (new CaseCommand.AddNote(Text(160), Internal: false), Manager);

    internal static CaseTerms Terms(int variant = 0, string offer = "essential") => new(
        variant == 0 ? Customer : new($"customer-{variant}"), "Northwind Traders", offer, $"backup-server-{variant % 7}", "backup", "emea", "Europe/Dublin", "IE", "en", true, false, 1, 1);

    internal static CaseCommand.Open Open(CaseNumber number, CaseTerms? terms = null, int severity = 2, bool automatic = true) => new(
        number, terms ?? Terms(),
        new("The nightly backup of the mail server ends with an error", Text(600), severity, new("contact.northwind"), Channel.Online, ["degraded"], false, "BKS-1001-2002",
            new("x86-64, 64 GB", "Debian 13", "10 GbE", "PostgreSQL 17", "two nodes, shared disk", "7.1.4", "mail-2", ["backup.log"]), []),
        [], [], automatic, $"request:contact.northwind/{number.Value}");

    /// <summary>The write of a whole history, folded by the domain as the grain would.</summary>
    internal static StoreWrite Write(CaseNumber number, IEnumerable<(CaseCommand Command, Actor Actor, Instant At)> history)
    {
        CaseState? state = null;
        var events = new List<StoredEvent>();
        foreach (var (command, actor, at) in history)
        {
            var decision = Case.Decide(state, command, actor, Policy, at);
            if (decision.Refusal is { } refusal)
            {
                throw new InvalidOperationException($"{command.GetType().Name} of {number}: {refusal.Code}");
            }

            foreach (var (happened, first) in decision.Events.Select((e, i) => (e, i == 0)))
            {
                state = CaseState.Evolve(state, happened);
                events.Add(new(events.Count + 1, happened.At, JsonSerializer.SerializeToUtf8Bytes(happened, DomainJson.Stored), first ? Guid.CreateVersion7(Node.Time.GetUtcNow()) : null, 1));
            }
        }

        return new(new("case", number.Value), 0, JsonSerializer.SerializeToUtf8Bytes(new Stored<CaseState, CaseEffect>(state!, []), DomainJson.Stored), events, state!.NextDue, state.Severity,
            CaseDirectory.Entry(state), $"{state.Report.Title}\n{state.Report.Description}");
    }

    /// <summary>The same write for another case: only the number differs.</summary>
    internal static StoreWrite For(StoreWrite template, CaseNumber number)
    {
        var (old, changed) = (Encoding.ASCII.GetBytes(template.Key.Id), Encoding.ASCII.GetBytes(number.Value));
        return template with
        {
            Key = new("case", number.Value),
            State = Renamed(template.State),
            Events = [.. template.Events.Select(e => e with { Json = Renamed(e.Json) })],
            Directory = template.Directory! with { Number = number.Value, SourceKey = $"request:contact.northwind/{number.Value}" },
        };

        ReadOnlyMemory<byte> Renamed(ReadOnlyMemory<byte> json)
        {
            byte[]? copy = null;
            for (int at = 0, found; (found = json.Span[at..].IndexOf(old)) >= 0; at += found + old.Length)
            {
                copy ??= json.ToArray();
                changed.CopyTo(copy, at + found);
            }

            return copy ?? json;
        }
    }

    /// <summary>Made-up words, so many characters.</summary>
    internal static string Text(int length) => Words[..Math.Min(length, Words.Length)];

    private static (CaseCommand, Actor) CustomerNote() => (new CaseCommand.AddNote(Text(240), Internal: false), Contact);

    private static readonly string Words = string.Join(' ', Enumerable.Range(0, 200).Select(n => ImmutableArray.Create("server", "restores", "the", "index", "after", "a", "timeout", "on", "disk")[n * 7 % 9]));
}
