using System.Text;
using System.Text.Json.Nodes;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Centres;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Entitlements;
using SupportCluster.Domain.Handoffs;
using SupportCluster.Domain.Milestones;
using SupportCluster.Domain.Policy;
using SupportCluster.Domain.Rosters;
using Xunit;

namespace SupportCluster.Domain.Tests.Policies;

/// <summary>Every figure of the default document is used: changing it changes what the domain decides.</summary>
public sealed class PolicyFigureTests
{
    private static readonly string Behaviour = Behave(TheDefaultPolicy.Policy);

    /// <summary>Paths of all numbers, durations and hours. The digit of a region is used where numbers are given out, not here.</summary>
    public static TheoryData<string> Figures => [.. Leaves(Document(), "").Where(l => IsFigure(l.Value) && !l.Path.EndsWith("/caseDigit", StringComparison.Ordinal)).Select(l => l.Path)];

    [Theory]
    [MemberData(nameof(Figures))]
    public void A_changed_figure_changes_what_is_decided(string path)
    {
        var changed = TheDefaultPolicy.With(p => Change(p, path));

        Assert.NotEqual(Behaviour, Behave(changed));
    }

    [Fact]
    public void There_are_as_many_figures_as_the_document_shows() => Assert.True(Figures.Count > 50, $"{Figures.Count}");

    private static JsonNode Document()
    {
        var document = JsonNode.Parse(TheDefaultPolicy.Text, documentOptions: new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip })!;
        document["businessHours"]!["holidays"] = new JsonObject();
        return document;
    }

    private static bool IsFigure(JsonValue value) => value.GetValueKind() == System.Text.Json.JsonValueKind.Number
        || (value.GetValueKind() == System.Text.Json.JsonValueKind.String && (value.GetValue<string>() is var s && ((s.Length > 2 && s.StartsWith("PT", StringComparison.Ordinal)) || s is "P14D" || s.StartsWith("Mon-", StringComparison.Ordinal))));

    private static IEnumerable<(string Path, JsonValue Value)> Leaves(JsonNode? node, string path) => node switch
    {
        JsonObject o => o.SelectMany(m => Leaves(m.Value, $"{path}/{m.Key}")),
        JsonArray a => a.SelectMany((item, i) => Leaves(item, $"{path}/{i}")),
        JsonValue v => [(path, v)],
        _ => [],
    };

    private static void Change(JsonNode root, string path)
    {
        var steps = path.Split('/')[1..];
        var parent = steps[..^1].Aggregate(root, (n, step) => n is JsonArray a ? a[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : n[step]!);
        var value = parent is JsonArray array ? array[int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture)]! : parent[steps[^1]]!;
        JsonNode changed = value.GetValueKind() == System.Text.Json.JsonValueKind.String
            ? value.GetValue<string>().StartsWith('M') ? "Mon-Fri 08:00-17:00" : "PT7M"
            : value.GetValue<double>() < 1 && value.GetValue<double>() > 0 ? value.GetValue<double>() + 0.01
            : path.Contains("/criteria/", StringComparison.Ordinal) ? (value.GetValue<int>() % 4) + 1
            : value.GetValue<int>() + 1;
        if (parent is JsonArray list)
        {
            list[int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture)] = changed;
        }
        else
        {
            parent[steps[^1]] = changed;
        }
    }

    /// <summary>What the domain decides under a policy, as text.</summary>
    private static string Behave(SupportPolicy policy)
    {
        var text = new StringBuilder();
        foreach (var offer in policy.Document.Offers.Select(o => o.Id))
        {
            for (var severity = 1; severity <= 4; severity++)
            {
                foreach (var e in Explain.WhatIf(policy, offer, severity, "Europe/Dublin", "IE", TheDefaultPolicy.Utc("2026-03-06T16:00Z")).Deadlines)
                {
                    text.AppendLine($"{offer} {severity} {e.Milestone} {e.Deadline} {string.Join(' ', e.Warnings)}");
                }
            }

            var contract = new GivenContract(policy);
            contract.Apply("2016-01-04T09:00Z", offer, contacts: [GivenContract.Ada]);
            text.AppendLine($"{Until(contract, i => new ContractCommand.RegisterContact(GivenContract.Contact($"c{i}")))} contacts");
            text.AppendLine($"{Until(contract, _ => new ContractCommand.Consume("onSiteInterventions", "x"))} visits, next due {contract.Contract.NextDue(policy)}");
            while (contract.Contract.NextDue(policy) is { } due)
            {
                text.AppendLine(string.Join(' ', contract.When(GivenCase.Text(due)!, new ContractCommand.Tick()).Select(e => $"{e.At} {e.GetType().Name}")));
            }
        }

        var given = GivenCase.Opened("essential", 2, "2026-03-02T09:00Z", policy: policy).TakenByAoife("2026-03-02T09:01Z");
        given.When("2026-03-02T10:00Z", GivenCase.Aoife, new CaseCommand.ProposeSolution(SolutionKind.Fix, "x", null));
        given.Tick("2026-05-02T10:00Z");
        given.History.ForEach(e => text.AppendLine($"{e.At} {e.GetType().Name}"));
        text.AppendLine(given.Refused("2027-05-02T10:00Z", GivenCase.Contact, new CaseCommand.Reopen("x")).Detail);
        foreach (var criterion in policy.Document.Intake.Criteria.Keys)
        {
            text.AppendLine($"{criterion} {Intake.ProposedSeverity(policy, [criterion], false)}");
        }

        foreach (var centre in policy.Centres.Keys.Select(c => policy.Centre(c)!))
        {
            text.AppendLine(string.Join(' ', centre.Calendar.OpenWindows(TheDefaultPolicy.Utc("2026-03-02T00:00Z"), TheDefaultPolicy.Utc("2026-03-09T00:00Z"))));
        }

        foreach (var region in policy.Document.Regions.Keys)
        {
            text.AppendLine(string.Join(' ', DutyRoster.Of(policy, region).TurnsFrom(TheDefaultPolicy.Utc("2026-03-02T00:00Z")).Take(2)));
        }

        text.AppendLine(string.Join(' ', Enumerable.Range(1, 4).Select(policy.Ring)));
        text.AppendLine($"{HandoffNotice.Of(new Roster(policy, [GivenEngineer.At("dublin", pattern: "Mon-Fri 09:00-17:00")]), new("eng-aoife"), TheDefaultPolicy.Utc("2026-03-06T16:00Z"))}");
        var handed = GivenCase.Opened("global", 1, "2026-03-06T09:00Z", policy: policy).TakenByAoife("2026-03-06T09:01Z");
        handed.When("2026-03-06T16:30Z", Actor.System, new CaseCommand.EndShift(new("eng-aoife"), TheDefaultPolicy.Utc("2026-03-06T17:00Z"), null, false));
        text.AppendLine($"{handed.State.Handoff}");
        for (var severity = 1; severity <= 4; severity++)
        {
            var missed = GivenCase.Opened("essential", severity, "2026-03-06T09:00Z", policy: policy);
            missed.When("2026-03-06T09:01Z", Actor.System, new CaseCommand.NobodyFound());
            missed.Tick("2026-05-06T09:00Z");
            missed.History.ForEach(e => text.AppendLine($"{e.At} {e.GetType().Name} {(e as CaseEvent.Escalated)?.Cause}"));
        }

        var engineer = Engineer.Evolve(null, new EngineerEvent.ProfileSet(default, "x", new("eng-aoife"), new("Aoife", "emea", ["backup"], [], null)));
        text.AppendLine($"{engineer.CapacityUnder(policy)} {policy.Wallboard}");
        return text.ToString();
    }

    private static int Until(GivenContract contract, Func<int, ContractCommand> command)
    {
        for (var i = 0; i < 30; i++)
        {
            if (SupportContract.Decide(contract.State, command(i), GivenContract.Desk, contract.Policy, TheDefaultPolicy.Utc("2026-03-02T09:00Z")).Refusal is not null)
            {
                return i;
            }

            contract.When("2026-03-02T09:00Z", command(i));
        }

        return 30;
    }
}
