using System.Text.Json;
using System.Text.Json.Nodes;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Centres;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Entitlements;
using SupportCluster.Domain.Escalations;
using SupportCluster.Domain.SignIn;
using SupportCluster.Domain.Wallboards;
using Xunit;

namespace SupportCluster.Domain.Tests.Stored;

/// <summary>
/// What an earlier release stored is read by every later one: one golden file for each kind of event and of state, written once, never changed.
/// After adding a kind run these tests with <c>SUPPORTCLUSTER_WRITE_GOLDEN=1</c>, which writes the files that are missing and no other, and commit them.
/// </summary>
public sealed class GoldenTests
{
    private static readonly Type[] Roots = [typeof(CaseEvent), typeof(ContractEvent), typeof(EngineerEvent), typeof(SignInEvent), typeof(CentreEvent), typeof(DutyEvent), typeof(NotifierEvent), typeof(WallDisplayEvent)];
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "SupportCluster.Domain.Tests", "Golden", "v1");
    private static readonly JsonSerializerOptions Indented = new(DomainJson.Stored) { WriteIndented = true };

    public static TheoryData<string> Kinds => [.. Roots.SelectMany(Example.KindsOf).Select(k => k.Discriminator)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_event_of_an_earlier_release_is_read_and_written_alike(string discriminator)
    {
        var root = Roots.Single(r => Example.KindsOf(r).Any(k => k.Discriminator == discriminator));
        var type = Example.KindsOf(root).Single(k => k.Discriminator == discriminator).Type;

        ReadAndWrittenAlike(discriminator, root, () => Example.Of(type));
    }

    [Theory]
    [InlineData("case-state", typeof(CaseState))]
    [InlineData("contract-state", typeof(SupportContract))]
    [InlineData("engineer-state", typeof(Engineer))]
    [InlineData("centre-closures-state", typeof(CentreClosures))]
    [InlineData("duty-book-state", typeof(DutyBook))]
    [InlineData("engineer-profile", typeof(EngineerProfile))]
    [InlineData("notifier-state", typeof(Notifier))]
    [InlineData("sign-ins-state", typeof(SignIns))]
    [InlineData("wall-displays-state", typeof(WallDisplays))]
    public void A_state_of_an_earlier_release_is_read_and_written_alike(string name, Type type) => ReadAndWrittenAlike(name, type, () => State(type));

    [Fact]
    public void Every_kind_of_event_has_a_discriminator_with_a_version_of_its_own()
    {
        foreach (var root in Roots)
        {
            var kinds = Example.KindsOf(root).ToList();
            Assert.Equal(root.GetNestedTypes().Where(t => t.IsSubclassOf(root)).Select(t => t.Name).Order(), kinds.Select(k => k.Type.Name).Order());
            Assert.All(kinds, k => Assert.True(k.Type.IsSealed, k.Type.Name));
            Assert.All(kinds, k => Assert.Matches("^[a-z-]+\\.v[0-9]+$", k.Discriminator));
        }

        Assert.Equal(Roots.Sum(r => Example.KindsOf(r).Count()), Kinds.Count);
        Assert.Equal(Kinds.Select(k => k.Data).Distinct().Count(), Kinds.Count);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_event_folds(string discriminator)
    {
        var type = Roots.SelectMany(Example.KindsOf).Single(k => k.Discriminator == discriminator).Type;
        object state = Example.Of(type) switch
        {
            CaseEvent e => CaseState.Evolve((CaseState)State(typeof(CaseState)), e),
            ContractEvent e => SupportContract.Evolve((SupportContract)State(typeof(SupportContract)), e),
            EngineerEvent e => Engineer.Evolve((Engineer)State(typeof(Engineer)), e),
            CentreEvent e => CentreClosures.Evolve((CentreClosures)State(typeof(CentreClosures)), e),
            DutyEvent e => DutyBook.Evolve((DutyBook)State(typeof(DutyBook)), e),
            NotifierEvent e => Notifier.Evolve((Notifier)State(typeof(Notifier)), e),
            SignInEvent e => SignIns.Evolve((SignIns)State(typeof(SignIns)), e),
            WallDisplayEvent e => WallDisplays.Evolve((WallDisplays)State(typeof(WallDisplays)), e),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };

        Assert.NotNull(state);
    }

    [Fact]
    public void No_golden_file_is_left_over() => Assert.Equal(
        Kinds.Select(k => k.Data).Concat(["case-follows-the-sun-state", "case-state", "centre-closures-state", "contract-state", "duty-book-state", "engineer-profile", "engineer-state", "notifier-state", "sign-ins-state", "wall-displays-state"]).Order(StringComparer.Ordinal),
        Directory.GetFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal));

    /// <summary>A case that rings in a handoff, is escalated and has its note.</summary>
    [Fact]
    public void A_case_that_follows_the_sun_is_read_and_written_alike() => ReadAndWrittenAlike("case-follows-the-sun-state", typeof(CaseState), () =>
    {
        var given = GivenCase.Opened("rps", 1, "2026-03-06T16:00Z").TakenByAoife("2026-03-06T16:01Z");
        given.When("2026-03-06T16:20Z", GivenCase.Contact, new CaseCommand.Escalate("Nothing happens."));
        given.When("2026-03-06T16:30Z", Actor.System, new CaseCommand.EndShift(new("eng-aoife"), TheDefaultPolicy.Utc("2026-03-06T17:00Z"), TheDefaultPolicy.Utc("2026-03-09T09:00Z"), false));
        given.When("2026-03-06T16:40Z", GivenCase.Aoife, new CaseCommand.GiveHandoffNote(new("Rebuilt.", "Verify.", "A repair.", "The log.", "By phone.")));
        given.When("2026-03-06T16:41Z", Actor.System, new CaseCommand.Ring(new("eng-bela"), new Guid(1, 0, 0, new byte[8]), 1, true, "reading"));
        given.When("2026-03-06T16:42Z", GivenCase.Bela, new CaseCommand.DeclineRing(new("eng-bela"), new Guid(1, 0, 0, new byte[8]), "Full."));
        given.When("2026-03-06T16:43Z", Actor.System, new CaseCommand.Ring(new("eng-cara"), new Guid(2, 0, 0, new byte[8]), 1, true, "dublin"));
        return given.State;
    });

    private static void ReadAndWrittenAlike(string name, Type root, Func<object> example)
    {
        var file = Path.Combine(Folder, $"{name}.json");
        if (Environment.GetEnvironmentVariable("SUPPORTCLUSTER_WRITE_GOLDEN") == "1" && !File.Exists(file))
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(file, JsonSerializer.Serialize(example(), root, Indented).ReplaceLineEndings("\n") + "\n");
        }

        Assert.True(File.Exists(file), $"{file} is missing: run with SUPPORTCLUSTER_WRITE_GOLDEN=1 once and commit it.");
        var text = File.ReadAllText(file);
        var read = JsonSerializer.Deserialize(text, root, DomainJson.Stored);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(text), JsonNode.Parse(JsonSerializer.Serialize(read, root, DomainJson.Stored))), $"{name} is written differently from how it was read.");
    }

    /// <summary>States that have lived: a reopened case with earlier figures and holds, a contract in its second year, an engineer at work.</summary>
    private static object State(Type type)
    {
        if (type == typeof(Engineer) || type == typeof(EngineerProfile) || type == typeof(CentreClosures) || type == typeof(DutyBook) || type == typeof(Notifier) || type == typeof(WallDisplays))
        {
            return Example.Of(type);
        }

        if (type == typeof(SignIns))
        {
            return SignIns.Evolve(SignIns.Evolve(null, (SignInEvent)Example.Of(typeof(SignInEvent.Revoked))), (SignInEvent)Example.Of(typeof(SignInEvent.ContactLeft)));
        }

        if (type == typeof(SupportContract))
        {
            var contract = new GivenContract(TheDefaultPolicy.Policy);
            contract.Apply("2026-01-01T09:00Z", "datacenter", GivenContract.Text(start: "2026-01-01", end: "2027-12-31", contactLimit: 5), contacts: [GivenContract.Ada, GivenContract.Contact("bob", "vault")]);
            contract.When("2027-02-01T09:00Z", new ContractCommand.Consume("onSiteInterventions", "Tape library."));
            contract.Apply("2027-03-01T09:00Z", "national", GivenContract.Text(start: "2026-01-01", end: "2027-12-31", contactLimit: 5), offerFrom: "2027-06-01T00:00Z");
            return contract.Contract;
        }

        var given = GivenCase.Opened("essential", 2, "2026-03-02T09:00Z").TakenByAoife("2026-03-02T09:01Z");
        given.When("2026-03-02T10:00Z", GivenCase.Contact, new CaseCommand.ChangeSeverity(1, "The site is down."));
        given.When("2026-03-02T11:00Z", GivenCase.Aoife, new CaseCommand.AskCustomer("Which release?"));
        given.When("2026-03-02T13:00Z", GivenCase.Contact, new CaseCommand.Answer("2.1."));
        given.When("2026-03-02T13:10Z", GivenCase.Manager, new CaseCommand.RecordNoKnownFix("New to us."));
        given.When("2026-03-03T13:00Z", GivenCase.Contact, new CaseCommand.Close("It went away."));
        given.When("2026-03-04T13:00Z", GivenCase.Contact, new CaseCommand.Reopen("It is back."));
        given.TakenByAoife("2026-03-04T13:05Z");
        given.When("2026-03-04T14:00Z", GivenCase.Aoife, new CaseCommand.ProposeSolution(SolutionKind.Fix, "Install this.", "2.1 MP1"));
        given.When("2026-03-04T15:00Z", GivenCase.Rep, new CaseCommand.ContactUnavailable("On a flight."));
        return given.State;
    }
}
