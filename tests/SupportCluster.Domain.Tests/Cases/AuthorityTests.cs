using System.Reflection;
using System.Text.Json.Serialization;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Escalations;
using SupportCluster.Domain.Milestones;
using Xunit;
using static SupportCluster.Domain.Tests.GivenCase;

namespace SupportCluster.Domain.Tests.Cases;

/// <summary>Who may do what to a case: every command, every role. What is not granted is refused.</summary>
public sealed class AuthorityTests
{
    private static readonly (string Name, Actor Actor)[] Actors =
    [
        ("system", Actor.System), ("contact", Contact), ("another customer's contact", Stranger), ("representative", Rep), ("owner", Aoife),
        ("another engineer", Bela), ("manager", Manager), ("admin", new("admin", Role.Admin)), ("wallboard", new("wall-dublin", Role.Wallboard)),
    ];

    /// <summary>y: granted; f: not for this role; n: there is no such case, for somebody else's contact; o: not the owner.</summary>
    private static readonly Dictionary<string, string> Table = new()
    {
        //                      system, contact, stranger, rep, owner, engineer, manager, admin, wallboard
        ["open"] = "yynyyyyff",
        ["acknowledge"] = "yfnyffyff",
        ["assign"] = "yfnfyffff",
        ["void-reservation"] = "yfnfyffff",
        ["ring"] = "yfnffffff",
        ["decline-ring"] = "yfnfyffff",
        ["end-ring"] = "yfnffffff",
        ["decline-continuous-service"] = "yynyyoyff",
        ["take-back-continuous-service"] = "yynyyoyff",
        ["end-shift"] = "yfnffffff",
        ["stay-on-shift"] = "yfnffffff",
        ["handoff-note"] = "yfnfyoyff",
        ["nobody-found"] = "yfnffffff",
        ["escalate"] = "yynyyoyff",
        ["take-up"] = "yfnfffyff",
        ["deescalate"] = "yfnfffyff",
        ["release"] = "yfnfyoyff",
        ["respond"] = "yfnfyoyff",
        ["note"] = "yynyyyyff",
        ["note, internal"] = "yfnyyyyff",
        ["ask"] = "yfnyyoyff",
        ["answer"] = "yynyyoyff",
        ["contact-unavailable"] = "yynyyoyff",
        ["contact-available"] = "yynyyoyff",
        ["severity"] = "yynyyoyff",
        ["offer"] = "yfnffffff",
        ["workaround"] = "yfnfyoyff",
        ["restore"] = "yynfyoyff",
        ["propose"] = "yfnfyoyff",
        ["accept"] = "yynyffyff",
        ["reject"] = "yynyffyff",
        ["close"] = "yynfyoyff",
        ["reopen"] = "yynyyyyff",
        ["excuse"] = "yfnfffyff",
        ["no-known-fix"] = "yfnfffyff",
        ["import"] = "yfnffffyf",
        ["tick"] = "yfnffffff",
    };

    private static readonly GivenCase Given = Opened("essential", 2, "2026-03-02T09:00Z").TakenByAoife("2026-03-02T09:01Z");

    private static readonly Dictionary<string, CaseCommand> Commands = new()
    {
        ["open"] = new CaseCommand.Open(Number, Given.State.Terms, Given.State.Report, [], [], true, "request-1"),
        ["acknowledge"] = new CaseCommand.Acknowledge(null, null),
        ["assign"] = new CaseCommand.Assign(new("eng-aoife"), Guid.Empty, 2),
        ["void-reservation"] = new CaseCommand.VoidReservation(new("eng-aoife"), Guid.Empty),
        ["ring"] = new CaseCommand.Ring(new("eng-aoife"), Guid.Empty, 2, false),
        ["decline-ring"] = new CaseCommand.DeclineRing(new("eng-aoife"), Guid.Empty, "x"),
        ["end-ring"] = new CaseCommand.EndRing(new("eng-aoife")),
        ["decline-continuous-service"] = new CaseCommand.DeclineContinuousService("x"),
        ["take-back-continuous-service"] = new CaseCommand.TakeBackContinuousService("x"),
        ["end-shift"] = new CaseCommand.EndShift(new("eng-aoife"), default, null, false),
        ["stay-on-shift"] = new CaseCommand.StayOnShift(new("eng-aoife")),
        ["handoff-note"] = new CaseCommand.GiveHandoffNote(new("x", "x", "x", "x", "x")),
        ["nobody-found"] = new CaseCommand.NobodyFound(),
        ["escalate"] = new CaseCommand.Escalate("x"),
        ["take-up"] = new CaseCommand.TakeUpEscalation(EscalationCause.Customer),
        ["deescalate"] = new CaseCommand.Deescalate(EscalationCause.Customer, "x"),
        ["release"] = new CaseCommand.Release("x"),
        ["respond"] = new CaseCommand.Respond(Channel.CallBack, "x"),
        ["note"] = new CaseCommand.AddNote("x", false),
        ["note, internal"] = new CaseCommand.AddNote("x", true),
        ["ask"] = new CaseCommand.AskCustomer("x"),
        ["answer"] = new CaseCommand.Answer("x"),
        ["contact-unavailable"] = new CaseCommand.ContactUnavailable("x"),
        ["contact-available"] = new CaseCommand.ContactAvailable("x"),
        ["severity"] = new CaseCommand.ChangeSeverity(1, "x"),
        ["offer"] = new CaseCommand.ChangeOffer("global", true, true, 1),
        ["workaround"] = new CaseCommand.GiveWorkaround("x"),
        ["restore"] = new CaseCommand.RestoreService("x"),
        ["propose"] = new CaseCommand.ProposeSolution(SolutionKind.Fix, "x", null),
        ["accept"] = new CaseCommand.AcceptSolution("x"),
        ["reject"] = new CaseCommand.RejectSolution("x"),
        ["close"] = new CaseCommand.Close("x"),
        ["reopen"] = new CaseCommand.Reopen("x"),
        ["excuse"] = new CaseCommand.ExcuseMiss(MilestoneKind.InitialResponse, ExcuseCause.ForceMajeure, "x"),
        ["no-known-fix"] = new CaseCommand.RecordNoKnownFix("x"),
        ["import"] = new CaseCommand.Import(Number, Given.State.Terms, "request-1", "x", 2, new("ada"), []),
        ["tick"] = new CaseCommand.Tick(),
    };

    public static TheoryData<string> Rows => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_command_is_granted_as_the_table_says(string command) =>
        Assert.Equal(Table[command], string.Concat(Actors.Select(a => Answer(Case.Decide(Given.State, Commands[command], a.Actor, Given.Policy, Given.State.LastAt).Refusal))));

    [Fact]
    public void Every_command_has_a_row()
    {
        var known = typeof(CaseCommand).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(a => (a.DerivedType, (string)a.TypeDiscriminator!)).ToList();

        Assert.Equal(typeof(CaseCommand).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(CaseCommand))).Select(t => t.Name).Order(), known.Select(k => k.DerivedType.Name).Order());
        Assert.Equal(known.Select(k => k.Item2).Order(), Table.Keys.Select(k => k.Split(',')[0]).Distinct().Order());
        Assert.All(known, k => Assert.IsType(k.DerivedType, Commands[k.Item2]));
        Assert.All(Table.Values, row => Assert.Equal(Actors.Length, row.Length));
    }

    /// <summary>Before the case exists: the reporting contact, those who record a problem for one, the service.</summary>
    [Fact]
    public void Opening_and_importing_a_new_case_are_granted_by_role_too()
    {
        Assert.Equal("yynyyyyff", string.Concat(Actors.Select(a => Answer(Case.Decide(null, Commands["open"], a.Actor, Given.Policy, Given.State.LastAt).Refusal))));
        Assert.Equal("yffffffyf", string.Concat(Actors.Select(a => Answer(Case.Decide(null, Commands["import"], a.Actor, Given.Policy, Given.State.LastAt).Refusal))));
        Assert.Equal("case-not-found", Case.Decide(null, Commands["tick"], Actor.System, Given.Policy, Given.State.LastAt).Refusal!.Code);
    }

    [Fact]
    public void An_engineer_cannot_be_given_a_case_by_a_colleague() =>
        Assert.Equal("role-not-allowed", Given.Refused("2026-03-02T10:00Z", Bela, new CaseCommand.Assign(new("eng-cara"), Guid.NewGuid(), 2)).Code);

    private static char Answer(Refusal? refusal) => refusal switch
    {
        { Kind: RefusalKind.Forbidden } => 'f',
        { Kind: RefusalKind.NotFound } => 'n',
        { Code: "not-owner" } => 'o',
        _ => 'y',
    };
}
