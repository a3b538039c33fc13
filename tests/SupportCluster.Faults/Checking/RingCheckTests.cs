using NodaTime;
using SupportCluster.Faults.Load;
using SupportCluster.Protocol.Engineers;
using Xunit;
using static SupportCluster.Faults.Checking.GivenRun;

namespace SupportCluster.Faults.Checking;

/// <summary>Each promise about rings, handoffs and continuous service broken once in a history made by hand.</summary>
public sealed class RingCheckTests
{
    private static readonly HashSet<string> Offers = ["essential"];

    [Fact]
    public void A_case_that_is_rung_accepted_and_handed_over_breaks_nothing() => Assert.Empty(
        Case().Rings(2, 4, "eng-cy").RingEnds(4, "expired", "eng-cy").Rings(4, 6).Taken(5).Command(CommandKind.Take, Outcome.Acknowledged, by: "eng-ada")
            .NoteAsked(6, 8).Sought(7).Rings(7, 8.5, "eng-cy").RingEnds(7.5, "declined", "eng-cy", by: "eng-cy").Rings(7.5, 9, "eng-bob").HandedOver(7.8).Owner("eng-bob").Broken());

    [Fact]
    public void A_case_that_rings_at_two() => Breaks(Promises.OneRing, Case().Rings(2, 4, "eng-bob").Rings(3, 5).RingEnds(5, "expired").Waiting(Number));

    [Fact]
    public void A_case_that_rings_although_it_is_somebodys() => Breaks(Promises.OneRing, Owned().Rings(3, 5, "eng-bob").RingEnds(5, "expired", "eng-bob"));

    [Fact]
    public void A_case_that_rings_for_longer_than_it_says() => Breaks(Promises.OneRing, Case().Rings(2, 4).Entry(5, "case-note-added").RingEnds(5, "ended").Waiting(Number));

    [Fact]
    public void A_ring_that_is_cut_short() => Breaks(Promises.OneRing, Case().Rings(2, 4).RingEnds(3, "expired").Waiting(Number));

    [Fact]
    public void A_ring_that_never_ends() => Breaks(Promises.OneRing, Case().Rings(2, 4).Waiting(Number).ReadAt(5));

    [Fact]
    public void A_case_that_is_given_to_somebody_by_another_hand() => Breaks(Promises.MovesByAcceptance,
        Case().Entry(2, "case-taken", "rep", facts: ("engineer", "eng-ada")).Owner("eng-ada").Held(new HeldCase(Number, 2)), Promises.RepeatIsRecognised);

    [Fact]
    public void A_case_that_is_taken_over_although_it_was_not_to_be_handed_off() => Breaks(Promises.MovesByAcceptance, Owned().HandedOver(3).Owner("eng-bob").Held());

    [Fact]
    public void A_case_that_is_taken_over_before_somebody_is_looked_for() => Breaks(Promises.MovesByAcceptance, Owned().NoteAsked(3, 8).HandedOver(4).Owner("eng-bob").Held());

    [Fact]
    public void A_case_that_is_handed_over_by_somebody_who_does_not_have_it() => Breaks(Promises.OneOwner, Owned().NoteAsked(3, 8).Sought(4).HandedOver(5, from: "eng-cy").Owner("eng-bob").Held());

    [Fact]
    public void A_handoff_of_which_nobody_hears_again_when_the_owner_has_left() => Breaks(Promises.HandoffEnds, Owned().NoteAsked(3, 5).Sought(4).Waiting(Number).ReadAt(6));

    [Fact]
    public void A_handoff_that_is_accepted_long_after_the_owner_has_left_and_no_manager_was_told() =>
        Breaks(Promises.HandoffEnds, Owned().NoteAsked(3, 5).Sought(4).Rings(5.5, 7, "eng-bob").HandedOver(6).Owner("eng-bob").Held());

    [Fact]
    public void A_handoff_for_which_the_duty_manager_is_answerable() => Assert.Empty(
        Owned().NoteAsked(3, 5).Sought(4).Entry(5, "case-handoff-unaccepted", facts: ("dutyManager", "manager.emea")).Waiting(Number).ReadAt(6).Broken());

    [Fact]
    public void A_handoff_of_what_is_nobodys() => Breaks(Promises.HandoffEnds, Case().NoteAsked(3, 8).Waiting(Number));

    [Fact]
    public void An_engineer_at_whom_more_rings_than_there_is_room_for()
    {
        var one = Owned().Build();
        var other = Case().Rings(3, 5).RingEnds(5, "expired").Build();
        var run = one with { Cases = [one.Cases[0], other.Cases[0] with { View = other.Cases[0].View with { Number = "4001122345" } }] };
        Assert.Contains(Checker.Check(run), v => v is { Promise: Promises.RoomForRings, Where: "eng-ada" });
    }

    [Fact]
    public void An_engineer_who_has_more_of_severity_1_than_there_is_room_for()
    {
        var run = Owned().Build();
        var (severe, ada) = (run.Cases[0] with { View = run.Cases[0].View with { Severity = 1 } }, run.Engineers[0] with { Capacity = new(2, 1) });
        run = run with { Engineers = [ada], Cases = [severe, severe with { View = severe.View with { Number = "4001122345" } }] };
        Assert.Contains(Checker.Check(run), v => v is { Promise: Promises.RoomForRings, Where: "eng-ada" });
        Assert.DoesNotContain(Checker.Check(run with { Engineers = [ada with { Capacity = new(2, 2) }] }), v => v.Promise == Promises.RoomForRings);
    }

    [Fact]
    public void An_engineer_who_is_told_of_more_than_there_is_room_for()
    {
        var run = Owned().Build();
        var ada = run.Engineers[0];
        var full = ada with { Version = 3, Cases = [.. ada.Cases, new HeldCase("4001122345", 2, Reserved: true)] };
        Assert.Empty(Checker.Check(run with { WatchedEngineers = [new("eng-ada", [ada])] }));
        Assert.Contains(Checker.Check(run with { WatchedEngineers = [new("eng-ada", [ada, full])] }), v => v.Promise == Promises.RoomForRings);
        Assert.Contains(Checker.Check(run with { WatchedEngineers = [new("eng-ada", [ada with { Version = 4 }, ada])] }), v => v.Promise == Promises.FramesContiguous);
    }

    [Fact]
    public void A_continuous_case_that_nobody_has_and_that_does_not_ring() => Assert.Equal([(1, 2), (4, 5)],
        Alone(Critical().Rings(2, 4).RingEnds(4, "expired").Rings(5, 7).Taken(6).Entry(9, "case-closed", "rep")));

    [Fact]
    public void A_continuous_case_whose_owner_is_off_shift() => Assert.Equal([(10, 12)],
        Alone(Critical().Rings(1, 4).Taken(2).NoteAsked(4, 10).Sought(8).Entry(12, "case-handoff-unaccepted", facts: ("dutyManager", "manager.emea"))
            .Entry(12, "case-escalated", facts: ("cause", "handoffUnaccepted")).Entry(15, "case-closed", "rep")));

    [Fact]
    public void A_case_is_not_continuous_while_the_customer_does_not_need_it_or_once_service_is_restored() => Assert.Equal([(1, 2), (6, 7)],
        Alone(Critical().Entry(2, "case-continuous-service-declined", "rep").Entry(6, "case-continuous-service-taken-back", "rep").Entry(7, "case-service-restored", "rep").Entry(9, "case-closed", "rep")));

    /// <summary>The stretches in which a case was left alone, in seconds after nine; Ada works until ten seconds after.</summary>
    private static IEnumerable<(double From, double To)> Alone(GivenRun run) => ContinuityCheck
        .Find(run.Build().Cases, Offers, new Dictionary<string, IReadOnlyList<Interval>> { ["eng-ada"] = [new(Nine, At(10))] })
        .Select(a => ((a.From - Nine).TotalSeconds, (a.To - Nine).TotalSeconds));

    /// <summary>Acknowledged, of severity 1.</summary>
    private static GivenRun Critical() => new GivenRun().Entry(0, "case-reported", "rep", facts: ("severity", "1")).Entry(1, "case-acknowledged", facts: ("severity", "1"));

    /// <summary>Acknowledged, with an initial response due ten seconds after nine.</summary>
    private static GivenRun Case() => new GivenRun().Reported().Acknowledged();

    /// <summary>Taken by Ada, who knows it.</summary>
    private static GivenRun Owned() => Case().Taken(2).Owner("eng-ada").Held(new HeldCase(Number, 2)).Command(CommandKind.Take, Outcome.Acknowledged, by: "eng-ada");

    private static void Breaks(string promise, GivenRun run, params string[] andAlso)
    {
        var broken = run.Broken();
        Assert.Contains(promise, broken);
        Assert.Empty(broken.Except([promise, .. andAlso]));
    }
}
