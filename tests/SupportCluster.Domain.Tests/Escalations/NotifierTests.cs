using NodaTime;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Escalations;
using Xunit;
using static SupportCluster.Domain.Tests.TheDefaultPolicy;

namespace SupportCluster.Domain.Tests.Escalations;

/// <summary>Whoever is told of an escalation is told by mail, once (HB-7.2).</summary>
public sealed class NotifierTests
{
    private static readonly Instant At = Utc("2026-03-02T09:00Z");

    [Fact]
    public void What_is_asked_twice_is_told_once()
    {
        var pending = Asked(null, Told(3));

        Assert.Equal(At, pending.SendAt);
        Assert.Empty(Notifier.Ask(pending, "manager-emea", Told(3), At));
        var sent = Notifier.Evolve(pending, pending.Send(At));
        Assert.Empty(Notifier.Ask(sent, "manager-emea", Told(3), At));
        Assert.Equal((null, 2), (sent.SendAt, Asked(sent, Told(4)).Pending.Length + sent.Ended.Length));
    }

    [Fact]
    public void What_is_not_taken_is_tried_again_after_pauses_that_double_and_given_up_after_a_day()
    {
        var state = Asked(null, Told(3));
        var pauses = new List<double>();
        var now = At;
        while (!state.Pending.IsEmpty)
        {
            state = Notifier.Evolve(state, state.Fail(now));
            pauses.Add(((state.SendAt ?? now) - now).TotalSeconds);
            now = state.SendAt ?? now;
        }

        Assert.Equal([5, 10, 20, 40, 80, 160, 320, 320], pauses.Take(8));
        Assert.Equal(Notifier.TooLate, Assert.Single(state.Ended).GivenUp);
        Assert.InRange(now, At + Duration.FromHours(24), At + Duration.FromHours(25));
    }

    [Fact]
    public void Each_level_of_each_escalation_is_told_once()
    {
        var given = GivenCase.Opened("essential", 2, "2026-03-02T09:00Z");
        var told = new List<string>();
        void Then(Action act)
        {
            var before = given.State;
            act();
            told.AddRange(CaseEffect.Between(before, given.State).OfType<CaseEffect.Notify>().Select(n => $"{n.Recipient} {n.Notification.Cause} {n.Notification.Level}"));
        }

        Then(() => given.When("2026-03-02T09:10Z", GivenCase.Contact, new CaseCommand.Escalate("Nothing happens.")));
        Then(() => given.When("2026-03-02T09:11Z", GivenCase.Contact, new CaseCommand.AddNote("Still nothing.", Internal: false)));
        Then(() => given.Tick("2026-03-02T10:10Z"));
        Then(() => given.When("2026-03-02T10:11Z", GivenCase.Manager, new CaseCommand.TakeUpEscalation(EscalationCause.Customer)));
        Then(() => given.When("2026-03-02T10:12Z", GivenCase.Manager, new CaseCommand.Deescalate(EscalationCause.Customer, "We talked.")));
        Then(() => given.When("2026-03-02T10:20Z", GivenCase.Contact, new CaseCommand.Escalate("Nothing again.")));

        Assert.Equal(["manager-emea Customer DutyManager", "manager-emea Customer RegionalManager", "manager-emea Customer DutyManager"], told);
    }

    private static Notifier Asked(Notifier? state, Notification notification) => Notifier.Ask(state, "manager-emea", notification, At).Aggregate(state, Notifier.Evolve)!;

    private static Notification Told(long version) => new(GivenCase.Number, version, EscalationCause.Miss, EscalationLevel.DutyManager, 1, "emea", At, At + Duration.FromMinutes(15));
}
