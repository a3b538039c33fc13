using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using SupportCluster.Domain.Centres;
using SupportCluster.Domain.Policy;
using Xunit;

namespace SupportCluster.Domain.Tests.Policies;

/// <summary>A policy that was stored before there were opening hours, duty managers, rings, handoffs and escalations goes on being read, and cases under it find what they need.</summary>
public sealed class OldPolicyTests
{
    private static readonly SupportPolicy Old = SupportPolicy.ReadStored(1, Encoding.UTF8.GetBytes(Stripped().ToJsonString()));

    [Fact]
    public void It_is_still_of_the_form_that_people_write() =>
        Assert.NotNull(SupportPolicy.Read(1, Encoding.UTF8.GetBytes(Stripped().ToJsonString()), out _));

    [Fact]
    public void Its_centres_keep_local_business_hours_in_all_languages_for_all_product_lines()
    {
        var dublin = Old.Centre("dublin")!;

        Assert.Equal("Mon-Fri 08:00-18:00 Europe/Dublin", dublin.Calendar.ToString());
        Assert.Equal(Old.Document.Regions["emea"].Languages, dublin.Languages);
        Assert.True(dublin.Serves("anything"));
    }

    [Fact]
    public void Rings_handoffs_and_the_ladder_have_their_usual_times_and_the_duty_manager_an_address()
    {
        Assert.Equal([60, 120, 900, 900], Enumerable.Range(1, 4).Select(s => Old.Ring(s).TotalSeconds));
        Assert.Equal((Duration.FromMinutes(30), Duration.FromMinutes(5)), (Old.Handoffs.Notice, Old.Handoffs.Ring));
        Assert.Equal([15d, 30, 60], Old.Escalations.Levels.Select(l => l.Severity1.TotalMinutes));
        Assert.Empty(Old.Escalations.OnMiss);
        Assert.Equal("duty-manager.emea", DutyRoster.Of(Old, "emea").At(TheDefaultPolicy.Utc("2026-03-02T09:00Z")).Manager);
    }

    [Fact]
    public void Wallboards_measure_against_the_usual_shares() => Assert.Equal(new WallboardRules(0.95, 0.95, 0.9), Old.Wallboard);

    private static JsonObject Stripped()
    {
        var policy = JsonNode.Parse(TheDefaultPolicy.Text, documentOptions: new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip })!.AsObject();
        policy["businessHours"]!["holidays"] = new JsonObject();
        foreach (var member in new[] { "dispatch", "handoffs", "escalations", "wallboard" })
        {
            Assert.True(policy.Remove(member));
        }

        foreach (var (_, region) in policy["regions"]!.AsObject())
        {
            Assert.True(region!.AsObject().Remove("duty") && region.AsObject().Remove("manager"));
        }

        foreach (var (_, centre) in policy["centres"]!.AsObject())
        {
            foreach (var member in new[] { "hours", "holidays", "languages" })
            {
                centre!.AsObject().Remove(member);
            }
        }

        return policy;
    }
}
