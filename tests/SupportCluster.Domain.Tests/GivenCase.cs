using NodaTime;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Entitlements;
using SupportCluster.Domain.Milestones;
using SupportCluster.Domain.Policy;
using Xunit;

namespace SupportCluster.Domain.Tests;

/// <summary>A case under test, opened through a contract and intake as in production: commands at instants, folded at once.</summary>
internal sealed class GivenCase
{
    internal static readonly Actor Contact = new("ada", Role.Contact, GivenContract.Id);
    internal static readonly Actor Stranger = new("eve", Role.Contact, new("contoso"));
    internal static readonly Actor Rep = new("rep", Role.Representative);
    internal static readonly Actor Aoife = new("eng-aoife", Role.Engineer);
    internal static readonly Actor Bela = new("eng-bela", Role.Engineer);
    internal static readonly Actor Manager = new("manager-emea", Role.Manager);
    internal static readonly CaseNumber Number = CaseNumber.Of(4, 112233);

    private GivenCase(SupportPolicy policy) => Policy = policy;

    internal SupportPolicy Policy { get; }

    internal CaseState State { get; private set; } = null!;

    internal List<CaseEvent> History { get; } = [];

    /// <summary>Reported on-line with all information, so acknowledged at once, unless by phone.</summary>
    internal static GivenCase Opened(
        string offer,
        int severity,
        string at,
        string zone = "Europe/Dublin",
        string? country = "IE",
        Channel channel = Channel.Online,
        SupportPolicy? policy = null,
        string[]? options = null)
    {
        policy ??= TheDefaultPolicy.Policy;
        var contract = new GivenContract(policy);
        contract.Apply("2016-01-04T09:00Z", offer, GivenContract.Text(zone, country, options: options), contacts: [GivenContract.Ada]);
        var (terms, refused) = contract.Entitled(at);
        Assert.Null(refused);
        return Opened(policy, terms!, Report(severity, channel), at, channel == Channel.Online ? Contact : Rep);
    }

    internal static GivenCase Opened(SupportPolicy policy, CaseTerms terms, ProblemReport report, string at, Actor actor)
    {
        var (intake, notOurs) = Intake.Check(policy, report, ProblemSubject.Technical, actor);
        Assert.Null(notOurs);
        var given = new GivenCase(policy);
        given.When(at, actor, new CaseCommand.Open(Number, terms, report, intake!.Missing, intake.Flags, intake.Automatic, "request-1"));
        return given;
    }

    internal static ProblemReport Report(int severity, Channel channel = Channel.Online, bool complete = true, params string[] criteria) => new(
        "Backup stops", "It stops at 40 %.", severity, new("ada"), channel, [.. criteria], WorkaroundAvailable: false, complete ? "SN-0001" : null,
        complete ? new("server", "Linux 6", "Ethernet", "none", "2 nodes", "1.0", null, ["log.txt"]) : null, []);

    /// <summary>Decides, folds, and answers with the events; fails on a refusal.</summary>
    internal IReadOnlyList<CaseEvent> When(string at, Actor actor, CaseCommand command) => When(TheDefaultPolicy.Utc(at), actor, command);

    internal IReadOnlyList<CaseEvent> When(Instant at, Actor actor, CaseCommand command)
    {
        var decision = Case.Decide(State, command, actor, Policy, at);
        Assert.Null(decision.Refusal);
        foreach (var happened in decision.Events)
        {
            State = CaseState.Evolve(State, happened);
            History.Add(happened);
        }

        return decision.Events;
    }

    internal IReadOnlyList<CaseEvent> Tick(string at) => When(at, Actor.System, new CaseCommand.Tick());

    internal Refusal Refused(string at, Actor actor, CaseCommand command)
    {
        var decision = Case.Decide(State, command, actor, Policy, TheDefaultPolicy.Utc(at));
        Assert.Empty(decision.Events);
        return Assert.IsType<Refusal>(decision.Refusal);
    }

    internal GivenCase TakenByAoife(string at)
    {
        When(at, Aoife, new CaseCommand.Assign(new("eng-aoife"), Guid.Parse("01890000-0000-7000-8000-000000000001"), State.Severity));
        return this;
    }

    internal MilestoneClock this[MilestoneKind kind] => State.Milestone(kind);

    internal MilestoneClock Acknowledgement => this[MilestoneKind.Acknowledgement];

    internal MilestoneClock Response => this[MilestoneKind.InitialResponse];

    internal MilestoneClock Restoration => this[MilestoneKind.ServiceRestoration];

    internal MilestoneClock Solution => this[MilestoneKind.SolutionProposal];

    /// <summary>A deadline as it is written in the tests; null without one.</summary>
    internal static string? Due(MilestoneClock clock) => Text(clock.Setting.Deadline);

    internal static string[] Warnings(MilestoneClock clock) => [.. clock.Setting.Warnings.Select(w => Text(w)!)];

    /// <summary><c>2026-03-02T09:00Z</c>, with seconds where there are any.</summary>
    internal static string? Text(Instant? at) => at is not { } instant ? null
        : NodaTime.Text.InstantPattern.ExtendedIso.Format(instant) is var text && text.EndsWith(":00Z", StringComparison.Ordinal) ? text[..16] + "Z" : text;
}
