using SupportCluster.Faults.Load;
using SupportCluster.Protocol.Engineers;
using SupportCluster.Protocol.Queues;
using Xunit;
using static SupportCluster.Faults.Checking.GivenRun;

namespace SupportCluster.Faults.Checking;

/// <summary>Each promise broken once in a history made by hand: the checker names that promise, and no other.</summary>
public sealed class CheckerTests
{
    [Fact]
    public void A_run_in_which_all_is_well_breaks_nothing() => Assert.Empty(Good().Broken());

    [Fact]
    public void An_acknowledged_note_that_is_not_in_the_journal() => Breaks(Promises.AcknowledgedOnce, Good().Command(CommandKind.Note, Outcome.Acknowledged, "lost", version: 3));

    [Fact]
    public void An_acknowledged_note_that_is_there_twice() =>
        Breaks(Promises.RepeatIsRecognised, Case().Entry(2, "case-note-added", "rep", "n1").Entry(2, "case-note-added", "rep", "n1").Waiting(Number).Command(CommandKind.Note, Outcome.Acknowledged, "n1", version: 5));

    [Fact]
    public void A_note_without_an_answer_that_is_there_twice() =>
        Breaks(Promises.UnknownAtMostOnce, Case().Entry(2, "case-note-added", "rep", "n1").Entry(2, "case-note-added", "rep", "n1").Waiting(Number).Command(CommandKind.Note, Outcome.Unknown, "n1"));

    [Fact]
    public void A_note_without_an_answer_may_be_there_or_not() =>
        Assert.Empty(Case().Entry(2, "case-note-added", "rep", "n1").Waiting(Number).Command(CommandKind.Note, Outcome.Unknown, "n1").Command(CommandKind.Note, Outcome.Unknown, "n2").Broken());

    [Fact]
    public void A_refused_note_that_is_there() => Breaks(Promises.RefusedNever, Case().Entry(2, "case-note-added", "rep", "n1").Waiting(Number).Command(CommandKind.Note, Outcome.Refused, "n1"));

    [Fact]
    public void A_repeat_that_was_refused() =>
        Breaks(Promises.RepeatIsRecognised, Case().Entry(2, "case-note-added", "rep", "n1").Waiting(Number).Command(CommandKind.Note, Outcome.Acknowledged, "n1", version: 4, again: Outcome.Refused));

    [Fact]
    public void An_acknowledgement_that_is_not_in_the_journal() => Breaks(Promises.AcknowledgedOnce, Good().Command(CommandKind.Acknowledge, Outcome.Acknowledged, by: "rep.desk", version: 3));

    [Fact]
    public void A_case_that_was_never_taken() => Breaks(Promises.AcknowledgedOnce, Case().Waiting(Number).Command(CommandKind.Take, Outcome.Acknowledged, by: "eng-ada"));

    [Fact]
    public void A_case_that_was_taken_more_often_than_asked() => Breaks(Promises.RepeatIsRecognised,
        Case().Taken(2).Entry(3, "case-released", "eng-ada", "r1").Taken(4).Owner("eng-ada").Held(new HeldCase(Number, 2)).Command(CommandKind.Take, Outcome.Acknowledged, by: "eng-ada"));

    [Fact]
    public void An_answer_of_a_version_with_another_owner() => Breaks(Promises.AnswerIsInJournal, Good().Command(CommandKind.Note, Outcome.Acknowledged, version: 4, owner: "eng-bob"));

    [Fact]
    public void An_answer_of_a_version_that_was_lost() => Breaks(Promises.AnswerIsInJournal, Good().Command(CommandKind.Note, Outcome.Acknowledged, version: 40, owner: "eng-ada"));

    [Fact]
    public void A_gap_in_the_versions() => Breaks(Promises.VersionsContiguous, Case().Entry(2, "case-note-added").Entry(2, "case-note-added").Lost(4).Waiting(Number));

    [Fact]
    public void An_instant_before_the_one_before() => Breaks(Promises.TimeForward, Case().Entry(3, "case-note-added").Entry(2, "case-note-added").Waiting(Number));

    [Fact]
    public void A_milestone_that_is_missed_twice() => Breaks(Promises.OneOutcome, Case().Missed(10, 10).Missed(10, 10).Waiting(Number));

    [Fact]
    public void A_milestone_that_is_met_in_time_and_missed() =>
        Breaks(Promises.OneOutcome, Case().Entry(5, "milestone-met", "eng-ada", facts: [("milestone", "initialResponse"), ("generation", "1")]).Missed(10, 10).Waiting(Number));

    [Fact]
    public void A_milestone_that_is_met_late_stays_missed() =>
        Assert.Empty(Case().Missed(10, 10).Entry(12, "milestone-met", "eng-ada", facts: [("milestone", "initialResponse"), ("generation", "1"), ("late", "true")]).Waiting(Number).Broken());

    [Fact]
    public void A_miss_of_a_generation_that_is_over() => Breaks(Promises.OneOutcome,
        Case().Entry(5, "case-severity-changed", "rep", facts: ("initialResponse", Text(20))).Missed(10, 10).Missed(20, 20, generation: 2).Waiting(Number));

    [Fact]
    public void A_miss_as_of_when_it_was_noticed() => Breaks(Promises.MissedWhenDue, Case().Missed(11, 10).Waiting(Number).ReadAt(12));

    [Fact]
    public void A_miss_of_another_deadline() => Breaks(Promises.MissedWhenDue, Case().Missed(10, 9).Waiting(Number));

    [Fact]
    public void A_miss_before_the_deadline() => Breaks(Promises.MissedWhenDue, Case().Missed(8, 10).Waiting(Number));

    [Fact]
    public void A_miss_that_something_came_before() => Breaks(Promises.NoMissForgotten, Case().Entry(11, "case-note-added").Waiting(Number));

    [Fact]
    public void A_miss_that_never_came() => Breaks(Promises.NoMissForgotten, Case().Waiting(Number).ReadAt(10));

    [Fact]
    public void No_miss_while_the_clock_is_on_hold() =>
        Assert.Empty(Case().Entry(5, "case-customer-asked", "rep", facts: ("initialResponse", "onHold")).Waiting(Number).ReadAt(60).Broken());

    [Fact]
    public void A_deadline_that_was_past_when_it_was_set_is_missed_then() =>
        Assert.Empty(Case().Entry(5, "case-severity-changed", "rep", facts: ("initialResponse", Text(4))).Missed(5, 4, generation: 2).Waiting(Number).Broken());

    [Fact]
    public void No_miss_after_the_end() => Assert.Empty(Case().Entry(5, "case-closed", "rep").ReadAt(60).Broken());

    [Fact]
    public void A_warning_that_is_given_twice() => Breaks(Promises.WarnedOnce, Case().Warned(7.5).Warned(7.5).Waiting(Number));

    [Fact]
    public void A_warning_after_the_deadline() => Breaks(Promises.WarnedOnce, Case().Warned(11).Missed(11, 10).Waiting(Number).ReadAt(11), Promises.NoMissForgotten, Promises.OneOutcome);

    [Fact]
    public void A_miss_that_is_seen_early() => Breaks(Promises.NeverEarly, Case().Missed(10, 10).Waiting(Number).Snapshot(1, 3).Change(9.9, 3, 4));

    [Fact]
    public void A_case_that_is_taken_from_its_owner() => Breaks(Promises.OneOwner,
        Case().Taken(2).Taken(3, "eng-bob").Owner("eng-bob").Command(CommandKind.Take, Outcome.Acknowledged, by: "eng-ada").Command(CommandKind.Take, Outcome.Acknowledged, by: "eng-bob"));

    [Fact]
    public void A_response_by_an_engineer_who_does_not_have_the_case() => Breaks(Promises.OneOwner, Case().Entry(2, "case-responded", "eng-bob", "r").Waiting(Number));

    [Fact]
    public void A_case_that_says_another_owner_than_its_history() => Breaks(Promises.OneOwner, Good().Owner("eng-bob"));

    [Fact]
    public void An_engineer_above_the_capacity()
    {
        var one = Good().Build();
        var run = one with { Cases = [one.Cases[0], one.Cases[0] with { View = one.Cases[0].View with { Number = "4001122345" } }] };
        Assert.Contains(Checker.Check(run), v => v is { Promise: Promises.WithinCapacity, Where: "eng-ada" });
    }

    [Fact]
    public void An_engineer_who_still_holds_a_case_that_ended() => Breaks(Promises.EngineerKnowsCases, Good().Entry(5, "case-closed", "rep").Owner(null));

    [Fact]
    public void An_engineer_who_does_not_hold_a_case_that_is_the_engineers() => Breaks(Promises.EngineerKnowsCases, Good().Held());

    [Fact]
    public void An_engineer_whose_reservation_was_never_settled() => Breaks(Promises.EngineerKnowsCases, Good().Held(new HeldCase(Number, 2, Reserved: true)));

    [Fact]
    public void A_queue_that_lacks_a_waiting_case() => Breaks(Promises.QueueKnowsCases, Case());

    [Fact]
    public void A_queue_that_lists_a_case_that_does_not_wait() => Breaks(Promises.QueueKnowsCases, Good().Waiting(Number));

    [Fact]
    public void A_watcher_who_misses_an_entry() => Breaks(Promises.FramesContiguous, Good().Snapshot(3, 2).Change(3, 3, 4));

    [Fact]
    public void A_watcher_who_gets_an_entry_twice() => Breaks(Promises.FramesContiguous, Good().Snapshot(3, 3).Change(3, 3, 4).Change(3, 3, 4));

    [Fact]
    public void A_watcher_whose_state_is_replaced_without_a_word() => Breaks(Promises.FramesContiguous, Good().Snapshot(3, 2).Snapshot(3, 4));

    [Fact]
    public void A_watcher_who_is_told_of_a_reset() => Assert.Empty(Good().Snapshot(3, 2).Snapshot(3, 4, reset: true).Broken());

    [Fact]
    public void A_watcher_who_is_told_what_is_not_in_the_journal() => Breaks(Promises.FramesAreTrue, Good().Snapshot(3, 3).Change(3, 3, 4, e => e with { By = "eng-bob" }));

    [Fact]
    public void A_watcher_who_is_left_behind() => Breaks(Promises.WatcherIsCurrent, Good().Snapshot(3, 3));

    [Fact]
    public void A_watcher_of_a_queue_who_misses_a_case() =>
        Breaks(Promises.WatcherIsCurrent, Case().Waiting(Number).QueueSnapshot(false));

    [Fact]
    public void A_watcher_of_a_queue_whose_changes_do_not_follow() =>
        Breaks(Promises.FramesContiguous, Case().Waiting(Number).QueueSnapshot(false).QueueChange("6.9", new QueueChange(Entry(Number))));

    [Fact]
    public void A_watcher_of_a_queue_who_sees_it_grow() => Assert.Empty(Case().Waiting(Number).QueueSnapshot(false).QueueChange("7.0", new QueueChange(Entry(Number))).Broken());

    [Fact]
    public void A_contact_who_is_told_of_an_internal_note() => Assert.Contains(
        Checker.Check(SeenByContact(Case().Entry(2, "case-note-added", "rep", "n1").Waiting(Number).Snapshot(1, 3).Change(3, 3, 4, e => e with { Internal = true }), "northwind")),
        v => v.Promise == Promises.FramesAllowed);

    [Fact]
    public void A_contact_who_is_told_of_another_customers_case() =>
        Assert.Contains(Checker.Check(SeenByContact(Case().Waiting(Number).Snapshot(3, 3), "contoso")), v => v.Promise == Promises.FramesAllowed);

    [Fact]
    public void A_contact_who_is_told_of_the_contacts_own_case() =>
        Assert.DoesNotContain(Checker.Check(SeenByContact(Case().Waiting(Number).Snapshot(3, 3), "northwind")), v => v.Promise == Promises.FramesAllowed);

    [Fact]
    public void A_case_that_goes_and_one_that_comes_by_the_clock_of_another_node_are_not_held_at_once()
    {
        var one = Case().Taken(2).Entry(5, "case-closed", "rep").Build();
        var other = new GivenRun().Reported().Acknowledged().Taken(4.9).Build();
        var run = one with { Cases = [one.Cases[0], other.Cases[0] with { View = other.Cases[0].View with { Number = "4001122345" } }] };
        Assert.Contains(Checker.Check(run), v => v.Promise == Promises.WithinCapacity);
        Assert.DoesNotContain(Checker.Check(run with { Skew = NodaTime.Duration.FromMilliseconds(250) }), v => v.Promise == Promises.WithinCapacity);
    }

    private static RecordedRun SeenByContact(GivenRun run, string customer)
    {
        var built = run.Build();
        return built with { WatchedCases = [built.WatchedCases[0] with { AsContact = true, Customer = customer }] };
    }

    /// <summary>Acknowledged, with an initial response due ten seconds after nine.</summary>
    private static GivenRun Case() => new GivenRun().Reported().Acknowledged();

    /// <summary>Taken by Ada, who knows it.</summary>
    private static GivenRun Good() => Case().Taken(2).Owner("eng-ada").Held(new HeldCase(Number, 2)).Command(CommandKind.Take, Outcome.Acknowledged, by: "eng-ada", version: 4, owner: "eng-ada");

    private static void Breaks(string promise, GivenRun run, params string[] andAlso)
    {
        var broken = run.Broken();
        Assert.Contains(promise, broken);
        Assert.Empty(broken.Except([promise, .. andAlso]));
    }
}
