using CsCheck;
using NodaTime;
using SupportCluster.Domain.Centres;
using Xunit;
using static SupportCluster.Domain.Tests.TheDefaultPolicy;

namespace SupportCluster.Domain.Tests.Centres;

/// <summary>HB-3.5: the duty manager of a region can be named for every instant.</summary>
public sealed class DutyRosterTests
{
    [Fact]
    public void The_turn_changes_on_Monday_at_08_00_in_Dublin_when_the_clocks_change_too()
    {
        var turns = DutyRoster.Of(TheDefaultPolicy.Policy, "emea").TurnsFrom(Utc("2026-03-20T00:00Z")).Take(3).ToList();

        Assert.Equal(["2026-03-23T08:00Z", "2026-03-30T07:00Z", "2026-04-06T07:00Z"], turns.Select(t => GivenCase.Text(t.Until)));
        Assert.Equal(["manager-emea", "deputy-emea", "manager-emea"], turns.Select(t => t.Manager));
    }

    [Fact]
    public void Before_the_anchor_the_rotation_is_counted_back() => Assert.Equal("deputy-emea", DutyRoster.Of(TheDefaultPolicy.Policy, "emea").At(Utc("2026-01-05T07:59Z")).Manager);

    [Fact]
    public void A_stand_in_has_the_duty_for_a_while_and_gives_it_back()
    {
        var roster = DutyRoster.Of(TheDefaultPolicy.Policy, "emea", [new(Utc("2026-01-07T18:00Z"), Utc("2026-01-08T06:00Z"), "eve")]);

        Assert.Equal(
            [("manager-emea", null, "2026-01-07T18:00Z"), ("eve", "manager-emea", "2026-01-08T06:00Z"), ("manager-emea", null, "2026-01-12T08:00Z")],
            roster.TurnsFrom(Utc("2026-01-07T00:00Z")).Take(3).Select(t => (t.Manager, t.StandsIn, GivenCase.Text(t.Until))));
    }

    [Fact]
    public void A_region_that_names_nobody_is_answered_for_by_its_address()
    {
        var policy = With(p => p["regions"]!["apj"]!.AsObject().Remove("duty"));

        Assert.Equal(new DutyTurn("duty-manager.apj", Instant.MinValue, Instant.MaxValue), Assert.Single(DutyRoster.Of(policy, "apj").TurnsFrom(Utc("2026-01-07T00:00Z"))));
    }

    /// <summary>The last entry that covers an instant counts, otherwise the rotation; turns touch and each says who is on duty at any instant within.</summary>
    [Fact]
    public void There_is_no_gap_and_the_naive_oracle_agrees() =>
        Gen.Select(Gen.Int[0, 600], Gen.Int[1, 100], Gen.Int[1, 9]).Array[0, 6].Sample(entries =>
        {
            var origin = Utc("2026-03-20T00:00Z");
            var overrides = entries.Select(e => new DutyOverride(origin + Duration.FromHours(e.Item1), origin + Duration.FromHours(e.Item1 + e.Item2), $"m{e.Item3}")).ToList();
            var roster = DutyRoster.Of(TheDefaultPolicy.Policy, "emea", [.. overrides]);
            var plain = DutyRoster.Of(TheDefaultPolicy.Policy, "emea");
            var turns = roster.TurnsFrom(origin).TakeWhile(t => t.From < origin + Duration.FromHours(800)).ToList();
            Assert.All(turns.Zip(turns.Skip(1)), p => Assert.Equal(p.First.Until, p.Second.From));
            foreach (var turn in turns)
            {
                foreach (var at in new[] { turn.From, turn.From + ((turn.Until - turn.From) / 2), turn.Until - Duration.FromSeconds(1) })
                {
                    Assert.Equal(overrides.LastOrDefault(o => o.From <= at && at < o.Until)?.Manager ?? plain.At(at).Manager, turn.Manager);
                }
            }
        });
}
