using System.Collections.Immutable;
using System.Globalization;
using NodaTime;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Milestones;
using static SupportCluster.Server.Api.Words;

namespace SupportCluster.Server.Cases;

/// <summary>What history entries say about how a case finds its engineers and managers, and about its hours.</summary>
internal static class DispatchEntries
{
    /// <summary>Adds an event's facts and gives its text; false for an event about something else.</summary>
    internal static bool Fill(CaseEvent happened, Dictionary<string, string> facts, ref string? text)
    {
        switch (happened)
        {
            case CaseEvent.RingStarted e:
                (facts["engineer"], facts["severity"], facts["until"]) = (e.Engineer.Value, e.Severity.ToString(CultureInfo.InvariantCulture), At(e.Until));
                Add("language", e.FallbackLanguage == true ? "fallback" : null);
                Add("centre", e.Centre);
                return true;
            case CaseEvent.RingDeclined e:
                (text, facts["engineer"]) = (e.Reason, e.Engineer.Value);
                return true;
            case CaseEvent.RingExpired e:
                facts["engineer"] = e.Engineer.Value;
                return true;
            case CaseEvent.RingEnded e:
                (facts["engineer"], facts["why"]) = (e.Engineer.Value, Word(e.Why));
                return true;
            case CaseEvent.HoursLimited e:
                facts["limit"] = Word(e.Limit);
                Add("stopsAt", e.StopsAt is { } stops ? At(stops) : null);
                return true;
            case CaseEvent.HoursUnlimited:
                return true;
            case CaseEvent.WorkStopped e:
                (facts["limit"], facts["resumesAt"]) = (Word(e.Limit), At(e.ResumesAt));
                Clocks(e.Clocks);
                return true;
            case CaseEvent.WorkResumed e:
                Add("limit", e.Limit is { } limit ? Word(limit) : null);
                Add("stopsAt", e.StopsAt is { } close ? At(close) : null);
                Clocks(e.Clocks);
                return true;
            case CaseEvent.ContinuousServiceDeclined e:
                text = e.Reason;
                return true;
            case CaseEvent.ContinuousServiceTakenBack e:
                text = e.Text;
                return true;
            case CaseEvent.OwnerAway e:
                (facts["engineer"], facts["from"]) = (e.Engineer.Value, At(e.From));
                Add("until", e.Until is { } back ? At(back) : null);
                return true;
            case CaseEvent.OwnerStays e:
                facts["engineer"] = e.Engineer.Value;
                return true;
            case CaseEvent.HandoffNoteAsked e:
                (facts["engineer"], facts["reason"], facts["endsAt"]) = (e.From.Value, Word(e.Reason), At(e.EndsAt));
                return true;
            case CaseEvent.HandoffNoteGiven e:
                text = e.Note.State;
                (facts["plan"], facts["tried"], facts["next"], facts["contact"]) = (e.Note.Plan, e.Note.Tried, e.Note.Next, e.Note.Contact);
                return true;
            case CaseEvent.HandoffSought e:
                facts["withNote"] = e.WithNote ? "true" : "false";
                return true;
            case CaseEvent.HandoffAccepted e:
                (facts["from"], facts["engineer"]) = (e.From.Value, e.Engineer.Value);
                return true;
            case CaseEvent.HandoffUnaccepted e:
                facts["dutyManager"] = e.DutyManager;
                return true;
            case CaseEvent.HandoffWithdrawn or CaseEvent.RingRoundEnded:
                return true;
            case CaseEvent.Escalated e:
                (text, facts["cause"], facts["level"], facts["told"]) = (e.Reason, Word(e.Cause), Word(e.Level), e.Told);
                return true;
            case CaseEvent.EscalationPassedOn e:
                (facts["cause"], facts["level"], facts["told"]) = (Word(e.Cause), Word(e.Level), e.Told);
                return true;
            case CaseEvent.EscalationTakenUp e:
                facts["cause"] = Word(e.Cause);
                return true;
            case CaseEvent.Deescalated e:
                (text, facts["cause"]) = (e.Reason, Word(e.Cause));
                return true;
            default:
                return false;
        }

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                facts[name] = value;
            }
        }

        void Clocks(ImmutableArray<ClockSetting> clocks)
        {
            foreach (var clock in clocks)
            {
                facts[Word(clock.Kind)] = clock.Deadline is { } deadline ? At(deadline) : Word(clock.State);
            }
        }
    }

    private static string At(Instant at) => NodaTime.Text.InstantPattern.ExtendedIso.Format(at);
}
