using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Handoffs;

namespace SupportCluster.Simulation;

/// <summary>What people do by chance: engineers answer rings and work, customers answer questions, managers take up escalations.</summary>
internal sealed partial class Simulator
{
    private static readonly Duration Pace = Duration.FromMinutes(15);

    private static Actor ContactOf(SimulatedCase c) => new("ada", Role.Contact, c.State.Terms.SupportId);

    private static Actor EngineerOf(EngineerId engineer) => new(engineer.Value, Role.Engineer);

    /// <summary>Eight in ten accept; the others decline, let it ring, or are not reached any more. Who has gone home does not answer.</summary>
    private void Answer(SimulatedCase c, EngineerId engineer, Guid reservation, int seconds, int step)
    {
        var kind = chance.Of(c.Name, $"answer {step}");
        After(Duration.FromSeconds(chance.Between(1, seconds * 9 / 10, c.Name, $"answers after {step}")), () =>
        {
            if (c.State.Ring?.Reservation != reservation || (sabotage != Sabotage.StaleRoster && !IsAtWork(engineer)))
            {
                return;
            }

            if (kind < 0.8)
            {
                if (Do(c, new CaseCommand.Assign(engineer, reservation, c.State.Severity), EngineerOf(engineer)) is null)
                {
                    Change(engineer, new EngineerEvent.Assigned(now, engineer.Value, c.State.Number, reservation));
                    TellShiftEnds(engineer, c);
                    After(Duration.FromMinutes(chance.Between(1, c.State.Severity == 1 ? 4 : 30, c.Name, $"responds {step}")), () => Respond(c, engineer));
                }
            }
            else if (kind < 0.88)
            {
                Do(c, new CaseCommand.DeclineRing(engineer, reservation, "Not now."), EngineerOf(engineer));
            }
            else if (kind < 0.92)
            {
                absent[engineer] = now + Duration.FromMinutes(chance.Between(2, 60, c.Name, $"absent {step}"));
                Do(c, new CaseCommand.EndRing(engineer), Actor.System);
            }
        });
    }

    private void Respond(SimulatedCase c, EngineerId engineer)
    {
        if (IsAtWork(c) && c.State.Owner == engineer && c.State.Milestone(Domain.Milestones.MilestoneKind.InitialResponse).MetAt is null)
        {
            Act(c, new CaseCommand.Respond(Channel.CallBack, "We are on it."));
        }
    }

    /// <summary>A quarter of an hour of work by the owner, if there is one at work.</summary>
    private void Work(SimulatedCase c)
    {
        if (c.State.ClosedAt is not null)
        {
            return;
        }

        After(Pace, () => Work(c));
        if (!IsAtWork(c) || !c.State.Waiting.IsEmpty || c.State.Solution is not null)
        {
            return;
        }

        if (c.State.Milestone(Domain.Milestones.MilestoneKind.InitialResponse).MetAt is null)
        {
            Act(c, new CaseCommand.Respond(Channel.CallBack, "We are on it."));
        }
        else if (!c.Asked && chance.Happens(0.2, c.Name, "asks"))
        {
            c.Asked = true;
            Act(c, new CaseCommand.AskCustomer("Which release?"));
            After(Duration.FromMinutes(chance.Between(10, 1000, c.Name, "answers")), () => Do(c, new CaseCommand.Answer("2.1."), ContactOf(c)));
        }
        else if (c.State.Severity == 1 && c.State.RestoredAt is null)
        {
            if ((c.ToRestore -= 15) <= 0)
            {
                Act(c, new CaseCommand.RestoreService("It runs."));
            }
        }
        else if ((c.ToSolve -= 15) <= 0)
        {
            Act(c, new CaseCommand.ProposeSolution(SolutionKind.Fix, "Install this.", null));
            After(Duration.FromMinutes(chance.Between(30, 4000, c.Name, "agrees")), () => Do(c, new CaseCommand.AcceptSolution(null), ContactOf(c)));
        }
    }

    private void Act(SimulatedCase c, CaseCommand command)
    {
        CheckWorkedInItsHours(c);
        if (Do(c, command, EngineerOf(c.State.Owner!.Value)) is { } refused && sabotage == Sabotage.None)
        {
            throw new InvalidOperationException($"{c.Name}: {command.GetType().Name} by its owner is refused: {refused.Detail}");
        }
    }

    private bool IsAtWork(SimulatedCase c) => c.State is { ClosedAt: null, Owner: { } owner } && (sabotage == Sabotage.WorkAnyTime || (!c.State.IsStopped && IsAtWork(owner)));

    /// <summary>Some customers need no continuous service for a night, some lose their contact, some are not satisfied.</summary>
    private void Customer(SimulatedCase c)
    {
        if (c.State.IsContinuous)
        {
            if (chance.Happens(0.1, c.Name, "declines"))
            {
                After(Duration.FromMinutes(10), () => Do(c, new CaseCommand.DeclineContinuousService("We sleep."), ContactOf(c)));
                After(Duration.FromMinutes(chance.Between(60, 1500, c.Name, "takes back")), () => Do(c, new CaseCommand.TakeBackContinuousService(null), ContactOf(c)));
            }

            if (chance.Happens(0.1, c.Name, "contact"))
            {
                After(Duration.FromMinutes(chance.Between(30, 300, c.Name, "contact lost")), () => Do(c, new CaseCommand.ContactUnavailable("On a flight."), ContactOf(c)));
                After(Duration.FromMinutes(chance.Between(400, 1200, c.Name, "contact back")), () => Do(c, new CaseCommand.ContactAvailable(null), ContactOf(c)));
            }
        }

        if (chance.Happens(0.03, c.Name, "escalates"))
        {
            After(Duration.FromMinutes(chance.Between(60, 3000, c.Name, "escalates after")), () => Do(c, new CaseCommand.Escalate("Nothing happens."), ContactOf(c)));
        }
    }

    /// <summary>What people do because of an event.</summary>
    private void Follow(SimulatedCase c, CaseEvent happened)
    {
        switch (happened)
        {
            case CaseEvent.HandoffNoteAsked asked when chance.Happens(0.75, c.Name, $"note {c.Steps}"):
                After(Duration.FromMinutes(chance.Between(1, 18, c.Name, $"note after {c.Steps++}")), () =>
                {
                    if (c.State.Handoff is { } running && running.AskedAt == asked.At && IsAtWork(c))
                    {
                        Act(c, new CaseCommand.GiveHandoffNote(new HandoffNote("As above.", "Go on.", "A lot.", "The log.", "Ada, by phone.")));
                    }
                });
                break;
            case CaseEvent.Escalated escalated:
                Outcome.Escalations++;
                if (chance.Happens(0.9, c.Name, $"taken up {c.Steps}"))
                {
                    After(Duration.FromMinutes(chance.Between(3, 120, c.Name, $"taken up after {c.Steps++}")), () => Do(c, new CaseCommand.TakeUpEscalation(escalated.Cause), new(escalated.Told, Role.Manager)));
                }

                break;
        }
    }
}
