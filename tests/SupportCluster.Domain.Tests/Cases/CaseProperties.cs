using System.Text.Json;
using CsCheck;
using NodaTime;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Escalations;
using SupportCluster.Domain.Milestones;
using Xunit;
using static SupportCluster.Domain.Tests.GivenCase;

namespace SupportCluster.Domain.Tests.Cases;

/// <summary>What holds for every case, whatever happens to it and whenever: random commands at random instants.</summary>
public sealed class CaseProperties
{
    private static readonly string[] Offers = ["basic", "essential", "rps", "datacenter", "national", "global"];
    private static readonly string[] Zones = ["Europe/Dublin", "America/Sao_Paulo", "Asia/Beirut", "Africa/Cairo", "Asia/Kolkata", "Pacific/Apia"];

    /// <summary>Anything that can be asked, by somebody who may ask it.</summary>
    private static readonly Gen<(Actor, CaseCommand)> Commands = Gen.OneOf<(Actor, CaseCommand)>(
        Gen.Const((Rep, (CaseCommand)new CaseCommand.Acknowledge(null, null))),
        Gen.Int[1, 4].Select(s => (Aoife, (CaseCommand)new CaseCommand.Assign(new("eng-aoife"), Guid.Empty, s))),
        Gen.Int[1, 4].Select(_ => (Actor.System, (CaseCommand)new CaseCommand.Ring(new("eng-aoife"), Guid.Empty, 0, false))),
        Gen.Const((Aoife, (CaseCommand)new CaseCommand.DeclineRing(new("eng-aoife"), Guid.Empty, "x"))),
        Gen.Const((Actor.System, (CaseCommand)new CaseCommand.EndRing(new("eng-aoife")))),
        Gen.Const((Contact, (CaseCommand)new CaseCommand.DeclineContinuousService("x"))),
        Gen.Const((Contact, (CaseCommand)new CaseCommand.TakeBackContinuousService("x"))),
        Gen.Select(Gen.Int[0, 240], Gen.Int[-1, 5000], Gen.Bool).Select((end, next, early) => (Actor.System, (CaseCommand)new CaseCommand.EndShift(new("eng-aoife"),
            Instant.FromUnixTimeSeconds(60 * end), next < 0 ? null : Instant.FromUnixTimeSeconds(60 * (end + next)), early))),
        Gen.Const((Actor.System, (CaseCommand)new CaseCommand.StayOnShift(new("eng-aoife")))),
        Gen.Const((Manager, (CaseCommand)new CaseCommand.GiveHandoffNote(new("x", "x", "x", "x", "x")))),
        Gen.Const((Actor.System, (CaseCommand)new CaseCommand.NobodyFound())),
        Gen.Const((Actor.System, (CaseCommand)new CaseCommand.Ring(new("eng-bela"), Guid.Empty, 0, false))),
        Gen.Const((Bela, (CaseCommand)new CaseCommand.Assign(new("eng-bela"), Guid.Empty, 1))),
        Gen.Const((Contact, (CaseCommand)new CaseCommand.Escalate("x"))),
        Gen.Const((Manager, (CaseCommand)new CaseCommand.Escalate("x"))),
        Gen.Enum<EscalationCause>().Select(c => (Manager, (CaseCommand)new CaseCommand.TakeUpEscalation(c))),
        Gen.Enum<EscalationCause>().Select(c => (Manager, (CaseCommand)new CaseCommand.Deescalate(c, "x"))),
        Gen.Const((Manager, (CaseCommand)new CaseCommand.Release("x"))),
        Gen.Enum<Channel>().Select(c => (Manager, (CaseCommand)new CaseCommand.Respond(c, "x"))),
        Gen.Bool.Select(b => (Manager, (CaseCommand)new CaseCommand.AddNote("x", b))),
        Gen.Const((Rep, (CaseCommand)new CaseCommand.AskCustomer("x"))),
        Gen.Const((Contact, (CaseCommand)new CaseCommand.Answer("x"))),
        Gen.Const((Rep, (CaseCommand)new CaseCommand.ContactUnavailable("x"))),
        Gen.Const((Contact, (CaseCommand)new CaseCommand.ContactAvailable("x"))),
        Gen.Int[1, 4].Select(s => (Contact, (CaseCommand)new CaseCommand.ChangeSeverity(s, "x"))),
        Pick(Offers).Select(o => (Actor.System, (CaseCommand)new CaseCommand.ChangeOffer(o, true, true, 1))),
        Gen.Const((Contact, (CaseCommand)new CaseCommand.RestoreService("x"))),
        Gen.Enum<SolutionKind>().Select(k => (Manager, (CaseCommand)new CaseCommand.ProposeSolution(k, "x", "2.1"))),
        Gen.Const((Contact, (CaseCommand)new CaseCommand.AcceptSolution(null))),
        Gen.Const((Contact, (CaseCommand)new CaseCommand.RejectSolution("x"))),
        Gen.Const((Contact, (CaseCommand)new CaseCommand.Close("x"))),
        Gen.Const((Contact, (CaseCommand)new CaseCommand.Reopen("x"))),
        Gen.Enum<MilestoneKind>().Select(k => (Manager, (CaseCommand)new CaseCommand.ExcuseMiss(k, ExcuseCause.ForceMajeure, "x"))),
        Gen.Const((Manager, (CaseCommand)new CaseCommand.RecordNoKnownFix("x"))),
        Gen.Const((Actor.System, (CaseCommand)new CaseCommand.Tick())));

    /// <summary>Steps from minutes to weeks, now and then backwards, as clocks of two nodes may.</summary>
    private static readonly Gen<Duration> Steps = Gen.Frequency(
        (6, Gen.Int[0, 240].Select(m => Duration.FromMinutes(m))),
        (3, Gen.Int[1, 100].Select(h => Duration.FromHours(h))),
        (1, Gen.Int[5, 30].Select(d => Duration.FromDays(d))),
        (1, Gen.Int[1, 300].Select(s => -Duration.FromSeconds(s))));

    private static readonly Gen<Story> Stories = Gen.Select(
        Pick(Offers), Gen.Int[1, 4], Pick(Zones), Gen.Bool, Gen.Int[0, 60 * 24 * 500], Gen.Select(Steps, Commands).Array[1, 25],
        (offer, severity, zone, automatic, minute, acts) => new Story(offer, severity, zone, automatic, TheDefaultPolicy.Utc("2018-01-01T00:00Z") + Duration.FromMinutes(minute), acts));

    [Fact]
    public void Versions_are_contiguous_and_instants_never_run_backwards() => Stories.Sample(story =>
    {
        var (state, events) = story.Play();
        Assert.Equal(events.Count, state.Version);
        Assert.Equal(events.Count(e => !e.IsInternal), state.PublicVersion);
        Assert.All(events.Zip(events.Skip(1)), pair => Assert.True(pair.First.At <= pair.Second.At));
    });

    [Fact]
    public void A_generation_of_a_milestone_has_at_most_one_outcome_and_a_late_meeting_only_after_its_miss() => Stories.Sample(story =>
    {
        var (_, events) = story.Play();
        var outcomes = events.OfType<CaseEvent.MilestoneMissed>().Select(m => (m.Milestone, m.Generation))
            .Concat(events.OfType<CaseEvent.MilestoneMet>().Where(m => !m.Late).Select(m => (m.Milestone, m.Generation))).ToList();
        Assert.Equal(outcomes.Distinct(), outcomes);
        var late = events.OfType<CaseEvent.MilestoneMet>().Where(m => m.Late).Select(m => (m.Milestone, m.Generation)).ToList();
        Assert.Equal(late.Distinct(), late);
        Assert.All(late, l => Assert.Contains(events, e => e is CaseEvent.MilestoneMissed m && (m.Milestone, m.Generation) == l));
    });

    [Fact]
    public void Nothing_is_warned_of_or_missed_before_its_instant_or_on_hold() => Stories.Sample(story => story.Play((before, happened) =>
    {
        if (happened is CaseEvent.MilestoneMissed miss)
        {
            var clock = before.Milestone(miss.Milestone);
            Assert.Equal(MilestoneState.Running, clock.State);
            Assert.Equal((clock.Setting.Deadline, clock.Generation), (miss.Deadline, miss.Generation));
            Assert.True(miss.Deadline <= miss.At);
        }
        else if (happened is CaseEvent.MilestoneWarned warned)
        {
            var clock = before.Milestone(warned.Milestone);
            Assert.Equal(MilestoneState.Running, clock.State);
            Assert.True(clock.Setting.Warnings[clock.Warned] <= warned.At && warned.At <= warned.Deadline);
        }
    }));

    /// <summary>HB-5.5: one owner or one ring, never both and never two; room that was held for a ring is used or refused for ever.</summary>
    [Fact]
    public void A_case_rings_at_most_at_one_engineer_and_no_ring_is_left_open() => Stories.Sample(story =>
    {
        var (state, events) = story.Play((before, happened) => Assert.False(happened is CaseEvent.RingStarted && before.Ring is not null));
        foreach (var ring in events.OfType<CaseEvent.RingStarted>())
        {
            Assert.Single(new[] { state.Ring?.Reservation == ring.Reservation, state.Voided.Contains(ring.Reservation), events.Any(e => (e as CaseEvent.Taken)?.Reservation == ring.Reservation || (e as CaseEvent.HandoffAccepted)?.Reservation == ring.Reservation) }, ends => ends);
        }
    });

    /// <summary>HB-6.4: stopped exactly while a case that keeps local hours is outside of them; then, and only then, closed hours are a reason for a hold.</summary>
    [Fact]
    public void A_case_that_keeps_local_hours_is_stopped_exactly_outside_of_them() => Stories.Sample(story =>
    {
        var (state, events) = story.Play();
        var open = TheDefaultPolicy.Policy.LocalHours(state.Terms.Zone, state.Terms.Country).IsOpen(state.LastAt);
        Assert.Equal(state.Hours is not null && state.Hours.Since <= state.LastAt && !open, state.IsStopped);
        Assert.False(state.IsContinuous && state.Hours is not null);
        Assert.True(state.ClosedAt is null || state.Hours is null);
        var onHold = !state.Waiting.IsEmpty || state is { IsStopped: true, Hours.Limit: not WorkLimit.Offer };
        Assert.Equal(onHold, state.Holds is [.., { To: null }]);
    });

    /// <summary>HB-6.5: a case that somebody had is always somebody's; a handoff moves it from its owner to another engineer, or not at all.</summary>
    [Fact]
    public void A_handoff_never_leaves_a_case_to_nobody() => Stories.Sample(story =>
    {
        var (state, _) = story.Play((before, happened) =>
        {
            var after = CaseState.Evolve(before, happened);
            Assert.True(after.Handoff is null || (after.Owner == after.Handoff.From && after.ClosedAt is null));
            if (happened is CaseEvent.HandoffAccepted accepted)
            {
                Assert.Equal(before.Owner, accepted.From);
                Assert.NotEqual(accepted.From, accepted.Engineer);
            }
            else if (after.Owner != before.Owner)
            {
                Assert.True(happened is CaseEvent.Taken ? before.Owner is null : after.Owner is null);
            }
        });
        Assert.True(!state.IsContinuous || state.Owner is null || state.OwnerAbsence?.Covers(state.LastAt) != true || state.Handoff is not null);
        Assert.True(state.Handoff is not { } handoff || handoff.EndsAt > state.LastAt || handoff.DutyManager is not null);
    });

    /// <summary>HB-7.2; and with a handoff that nobody has accepted in time there always is an escalation with somebody told, until a manager ends it.</summary>
    [Fact]
    public void At_most_one_escalation_is_open_for_each_cause() => Stories.Sample(story => story.Play((before, happened) =>
    {
        var after = CaseState.Evolve(before, happened);
        Assert.True(after.Escalations is not { } open || (!open.IsEmpty && open.DistinctBy(e => e.Cause).Count() == open.Length && open.All(e => e.Told.Length > 0 && (e.TakenUpBy is null || e.NextAt is null))));
        Assert.False(after.ClosedAt is not null && after.Escalations is not null);
    }));

    [Fact]
    public void A_generation_is_warned_of_at_most_twice() => Stories.Sample(story => Assert.All(
        story.Play().Events.OfType<CaseEvent.MilestoneWarned>().GroupBy(w => (w.Milestone, w.Generation)), g => Assert.True(g.Count() <= 2, $"{g.Key}: {g.Count()}")));

    [Fact]
    public void Generations_only_grow() => Stories.Sample(story =>
    {
        var seen = new Dictionary<MilestoneKind, int>();
        story.Play((before, _) =>
        {
            foreach (var m in before.Milestones)
            {
                Assert.True(m.Generation >= seen.GetValueOrDefault(m.Kind));
                seen[m.Kind] = m.Generation;
            }
        });
    });

    [Fact]
    public void Stored_events_fold_to_the_state_and_a_stored_state_is_the_state() => Stories.Sample(story =>
    {
        var (state, events) = story.Play();
        var folded = events.Select(e => JsonSerializer.Deserialize<CaseEvent>(JsonSerializer.Serialize(e, DomainJson.Stored), DomainJson.Stored)!).Aggregate((CaseState?)null, CaseState.Evolve)!;
        var text = JsonSerializer.Serialize(state, DomainJson.Stored);
        Assert.Equal(text, JsonSerializer.Serialize(folded, DomainJson.Stored));
        Assert.Equal(text, JsonSerializer.Serialize(JsonSerializer.Deserialize<CaseState>(text, DomainJson.Stored), DomainJson.Stored));
    });

    [Fact]
    public void After_a_tick_the_next_due_instant_lies_in_the_future() => Stories.Sample(story =>
    {
        var (state, events) = story.Play();
        var now = events[^1].At + Duration.FromHours(1);
        foreach (var happened in Case.Decide(state, new CaseCommand.Tick(), Actor.System, TheDefaultPolicy.Policy, now).Events)
        {
            state = CaseState.Evolve(state, happened);
        }

        Assert.True(state.NextDue is null || state.NextDue > now);
        Assert.Empty(Case.Decide(state, new CaseCommand.Tick(), Actor.System, TheDefaultPolicy.Policy, now).Events);
    });

    /// <summary>A tick is a nudge: how often and when it comes changes no event and no instant.</summary>
    [Fact]
    public void More_ticks_change_nothing() => Stories.Sample(story =>
        Assert.Equal(Json(story.Play().Events), Json(story.Play(ticks: true).Events)));

    [Fact]
    public void Every_deadline_explains_itself() => Stories.Sample(story =>
    {
        var (state, _) = story.Play();
        Assert.All(Explain.OfCase(state, TheDefaultPolicy.Policy), e =>
        {
            Assert.Equal(state.Milestone(e.Milestone).Setting.Deadline, e.Deadline);
            Assert.EndsWith(".", e.Summary, StringComparison.Ordinal);
            Assert.True(e.Calendar is null || (e.Calendar.Start, e.Calendar.End) == (e.Start, e.Deadline));
        });
    });

    private static Gen<string> Pick(string[] from) => Gen.Int[0, from.Length - 1].Select(i => from[i]);

    private static string Json(IReadOnlyList<CaseEvent> events) => JsonSerializer.Serialize(events, DomainJson.Stored);

    private sealed record Story(string Offer, int Severity, string Zone, bool Automatic, Instant Start, (Duration Step, (Actor Actor, CaseCommand Command) Act)[] Acts)
    {
        private static readonly Dictionary<string, Domain.Entitlements.CaseTerms> Terms = Offers.ToDictionary(o => o, o => Opened(o, 2, "2018-01-01T00:00Z").State.Terms);

        internal (CaseState State, IReadOnlyList<CaseEvent> Events) Play(Action<CaseState, CaseEvent>? seen = null, bool ticks = false)
        {
            CaseState? state = null;
            var events = new List<CaseEvent>();
            var clock = Start;
            Do(Contact, new CaseCommand.Open(Number, Terms[Offer] with { Zone = Zone }, Report(Severity), [], [], Automatic, "request-1"));
            foreach (var (i, (step, (actor, command))) in Acts.Index())
            {
                if (ticks && step > Duration.Zero)
                {
                    Do(Actor.System, new CaseCommand.Tick());
                    clock += step / 2;
                    Do(Actor.System, new CaseCommand.Tick());
                    clock += step - (step / 2);
                }
                else
                {
                    clock += step;
                }

                var reservation = new Guid(i + 1, 0, 0, new byte[8]);
                var rang = events.OfType<CaseEvent.RingStarted>().LastOrDefault()?.Reservation;
                Do(actor, command switch
                {
                    CaseCommand.Assign a => a with { Severity = state!.Severity, Reservation = i % 2 == 0 && rang is { } ring ? ring : reservation },
                    CaseCommand.EndShift e => e with { EndsAt = clock + (e.EndsAt - NodaConstants.UnixEpoch), NextShift = clock + (e.NextShift - NodaConstants.UnixEpoch) },
                    CaseCommand.Ring r => r with { Severity = state!.Severity, Reservation = reservation },
                    CaseCommand.DeclineRing d => d with { Reservation = rang ?? reservation },
                    _ => command,
                });

                // What a refused command finds due is told by the next tick: at once, lest a clock that runs backwards find it not yet due.
                Do(Actor.System, new CaseCommand.Tick());
            }

            Do(Actor.System, new CaseCommand.Tick());
            return (state!, events);

            void Do(Actor actor, CaseCommand command)
            {
                foreach (var happened in Case.Decide(state, command, actor, TheDefaultPolicy.Policy, clock).Events)
                {
                    if (state is not null)
                    {
                        seen?.Invoke(state, happened);
                    }

                    state = CaseState.Evolve(state, happened);
                    events.Add(happened);
                }
            }
        }

        public override string ToString() => $"{Offer} {Severity} {Zone} {Automatic} {Start}: {string.Join("; ", Acts.Select(a => $"+{a.Step} {a.Act.Command}"))}";
    }
}
